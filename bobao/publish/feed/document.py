"""A feed that was read: anyone's, as hostile as it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bobao.errors import BobaoError
from bobao.publish.feed.elements import NAMESPACES
from bobao.publish.feed.text import one_line

MOST_BYTES = 30_000_000
_TITLE = 30  # characters of an item's title that name it in a finding

Element = Any
"""An element of lxml, which has no types."""

ALIASES = {
    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    **{uri: prefix for prefix, uri in NAMESPACES.items()},
}
"""Namespaces that mean one of ours: podcast has an older name that counts too."""


@dataclass(frozen=True, slots=True)
class Part:
    """An element and what is in it, by the names as a feed writes them (``itunes:author``)."""

    element: Element
    children: Mapping[str, tuple[Element, ...]]

    def all(self, name: str) -> tuple[Element, ...]:
        """Its children of a name."""
        return self.children.get(name, ())

    def text(self, name: str) -> str:
        """The text of its first child of a name, trimmed; empty if there is none."""
        found = self.all(name)
        return inside(found[0]) if found else ""


@dataclass(frozen=True, slots=True)
class Document:
    """The parts of a feed. `url` is where it was read from, empty if unknown."""

    root: Element
    channel: Part
    items: tuple[Part, ...]
    encoding: str
    doctype: str
    bytes: int
    url: str = ""

    def parts(self, level: str) -> tuple[Part, ...]:
        """The channel, or the items."""
        return self.items if level == "item" else (self.channel,)


def read(data: bytes, url: str = "") -> Document:
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
    info = root.getroottree().docinfo
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        what = "an Atom feed" if str(root.tag).endswith("}feed") else f"a document <{root.tag}>"
        raise BobaoError(
            f"this is {what}, no RSS with a channel",
            where="line 1",
            advice='Podcast players read RSS 2.0: <rss version="2.0"><channel>…',
        )
    items = tuple(part(item) for item in channel.findall("item"))
    encoding = info.encoding or "UTF-8"
    return Document(root, part(channel), items, encoding, info.doctype, len(data), url)


def part(element: Element) -> Part:
    """An element with its children sorted by name."""
    children: dict[str, list[Element]] = {}
    for child in element:
        children.setdefault(named(child), []).append(child)
    return Part(element, {name: tuple(found) for name, found in children.items()})


def inside(element: Element) -> str:
    """All the text in an element, trimmed."""
    return "".join(element.itertext()).strip()


def named(element: Element) -> str:
    """An element's name with our prefix for its namespace, whatever prefix the feed uses."""
    if not isinstance(element.tag, str):  # a comment or an instruction
        return ""
    if element.tag[0] != "{":
        return str(element.tag)
    uri, _, local = element.tag[1:].partition("}")
    prefix = ALIASES.get(uri)
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
    name = one_line(inside(title), _TITLE) if title is not None else ""
    return f"{line}, “{name}”" if name else f"{line}, item without a title"
