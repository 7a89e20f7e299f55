"""What the values of a feed look like: one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from bobao.feed.document import inside
from bobao.feed.findings import Severity
from bobao.feed.rulebook import Case, Hit, Rule
from bobao.feed.text import DESCRIPTION_BYTES, NODE_CHARACTERS

_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT

MEDIA = ("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher")
MEDIUMS = (*MEDIA, "course", *(f"{m}L" for m in (*MEDIA, "course")), "mixed")
"""docs/tags/medium.md of the podcast namespace."""
SOUND_TYPES = {
    "audio/mpeg": (".mp3",),
    "audio/x-m4a": (".m4a",),
    "audio/m4a": (".m4a",),
    "audio/mp4": (".m4a", ".mp4"),
    "audio/aac": (".aac", ".m4a"),
    "audio/ogg": (".ogg", ".opus", ".oga"),
    "audio/opus": (".opus",),
    "video/mp4": (".mp4", ".m4v"),
    "video/m4v": (".m4v",),
    "video/x-m4v": (".m4v",),
    "video/quicktime": (".mov",),
    "application/pdf": (".pdf",),
}
"""Types of enclosures that players take, with the endings that belong to them."""
TRANSCRIPT_TYPES = (
    "text/plain",
    "text/html",
    "text/vtt",
    "application/json",
    "application/x-subrip",
    "application/srt",
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{2,8})*"
)
_DURATION = re.compile(r"[0-9]+|([0-9]+:)?[0-5]?[0-9]:[0-5][0-9]")
_NUMBER = re.compile(r"0*[1-9][0-9]{0,8}")
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_TIME = re.compile(r"([0-9]+:)?([0-5]?[0-9]:)?[0-5]?[0-9](\.[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Shape:
    """What the values at a path look like. A path may end in an attribute, which may be needed."""

    level: str
    path: str
    fits: Callable[[str], bool]
    severity: Severity
    wanted: str
    advice: str
    source: str
    needed: bool = False


def _like(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: pattern.fullmatch(value) is not None


def _among(*values: str) -> Callable[[str], bool]:
    return lambda value: value in values


def _short(value: str) -> bool:
    return len(value) <= NODE_CHARACTERS


def _brief(value: str) -> bool:
    return len(value) <= 128


def _fits_description(value: str) -> bool:
    return len(value.encode("utf-8")) <= DESCRIPTION_BYTES


def _kind(value: str) -> bool:
    return value.split(";", maxsplit=1)[0].strip().lower() in SOUND_TYPES


_BOOLEAN = ("true or false", "Write true or false.")
_INTEGER = ("a number from 1", "Write a whole number.")
_LONG = (f"at most {NODE_CHARACTERS} characters", "Shorten it.")
_BYTES = (f"at most {DESCRIPTION_BYTES} bytes", "Shorten it; the notes may be longer.")

SHAPES = (
    Shape("channel", "title", _short, _W, *_LONG, "PSP-1"),
    Shape("channel", "itunes:author", _short, _W, *_LONG, "PSP-1"),
    Shape("channel", "copyright", _short, _W, *_LONG, "PSP-1"),
    Shape(
        "channel",
        "copyright",
        lambda v: not re.search(r"©|\(c\)|copyright|\b(19|20)\d\d\b", v, re.IGNORECASE),
        _H,
        "the owner's name alone",
        "Leave out ©, the word Copyright and the year.",
        "PSP-1",
    ),
    Shape("channel", "description", _fits_description, _E, *_BYTES, "PSP-1"),
    Shape(
        "channel",
        "language",
        _like(_LANGUAGE),
        _E,
        "a language",
        "Write a code of ISO 639, with a country if it matters: zh-CN.",
        "PSP-1",
    ),
    Shape("channel", "itunes:explicit", _among("true", "false"), _W, *_BOOLEAN, "PSP-1"),
    Shape(
        "channel",
        "itunes:type",
        lambda v: v.lower() in {"episodic", "serial"},
        _E,
        "episodic or serial",
        "Episodic shows the newest first, serial the oldest.",
        "Apple",
    ),
    Shape(
        "channel",
        "itunes:complete",
        lambda v: v.lower() == "yes",
        _H,
        "yes",
        "Leave it out of a show that goes on.",
        "Apple",
    ),
    Shape(
        "channel",
        "podcast:guid",
        _like(_UUID),
        _E,
        "a UUID",
        "Make a UUIDv5 of the feed's first address.",
        "Podcasting 2.0",
    ),
    Shape(
        "channel",
        "podcast:medium",
        _among(*MEDIUMS),
        _W,
        "a known medium",
        "Write podcast, newsletter, audiobook or another of the list.",
        "Podcasting 2.0",
    ),
    Shape(
        "channel",
        "podcast:locked",
        lambda v: v.lower() in {"yes", "no"},
        _E,
        "yes or no",
        "Yes: the feed may not be imported elsewhere.",
        "Podcasting 2.0",
    ),
    Shape("item", "title", _short, _W, *_LONG, "PSP-1"),
    Shape("item", "guid", _short, _W, *_LONG, "PSP-1"),
    Shape("item", "description", _fits_description, _W, *_BYTES, "PSP-1"),
    Shape(
        "item",
        "enclosure@length",
        _like(_NUMBER),
        _E,
        "the size in bytes",
        "Write the exact size of the file.",
        "RSS 2.0",
        needed=True,
    ),
    Shape(
        "item",
        "enclosure@type",
        _kind,
        _E,
        "a type that players take",
        "Write audio/mpeg for MP3, audio/x-m4a for AAC.",
        "PSP-1",
        needed=True,
    ),
    Shape(
        "item",
        "itunes:duration",
        _like(_DURATION),
        _E,
        "a length",
        "Write seconds: 1801.",
        "PSP-1",
    ),
    Shape("item", "itunes:explicit", _among("true", "false"), _W, *_BOOLEAN, "PSP-1"),
    Shape("item", "itunes:season", _like(_NUMBER), _E, *_INTEGER, "PSP-1"),
    Shape("item", "itunes:episode", _like(_NUMBER), _E, *_INTEGER, "PSP-1"),
    Shape("item", "podcast:season", _like(_NUMBER), _E, *_INTEGER, "Podcasting 2.0"),
    Shape(
        "item",
        "podcast:episode",
        _like(_DECIMAL),
        _E,
        "a number",
        "Write 3, or 3.5.",
        "Podcasting 2.0",
    ),
    Shape(
        "item",
        "itunes:episodeType",
        lambda v: v.lower() in {"full", "trailer", "bonus"},
        _E,
        "full, trailer or bonus",
        "Write one of the three.",
        "PSP-1",
    ),
    Shape(
        "item",
        "podcast:transcript@type",
        _among(*TRANSCRIPT_TYPES),
        _E,
        "a type of transcript",
        "Write text/vtt, text/html, application/x-subrip, application/json or text/plain.",
        "Podcasting 2.0",
        needed=True,
    ),
    Shape(
        "item",
        "podcast:chapters@type",
        _among("application/json+chapters", "application/json"),
        _W,
        "application/json+chapters",
        "Write that type.",
        "Podcasting 2.0",
        needed=True,
    ),
    *(
        shape
        for level in ("channel", "item")
        for shape in (
            Shape(
                level,
                "podcast:person",
                _brief,
                _W,
                "at most 128 characters",
                *("Shorten it.",),
                "Podcasting 2.0",
            ),
            Shape(
                level,
                "podcast:license",
                _brief,
                _W,
                "at most 128 characters",
                "Give its short name and its URL.",
                "Podcasting 2.0",
            ),
        )
    ),
)


def _misfits(shape: Shape, case: Case) -> Iterator[Hit]:
    name, _, attribute = shape.path.partition("@")
    for part in case.document.parts(shape.level):
        for element in part.all(name):
            value = element.get(attribute) if attribute else inside(element)
            if value is None and shape.needed:
                yield element, "missing"
            elif value and not shape.fits(value.strip()):
                yield element, f"“{value.strip()[:60]}”"


def is_time(value: str) -> bool:
    """Whether a value is a time as simple chapters write it."""
    return _TIME.fullmatch(value) is not None


RULES = tuple(
    Rule(
        f"{shape.level}-{shape.path.replace('@', '-')}-value",
        shape.severity,
        f"{shape.path.replace('@', ' ')} of the {shape.level} is {{}}; it should be {shape.wanted}",
        shape.advice,
        shape.source,
        partial(_misfits, shape),
    )
    for shape in SHAPES
)
