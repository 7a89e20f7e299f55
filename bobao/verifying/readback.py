"""The files beside a bulletin read back from what is on the disk, each by its own format's rules.

None of this shares code with what wrote them: a fault of the writer shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

from bobao.verifying.evidence import Caption, Captions, Entry, Listing, Tags

_CLOCK = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d)\s+(\S.*)")
_TIMES = re.compile(r"(\d{2,}:[0-5]\d:[0-5]\d\.\d{3}) --> (\d{2,}:[0-5]\d:[0-5]\d\.\d{3})")
_INFO = re.compile(r"#EXTINF:(\d+(?:\.\d+)?),(.*)")


def listings(folder: Path, slug: str) -> dict[str, Listing]:
    """Every list of chapters beside the bulletin, by its file name."""
    readers: dict[str, tuple[Callable[[str], Iterator[Entry]], int]] = {
        "chapters.json": (_json_entries, 1),
        "chapters.txt": (_text_entries, 1000),
        f"{slug}.m3u8": (_playlist_entries, 1000),
    }
    return {
        name: _listing(folder / name, reader, grain) for name, (reader, grain) in readers.items()
    }


def captions(path: Path) -> Captions:
    """The captions of a WebVTT file as bobao writes them: no settings, no styles, no notes."""
    try:
        blocks = path.read_text("utf-8").split("\n\n")
        if blocks[0].strip() != "WEBVTT":
            raise ValueError("it does not begin with WEBVTT")
        return Captions(captions=tuple(map(_caption, filter(str.strip, blocks[1:]))))
    except (OSError, ValueError) as error:  # UnicodeDecodeError is a ValueError
        return Captions(fault=_reason(error))


def tags(path: Path) -> Tags:
    """What the ID3 tag of an MP3 says."""
    from mutagen import MutagenError
    from mutagen.id3 import ID3

    try:
        tree: Any = ID3(path)  # type: ignore[no-untyped-call]
        text = [frame.text for frame in tree.getall("USLT")]
        return Tags(
            title=_text(tree, "TIT2"),
            track=_text(tree, "TRCK"),
            transcript=text[0] if text else "",
            chapters=_contents(tree),
        )
    except (OSError, ValueError, MutagenError) as error:
        return Tags(fault=_reason(error))


def _contents(tree: Any) -> Listing:
    """The chapters that the contents list: CTOC frames may list others."""
    marks = {frame.element_id: frame for frame in tree.getall("CHAP")}
    lists = {frame.element_id: frame for frame in tree.getall("CTOC")}
    top = [frame for frame in lists.values() if int(frame.flags) & 2]
    if not marks and not lists:
        return Listing()
    if len(top) != 1:
        return Listing(fault=f"it has {len(top)} tables of contents at the top, not one")
    names = _named(top[0].element_id, lists, depth=0)
    if sorted(names) != sorted(marks):
        return Listing(fault="its table of contents does not list its chapters")
    return Listing(
        entries=tuple(
            Entry(_text(marks[n].sub_frames, "TIT2"), marks[n].start_time, marks[n].end_time)
            for n in names
        )
    )


def _named(name: str, lists: dict[str, Any], depth: int) -> list[str]:
    if name not in lists or depth > 2:  # a list in a list in a list: it may list itself
        return [name]
    return [n for child in lists[name].child_element_ids for n in _named(child, lists, depth + 1)]


def _text(tree: Any, name: str) -> str:
    frames = tree.getall(name)
    return "/".join(map(str, frames[0].text)) if frames else ""


def _listing(path: Path, read: Callable[[str], Iterator[Entry]], grain_ms: int) -> Listing:
    try:
        return Listing("", tuple(read(path.read_text("utf-8"))), grain_ms)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Listing(fault=_reason(error))


def _json_entries(text: str) -> Iterator[Entry]:
    for each in json.loads(text)["chapters"]:
        yield Entry(each["title"], round(each["startTime"] * 1000), round(each["endTime"] * 1000))


def _text_entries(text: str) -> Iterator[Entry]:
    for line in text.splitlines():
        found = _CLOCK.fullmatch(line)
        if not found:
            raise ValueError(f"no time and title: {line}")
        hours, minutes, seconds = map(int, found.groups()[:3])
        yield Entry(found[4], ((hours * 60 + minutes) * 60 + seconds) * 1000)


def _playlist_entries(text: str) -> Iterator[Entry]:
    told = None
    for line in text.splitlines():
        if found := _INFO.fullmatch(line):
            told = found
        elif line and not line.startswith("#"):
            if told is None:
                raise ValueError(f"nothing is told of {line}")
            yield Entry(told[2], length_ms=round(float(told[1]) * 1000), file=line)
            told = None


def _caption(block: str) -> Caption:
    times, _, text = block.strip("\n").partition("\n")
    found = _TIMES.fullmatch(times)
    if not found or not text.strip():
        raise ValueError(f"no time and text: {block.strip()[:40]}")
    return Caption(_ms(found[1]), _ms(found[2]), unescape(text))


def _ms(stamp: str) -> int:
    hours, minutes, seconds = stamp.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds.replace(".", ""))


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"{type(error).__name__}: {error}" if isinstance(error, KeyError) else str(error)
