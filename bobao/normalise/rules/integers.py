"""A whole number without comma or decimals: quantity, code, year or rank.

Its neighbours decide: the word after it (or after the last of its list), the cue word before it,
and last its own shape. Without any of these it is a quantity.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.rules import codewords, names, years
from bobao.normalise.scan import MANY, Figures, NumberReading, Scan, Tail, Token, cues, reading

Reader = Callable[[Figures], NumberReading | None]

_CLOCK_WORDS = frozenset("月日号时点分秒")
_SERIAL_WORDS = frozenset("号期批次")
_RANK_LINKS = ("、", "和", "及", "或", "与", "至", "到")
_KINDS = dict.fromkeys(("月", "月份", "日"), "date") | dict.fromkeys(("时", "点"), "time")
_COMPARED = re.compile(r"[\d零一二三四五六七八九十]比$|分之$")
_SLASHED = re.compile(r"[A-Z]\d{1,4}/$")  # MU5101/2次
_LONG = 13
"""Figures of a number that is long; longer ones are read alike."""
_LEVELS_NAMED = ("在", "于", "第", "负")


def read(scan: Scan, figures: str, at: int, end: int, tail: Tail) -> NumberReading:
    """The reading of `figures`, which stand at `at`:`end` and are followed by `tail`."""
    number, length = Figures(scan, figures, at, end, tail, scan.left(at, 12)), len(figures)
    for group in (_PLACED, _BY_WORD.get(tail.group, {}), _BARE if number.unmarked else _COUNTING):
        for reader in group.get(min(length, _LONG), ()):
            if found := reader(number):
                return found
    return NumberReading(cardinal(figures), "cardinal", "quantity")


def _by_length(*rows: tuple[Reader, int, int]) -> dict[int, tuple[Reader, ...]]:
    """For each number of figures, the readers whose range it is in, in their order."""
    return {
        length: tuple(reader for reader, least, most in rows if least <= length <= most)
        for length in range(1, _LONG + 1)
    }


def _ordinal(n: Figures) -> NumberReading | None:
    """第: a rank; a serial number of many figures (第2021098期) is said figure by figure."""
    if not n.left.endswith("第"):
        return None
    issue = n.tail.unit == "期" and len(n.text) > 4
    serial = n.tail.unit in _SERIAL_WORDS and len(n.text) > 5 and not n.text.endswith("00")
    if issue or serial or (n.text[0] == "0" and len(n.text) > 1):
        return NumberReading(one_by_one(n.text, yao=n.scan.style.yao), "ordinal", "ordinal-code")
    return NumberReading(cardinal(n.text, liang=len(n.text) > 3), "ordinal", "ordinal")


def _next_ordinal(n: Figures) -> NumberReading | None:
    """The 2 and 3 of 第1、2、3名: ranks like the first."""
    before = n.scan.previous
    if before.kind != "ordinal" or n.text[0] == "0" or n.tail.multiplier:
        return None
    if n.scan.text[before.end : n.at] not in _RANK_LINKS:
        return None
    return NumberReading(cardinal(n.text, liang=len(n.text) > 3), "ordinal", "ordinal")


def _zero_led(n: Figures) -> NumberReading | None:
    """05: dropped zero in dates, 零 in minutes after an hour, else figure by figure."""
    if n.text[0] != "0":
        return None
    unit, after = n.tail.unit, _after_unit(n)
    if after and (n.tail.borrowed or not unit):
        return after
    if n.tail.group == "year" and years.is_calendar(n.scan, n.text, n.at, n.tail):
        return NumberReading(one_by_one(n.text), "year", "year-short")
    if len(n.text) == 2 and n.tail.group == "born":
        return NumberReading(one_by_one(n.text), "decade", "born-in")
    clock = n.left.endswith(("时", "点", "分")) and n.scan.previous.reach == n.at
    day = unit == "号" and n.left.endswith("月")
    if day or (len(n.text) == 2 and unit != "号" and (unit[:1] in _CLOCK_WORDS or clock)):
        zero = "零" if clock and n.text != "00" else ""
        return NumberReading(zero + cardinal(n.text), "time" if clock else "date", "zero-padded")
    return n.code("leading-zero")


def _two(n: Figures) -> NumberReading | None:
    """A lone 2 before a classifier, a unit or 万 is 两."""
    if n.text == "2" and n.tail.unit == "套餐" and n.scan.char(n.at - 1) not in tuple("+加第"):
        return NumberReading("两", "cardinal", "two-before-classifier")
    if n.text != "2" or (n.tail.group != "count" and n.tail.multiplier[:1] not in MANY):
        return None
    if cues("brand-before").before(n.left.rstrip()) and n.in_longer_word():
        return None  # 酷睿2双核
    if _COMPARED.search(n.left) or _SLASHED.search(n.left):
        return None
    if n.tail.unit == "层" and n.left.endswith(_LEVELS_NAMED):
        return None
    return NumberReading("两", "cardinal", "two-before-classifier")


def _discount(n: Figures) -> NumberReading | None:
    """88折 is 八八折."""
    if n.tail.unit != "折" or n.text[1] == "0" or n.tail.multiplier:
        return None
    return NumberReading(one_by_one(n.text), "decimal", "discount")


def _counted(n: Figures) -> NumberReading | None:
    """A quantity or a rank by the word after it."""
    if n.unmarked:
        return None
    rule = "rank" if n.tail.group == "order" else "quantity"
    kind = "cardinal" if n.tail.multiplier else _KINDS.get(n.tail.unit, "cardinal")
    return NumberReading(cardinal(n.text), kind, kind if kind != "cardinal" else rule)


def _after_unit(n: Figures) -> NumberReading | None:
    """1米75, 12块5, 9秒83: what follows the unit are decimals."""
    if n.scan.previous.reach != n.at or len(n.text) > 3:
        return None
    if n.left.endswith("秒"):
        return NumberReading(one_by_one(n.text), "decimal", "race-time")
    if n.left.endswith(("米", "块", "毛")) and len(n.text) < 3:
        return NumberReading(one_by_one(n.text), "decimal", "colloquial-decimal")
    return None


def _after_unit_listed(n: Figures) -> NumberReading | None:
    """The same before a further one: 14分02秒35和29分10秒, 1米75、1米80."""
    return _after_unit(n) if n.tail.borrowed else None


_PLACED = _by_length(
    (_ordinal, 1, _LONG),
    (_next_ordinal, 1, _LONG),
    (codewords.second_end, 3, _LONG),
    (_zero_led, 2, _LONG),
    (codewords.sure_service, 5, 5),
    (_after_unit_listed, 1, 3),
)
_BY_WORD = {
    "year": _by_length((years.year, 1, _LONG)),
    "decade": _by_length((years.decade, 1, _LONG)),
    "born": _by_length((years.born, 2, 2)),
    "digits": _by_length((codewords.before_name, 3, _LONG)),
    "code": _by_length((codewords.before_road, 2, _LONG)),
    "soft": _by_length((names.before_noun, 3, _LONG)),
    "service": _by_length((codewords.before_service_word, 3, 5)),
}
_COUNTING = _by_length(
    (codewords.service_counted, 5, 6),
    (codewords.train, 4, 4),
    (codewords.serial, 3, _LONG),
    (years.version_of_year, 4, 4),
    (years.school_year, 2, 2),
    (codewords.after_road, 3, 4),
    (_discount, 2, 2),
    (_two, 1, 1),
    (_counted, 1, _LONG),
)
_BARE = _by_length(
    (names.fixed, 1, _LONG),
    (names.bracketed, 4, 6),
    (names.quoted, 3, _LONG),
    (codewords.after_word, 3, _LONG),
    (codewords.after_road, 3, 4),
    (codewords.in_house, 3, 4),
    (codewords.variety, 3, 4),
    (codewords.listed, 3, _LONG),
    (years.unmarked, 4, 4),
    (codewords.service, 3, 8),
    (_after_unit, 1, 3),
    (names.brand, 3, _LONG),
    (names.model, 1, _LONG),
    (names.armour, 2, 2),
    (codewords.long, 8, _LONG),
    (names.picture_lines, 3, _LONG),
)


_FRACTION = re.compile(r"(\d{1,9}) ?/ ?(\d{1,9})(?![\d/.]{0,9}\d)")
_BLOOD = re.compile(r"(\d{2,3})/(\d{2,3})(?!\d)(?: ?mm[Hh]g)?")
_ALL_DAY = re.compile(r"24/7(?!\d)")
_POWERS = {"100": "百", "1000": "千", "10000": "万"}
_LISTED = frozenset(("digits", "code", "soft", "born", "decade"))


def all_day(scan: Scan, at: int) -> Token | None:
    """24/7."""
    found = _ALL_DAY.match(scan.text, at)
    if not found:
        return None
    return reading(at, found.end(), "七乘二十四小时", "duration", "round-the-clock")


def blood(scan: Scan, at: int) -> Token | None:
    """A blood pressure, 120/80mmHg: both numbers with a pause between."""
    found, near = _BLOOD.match(scan.text, at), cues("blood-near")
    if not found:
        return None
    end, measured = found.end(), found[0][-1] == "g"
    beside = near.within(scan.left(at, 8)) or near.within(scan.text[end : end + 5])
    if not measured and not beside:
        return None
    spoken = f"{cardinal(found[1])}、{cardinal(found[2])}" + ("毫米汞柱" if measured else "")
    return reading(at, end, spoken, "fraction", "blood-pressure")


def score(scan: Scan, at: int) -> Token | None:
    """拉齐奥 2/2 at the end of a line is a score."""
    found = _FRACTION.match(scan.text, at)
    if not found or found.end() != len(scan.text):
        return None
    if not cues("team").before(scan.left(at, 8).rstrip()):
        return None
    return reading(at, found.end(), f"{cardinal(found[1])}比{cardinal(found[2])}", "score", "score")


def fraction(scan: Scan, at: int) -> Token | None:
    """2/3 is 三分之二. A list of names (301/302路) is left to its numbers."""
    found = _FRACTION.match(scan.text, at)
    if not found:
        return None
    upper, lower, tail = found[1], found[2], scan.tail(found.end())
    if tail.unit == "页" and scan.char(at - 1) == "第":
        spoken = f"{cardinal(upper, liang=False)}页，共{cardinal(lower)}页"
        return reading(at, tail.end, spoken, "ordinal", "page-of")
    if tail.group in _LISTED and not tail.borrowed and len(lower) > 1:
        return None
    if tail.unit == "号" and not tail.borrowed:
        return None  # 1/2号线
    if int(lower) < 2 or (len(upper) > 1 and upper[0] == "0"):
        return None
    parts = _POWERS.get(lower) or cardinal(lower)
    return reading(at, found.end(), f"{parts}分之{cardinal(upper)}", "fraction", "fraction")
