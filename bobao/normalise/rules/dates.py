"""Calendar dates written with signs, and events named by their date."""

from __future__ import annotations

import re

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.scan import Scan, Token, cues

_FULL = re.compile(r"((?:1[0-9]|20|21)\d\d)([-./·])(\d{1,2})\2(\d{1,2})(?:T(?=\d\d:))?(?!\d)")
_MONTH = re.compile(r"((?:19|20)\d\d)[-./](0[1-9]|1[0-2])(?![\d%‰])")
_MONTH_PAIR = re.compile(
    r"((?:19|20)\d\d)[./](\d{1,2})(?= ?[-—~至到] ?(?:19|20)\d\d[./]\d{1,2}(?!\d))"
)
_MONTH_FIRST = re.compile(r"(0[1-9]|1[0-2])[-/.]((?:19|20)\d\d)(?!\d)")
_MONTH_ANY = re.compile(r"((?:19|20)\d\d)[./-](\d{1,2})(?!\d)")
_PADDED = re.compile(r"(0[1-9]|1[0-2])[-/.](0[1-9]|[12]\d|3[01])(?![\d:%‰])")
_DOTTED = re.compile(r"(1[0-2]|[1-9])[.](3[01]|[12]\d|0?[1-9])(?!\d)")
_SHORT = re.compile(r"(1[0-2]|0?[1-9])([/.])(3[01]|[12]\d|0?[1-9])(?![\d/.%‰])")
_RANGE = re.compile(r" ?[-—~至到] ?")
_EVENT = re.compile(r"(\d{1,2})[·./](\d{1,2})(?!\d)")
_ERA = re.compile(r"(\d{3,4}) ?(?:(a\.?d\.?)|b\.?c\.?e?\.?)(?![a-z])", re.I)
_AMOUNTS = frozenset("有以约近占超达为过率速分长降涨跌升")
_CLAUSE = re.compile("[，。；！？,;]")
_CLOCK = frozenset("时点分秒倍成折比")
_CLOSERS = {"“": "”", '"': '"', "‘": "’", "'": "'", "「": "」", "『": "』"}


def _valid(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def full_date(scan: Scan, at: int) -> Token | None:
    """2021-12-31, 2021/12/31, 2021.12.31 (ISO 8601 and what is written like it)."""
    found = _FULL.match(scan.text, at)
    if not found or not _valid(found[3], found[4]):
        return None
    end = found.end()
    spoken = f"{one_by_one(found[1])}年{cardinal(found[3])}月{cardinal(found[4])}"
    spoken += "" if scan.char(end) in ("日", "号") else "日"
    return scan.linked(Token(at, end, spoken, "date", "date-full", end))


def month_date(scan: Scan, at: int) -> Token | None:
    """2021-12, 2021/08, 2021.3-2022.5 as year and month, 08-2021 and 08/2021 turned round."""
    text = scan.text
    found = _MONTH_PAIR.match(text, at)
    if not found and scan.previous.rule == "range" and scan.link.kind == "date":
        found = _MONTH_ANY.match(text, at)
    if not found:
        found = _MONTH.match(text, at)
        if not found or not _stands_alone(scan, found):
            found = None
    if found:
        year, month = found[1], found[2]
    else:
        found = _MONTH_FIRST.match(text, at)
        if not found:
            return None
        year, month = found[2], found[1]
    if not 1 <= int(month) <= 12:
        return None
    end = found.end()
    spoken = f"{one_by_one(year)}年{cardinal(month)}" + (
        "" if text[end : end + 1] == "月" else "月"
    )
    return scan.linked(Token(at, end, spoken, "date", "date-month", end))


def _stands_alone(scan: Scan, found: re.Match[str]) -> bool:
    tail = scan.tail(found.end())
    if cues("season-after").after(scan.text, found.end()):
        return False
    return not tail.multiplier and (not tail.group or tail.unit in ("月", "月份"))


def day_date(scan: Scan, at: int) -> Token | None:
    """08-08 as month and day; 11.22 too, where a time of day follows."""
    text = scan.text
    found = _PADDED.match(text, at)
    if found and "0" in (found[1][0], found[2][0]) and not scan.tail(found.end()).group:
        rule = "date-padded"
    else:
        found = _DOTTED.match(text, at)
        if not found or not cues("date-after").after(text, found.end()):
            return None
        rule = "date-dotted"
    spoken = f"{cardinal(found[1])}月{cardinal(found[2])}日"
    return scan.linked(Token(at, found.end(), spoken, "date", rule, found.end()))


def short_date(scan: Scan, at: int) -> Token | None:
    """6/30 and 6.30 as month and day: after a word like 截止, or the ends of 5/1-5/7期间."""
    text = scan.text
    found = _SHORT.match(text, at)
    if not found:
        return None
    judge = _is_slash_date if found[2] == "/" else _is_dot_date
    second = scan.link.at == at and scan.link.kind == "date"
    if _is_counted(scan, (_other_end(scan, found) or found).end()):
        return None
    if not second and (scan.left(at, 1) in _AMOUNTS or not judge(scan, found)):
        return None
    end = found.end()
    spoken = f"{cardinal(found[1])}月{cardinal(found[3])}"
    spoken += "" if scan.char(end) in ("日", "号") else "日"
    return scan.linked(Token(at, end, spoken, "date", "date-short", end))


def _is_counted(scan: Scan, end: int) -> bool:
    """Whether what follows makes a quantity or a time of it: 3.15万, 6.30时, 1/3起案件."""
    tail = scan.tail(end)
    if (
        tail.unit == "起"
        and not tail.multiplier
        and not cues("case-after").after(scan.text, end + 1)
    ):
        return False
    if tail.multiplier or tail.group in ("count", "sign", "year", "digits"):
        return True
    return scan.char(end) in _CLOCK


def _is_slash_date(scan: Scan, found: re.Match[str]) -> bool:
    other, at, end = _other_end(scan, found), found.start(), found.end()
    if other:
        rising = _numbers(other) > _numbers(found)
        tennis = cues("score-near").within(scan.left(at) + scan.text[other.end() : other.end() + 9])
        sure = int(found[3]) == 1 or int(found[3]) > 12  # 3/2-4/3 may be parts
        dated = sure or (_is_no_part(found) and any(_dated(scan, at, other.end())))
        return rising and not tennis and dated
    before, after = _dated(scan, at, end)
    if int(found[3]) > 12 and cues("due-after").after(scan.text, end):
        return True  # 7/20前完成
    if _is_no_part(found):
        return before or after
    return before and after and int(found[3]) >= 10


def _is_dot_date(scan: Scan, found: re.Match[str]) -> bool:
    other = _other_end(scan, found)
    before, after = _dated(scan, found.start(), (other or found).end())
    if cues("amount-near").within(_CLAUSE.split(scan.left(found.start(), 8))[-1]):
        return False
    if other:
        return _numbers(other) > _numbers(found) and (before or after)
    return before and after


def _numbers(found: re.Match[str]) -> tuple[int, int]:
    return int(found[1]), int(found[3])


def _other_end(scan: Scan, found: re.Match[str]) -> re.Match[str] | None:
    joint = _RANGE.match(scan.text, found.end())
    other = _SHORT.match(scan.text, joint.end()) if joint else None
    return other if other and other[2] == found[2] else None


def _dated(scan: Scan, at: int, end: int) -> tuple[bool, bool]:
    """Whether a word of dates stands before and after."""
    sign = "dot" if "." in scan.text[end - 3 : end] else "short"
    before = cues(f"{sign}-date-before").before(scan.left(at, 6).rstrip(" :："))
    if sign == "dot" and cues("sure-date-before").before(before):
        return True, True
    words = cues("date-after"), cues(f"{sign}-date-after")
    return bool(before), any(group.after(scan.text, end) for group in words)


def _is_no_part(found: re.Match[str]) -> bool:
    """Whether it is hardly a fraction: 5/1, or 3/15 with parts nobody speaks of."""
    return int(found[1]) >= int(found[3]) or int(found[3]) > 12


def event(scan: Scan, at: int) -> Token | None:
    """An event named by its date, 3·15 or 9.18: the figures one after the other, 1 never 幺."""
    found = _EVENT.match(scan.text, at)
    if not found:
        return None
    end, dot = found.end(), scan.text[found.end(1)]
    named = dot == "·" and len(found[0]) == 5  # “30·60”目标
    if not named and not _valid(found[1], found[2]):
        return None
    festival = _is_festival(scan, found)
    if dot == "/" and not (_is_slash_event(scan, found) or festival):
        return None
    if dot == "." and not (_is_event(scan, at, end) or festival):
        return None
    national = festival and (found[1], found[2]) == ("10", "1")
    spoken = "十一" if national else one_by_one(found[1] + found[2])
    return Token(at, end, spoken, "event", "event-date")


def _is_festival(scan: Scan, found: re.Match[str]) -> bool:
    """5.1劳动节, 10.1假期: a feast that is on that day (`data/festivals.tsv`)."""
    names = tables.words("festivals", f"{found[1]}.{found[2]}")
    amount = scan.left(found.start(), 1) in _AMOUNTS
    return bool(names.after(scan.text, found.end())) and not amount


def _is_slash_event(scan: Scan, found: re.Match[str]) -> bool:
    """9/11事件, 6/18大促; 2/3事件 may be two thirds of them."""
    known = found[0] == "9/11" or int(found[2]) > 12
    if not known or scan.left(found.start(), 1) in _AMOUNTS:
        return False
    if _CLOSERS.get(scan.char(found.start() - 1), "no") == scan.char(found.end()):
        return True  # “9/11”
    return bool(cues("event-after-slash").after(scan.text, found.end()))


def _is_event(scan: Scan, at: int, end: int) -> bool:
    closer = _CLOSERS.get(scan.text[at - 1 : at])
    if closer and scan.char(end) == closer:
        return True
    after = end + 1 if scan.char(end) in ("”", '"', "’") else end
    return bool(cues("event-after").after(scan.text, after))


def era(scan: Scan, at: int) -> Token | None:
    """2334BC and 2934 AD."""
    found = _ERA.match(scan.text, at)
    if not found:
        return None
    side = "公元" if found[2] else "公元前"
    return Token(at, found.end(), f"{side}{one_by_one(found[1])}年", "date", "date-era")
