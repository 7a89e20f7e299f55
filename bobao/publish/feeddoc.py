"""A feed that was read, hostile as it may be: what is in it, and what is behind its addresses.

Nothing in it is expanded, and nothing is loaded from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bobao.errors import BobaoError
from bobao.publish.feed import NAMESPACES
from bobao.publish.text import rss_line

MOST_BYTES = 30_000_000
SHOWN = 90
"""Characters of a value in a finding."""

Element = Any
"""An element of lxml, which has no types."""

# ── What a feed points to ───────────────────────────────────────────────────────────────────────

_LINKS = {
    "itunes:image/@href": "artwork", "enclosure/@url": "sound",
    "podcast:transcript/@url": "transcript", "podcast:chapters/@url": "chapters", "link": "page",
    "comments": "", "docs": "", "itunes:new-feed-url": "", "atom:link/@href": "",
    "podcast:image/@href": "", "podcast:funding/@url": "", "podcast:license/@url": "",
    "podcast:person/@href": "",
}  # fmt: skip
"""Where addresses are, and what is to be there if it is looked at."""
_READ = {"artwork": 262_144, "sound": 4096, "transcript": 4096, "chapters": 2_000_000, "page": 0}
"""How many bytes of each are needed to judge it: of a picture all before its size."""


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """What is behind an address: the file's size and how it starts, or the `fault` that kept it."""

    fault: str = ""
    size: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An address, the element it is in, and the file behind it if that was looked at."""

    url: str
    kind: str
    element: Element
    file: LinkedFile | None = None

    @property
    def name(self) -> str:
        """The address as a finding shows it."""
        return self.url if len(self.url) <= SHOWN else "…" + self.url[-SHOWN:]


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder that is or will be published at `base` (a URL that ends in a slash)."""

    base: str
    path: Path

    def look(self, url: str, most: int) -> LinkedFile | None:
        """What is in the folder for an address, `most` bytes; None for an address elsewhere."""
        if not url.startswith(self.base):
            return None
        name = unquote(urlsplit(url[len(self.base) :]).path)
        path = self.path / name
        if name == "" or name.endswith("/"):
            path /= "index.html"
        try:
            if not path.resolve().is_relative_to(self.path.resolve()):
                return LinkedFile("it is outside the folder")
            with path.open("rb") as file:
                return LinkedFile(size=path.stat().st_size, data=file.read(most))
        except (OSError, ValueError):
            return LinkedFile("there is no such file")


# ── A feed that was read ────────────────────────────────────────────────────────────────────────


@dataclass
class FeedDocument:
    """A feed to be judged.

    `url` is where it was read from, empty if unknown; `now` is the time; what it points to is
    looked at in `folder`.
    """

    root: Element
    bytes: int
    url: str
    now: datetime
    folder: Folder | None = None

    @cached_property
    def links(self) -> list[FeedLink]:
        """Its addresses; what each leads to is looked at once."""
        found, seen = list[FeedLink](), set[tuple[str, str]]()
        for path, kind in _LINKS.items():
            for element, address in self.texts(f"channel/{path} | channel/item/{path}"):
                new = kind and self.folder and (address, kind) not in seen
                file = self.folder.look(address, _READ[kind]) if new and self.folder else None
                seen.add((address, kind))
                found += [FeedLink(address, kind, element, file)] if address else []
        return found

    def all(self, path: str) -> list[Any]:
        """What an XPath finds, with our prefixes, whatever the feed calls them."""
        return list(self.root.xpath(path, namespaces=NAMESPACES, url=self.url))

    def texts(self, path: str) -> Iterator[tuple[Element, str]]:
        """The elements that an XPath finds, or those of attributes, and the text of each."""
        for hit in self.all(path):
            attribute = hasattr(hit, "is_attribute")
            yield (hit.getparent(), hit.strip()) if attribute else (hit, inside(hit))

    def link(self, relation: str) -> str:
        """The address of the channel's first link of a relation; empty if there is none."""
        links = self.texts(f"channel/atom:link[@rel='{relation}']/@href")
        return next((url for _, url in links), "")


def read(data: bytes, url: str = "", now: datetime = datetime.min) -> FeedDocument:
    """Read a feed. Raises `BobaoError`, with the line, for what is no XML or no feed."""
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
    if root.tag != "rss" or root.find("channel") is None:
        what = "an Atom feed" if str(root.tag).endswith("}feed") else f"a document <{root.tag}>"
        raise BobaoError(
            f"this is {what}, no RSS with a channel",
            where="line 1",
            advice='Podcast players read RSS 2.0: <rss version="2.0"><channel>…',
        )
    return FeedDocument(root, len(data), url, now)


def inside(element: Element) -> str:
    """All the text in an element, trimmed."""
    return "".join(element.itertext()).strip()


def where(element: Element) -> str:
    """The line of an element, and the item that it belongs to."""
    line = f"line {element.sourceline}" if element.sourceline else "feed"
    item = next((each for each in (element, *element.iterancestors()) if each.tag == "item"), None)
    if item is None:
        return line
    title = item.find("title")
    name = rss_line(inside(title), 30) if title is not None else ""
    return f"{line}, “{name}”" if name else f"{line}, item without a title"
