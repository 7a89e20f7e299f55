"""Rules on what the addresses in a feed lead to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from bobao.feed import artwork
from bobao.feed.findings import Severity
from bobao.feed.looks import Kind, Look, Target
from bobao.feed.rulebook import Case, Hit, Rule

_SHOWN = 90
_FOUND = (200, 206)
_TEXT = ("text/", "application/json", "application/x-subrip", "application/srt")
_MP3 = (b"ID3", *(bytes((0xFF, low)) for low in range(0xE0, 0x100)))


def _each(case: Case, *kinds: Kind) -> Iterator[tuple[Target, Look]]:
    """The targets of some kinds that are there."""
    for target, look in case.seen:
        if target.kind in kinds and look.status in _FOUND:
            yield target, look


def _name(target: Target) -> str:
    return target.url if len(target.url) <= _SHOWN else "…" + target.url[-_SHOWN:]


def _dead(pages: bool) -> Callable[[Case], Iterator[Hit]]:
    def find(case: Case) -> Iterator[Hit]:
        for target, look in case.seen:
            if (target.kind is Kind.PAGE) is pages and look.status not in _FOUND:
                why = look.fault or f"the server answers {look.status}"
                yield target.element, f"{_name(target)}: {why}"

    return find


def _sizes(case: Case) -> Iterator[Hit]:
    for target, look in _each(case, Kind.SOUND):
        said = target.element.get("length", "").strip()
        if look.size is not None and said.isdecimal() and int(said) != look.size:
            yield target.element, f"{_name(target)} has {look.size} bytes, the feed says {said}"


def _types(case: Case) -> Iterator[Hit]:
    for target, look in _each(case, Kind.SOUND, Kind.ARTWORK, Kind.TRANSCRIPT, Kind.CHAPTERS):
        served = look.type.split(";")[0].strip().lower()
        fits = {
            Kind.SOUND: served.startswith(("audio/", "video/", "application/pdf")),
            Kind.ARTWORK: served.startswith("image/"),
            Kind.TRANSCRIPT: served.startswith(_TEXT),
            Kind.CHAPTERS: served.startswith("application/json"),
        }
        if served and not fits[target.kind]:
            yield target.element, f"{_name(target)} as {served}"


def _sounds(case: Case) -> Iterator[Hit]:
    for target, look in _each(case, Kind.SOUND):
        mp3 = target.element.get("type", "").startswith("audio/mpeg")
        if mp3 and look.data and not look.data.startswith(_MP3):
            yield target.element, _name(target)


def _ranges(case: Case) -> Iterator[Hit]:
    for target, look in _each(case, Kind.SOUND):
        if not look.ranges:
            yield target.element, _name(target)


def _heads(case: Case) -> Iterator[Hit]:
    for target, look in _each(case, Kind.SOUND, Kind.ARTWORK):
        if not look.head:
            yield target.element, _name(target)


def _artwork(case: Case) -> Iterator[Hit]:
    for target, look in _each(case, Kind.ARTWORK):
        for fault in artwork.faults(artwork.measure(look.data), target.url.split("?")[0]):
            yield target.element, f"{_name(target)}: {fault}"


def _captions(case: Case) -> Iterator[Hit]:
    for target, look in _each(case, Kind.TRANSCRIPT):
        start = look.data.removeprefix(b"\xef\xbb\xbf")
        if target.element.get("type") == "text/vtt" and not start.startswith(b"WEBVTT"):
            yield target.element, _name(target)


def _chapters(case: Case) -> Iterator[Hit]:
    for target, look in _each(case, Kind.CHAPTERS):
        if fault := _chapter_fault(look.data):
            yield target.element, f"{_name(target)}: {fault}"


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
    if numbers != sorted(numbers):
        return "its chapters are not in the order of time"
    return ""


RULES = (
    Rule(
        "file-there",
        Severity.ERROR,
        "a file is not there: {}",
        "Put it there, or take what points to it out of the feed.",
        "PSP-1",
        _dead(pages=False),
    ),
    Rule(
        "page-there",
        Severity.WARNING,
        "a page is not there: {}",
        "Put it there, or correct the link.",
        "PSP-1",
        _dead(pages=True),
        own=Severity.ERROR,
    ),
    Rule(
        "file-size",
        Severity.ERROR,
        "{}",
        "Write the size that the file has: players take a wrong one for a broken download.",
        "RSS 2.0",
        _sizes,
    ),
    Rule(
        "file-type",
        Severity.WARNING,
        "the server sends {}",
        "Set the type in the server's settings.",
        "Apple",
        _types,
    ),
    Rule(
        "file-sound",
        Severity.ERROR,
        "this is no MP3: {}",
        "Look at what the address gives; often it is a page of the server.",
        "PSP-1",
        _sounds,
    ),
    Rule(
        "file-ranges",
        Severity.ERROR,
        "the server gives no parts of a file (byte ranges): {}",
        "Choose a server that does: without them nobody can jump to a chapter.",
        "Apple",
        _ranges,
    ),
    Rule(
        "file-head",
        Severity.WARNING,
        "the server does not answer HEAD: {}",
        "Allow HEAD in the server's settings; Apple asks so.",
        "PSP-1",
        _heads,
    ),
    Rule(
        "artwork",
        Severity.ERROR,
        "the artwork is not as it must be: {}",
        f"Give a square PNG or JPEG of {artwork.LEAST} to {artwork.MOST} pixels in RGB.",
        "Apple",
        _artwork,
    ),
    Rule(
        "file-captions",
        Severity.ERROR,
        "this is no WebVTT: {}",
        "A caption file starts with the word WEBVTT.",
        "WebVTT",
        _captions,
    ),
    Rule(
        "file-chapters",
        Severity.ERROR,
        "the chapters are not right: {}",
        "Write them as JSON: version, chapters, startTime in seconds.",
        "Podcasting 2.0",
        _chapters,
    ),
)
