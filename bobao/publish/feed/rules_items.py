"""Rules of a feed's items; ``data/rules.tsv`` has what each finds in words.

A function is called as its rule, and gives the elements that break it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from bobao.files import rows
from bobao.publish.feed.document import Element, inside
from bobao.publish.feed.findings import Case, Hit

SOUND_TYPES = {
    "audio/mpeg": (".mp3",),
    **dict.fromkeys(("audio/x-m4a", "audio/m4a"), (".m4a",)),
    "audio/mp4": (".m4a", ".mp4"),
    "audio/aac": (".aac", ".m4a"),
    "audio/ogg": (".ogg", ".opus", ".oga"),
    "audio/opus": (".opus",),
    "video/mp4": (".mp4", ".m4v"),
    **dict.fromkeys(("video/m4v", "video/x-m4v"), (".m4v",)),
    "video/quicktime": (".mov",),
    "application/pdf": (".pdf",),
}
"""Types of enclosures that players take, with the endings that belong to them."""
_TIME = re.compile(r"([0-9]+:)?([0-5]?[0-9]:)?[0-5]?[0-9](\.[0-9]{1,3})?")
_DATE = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), *)?[0-9]{1,2} "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}|[0-9]{2}) "
    r"[0-9]{2}:[0-9]{2}(:[0-9]{2})? ([+-][0-9]{4}|GMT|UT|UTC|Z|[ECMP][SD]T)"
)


def _repeated(case: Case, name: str, attribute: str = "") -> Iterator[Hit]:
    known: dict[str, Element] = {}
    for element in case.each(name):
        value = (element.get(attribute, "") if attribute else inside(element)).strip()
        if value and value in known:
            yield element, f"“{value[:80]}” (also in line {known[value].sourceline})"
        elif value:
            known[value] = element


def guid_unique(case: Case) -> Iterator[Hit]:
    return _repeated(case, "guid")


def enclosure_unique(case: Case) -> Iterator[Hit]:
    return _repeated(case, "enclosure", "url")


def guid_permalink(case: Case) -> Iterator[Hit]:
    for guid in case.each("guid"):
        value, permanent = inside(guid), guid.get("isPermaLink", "true").lower() != "false"
        if value and permanent and not re.match(r"https?://", value):
            yield guid, f"“{value[:80]}”"


def enclosure_one(case: Case) -> Iterator[Hit]:
    for item in case.document.items:
        if len(found := item.all("enclosure")) > 1:
            yield found[1], str(len(found))


def enclosure_ending(case: Case) -> Iterator[Hit]:
    for element in case.each("enclosure"):
        kind = element.get("type", "").split(";")[0].strip().lower()
        path = element.get("url", "").split("?")[0].split("#")[0].lower()
        if kind in SOUND_TYPES and not path.endswith(SOUND_TYPES[kind]):
            yield element, f"{path.rsplit('/', 1)[-1][-60:]} as {kind}"


def _moment(value: str) -> datetime | None:
    """A date of RFC 2822 with its zone; None if it is none."""
    try:
        found = parsedate_to_datetime(value) if _DATE.fullmatch(value) else None
    except (ValueError, TypeError, IndexError):
        return None
    return found.replace(tzinfo=found.tzinfo or timezone.utc) if found else None


def _dates(case: Case) -> Iterator[tuple[Element, datetime | None]]:
    for item in case.document.items:
        for element in item.all("pubDate")[:1]:
            yield element, _moment(inside(element))


def date(case: Case) -> Iterator[Hit]:
    return ((e, f"“{inside(e)[:60]}”") for e, when in _dates(case) if when is None)


def date_day(case: Case) -> Iterator[Hit]:
    for element, when in _dates(case):
        name = inside(element)[:3]
        if when and name.isalpha() and when.strftime("%a") != name:
            yield element, f"{name}, which was a {when.strftime('%a')}"


def date_future(case: Case) -> Iterator[Hit]:
    latest = case.now + timedelta(hours=1)
    return ((e, inside(e)) for e, when in _dates(case) if when and when > latest)


def order(case: Case) -> Iterator[Hit]:
    last: datetime | None = None
    for element, when in _dates(case):
        if last and when and when > last:
            yield element, ""
            return
        last = when or last


def category(case: Case) -> Iterator[Hit]:
    known = {tuple(row) for row in rows("bobao.publish.feed", "categories.tsv")}
    for outer in case.document.channel.all("itunes:category"):
        name = outer.get("text", "")
        if (name,) not in known:
            yield outer, f"“{name[:60]}”"
        for inner in outer:
            path = (name, str(inner.get("text", "")))
            if (name,) in known and path not in known:
                yield inner, f"“{path[1][:60]}” under “{name}”"


def serial(case: Case) -> Iterator[Hit]:
    if case.document.channel.text("itunes:type").lower() == "serial":
        for item in case.document.items:
            if not item.text("itunes:episode"):
                yield item.element, ""


def captions(case: Case) -> Iterator[Hit]:
    timed = ("text/vtt", "application/x-subrip", "application/srt")
    for item in case.document.items:
        found = item.all("podcast:transcript")
        if found and not any(t.get("type") in timed for t in found):
            yield found[0], ""


def _length_ms(value: str) -> int:
    """``1801``, ``30:01`` or ``00:01:23.450`` in milliseconds; -1 if it is no time."""
    if not _TIME.fullmatch(value) and not value.isdecimal():
        return -1
    total = 0.0
    for number in value.split(":"):
        total = total * 60 + float(number)
    return round(total * 1000)


def simple_chapters(case: Case) -> Iterator[Hit]:
    for item in case.document.items:
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


def ai_content(case: Case) -> Iterator[Hit]:
    for each in case.parts():
        for element in each.all("podcast:txt"):
            value = inside(element)
            if element.get("purpose", "").lower() == "ai-content" and value not in (
                "true",
                "false",
            ):
                yield element, f"“{value[:40]}”"
