"""The rules of a feed that no XPath can say.

A function is called as its rule in ``data/rules.tsv``, which has in words what it finds; it gives
the elements that break the rule, each with a word on how, which stands for ``{}`` there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import pairwise
from urllib.parse import urlsplit

from bobao.files import rows
from bobao.publish.feeddoc import (
    PREFIXES,
    SHOWN,
    Element,
    FeedDocument,
    FeedLink,
    Hit,
    Linked,
    LinkedFile,
    inside,
)

# ── Rules of the document ───────────────────────────────────────────────────────────────────────

_LOOKALIKES = {uri.lower().rstrip("/#").split("://")[-1]: uri for uri in PREFIXES}


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
        if meant and uri not in PREFIXES:
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
    return ((e, f"“{url[:SHOWN]}”") for url, e in _addresses(feed) if not _absolute(url))


def url_characters(feed: FeedDocument) -> Iterator[Hit]:
    for url, element in _addresses(feed):
        if _absolute(url) and (found := _ILLEGAL.search(url)):
            yield element, f"“{found[0]}” in {url[:SHOWN]}"


def url_https(feed: FeedDocument) -> Iterator[Hit]:
    """The first address without encryption: the rest have the same reason. Not of a trial."""
    bare = (
        (u, e) for u, e in _addresses(feed) if u.startswith("http://") and not _LOOPBACK.match(u)
    )
    for url, element in [*bare][:1]:
        yield element, url[:SHOWN]


def url_notes(feed: FeedDocument) -> Iterator[Hit]:
    for part in feed.parts():
        for name in ("content:encoded", "description", "itunes:summary"):
            for element in part.all(name):
                for found in _LINK.finditer(inside(element)):
                    url = unescape(found[1] or found[2] or "").strip()
                    if not re.match(r"(https?://|mailto:|tel:|#)", url, re.IGNORECASE):
                        yield element, f"“{url[:SHOWN]}”"


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
            yield link.element, f"{link.url[-SHOWN:]}: {fault}"


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
