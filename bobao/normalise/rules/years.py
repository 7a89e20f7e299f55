"""N年: a year of the calendar is said figure by figure, a length of time is a quantity."""

from __future__ import annotations

import re

from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.rules.figures import Figures, Reading
from bobao.normalise.scan import Scan, Tail, Token, cues

_MONTH = re.compile(r"\d{1,2}(?:[-—~至到]\d{1,2})?月")
_QUARTER = re.compile(r"(?:[12]\d(?:Q[1-4]|H[12])|[1-4]Q[12]\d|[12]H[12]\d)(?![A-Za-z0-9])")
_DECADE = re.compile(r"((?:1[5-9]|20)\d0)'?s(?![A-Za-z0-9])")
_BRACKETED = re.compile(r"(?:\((?:公元)?前?|[—~-](?:公元)?前)$")
_TERMS = frozenset(("工期", "刑期", "年限", "期限", "期限为", "为期"))  # never a thousand years
_NEARLY = frozenset(("约", "大约", "早在"))
_ERAS = ("公元前", "公元", "纪元", "西元")
_LENGTH_BEFORE = tuple("有了过满达每整已共长立党校国庆史历期限为需")
_OPERATORS = frozenset("×*÷=+")
_BOUNDS = frozenset("以左上余多")


def is_calendar(scan: Scan, figures: str, at: int, tail: Tail) -> bool:
    """Whether `figures` before 年 (or before a later 年 of the same range) name a year.

    Four figures do unless a word before or after tells of a length of time; two figures only
    where a word says so, or a month or a leading zero does.
    """
    left = scan.left(at, 6)
    if len(figures) < 3 and cues("reign").before(left):
        return False
    linked = scan.link.at == at and scan.link.kind == "year" and len(figures) in (2, 3, 4)
    if linked or left.endswith(_ERAS):
        return True
    if len(figures) == 3 and _BRACKETED.search(scan.text[max(0, at - 3) : at]):
        closed = scan.char(tail.end) in tuple(")-—~") and not tail.multiplier
        return closed and not (tail.borrowed and figures.endswith("00"))
    if len(figures) == 4:
        return "1000" <= figures <= "2999" and not _is_length(scan, figures, left, tail.end)
    return len(figures) == 2 and not tail.borrowed and _is_short(scan, figures, left, tail.end)


def _is_length(scan: Scan, figures: str, left: str, end: int) -> bool:
    text = scan.text
    before = cues("years-before").before(left)
    if before in _TERMS or (
        before in _NEARLY and "1900" < figures < "2100" and figures[2:] != "00"
    ):
        before = "距今" if "距" in left else ""
    if before and not (before == "近" and left.endswith(("最近", "附近"))):
        return True
    after = cues("years-after").after(text, end) and not cues("years-not-after").after(text, end)
    if after or not figures.endswith("00"):
        return bool(after)
    if cues("years-before-round").before(left):
        return True
    ago = cues("years-after-round").after(text, end)
    return bool(
        ago
        and (figures.endswith("000") or figures < "1900")
        and not cues("years-not-after-round").after(text, end)
    )


def _is_short(scan: Scan, figures: str, left: str, end: int) -> bool:
    text = scan.text
    if figures[0] == "0" or _MONTH.match(text, end):
        return True
    if cues("years-before").before(left) or left.endswith(_LENGTH_BEFORE):
        return False
    held = "10" <= figures <= "29" or figures >= "50"
    if held and cues("year-event-after").after(text, end):
        return True
    if figures >= "80":
        return not cues("year-short-not-after").after(text[end : end + 8] + "。", 0)
    return figures >= "60" and bool(cues("year-short-after").after(text, end))


def quarter(scan: Scan, at: int) -> Token | None:
    """24Q1, 1Q24, 25H1: the year by its last two figures; 1990s: a decade."""
    found = _QUARTER.match(scan.text, at)
    if found:
        spoken = re.sub(r"\d+", lambda figures: one_by_one(figures[0]), found[0])
        return Token(at, found.end(), spoken, "year", "year-short", found.end())
    found = _DECADE.match(scan.text, at)
    if found:
        return Token(at, found.end(), one_by_one(found[1]) + "年代", "decade", "decade-full")
    return None


def year(n: Figures) -> Reading | None:
    """2021年 and 5年."""
    if n.tail.group != "year" or n.tail.multiplier:
        return None
    if is_calendar(n.scan, n.text, n.at, n.tail):
        return Reading(one_by_one(n.text), "year", "year")
    if n.after_cue("reign"):
        return Reading(cardinal(n.text), "year", "reign")
    return Reading("两" if n.text == "2" else cardinal(n.text), "duration", "years-length")


def decade(n: Figures) -> Reading | None:
    """90年代 九十年代, 1990年代 一九九零年代."""
    if n.tail.group != "decade":
        return None
    if len(n.text) == 4:
        return Reading(one_by_one(n.text), "decade", "decade-full")
    return Reading(cardinal(n.text), "decade", "decade")


def born(n: Figures) -> Reading | None:
    """80后, 95后: those born then."""
    if n.tail.group != "born" or len(n.text) != 2 or n.text[1] not in "05":
        return None
    if cues("decade-not-after").after(n.scan.text, n.tail.end):
        return None
    return Reading(one_by_one(n.text), "decade", "born-in")


def version_of_year(n: Figures) -> Reading | None:
    """2023款, 2021届: a year, though the word could count."""
    if n.tail.multiplier or len(n.text) != 4 or not "1900" <= n.text <= "2099" or n.counting:
        return None
    named = cues("year-after").after(n.scan.text, n.tail.end - len(n.tail.unit))
    return Reading(one_by_one(n.text), "year", "year-unmarked") if named else None


def school_year(n: Figures) -> Reading | None:
    """78级学生, 25届校招: two figures of the year of entering or leaving a school."""
    if n.tail.multiplier or len(n.text) != 2 or n.after_cue("counted-before"):
        return None
    text, end = n.scan.text, n.tail.end
    if n.tail.unit == "届":
        named = "20" <= n.text <= "39" and bool(cues("leaver-after").after(text, end))
    elif n.tail.unit == "级":
        named = bool(cues("school-after").after(text, end)) or n.after_cue("school-before")
    else:
        return None
    return Reading(one_by_one(n.text), "year", "year-short") if named else None


def unmarked(n: Figures) -> Reading | None:
    """Four figures without 年 that are a year: 2022北京冬奥会, 中国制造2025, 2023，我们来了."""
    if len(n.text) != 4 or not "1900" <= n.text <= "2099" or not _may_be_year(n):
        return None
    return Reading(one_by_one(n.text), "year", "year-unmarked")


def _may_be_year(n: Figures) -> bool:
    follower, left = n.follower(), n.left[-6:]
    if cues("year-after").after(n.scan.text, n.end):
        return True
    if n.tail.multiplier or (n.tail.group and (not n.tail.borrowed or n.tail.group == "sign")):
        return False
    if follower in _OPERATORS or left[-1:] in _OPERATORS:
        return False
    if cues("year-number-before").before(left.rstrip()):
        return True
    round_end = n.text.endswith("00") and not "\u4e00" <= follower <= "\u9fff"
    return not round_end and not n.counting and follower not in _BOUNDS
