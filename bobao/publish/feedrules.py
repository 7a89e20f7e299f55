"""A feed as it was read, hostile as it may be, and the rules of it that no XPath can say.

A function is called as its rule in ``data/rules.tsv``, which has in words what it finds; it gives
the elements that break the rule, each with a word on how, which stands for ``{}`` there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from enum import Enum
from html import unescape
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from bobao.errors import BobaoError
from bobao.files import rows
from bobao.publish.feed import NAMESPACES
from bobao.publish.text import rss_line

MOST_BYTES = 30_000_000
_TITLE, _SHOWN = 30, 90  # characters of an item's title, and of an address, in a finding

Element = Any
"""An element of lxml, which has no types."""
Hit = tuple[Element, str]

_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}

# ── The document ────────────────────────────────────────────────────────────────────────────────


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
        return self.url if len(self.url) <= _SHOWN else "…" + self.url[-_SHOWN:]


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
        children.setdefault(_named(child), []).append(child)
    return FeedPart(element, children)


def inside(element: Element) -> str:
    """All the text in an element, trimmed."""
    return "".join(element.itertext()).strip()


def _named(element: Element) -> str:
    """An element's name with our prefix for its namespace, whatever prefix the feed uses."""
    if not isinstance(element.tag, str):  # a comment or an instruction
        return ""
    uri, _, local = str(element.tag).removeprefix("{").rpartition("}")
    prefix = _PREFIXES.get(uri)
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


# ── Rules of the document ───────────────────────────────────────────────────────────────────────

_LOOKALIKES = {uri.lower().rstrip("/#").split("://")[-1]: uri for uri in _PREFIXES}


def encoding(feed: FeedDocument) -> Iterator[Hit]:
    name = feed.root.getroottree().docinfo.encoding or "UTF-8"
    if name.upper().replace("_", "-") not in {"UTF-8", "UTF8", "US-ASCII"}:
        yield feed.root, name


def doctype(feed: FeedDocument) -> Iterator[Hit]:
    if feed.root.getroottree().docinfo.doctype:
        yield feed.root, ""


def namespace(feed: FeedDocument) -> Iterator[Hit]:
    """Namespaces that are one of ours but for case, scheme or a slash."""
    tags = ((str(e.tag), e) for e in feed.root.iter() if str(e.tag).startswith("{"))
    for uri, element in {tag[1:].partition("}")[0]: e for tag, e in tags}.items():
        meant = _LOOKALIKES.get(uri.lower().rstrip("/#").split("://")[-1])
        if meant and uri not in _PREFIXES:
            yield element, f"“{uri}” is not “{meant}”"


def size(feed: FeedDocument) -> Iterator[Hit]:
    if feed.bytes > 5_000_000:
        yield feed.root, f"{feed.bytes / 1e6:.1f} MB"


# ── Rules of addresses ──────────────────────────────────────────────────────────────────────────

_PLACES = {
    "link": "", "comments": "", "docs": "", "itunes:new-feed-url": "",
    "enclosure": "url", "atom:link": "href", "itunes:image": "href", "podcast:transcript": "url",
    "podcast:chapters": "url", "podcast:image": "href", "podcast:funding": "url",
    "podcast:license": "url", "podcast:person": "href",
}  # fmt: skip
"""Elements that hold an address, and the attribute it stands in (empty: its text)."""
_LINK = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ILLEGAL = re.compile(r"""[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]|%(?![0-9A-Fa-f]{2})""")
_LOOPBACK = re.compile(r"http://(127\.|localhost[:/]|\[::1\])")


def _addresses(feed: FeedDocument) -> Iterator[tuple[str, Element]]:
    for part in feed.parts():
        for name, attribute in _PLACES.items():
            for element in part.all(name):
                if url := element.get(attribute) if attribute else inside(element):
                    yield url.strip(), element


def _absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def url_absolute(feed: FeedDocument) -> Iterator[Hit]:
    return ((e, f"“{url[:_SHOWN]}”") for url, e in _addresses(feed) if not _absolute(url))


def url_characters(feed: FeedDocument) -> Iterator[Hit]:
    for url, element in _addresses(feed):
        if _absolute(url) and (found := _ILLEGAL.search(url)):
            yield element, f"“{found[0]}” in {url[:_SHOWN]}"


def url_https(feed: FeedDocument) -> Iterator[Hit]:
    """The first address without encryption: the rest have the same reason. Not of a trial."""
    bare = (
        (u, e) for u, e in _addresses(feed) if u.startswith("http://") and not _LOOPBACK.match(u)
    )
    for url, element in [*bare][:1]:
        yield element, url[:_SHOWN]


def url_notes(feed: FeedDocument) -> Iterator[Hit]:
    for part in feed.parts():
        for name in ("content:encoded", "description", "itunes:summary"):
            for element in part.all(name):
                for found in _LINK.finditer(inside(element)):
                    url = unescape(found[1] or found[2] or "").strip()
                    if not re.match(r"(https?://|mailto:|tel:|#)", url, re.IGNORECASE):
                        yield element, f"“{url[:_SHOWN]}”"


# ── Rules of items ──────────────────────────────────────────────────────────────────────────────

_TIME = re.compile(r"([0-9]+:)?([0-5]?[0-9]:)?[0-5]?[0-9](\.[0-9]{1,3})?")
_DATE = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), *)?[0-9]{1,2} "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}|[0-9]{2}) "
    r"[0-9]{2}:[0-9]{2}(:[0-9]{2})? ([+-][0-9]{4}|GMT|UT|UTC|Z|[ECMP][SD]T)"
)


def _twice(feed: FeedDocument, name: str, attribute: str = "") -> Iterator[Hit]:
    known: dict[str, Element] = {}
    for element in feed.each(name):
        value = (element.get(attribute, "") if attribute else inside(element)).strip()
        if value and value in known:
            yield element, f"“{value[:80]}” (also in line {known[value].sourceline})"
        known.setdefault(value, element)


def guid_unique(feed: FeedDocument) -> Iterator[Hit]:
    return _twice(feed, "guid")


def enclosure_unique(feed: FeedDocument) -> Iterator[Hit]:
    return _twice(feed, "enclosure", "url")


def _moment(value: str) -> datetime | None:
    """A date of RFC 2822 with its zone; None if it is none."""
    try:
        found = parsedate_to_datetime(value) if _DATE.fullmatch(value) else None
    except (ValueError, TypeError, IndexError):
        return None
    return found.replace(tzinfo=found.tzinfo or timezone.utc) if found else None


def _dates(feed: FeedDocument) -> Iterator[tuple[Element, datetime | None]]:
    for item in feed.items:
        for element in item.all("pubDate")[:1]:
            yield element, _moment(inside(element))


def date(feed: FeedDocument) -> Iterator[Hit]:
    return ((e, f"“{inside(e)[:60]}”") for e, when in _dates(feed) if when is None)


def date_day(feed: FeedDocument) -> Iterator[Hit]:
    for element, when in _dates(feed):
        name = inside(element)[:3]
        if when and name.isalpha() and when.strftime("%a") != name:
            yield element, f"{name}, which was a {when.strftime('%a')}"


def date_future(feed: FeedDocument) -> Iterator[Hit]:
    latest = feed.now + timedelta(hours=1)
    return ((e, inside(e)) for e, when in _dates(feed) if when and when > latest)


def order(feed: FeedDocument) -> Iterator[Hit]:
    dated = [(element, when) for element, when in _dates(feed) if when]
    later = (e for (_, before), (e, when) in pairwise(dated) if when > before)
    return ((element, "") for element in [*later][:1])


def category(feed: FeedDocument) -> Iterator[Hit]:
    known = {tuple(row) for row in rows(__package__, "categories.tsv")}
    for outer in feed.channel.all("itunes:category"):
        name = outer.get("text", "")
        if (name,) not in known:
            yield outer, f"“{name[:60]}”"
        for inner in outer:
            path = (name, str(inner.get("text", "")))
            if (name,) in known and path not in known:
                yield inner, f"“{path[1][:60]}” under “{name}”"


def _length_ms(value: str) -> int:
    """``1801``, ``30:01`` or ``00:01:23.450`` in milliseconds; -1 if it is no time."""
    if not _TIME.fullmatch(value) and not value.isdecimal():
        return -1
    total = 0.0
    for number in value.split(":"):
        total = total * 60 + float(number)
    return round(total * 1000)


def simple_chapters(feed: FeedDocument) -> Iterator[Hit]:
    for item in feed.items:
        limit = _length_ms(item.text("itunes:duration"))
        for chapters in item.all("psc:chapters"):
            last = -1
            for chapter in chapters:
                start = _length_ms(chapter.get("start", ""))
                if start < 0 or not chapter.get("title", "").strip():
                    yield chapter, "a chapter without start or title"
                elif start <= last:
                    yield chapter, f"{chapter.get('start')} does not come after the one before"
                elif 0 <= limit < start - 1000:
                    yield chapter, f"{chapter.get('start')} is after the end of the episode"
                last = max(last, start)


# ── Rules of what it points to ──────────────────────────────────────────────────────────────────

_MP3 = (b"ID3", *(bytes((0xFF, low)) for low in range(0xE0, 0x100)))


def _there(feed: FeedDocument, kind: Linked) -> Iterator[tuple[FeedLink, LinkedFile]]:
    """What is there of a kind."""
    return ((link, look) for link, look in feed.seen if link.kind is kind and not look.fault)


def file_there(feed: FeedDocument) -> Iterator[Hit]:
    for link, look in feed.seen:
        if look.fault and link.kind is not Linked.PAGE:
            yield link.element, f"{link.name}: {look.fault}"


def page_there(feed: FeedDocument) -> Iterator[Hit]:
    for link, look in feed.seen:
        if look.fault and link.kind is Linked.PAGE:
            yield link.element, f"{link.name}: {look.fault}"


def file_size(feed: FeedDocument) -> Iterator[Hit]:
    for link, look in _there(feed, Linked.SOUND):
        said = link.element.get("length", "").strip()
        if said.isdecimal() and int(said) != look.size:
            yield link.element, f"{link.name} has {look.size} bytes, the feed says {said}"


def file_sound(feed: FeedDocument) -> Iterator[Hit]:
    for link, look in _there(feed, Linked.SOUND):
        mp3 = link.element.get("type", "").startswith("audio/mpeg")
        if mp3 and look.data and not look.data.startswith(_MP3):
            yield link.element, link.name


def artwork(feed: FeedDocument) -> Iterator[Hit]:
    from bobao.publish import cover  # numpy comes with it

    for link, look in _there(feed, Linked.ARTWORK):
        for fault in cover.faults(look.data, link.url.split("?")[0]):
            yield link.element, f"{link.url[-_SHOWN:]}: {fault}"


def file_captions(feed: FeedDocument) -> Iterator[Hit]:
    for link, look in _there(feed, Linked.TRANSCRIPT):
        start = look.data.removeprefix(b"\xef\xbb\xbf")
        if link.element.get("type") == "text/vtt" and not start.startswith(b"WEBVTT"):
            yield link.element, link.name


def file_chapters(feed: FeedDocument) -> Iterator[Hit]:
    for link, look in _there(feed, Linked.CHAPTERS):
        if fault := _chapter_fault(look.data):
            yield link.element, f"{link.name}: {fault}"


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
