"""A feed that was read, hostile as it may be: its parts, its addresses, what is behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from bobao.errors import BobaoError
from bobao.publish.feed import NAMESPACES
from bobao.publish.text import rss_line

MOST_BYTES = 30_000_000
_TITLE, SHOWN = 30, 90  # characters of an item's title, and of an address, in a finding

Element = Any
"""An element of lxml, which has no types."""
Hit = tuple[Element, str]

PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}


class Linked(str, Enum):
    """What an address in a feed stands for."""

    SOUND = "enclosure"
    ARTWORK = "artwork"
    TRANSCRIPT = "transcript"
    CHAPTERS = "chapters"
    PAGE = "page"


WANTED = {
    Linked.SOUND: 4096,
    Linked.ARTWORK: 262_144,  # to the size, even behind a colour profile
    Linked.TRANSCRIPT: 4096,
    Linked.CHAPTERS: 2_000_000,
    Linked.PAGE: 0,
}
"""How many bytes of each are needed to judge it."""
_LOOKED_AT = (
    ("itunes:image", "href", Linked.ARTWORK),
    ("enclosure", "url", Linked.SOUND),
    ("podcast:transcript", "url", Linked.TRANSCRIPT),
    ("podcast:chapters", "url", Linked.CHAPTERS),
    ("link", "", Linked.PAGE),
)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An address in a feed and the element it stands in."""

    url: str
    kind: Linked
    element: Element

    @property
    def name(self) -> str:
        """The address as a finding shows it."""
        return self.url if len(self.url) <= SHOWN else "…" + self.url[-SHOWN:]


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """What was found there: the size of the file and how it starts, or the `fault` that kept it."""

    fault: str = ""
    size: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class FeedPart:
    """An element and what is in it, by the names as a feed writes them (``itunes:author``)."""

    element: Element
    children: Mapping[str, list[Element]]

    def all(self, name: str) -> list[Element]:
        """Its children of a name."""
        return self.children.get(name, [])

    def text(self, name: str) -> str:
        """The text of its first child of a name, trimmed; empty if there is none."""
        found = self.all(name)
        return inside(found[0]) if found else ""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed to be judged. `url` is where it was read from, empty if unknown.

    `seen` is what its addresses led to, `now` the time it is.
    """

    root: Element
    channel: FeedPart
    items: tuple[FeedPart, ...]
    bytes: int
    url: str
    now: datetime
    seen: list[tuple[FeedLink, LinkedFile]] = field(default_factory=list)

    def parts(self, level: str = "") -> tuple[FeedPart, ...]:
        """The items, the channel, or all of them."""
        channel = () if level == "item" else (self.channel,)
        return channel if level == "channel" else (*channel, *self.items)

    def each(self, name: str) -> Iterator[Element]:
        """The elements of a name in all items."""
        return (element for item in self.items for element in item.all(name))

    def breaking(self, path: str, detail: str) -> Iterator[Hit]:
        """The elements that an XPath finds, each with what another says of it."""
        for element in self.root.xpath(path, namespaces=NAMESPACES, url=self.url):
            said = element.xpath(f"string({detail})", namespaces=NAMESPACES) if detail else ""
            yield element, said

    def link(self, relation: str) -> str:
        """The address of the channel's first link of a relation; empty if there is none."""
        links = (e for e in self.channel.all("atom:link") if e.get("rel") == relation)
        return next((e.get("href", "").strip() for e in links), "")

    def places(self) -> Iterator[FeedLink]:
        """What is to be looked at: each address once for its kind."""
        known: set[tuple[str, Linked]] = set()
        for part in self.parts():
            for name, attribute, kind in _LOOKED_AT:
                for element in part.all(name):
                    url = element.get(attribute, "") if attribute else element.text or ""
                    if (url := url.strip()) and (url, kind) not in known:
                        known.add((url, kind))
                        yield FeedLink(url, kind, element)


def read(data: bytes, url: str = "", now: datetime = datetime.min) -> FeedDocument:
    """Read a feed. Raises `BobaoError`, with the line, for what is no XML or no feed.

    No entity of its own is expanded and nothing is loaded from elsewhere.
    """
    from lxml import etree

    if len(data) > MOST_BYTES:
        raise BobaoError(
            f"the feed is larger than {MOST_BYTES // 1_000_000} MB",
            advice="Split it into pages (RFC 5005).",
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BobaoError(
            f"this is not XML: {error.msg}",
            where=f"line {error.lineno}" if error.lineno else "feed",
            advice="Nobody can read it: escape & and <, close every element, write UTF-8.",
        ) from error
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        what = "an Atom feed" if str(root.tag).endswith("}feed") else f"a document <{root.tag}>"
        raise BobaoError(
            f"this is {what}, no RSS with a channel",
            where="line 1",
            advice='Podcast players read RSS 2.0: <rss version="2.0"><channel>…',
        )
    found = tuple(map(part_of, channel.findall("item")))
    return FeedDocument(root, part_of(channel), found, len(data), url, now)


def part_of(element: Element) -> FeedPart:
    """An element with its children sorted by name."""
    children: dict[str, list[Element]] = {}
    for child in element:
        children.setdefault(named(child), []).append(child)
    return FeedPart(element, children)


def inside(element: Element) -> str:
    """All the text in an element, trimmed."""
    return "".join(element.itertext()).strip()


def named(element: Element) -> str:
    """An element's name with our prefix for its namespace, whatever prefix the feed uses."""
    if not isinstance(element.tag, str):  # a comment or an instruction
        return ""
    uri, _, local = str(element.tag).removeprefix("{").rpartition("}")
    prefix = PREFIXES.get(uri)
    return f"{prefix}:{local}" if prefix else str(element.tag)


def where(element: Element) -> str:
    """The line of an element, and the item that it belongs to."""
    line = f"line {element.sourceline}" if element.sourceline else "feed"
    item = element
    while item is not None and item.tag != "item":
        item = item.getparent()
    if item is None:
        return line
    title = item.find("title")
    name = rss_line(inside(title), _TITLE) if title is not None else ""
    return f"{line}, “{name}”" if name else f"{line}, item without a title"
