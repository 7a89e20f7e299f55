"""Which elements have to be there: one table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from bobao.feed.document import Part, inside, part
from bobao.feed.findings import Severity
from bobao.feed.rulebook import Case, Hit, Rule

_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT


@dataclass(frozen=True, slots=True)
class Need:
    """An element that a channel or item needs: its path, and why, in words for who makes it.

    A path may end in an attribute (``itunes:image@href``) or go one element down.
    """

    level: str
    path: str
    severity: Severity
    advice: str
    source: str
    own: Severity | None = None


NEEDS = (
    Need("channel", "title", _E, "Give the show a name.", "RSS 2.0"),
    Need("channel", "link", _E, "Give the address of the show's site.", "RSS 2.0"),
    Need("channel", "description", _E, "Say in a sentence what the show is.", "RSS 2.0"),
    Need("channel", "language", _E, "Say which language is spoken, for example zh-CN.", "PSP-1"),
    Need("channel", "itunes:image@href", _E, "Give artwork of 1400 to 3000 pixels.", "PSP-1"),
    Need("channel", "itunes:category@text", _E, "Choose one of Apple's categories.", "PSP-1"),
    Need("channel", "itunes:explicit", _E, "Write true or false.", "PSP-1"),
    Need("channel", "atom:link", _E, 'Add <atom:link rel="self"> with the feed\'s URL.', "PSP-1"),
    Need("channel", "itunes:author", _W, "Say who makes the show.", "PSP-1", own=_E),
    Need("channel", "podcast:guid", _W, "Give the show its UUIDv5.", "PSP-1", own=_E),
    Need("channel", "podcast:locked", _W, "Say whether the feed may be imported.", "PSP-1", own=_E),
    Need(
        "channel",
        "itunes:owner/itunes:email",
        _W,
        "No player needs it; a directory that lists the show may send its proof of ownership "
        "there. In bobao.toml: [podcast] email.",
        "Apple",
    ),
    Need("item", "title", _E, "Give the episode a title.", "PSP-1"),
    Need("item", "enclosure@url", _E, "Give the sound file.", "PSP-1"),
    Need("item", "guid", _E, "Give a name that never changes.", "PSP-1"),
    Need("item", "link", _W, "Give the address of the episode's page.", "PSP-1", own=_E),
    Need("item", "pubDate", _W, "Give the date; players sort by it.", "PSP-1", own=_E),
    Need("item", "description", _W, "Say what the episode is about.", "PSP-1", own=_E),
    Need("item", "itunes:duration", _W, "Give the length in seconds.", "PSP-1", own=_E),
    Need("item", "itunes:explicit", _H, "Write true or false.", "PSP-1", own=_E),
    Need("item", "itunes:image@href", _H, "An episode may have its own artwork.", "PSP-1"),
    Need(
        "item",
        "podcast:transcript@url",
        _W,
        "Add the text, best as WebVTT: who cannot hear the episode has nothing else.",
        "PSP-1, WCAG 1.2.1",
        own=_E,
    ),
    Need("item", "podcast:chapters@url", _H, "Chapters let a listener choose.", "Podcasting 2.0"),
)


def _lacking(need: Need, case: Case) -> Iterator[Hit]:
    for each in case.document.parts(need.level):
        if not any(_values(each, need.path)):
            yield each.element, ""


def _values(within: Part, path: str) -> Iterator[str]:
    outer, _, inner = path.partition("/")
    name, _, attribute = outer.partition("@")
    for element in within.all(name):
        if inner:
            yield from _values(part(element), inner)
        elif attribute:
            yield element.get(attribute, "").strip()
        else:  # atom:link has no text
            yield inside(element) or " ".join(element.attrib.values())


RULES = tuple(
    Rule(
        f"{need.level}-{need.path.replace('@', '-').split('/')[-1]}",
        need.severity,
        f"the {need.level} has no {need.path.split('/')[-1].replace('@', ' ')}",
        need.advice,
        need.source,
        partial(_lacking, need),
        need.own,
    )
    for need in NEEDS
)
