"""Checking a feed: before it is written, and where it is, all its pages with it.

The rules are the rows of ``data/rules.tsv``: an XPath, and the pattern that what it finds has to
fit; without a pattern nothing may be found. What XPath cannot say is found by the functions here.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from enum import Enum
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bobao.errors import BobaoError, refusals
from bobao.files import rows
from bobao.publish.feed import NAMESPACES
from bobao.publish.feeddoc import (
    MOST_BYTES,
    SHOWN,
    Element,
    FeedDocument,
    FeedLink,
    Folder,
    LinkedFile,
    read,
    where,
)

_PAGED = "RFC 5005"
PAGES = 50
"""Pages of a feed that are examined; with ours these are 5,000 items."""

Hit = tuple[str, Element, str]
"""A rule that is broken, where, and a word on how."""


class Severity(str, Enum):
    """How bad it is: an error keeps the feed or an item from somebody."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class FeedFinding:
    """One fault: which rule, what is wrong, where (line and item), what to do, who says so."""

    rule: str
    severity: Severity
    what: str
    where: str
    advice: str
    source: str

    def __str__(self) -> str:
        return f"{self.severity.value}: {self.where}: {self.what}\n  {self.advice}"

    def is_error(self) -> bool:
        """Whether it keeps a feed from being published."""
        return self.severity is Severity.ERROR


# ── Judging ─────────────────────────────────────────────────────────────────────────────────────


def check(
    data: bytes, now: datetime, *, url: str = "", folder: Folder | None = None
) -> tuple[FeedFinding, ...]:
    """What is wrong with a feed, errors first.

    `url` is where it was read from; what it points to is looked at in `folder`.
    """
    try:
        feed = read(data, url, now)
    except BobaoError as error:
        return (_unread(error),)
    feed.folder = folder
    return _sorted(_findings(feed))


def _unread(error: BobaoError) -> FeedFinding:
    return FeedFinding("xml", Severity.ERROR, error.what, error.where, error.advice, "XML 1.0")


def _sorted(findings: Iterable[FeedFinding]) -> tuple[FeedFinding, ...]:
    return tuple(sorted(findings, key=lambda finding: [*Severity].index(finding.severity)))


def _findings(feed: FeedDocument) -> Iterator[FeedFinding]:
    """All that is wrong with a feed, rule by rule."""
    hits: dict[str, list[tuple[Element, str]]] = {}
    for judge in _JUDGES:
        for rule, element, found in judge(feed):
            hits.setdefault(rule, []).append((element, found))
    for rule, severity, source, path, form, what, advice in rows(__package__, "rules.tsv"):
        for element, found in feed.texts(path) if path else hits.get(rule, ()):
            if not form or (found and not _fits(found, form)):
                shown = found[:SHOWN] if path else found
                said = what.replace("{name}", _named(element)).replace("{}", shown)
                yield FeedFinding(rule, Severity(severity), said, where(element), advice, source)


def _fits(value: str, form: str) -> bool:
    if form.startswith("bytes:"):
        return len(value.encode("utf-8")) <= int(form[6:])
    return re.fullmatch(form, value, re.DOTALL) is not None


def _named(element: Element) -> str:
    """An element's name with our prefix for its namespace."""
    uri, _, local = str(element.tag).removeprefix("{").rpartition("}")
    prefix = next((prefix for prefix, known in NAMESPACES.items() if known == uri), "")
    return f"{prefix}:{local}" if prefix else local


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What was examined, and what was found, errors first."""

    pages: tuple[str, ...]
    items: int
    findings: tuple[FeedFinding, ...]


def examine(path: Path, now: datetime) -> FeedReport:
    """Examine a feed in a folder, which is taken for the place that its atom:link names.

    Raises `BobaoError` where it cannot be read.
    """
    pages, findings, guids = list[str](), list[FeedFinding](), set[str]()
    items, here, folder, following = 0, "", None, path
    while True:
        try:
            data = _bytes(following)
        except BobaoError as error:
            if not pages:
                raise
            what = f"a further page of the feed cannot be read: {error.what}"
            advice = "Put it there, or take the link to it out."
            findings.append(FeedFinding("page-lost", Severity.ERROR, what, here, advice, _PAGED))
            break
        pages.append(here or "feed")
        try:
            feed = read(data, here, now)
        except BobaoError as error:
            findings.append(_placed(_unread(error), here))
            break
        if not here:
            base = feed.link("self").rpartition("/")[0] + "/"
            folder = Folder(base, path.parent) if "://" in base else None
        feed.folder = folder
        findings += (_placed(each, here) for each in (*_findings(feed), *_repeated(feed, guids)))
        items += len(feed.all("channel/item"))
        here = feed.link("next")
        if not folder or not here.startswith(folder.base) or here in pages or len(pages) == PAGES:
            break
        following = path.parent / Path(unquote(here[len(folder.base) :])).name
    return FeedReport(tuple(pages), items, _sorted(findings))


def _placed(finding: FeedFinding, page: str) -> FeedFinding:
    return replace(finding, where=f"{page}, {finding.where}") if page else finding


def _repeated(feed: FeedDocument, guids: set[str]) -> Iterator[FeedFinding]:
    """Items that were on an earlier page: those of this page are remembered in `guids`."""
    own = [*feed.texts("channel/item/guid")]
    for guid, name in own:
        if name in guids:
            what = f"the item “{name[:80]}” was on an earlier page"
            advice, severity = "List every item on one page.", Severity.WARNING
            yield FeedFinding("page-again", severity, what, where(guid), advice, _PAGED)
    guids.update(name for _, name in own)


def _bytes(path: Path) -> bytes:
    advice = "Give a file. Ours is made by `bobao publish`."
    with refusals("cannot read the feed", path, advice), path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


# ── Rules that no XPath can say ─────────────────────────────────────────────────────────────────

_LOOKALIKES = {uri.lower().rstrip("/#").split("://")[-1]: uri for uri in NAMESPACES.values()}
_NOTES = "//content:encoded | //description | //itunes:summary"
_LINK = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ILLEGAL = re.compile(r"""[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]|%(?![0-9A-Fa-f]{2})""")
_LOOPBACK = re.compile(r"http://(127\.|localhost[:/]|\[::1\])")
_TIME = re.compile(r"([0-9]+:)?([0-5]?[0-9]:)?[0-5]?[0-9](\.[0-9]{1,3})?")
_DATE = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), *)?[0-9]{1,2} "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}|[0-9]{2}) "
    r"[0-9]{2}:[0-9]{2}(:[0-9]{2})? ([+-][0-9]{4}|GMT|UT|UTC|Z|[ECMP][SD]T)"
)
_MP3 = (b"ID3", *(bytes((0xFF, low)) for low in range(0xE0, 0x100)))


def _document(feed: FeedDocument) -> Iterator[Hit]:
    about = feed.root.getroottree().docinfo
    code = about.encoding or "UTF-8"
    if code.upper().replace("_", "-") not in {"UTF-8", "UTF8", "US-ASCII"}:
        yield "encoding", feed.root, code
    if about.doctype:
        yield "doctype", feed.root, ""
    if feed.bytes > 5_000_000:
        yield "size", feed.root, f"{feed.bytes / 1e6:.1f} MB"
    tags = ((str(e.tag), e) for e in feed.root.iter() if str(e.tag).startswith("{"))
    for uri, element in {tag[1:].partition("}")[0]: e for tag, e in tags}.items():
        meant = _LOOKALIKES.get(uri.lower().rstrip("/#").split("://")[-1])
        if meant and uri not in NAMESPACES.values():  # right but for case, scheme or a slash
            yield "namespace", element, f"“{uri}” is not “{meant}”"


def _addresses(feed: FeedDocument) -> Iterator[Hit]:
    bare = False  # the first without encryption is enough: the rest have the same reason
    for url, element in ((link.url, link.element) for link in feed.links):
        if not _absolute(url):
            yield "url-absolute", element, f"“{url[:SHOWN]}”"
        elif found := _ILLEGAL.search(url):
            yield "url-characters", element, f"“{found[0]}” in {url[:SHOWN]}"
        if not bare and url.startswith("http://") and not _LOOPBACK.match(url):  # no trial
            bare = True
            yield "url-https", element, url[:SHOWN]
    for element, notes in feed.texts(_NOTES):
        for found in _LINK.finditer(notes):
            url = unescape(found[1] or found[2] or "").strip()
            if not re.match(r"(https?://|mailto:|tel:|#)", url, re.IGNORECASE):
                yield "url-notes", element, f"“{url[:SHOWN]}”"


def _absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _repeats(feed: FeedDocument) -> Iterator[Hit]:
    for rule, path in (("guid-unique", "guid"), ("enclosure-unique", "enclosure/@url")):
        known: dict[str, Element] = {}
        for element, value in feed.texts(f"channel/item/{path}"):
            if value and value in known:
                yield rule, element, f"“{value[:80]}” (also in line {known[value].sourceline})"
            known.setdefault(value, element)


def _dates(feed: FeedDocument) -> Iterator[Hit]:
    before, sorted_by_date = datetime.max.replace(tzinfo=timezone.utc), True
    for element, text in feed.texts("channel/item/pubDate[1]"):
        when = _moment(text)
        if when is None:
            yield "date", element, f"“{text[:60]}”"
            continue
        if text[:3].isalpha() and when.strftime("%a") != text[:3]:
            yield "date-day", element, f"{text[:3]}, which was a {when.strftime('%a')}"
        if when > feed.now + timedelta(hours=1):
            yield "date-future", element, text
        if when > before and sorted_by_date:
            yield "order", element, ""
            sorted_by_date = False
        before = when


def _moment(text: str) -> datetime | None:
    """A date of RFC 2822 with its zone; None if it is none."""
    try:
        found = parsedate_to_datetime(text) if _DATE.fullmatch(text) else None
    except (ValueError, TypeError, IndexError):
        return None
    return found.replace(tzinfo=found.tzinfo or timezone.utc) if found else None


def _categories(feed: FeedDocument) -> Iterator[Hit]:
    known = {tuple(row) for row in rows(__package__, "categories.tsv")}
    for outer in feed.all("channel/itunes:category"):
        name = outer.get("text", "")
        if (name,) not in known:
            yield "category", outer, f"“{name[:60]}”"
        for inner in outer:
            path = (name, str(inner.get("text", "")))
            if (name,) in known and path not in known:
                yield "category", inner, f"“{path[1][:60]}” under “{name}”"


def _simple_chapters(feed: FeedDocument) -> Iterator[Hit]:
    for chapters in feed.all("channel/item/psc:chapters"):
        limit = _length_ms(chapters.getparent().findtext("itunes:duration", "", NAMESPACES))
        last = -1
        for chapter in chapters:
            start, said = _length_ms(chapter.get("start", "")), chapter.get("start")
            if start < 0 or not chapter.get("title", "").strip():
                yield "simple-chapters", chapter, "a chapter without start or title"
            elif start <= last:
                yield "simple-chapters", chapter, f"{said} does not come after the one before"
            elif 0 <= limit < start - 1000:
                yield "simple-chapters", chapter, f"{said} is after the end of the episode"
            last = max(last, start)


def _length_ms(text: str) -> int:
    """``1801``, ``30:01`` or ``00:01:23.450`` in milliseconds; -1 if it is no time."""
    value, total = text.strip(), 0.0
    if not _TIME.fullmatch(value) and not value.isdecimal():
        return -1
    for number in value.split(":"):
        total = total * 60 + float(number)
    return round(total * 1000)


def _files(feed: FeedDocument) -> Iterator[Hit]:
    for link in feed.links:
        if link.file and link.file.fault:
            rule = "page-there" if link.kind == "page" else "file-there"
            yield rule, link.element, f"{link.name}: {link.file.fault}"
        elif link.file:
            for rule, said in _behind(link, link.file):
                yield rule, link.element, f"{link.name}{said}"


def _behind(link: FeedLink, file: LinkedFile) -> Iterator[tuple[str, str]]:
    """The rules that a file breaks."""
    media, length = (link.element.get(name, "").strip() for name in ("type", "length"))
    if link.kind == "sound":
        if length.isdecimal() and int(length) != file.size:
            yield "file-size", f" has {file.size} bytes, the feed says {length}"
        if media.startswith("audio/mpeg") and file.data and not file.data.startswith(_MP3):
            yield "file-sound", ""
    elif link.kind == "artwork":
        from bobao.publish import cover  # numpy comes with it

        yield from (("artwork", f": {f}") for f in cover.faults(file.data, link.url.split("?")[0]))
    elif link.kind == "transcript":
        if media == "text/vtt" and not file.data.removeprefix(BOM_UTF8).startswith(b"WEBVTT"):
            yield "file-captions", ""
    elif link.kind == "chapters" and (fault := _chapter_fault(file.data)):
        yield "file-chapters", f": {fault}"


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


_JUDGES = (_document, _addresses, _repeats, _dates, _categories, _simple_chapters, _files)
