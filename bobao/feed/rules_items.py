"""Rules on items and how they stand together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from bobao.datafiles import rows
from bobao.feed.document import Element, Part, inside
from bobao.feed.findings import Severity
from bobao.feed.rulebook import Case, Hit, Rule
from bobao.feed.rules_values import SOUND_TYPES, is_time

_DATE = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), *)?[0-9]{1,2} "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}|[0-9]{2}) "
    r"[0-9]{2}:[0-9]{2}(:[0-9]{2})? ([+-][0-9]{4}|GMT|UT|UTC|Z|[ECMP][SD]T)"
)
_CAPTIONS = ("text/vtt", "application/x-subrip", "application/srt")


def moment(value: str) -> datetime | None:
    """A date of RFC 2822 with its zone; None if it is none."""
    if not _DATE.fullmatch(value):
        return None
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def length_ms(value: str) -> int:
    """A length or time, ``1801``, ``30:01`` or ``00:01:23.450``, in milliseconds; -1 if none."""
    if not is_time(value) and not value.isdecimal():
        return -1
    total = 0.0
    for number in value.split(":"):
        total = total * 60 + float(number)
    return round(total * 1000)


def _repeated(case: Case, name: str, attribute: str = "") -> Iterator[Hit]:
    known: dict[str, Element] = {}
    for item in case.document.items:
        for element in item.all(name):
            value = (element.get(attribute, "") if attribute else inside(element)).strip()
            if value and value in known:
                yield element, f"“{value[:80]}” (also in line {known[value].sourceline})"
            elif value:
                known[value] = element


def _permalinks(case: Case) -> Iterator[Hit]:
    for item in case.document.items:
        for guid in item.all("guid"):
            value = inside(guid)
            permanent = guid.get("isPermaLink", "true").lower() != "false"
            if value and permanent and not re.match(r"https?://", value):
                yield guid, f"“{value[:80]}”"


def _many_enclosures(case: Case) -> Iterator[Hit]:
    for item in case.document.items:
        if len(found := item.all("enclosure")) > 1:
            yield found[1], str(len(found))


def _endings(case: Case) -> Iterator[Hit]:
    for item in case.document.items:
        for element in item.all("enclosure"):
            kind = element.get("type", "").split(";")[0].strip().lower()
            path = element.get("url", "").split("?")[0].split("#")[0].lower()
            if kind in SOUND_TYPES and not path.endswith(SOUND_TYPES[kind]):
                yield element, f"{path.rsplit('/', 1)[-1][-60:]} as {kind}"


def _dates(case: Case) -> Iterator[tuple[Part, Element, datetime | None]]:
    for item in case.document.items:
        for element in item.all("pubDate")[:1]:
            yield item, element, moment(inside(element))


def _no_dates(case: Case) -> Iterator[Hit]:
    for _, element, when in _dates(case):
        if when is None:
            yield element, f"“{inside(element)[:60]}”"


def _wrong_days(case: Case) -> Iterator[Hit]:
    for _, element, when in _dates(case):
        name = inside(element)[:3]
        if when and name.isalpha() and when.strftime("%a") != name:
            yield element, f"{name}, which was a {when.strftime('%a')}"


def _future(case: Case) -> Iterator[Hit]:
    for _, element, when in _dates(case):
        if when and when > case.now + timedelta(hours=1):
            yield element, inside(element)


def _unsorted(case: Case) -> Iterator[Hit]:
    last: datetime | None = None
    for _, element, when in _dates(case):
        if last and when and when > last:
            yield element, ""
            return
        last = when or last


def _categories(case: Case) -> Iterator[Hit]:
    known = {tuple(row) for row in rows("bobao.feed", "categories.tsv")}
    for outer in case.document.channel.all("itunes:category"):
        name = outer.get("text", "")
        if (name,) not in known:
            yield outer, f"“{name[:60]}”"
        for inner in outer:
            path = (name, str(inner.get("text", "")))
            if (name,) in known and path not in known:
                yield inner, f"“{path[1][:60]}” under “{name}”"


def _unnumbered(case: Case) -> Iterator[Hit]:
    if case.document.channel.text("itunes:type").lower() == "serial":
        for item in case.document.items:
            if not item.text("itunes:episode"):
                yield item.element, ""


def _no_captions(case: Case) -> Iterator[Hit]:
    for item in case.document.items:
        found = item.all("podcast:transcript")
        if found and not any(t.get("type") in _CAPTIONS for t in found):
            yield found[0], ""


def _simple_chapters(case: Case) -> Iterator[Hit]:
    for item in case.document.items:
        limit = length_ms(item.text("itunes:duration"))
        for chapters in item.all("psc:chapters"):
            yield from _chapter_faults(chapters, limit)


def _chapter_faults(chapters: Element, limit: int) -> Iterator[Hit]:
    last = -1
    for chapter in chapters:
        start = length_ms(chapter.get("start", ""))
        if start < 0 or not chapter.get("title", "").strip():
            yield chapter, "a chapter without start or title"
        elif start <= last:
            yield chapter, f"{chapter.get('start')} does not come after the one before"
        elif 0 <= limit < start - 1000:
            yield chapter, f"{chapter.get('start')} is after the end of the episode"
        last = max(last, start)


def _signals(case: Case) -> Iterator[Hit]:
    for part in (case.document.channel, *case.document.items):
        for element in part.all("podcast:txt"):
            if element.get("purpose", "").lower() == "ai-content":
                value = inside(element)
                if value not in {"true", "false"}:
                    yield element, f"“{value[:40]}”"


RULES = (
    Rule(
        "guid-unique",
        Severity.ERROR,
        "two items have the guid {}",
        "Give every episode its own; players show only one of them.",
        "PSP-1",
        lambda case: _repeated(case, "guid"),
    ),
    Rule(
        "guid-permalink",
        Severity.ERROR,
        "the guid {} is called a permanent link and is no URL",
        'Write <guid isPermaLink="false">.',
        "RSS 2.0",
        _permalinks,
    ),
    Rule(
        "enclosure-unique",
        Severity.ERROR,
        "two items have the sound {}",
        "Give every episode its own file.",
        "Apple",
        lambda case: _repeated(case, "enclosure", "url"),
    ),
    Rule(
        "enclosure-one",
        Severity.WARNING,
        "the item has {} enclosures",
        "Keep one; players take the first or the last.",
        "RSS 2.0",
        _many_enclosures,
    ),
    Rule(
        "enclosure-ending",
        Severity.WARNING,
        "the name of the file does not fit its type: {}",
        "Apple goes by the ending; let both say the same.",
        "Apple",
        _endings,
    ),
    Rule(
        "date",
        Severity.ERROR,
        "the date {} is not written as RFC 2822 wants it",
        "Write for example Sun, 22 Nov 2026 08:00:00 +0800.",
        "PSP-1",
        _no_dates,
    ),
    Rule(
        "date-day",
        Severity.WARNING,
        "the date says {}",
        "Correct the day of the week or leave it out.",
        "RFC 2822",
        _wrong_days,
    ),
    Rule(
        "date-future",
        Severity.WARNING,
        "the item is dated in the future: {}",
        "Players hide it until then.",
        "Apple",
        _future,
    ),
    Rule(
        "order",
        Severity.WARNING,
        "items are not sorted by date, newest first",
        "Sort them: some players load only the first ones.",
        "RFC 5005",
        _unsorted,
        own=Severity.ERROR,
    ),
    Rule(
        "category",
        Severity.ERROR,
        "Apple has no category {}",
        "Take one of its list; in bobao.toml: [podcast] categories.",
        "Apple",
        _categories,
    ),
    Rule(
        "serial",
        Severity.ERROR,
        "an item of a serial show has no itunes:episode",
        "Number it, or make the show episodic.",
        "Apple",
        _unnumbered,
    ),
    Rule(
        "captions",
        Severity.HINT,
        "no transcript of the item has times",
        "Add WebVTT, which players can show in step with the sound.",
        "Podcasting 2.0",
        _no_captions,
    ),
    Rule(
        "simple-chapters",
        Severity.ERROR,
        "in psc:chapters: {}",
        "List chapters in order of time with a title each.",
        "Podlove",
        _simple_chapters,
    ),
    Rule(
        "ai-content",
        Severity.ERROR,
        "podcast:txt with purpose ai-content is {}, not true or false",
        "Write true if a synthetic voice speaks.",
        "Podcasting 2.0",
        _signals,
    ),
)
