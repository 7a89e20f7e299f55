"""Rules of what a feed points to; ``data/rules.tsv`` has what each finds in words.

A function is called as its rule, and gives the elements that break it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from bobao.publish.feed.artwork import faults, measure
from bobao.publish.feed.document import Element
from bobao.publish.feed.findings import Case, Hit
from bobao.publish.feed.looks import Kind, Look

_SHOWN = 90  # characters of an address in a message
_MP3 = (b"ID3", *(bytes((0xFF, low)) for low in range(0xE0, 0x100)))


def _there(case: Case, *kinds: Kind) -> Iterator[tuple[Element, Look, str]]:
    """The targets of some kinds that are there, with a short name."""
    for target, look in case.seen:
        if target.kind in kinds and not look.fault:
            url = target.url
            yield target.element, look, url if len(url) <= _SHOWN else "…" + url[-_SHOWN:]


def _dead(case: Case, *, pages: bool) -> Iterator[Hit]:
    for target, look in case.seen:
        if (target.kind is Kind.PAGE) is pages and look.fault:
            name = target.url if len(target.url) <= _SHOWN else "…" + target.url[-_SHOWN:]
            yield target.element, f"{name}: {look.fault}"


def file_there(case: Case) -> Iterator[Hit]:
    return _dead(case, pages=False)


def page_there(case: Case) -> Iterator[Hit]:
    return _dead(case, pages=True)


def file_size(case: Case) -> Iterator[Hit]:
    for element, look, name in _there(case, Kind.SOUND):
        said = element.get("length", "").strip()
        if said.isdecimal() and int(said) != look.size:
            yield element, f"{name} has {look.size} bytes, the feed says {said}"


def file_sound(case: Case) -> Iterator[Hit]:
    for element, look, name in _there(case, Kind.SOUND):
        mp3 = element.get("type", "").startswith("audio/mpeg")
        if mp3 and look.data and not look.data.startswith(_MP3):
            yield element, name


def artwork(case: Case) -> Iterator[Hit]:
    for target, look in case.seen:
        if target.kind is Kind.ARTWORK and not look.fault:
            for fault in faults(measure(look.data), target.url.split("?")[0]):
                yield target.element, f"{target.url[-_SHOWN:]}: {fault}"


def file_captions(case: Case) -> Iterator[Hit]:
    for element, look, name in _there(case, Kind.TRANSCRIPT):
        start = look.data.removeprefix(b"\xef\xbb\xbf")
        if element.get("type") == "text/vtt" and not start.startswith(b"WEBVTT"):
            yield element, name


def file_chapters(case: Case) -> Iterator[Hit]:
    for element, look, name in _there(case, Kind.CHAPTERS):
        if fault := _chapter_fault(look.data):
            yield element, f"{name}: {fault}"


def _chapter_fault(data: bytes) -> str:
    """What is wrong with a list of chapters (jsonChapters.md); empty if nothing."""
    try:
        tree = json.loads(data.decode("utf-8-sig"))
        starts = [chapter["startTime"] for chapter in tree["chapters"]]
        numbers = [float(start) for start in starts if not isinstance(start, (str, bool))]
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return "it is no list of chapters with a startTime each"
    if not isinstance(tree.get("version"), str):
        return "it has no version"
    if len(numbers) < len(starts):
        return "a startTime is no number"
    return "" if numbers == sorted(numbers) else "its chapters are not in the order of time"
