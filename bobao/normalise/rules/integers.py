"""A whole number without comma or decimals: quantity, code, year or rank.

Its neighbours decide: the word after it (or after the last of its list), the cue word before it,
and last its own shape. Without any of these it is a quantity.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.rules import years
from bobao.normalise.scan import Scan, Tail

_CONNECTORS = " 为是：:“\"‘'（(【[的至"
_CLOSERS = {"“": "”", '"': '"', "‘": "’", "「": "」", "『": "』", "'": "'"}
_BRACKETS = {"(": ")", "[": "]", "【": "】", "〔": "〕", "〈": "〉", "（": "）"}
_CODE_LINKS = ("、", ",", "，", "或", "和", "及", "/", "或者", " ", "转", "、0")
_CLOCK_WORDS = frozenset("月日号时点分秒")
_MANY = frozenset("百千万亿")
_SERVICE = re.compile(r"123\d\d|10010|10086|10099|9[56]\d{3}|96\d{4}|12[0-2]|11[0249]|1\d{4}|12\d{3}")
_ARMOUR = re.compile(r"[A-Z]{1,2}(?:型|式|主战|坦克|步枪|战车)")
_SURE_SERVICE = re.compile(r"123\d\d|10010|10086|12110|12117|1212[1-3]")


class Reading(NamedTuple):
    """How a whole number is said, its class, and the rule that decided."""

    spoken: str
    kind: str
    rule: str


def read(scan: Scan, figures: str, at: int, end: int, tail: Tail) -> Reading:
    """The reading of `figures`, which stand at `at`:`end` and are followed by `tail`."""
    left = scan.left(at, 12)
    if left.endswith("第"):
        return _ordinal(figures, tail)
    if scan.link.at == at and scan.link.kind == "code" and not tail.group and len(figures) > 2:
        return _code(scan, figures, "code-range")
    if len(figures) > 1 and figures[0] == "0":
        return _zero_led(scan, figures, at, left, tail)
    if _is_sure_service(figures, tail, left):
        return _code(scan, figures, "service-number")
    by_group = _BY_GROUP.get(tail.group)
    if by_group and not (tail.multiplier and tail.group not in ("count", "order")):
        reading = by_group(scan, figures, at, end, tail, left)
        if reading:
            return reading
    if tail.group in ("count", "order") or tail.multiplier:
        return _counted(scan, figures, left, tail)
    return _bare(scan, figures, at, end, tail, left)


def _code(scan: Scan, figures: str, rule: str, *, yao: bool = True) -> Reading:
    return Reading(one_by_one(figures, yao=yao and scan.style.yao), "code", rule)


def _ordinal(figures: str, tail: Tail) -> Reading:
    long = len(figures) > (4 if tail.unit == "期" else 5)
    serial = long and tail.unit in ("号", "期", "批", "次")
    serial = serial and (tail.unit == "期" or not figures.endswith("00"))
    if (figures[0] == "0" and len(figures) > 1) or serial:
        return Reading(one_by_one(figures, yao=True), "ordinal", "ordinal-code")
    return Reading(cardinal(figures, liang=len(figures) > 3), "ordinal", "ordinal")


def _zero_led(scan: Scan, figures: str, at: int, left: str, tail: Tail) -> Reading:
    if tail.group == "year" and years.is_calendar(scan, figures, at, tail):
        return Reading(one_by_one(figures), "year", "year-short")
    if len(figures) == 2 and tail.group == "born":
        return Reading(one_by_one(figures), "decade", "born-in")
    clock = left.endswith(("时", "点", "分")) and scan.previous.reach == at
    if len(figures) == 2 and (tail.unit[:1] in _CLOCK_WORDS or clock) and tail.unit != "号":
        zero = "零" if clock and figures != "00" else ""
        return Reading(zero + cardinal(figures), "date", "zero-padded")
    if tail.unit == "号" and left.endswith("月"):
        return Reading(cardinal(figures), "date", "zero-padded")
    return _code(scan, figures, "leading-zero")


def _counted(scan: Scan, figures: str, left: str, tail: Tail) -> Reading:
    """A quantity or a rank by the word after it."""
    if len(figures) > 4 and _SERVICE.fullmatch(figures) and _after_code_word(left):
        return _code(scan, figures, "service-number")
    if tail.unit == "次" and len(figures) == 4 and left.endswith(("乘坐", "列车", "旅客", "车次")):
        return _code(scan, figures, "code-word-before")
    if tail.unit == "号" and not tail.multiplier and len(figures) > 2 and _after_code_word(left):
        return _code(scan, figures, "code-word-before")
    if len(figures) > 6 and _after_code_word(left) and not tail.multiplier:
        return _code(scan, figures, "code-word-before")
    if (
        not tail.multiplier
        and len(figures) == 4
        and tables.words("cues", "year-after").after(scan.text, tail.end - len(tail.unit))
        and "1950" <= figures <= "2099"
        and not tables.words("cues", "quantity-before").before(left)
    ):
        return Reading(one_by_one(figures), "year", "year-unmarked")
    if tail.unit == "折" and len(figures) == 2 and figures[1] != "0":
        return Reading(one_by_one(figures), "decimal", "discount")
    if figures == "2" and (tail.multiplier[:1] in _MANY or tail.group == "count"):
        if not (tail.unit == "层" and left.endswith(("在", "于", "第", "负"))):
            return Reading("两", "cardinal", "two-before-classifier")
    rule = "rank" if tail.group == "order" else "quantity"
    return Reading(cardinal(figures), "cardinal", rule)


def _after_code_word(left: str) -> bool:
    return bool(tables.words("cues", "code-before").before(left.rstrip(_CONNECTORS)))


def _year(scan: Scan, figures: str, at: int, end: int, tail: Tail, left: str) -> Reading:
    if years.is_calendar(scan, figures, at, tail):
        return Reading(one_by_one(figures), "year", "year")
    return Reading("两" if figures == "2" else cardinal(figures), "duration", "years-length")


def _decade(scan: Scan, figures: str, at: int, end: int, tail: Tail, left: str) -> Reading:
    if len(figures) == 4:
        return Reading(one_by_one(figures), "decade", "decade-full")
    return Reading(cardinal(figures), "decade", "decade")


def _born(scan: Scan, figures: str, at: int, end: int, tail: Tail, left: str) -> Reading | None:
    if len(figures) != 2 or figures[1] not in "05":
        return None
    if tables.words("cues", "decade-not-after").after(scan.text, tail.end):
        return None
    return Reading(one_by_one(figures), "decade", "born-in")


def _digits(scan: Scan, figures: str, at: int, end: int, tail: Tail, left: str) -> Reading | None:
    if len(figures) < 3:
        return Reading(cardinal(figures), "cardinal", "rank")
    if tables.words("cues", "quantity-before").before(left) and figures.endswith("00"):
        return None
    return _code(scan, figures, "code-word-after")


def _figures(scan: Scan, figures: str, at: int, end: int, tail: Tail, left: str) -> Reading | None:
    if len(figures) < 2:
        return None
    return _code(scan, figures, "code-word-after", yao=not tail.unit.startswith("式"))


def _soft(scan: Scan, figures: str, at: int, end: int, tail: Tail, left: str) -> Reading | None:
    if len(figures) < 3 or figures.endswith("00"):
        return None
    if tables.words("cues", "quantity-before").before(left):
        return None
    return _code(scan, figures, "name-of-figures", yao=False)


def _is_sure_service(figures: str, tail: Tail, left: str) -> bool:
    if tail.multiplier or tail.group in ("count", "sign", "year"):
        return False
    if not _SURE_SERVICE.fullmatch(figures):
        return False
    return not tables.words("cues", "quantity-before").before(left)


def _service(scan: Scan, figures: str, at: int, end: int, tail: Tail, left: str) -> Reading | None:
    if _SURE_SERVICE.fullmatch(figures) or figures in ("110", "114", "119", "120", "122", "12345"):
        return _code(scan, figures, "service-number")
    return None


_BY_GROUP = {
    "service": _service,
    "year": _year,
    "decade": _decade,
    "born": _born,
    "digits": _digits,
    "code": _figures,
    "soft": _soft,
}


def _bare(scan: Scan, figures: str, at: int, end: int, tail: Tail, left: str) -> Reading:
    """A number with no unit word after it."""
    counting = bool(tables.words("cues", "quantity-before").before(left))
    if not counting:
        reading = _fixed(figures, scan, end, left) or _enclosed(scan, figures, at, end)
        if reading:
            return reading
    if _after_code_word(left) and len(figures) > 2 and not (counting and figures.endswith("00")):
        return _code(scan, figures, "code-word-before")
    if scan.previous.kind in ("code", "phone") and len(figures) > 2:
        if scan.text[scan.previous.end : at] in _CODE_LINKS:
            return _code(scan, figures, "code-list")
    if len(figures) == 4 and years.is_written_year(scan, figures, at, end, tail):
        return Reading(one_by_one(figures), "year", "year-unmarked")
    if not counting and _is_service(scan, figures, at, end):
        return _code(scan, figures, "service-number")
    if left.endswith("秒") and scan.previous.reach == at and len(figures) < 4:
        return Reading(one_by_one(figures), "decimal", "race-time")
    if scan.previous.reach == at and left.endswith(("米", "块", "毛")) and len(figures) < 3:
        return Reading(one_by_one(figures), "decimal", "colloquial-decimal")
    if len(figures) > 2 and not figures.endswith("00"):
        if tables.words("cues", "brand-before").before(left.rstrip()):
            return _code(scan, figures, "model", yao=False)
    before = _model(scan, figures, at, left)
    if before:
        return before
    if (len(figures) == 8 and figures.count("0") < 3 and not counting) or len(figures) > 12:
        return _code(scan, figures, "long-number")
    if len(figures) == 2 and _ARMOUR.match(scan.text, end):
        return _code(scan, figures, "model", yao=False)
    if len(figures) > 2 and scan.char(end) in ("P", "p") and not scan.char(end + 1).isalnum():
        return _code(scan, figures, "picture-lines", yao=False)
    return Reading(cardinal(figures), "cardinal", "quantity")


def _fixed(figures: str, scan: Scan, end: int, left: str) -> Reading | None:
    for before, after, said in _fixed_table().get(figures, ()):
        if before and not left.endswith(before):
            continue
        if after and not scan.text.startswith(after, end):
            continue
        return Reading(said, "code", "fixed")
    return None


@functools.cache
def _fixed_table() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...], str]]]:
    table: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], str]]] = {}
    for figures, before, after, said in tables.rows("fixed"):
        cues = (tuple(cell.split(" ")) if cell != "-" else () for cell in (before, after))
        table.setdefault(figures, []).append((*cues, said))  # type: ignore[arg-type]
    return table


def _enclosed(scan: Scan, figures: str, at: int, end: int) -> Reading | None:
    opener, closer = scan.char(at - 1) if at else "", scan.char(end)
    if closer and _BRACKETS.get(opener) == closer:
        if len(figures) == 4 and "1900" <= figures <= "2099":
            return Reading(one_by_one(figures), "year", "year-bracketed")
        if len(figures) == 6 and at > 1 and scan.text[at - 2] not in " \n，。；、":
            return _code(scan, figures, "stock-code")
    if closer and _CLOSERS.get(opener) == closer and len(figures) > 2 and figures[-2:] != "00":
        return _code(scan, figures, "name-of-figures", yao=len(figures) > 4)
    return None


def _is_service(scan: Scan, figures: str, at: int, end: int) -> bool:
    if not 3 <= len(figures) <= 8:
        return False
    near = tables.words("cues", "call-near")
    if near.within(scan.left(at, 14)) or near.within(scan.text[end : end + 16]):
        return len(figures) > 4 or _SERVICE.fullmatch(figures) is not None
    alone = at == 0 and end == len(scan.text)
    return alone and figures in ("110", "119", "120", "122")


def _model(scan: Scan, figures: str, at: int, left: str) -> Reading | None:
    """A model after a hyphen that follows a hanzi word: 歼-20, 东风-41."""
    if scan.previous.rule != "model-hyphen" or scan.previous.end != at:
        return None
    if figures.endswith("00"):
        return Reading(cardinal(figures), "model", "model")
    if len(figures) > 2 or (len(figures) == 2 and figures >= "20"):
        return Reading(one_by_one(figures), "model", "model")
    return Reading(cardinal(figures), "model", "model")
