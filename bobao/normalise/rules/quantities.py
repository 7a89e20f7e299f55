"""A number and its unit: quantities, percentages, measures, amounts of money."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import NamedTuple

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal, decimal
from bobao.normalise.rules import integers
from bobao.normalise.scan import (
    NUMBER,
    Scan,
    Tail,
    Token,
    cues,
    word_after,
)

_PREFIXED = tuple("%‰‱")
_TWO_IS_ER = frozenset(("%", "‰", "‱", "℃", "°C", "°", "℉", "′", "″", "K", "k"))
_INCH = ("″", '"')
_MANY = frozenset("百千万亿")
_SCALES = {
    **dict.fromkeys(("k", "K", "thousand"), 3),
    **dict.fromkeys(("w", "W"), 4),
    **dict.fromkeys(("million", "mn", "mln", "m", "M"), 6),
    **dict.fromkeys(("billion", "bn", "bln", "b", "B"), 9),
    **dict.fromkeys(("trillion", "tn"), 12),
}
_LENT = re.compile(r"(\d[\d,]*)(?:\.\d+)?[万萬]")
_COUNTED_IN_W = frozenset("人元次个份件套辆位名户斤亩吨")  # 台灯, 节能 and 双充 have watts
_NUMERALS = tuple("零一二三四五六七八九十两")
_NOUN = "[\u4e00-\u9fff](?<![的以左起至到和与及或等])"  # ¥99M码: no million
_MONEY = frozenset(("元", "美元", "港元", "欧元", "英镑", "澳元", "日元"))


class UnitWords(NamedTuple):
    """How a unit sign is said: before the number (百分之, 每小时) and after it."""

    before: str
    after: str


@functools.lru_cache(maxsize=1024)
def unit(sign: str) -> UnitWords:
    """The words for a unit sign of `data/units.tsv` or a quotient of two of them."""
    known = {key: row for row in tables.rows("units") for key in row[0].split(" ")}
    upper, _, lower = sign.partition("/") if sign not in known else (sign, "", "")
    row = known[upper]
    if not lower:
        said_before = row[2] if len(row) > 2 and row[2] != "time" else ""
        return UnitWords(said_before, row[1])
    below = known[lower]
    if len(below) > 2 and below[2] == "time":
        return UnitWords("每" + below[1], row[1])
    return UnitWords("", row[1] + "每" + below[1])


def quantity(scan: Scan, at: int) -> Token | None:
    """The general reading of a number, decided by what follows it and what stands before it."""
    found = NUMBER.match(scan.text, at)
    if not found:
        return None
    end, tail = found.end(), scan.tail(found.end())
    if scan.char(end) in _INCH and _is_inch(scan, found):
        spoken = decimal(found[1], found[2]) if found[2] else cardinal(found[1])
        return Token(at, end + 1, spoken + "英寸", "measure", "measure", end + 1)
    if tail.group == "sign":
        return _measure(scan, found, tail)
    above = _above_wan(scan, found, tail)
    if above:
        return above
    reach = end if tail.borrowed else max(tail.end, end + len(tail.multiplier))
    if found[2]:
        whole, fraction = found[1].replace(",", ""), _heard(found[2], tail)
        spoken = decimal(whole, fraction) if fraction else _whole(found, tail)
        kind = "money" if tail.unit in _MONEY else "decimal"
        token = Token(at, end, spoken, kind, "decimal", reach)
    elif "," in found[1]:
        token = Token(at, end, _whole(found, tail), "cardinal", "thousands", reach)
    else:
        reading = integers.read(scan, found[1], at, end, tail)
        token = Token(at, end, reading.spoken, reading.kind, reading.rule, reach)
    return scan.linked(token)


def _above_wan(scan: Scan, found: re.Match[str], tail: Tail) -> Token | None:
    """244394万元 is 二十四亿四千三百九十四万元, and so is every number of its list or range.

    Nobody says 二十四万四千万 (GB/T 15835-2011 allows 万 and 亿 as units of written figures only).
    """
    whole, fraction = found[1].replace(",", ""), found[2] or ""
    if tail.multiplier not in ("万", "万千") or len(whole) > 8 or len(fraction) > 4:
        return None
    lent = _LENT.search(scan.text, found.end(), found.end() + 80) if tail.borrowed else None
    most = lent[1].replace(",", "") if lent else whole
    if max(len(whole), len(most)) < 5 or whole == "0":
        return None
    end = found.end() if tail.borrowed else found.end() + 1
    spoken = cardinal(whole + fraction.ljust(4, "0"))
    reach = end if tail.borrowed else max(tail.end, end)
    return scan.linked(Token(found.start(), end, spoken, "cardinal", "above-wan", reach))


def rate_before(scan: Scan, at: int) -> str:
    """What is said before the sign of a rate whose number stands at `at`: 每秒 (-0.5m/s)."""
    found = NUMBER.match(scan.text, at)
    tail = scan.tail(found.end()) if found else None
    said = unit(tail.unit).before if tail and tail.group == "sign" else ""
    second = scan.link.at == at and scan.link.prefix == said
    return said if said.startswith("每") and not second else ""


def _rate_said(scan: Scan, at: int) -> bool:
    before = scan.previous
    signed = before.end == at and before.rule in ("plus-sign", "minus")
    return signed and before.spoken.startswith("每")


def _is_inch(scan: Scan, found: re.Match[str]) -> bool:
    """Whether ″ is said of a screen (6.7″屏), not of an angle."""
    at, end = found.span()
    if scan.char(at - 1) in ("′", "'", "°"):
        return False
    near, left = cues("screen-near"), scan.left(at, 8)
    if scan.char(end) == '"' and scan.text.count('"', max(0, at - 60), at) % 2:
        return False  # it closes a quotation
    if near.within(scan.text[end + 1 : end + 5]) or near.within(left):
        return True
    return bool(found[2]) and scan.char(end) == "″" and not cues("race-near").within(left)


def _heard(fraction: str, tail: Tail) -> str:
    """The decimals that are said: money and percentages lose a last zero of two (9.90元)."""
    money = tail.unit in _MONEY and not tail.multiplier
    if len(fraction) == 2 and (money or tail.unit in _PREFIXED):
        return fraction.rstrip("0")
    return fraction


def _whole(found: re.Match[str], tail: Tail) -> str:
    whole = found[1].replace(",", "")
    if (
        whole == "2"
        and (tail.group == "count" or tail.multiplier[:1] in _MANY)
        and tail.multiplier != ""
    ):
        return "两"
    return "两" if whole == "2" and tail.group == "count" else cardinal(whole)


def _measure(scan: Scan, found: re.Match[str], tail: Tail) -> Token:
    """A number before a unit sign. Of a range, the first end takes what is said before both."""
    at, end, said = found.start(), found.end(), unit(tail.unit)
    whole, fraction = found[1].replace(",", ""), found[2] or ""
    fraction = _heard(fraction, tail)
    if fraction:
        spoken = decimal(whole, fraction)
    elif tail.unit == "%" and whole == "100" and not tail.multiplier:
        spoken = "百"
    elif whole == "2" and (tail.multiplier or tail.unit not in _TWO_IS_ER):
        spoken = "两"
    else:
        spoken = cardinal(whole)
    second = scan.link.at == at and scan.link.prefix == said.before
    told = _rate_said(scan, at)
    before = "" if second or told else said.before
    kind = "percent" if tail.unit in _PREFIXED else "measure"
    if tail.borrowed:
        joined = scan.is_range(end)
        token = Token(
            at,
            end,
            (before if joined or told else said.before) + spoken,
            kind,
            "measure-range",
            end,
        )
        return scan.linked(token, said.before if joined else "")
    counted = word_after(scan.text, tail.end) if tail.unit == "W" else ("", "")
    if counted[1] == "count" and (len(counted[0]) > 1 or counted[0] in _COUNTED_IN_W):
        spoken += "万"  # 500W像素, 30W元: watts are not counted again
        return scan.linked(Token(at, tail.end, spoken, "cardinal", "quantity", tail.end))
    if tail.unit == "W" and scan.char(tail.end) == "+" and not fraction and _is_viewed(scan, found):
        return Token(at, tail.end, spoken + "万", "cardinal", "quantity", tail.end)  # 10W+
    middle = scan.text[end : end + len(tail.multiplier)]
    spoken = before + spoken + middle + said.after
    if not said.after and scan.char(tail.end) in _NUMERALS:
        spoken += "，"  # 20%三唑酮, not 百分之二十三
    token = Token(at, tail.end, spoken, kind, kind, tail.end)
    return scan.linked(token, "" if said.before.startswith(("百", "千", "万")) else said.before)


def _is_viewed(scan: Scan, found: re.Match[str]) -> bool:
    """Whether W is 万 (阅读量10W+), not watts (充电功率60W+)."""
    near = cues("viewed-near")
    after = scan.text[found.end() + 2 : found.end() + 6]
    return near.within(scan.left(found.start(), 6)) or near.within(after)


def _scaled(whole: str, fraction: str, power: int) -> tuple[str, str, str]:
    """A number times a power of ten in 万 or 亿: 1.2 and 9 are 12亿."""
    figures = (whole + fraction.ljust(power, "0")).lstrip("0") or "0"
    places = max(0, len(fraction) - power)
    long = len(figures) - places
    step, name = (8, "亿") if long > 8 else (4, "万") if long > 4 else (0, "")
    cut = len(figures) - places - step
    return figures[:cut] or "0", figures[cut:].rstrip("0"), name


@functools.cache
def _currencies() -> tuple[re.Pattern[str], dict[str, str]]:
    names = tables.mapping("currency")
    signs = "|".join(re.escape(sign) for sign in sorted(names, key=len, reverse=True))
    long = "|".join(scale for scale in _SCALES if len(scale) > 1)
    short = "".join(scale for scale in _SCALES if len(scale) == 1)
    amount = (
        r"(\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.(\d+))?"
        rf"((?: ?(?:(?:{long})(?![A-Za-z])|[{short}](?![A-Za-z]|{_NOUN})))"
        r"|[余多]?[百千万亿]{0,3}[余多]?)"
    )
    return re.compile(
        rf"({signs}) ?(-?){amount}(?: ?[-—~至到] ?(?:{signs})? ?{amount})?"
        rf"(?!%|\.?\d|[A-Za-z](?!{_NOUN}))"
    ), names


@functools.cache
def _named_money() -> tuple[str, ...]:
    """The names of currencies that end in 元 or 币, as they stand before a sign."""
    names = {*tables.mapping("currency").values(), "港币", "新币", "台币", "澳币", "加币", "日币"}
    return tuple(name for name in names if len(name) > 1 and name.endswith(("元", "币")))


def currency(scan: Scan, at: int) -> Token | None:
    """An amount after a currency sign or code: $1.5万 is 一点五万美元."""
    pattern, names = _currencies()
    found = pattern.match(scan.text, at)
    if not found:
        return None
    name = names[found[1]]
    if name in ("美元", "元") and scan.text[max(0, at - 5) : at].rstrip().endswith(_named_money()):
        name = "元"  # 港币 $500
    spoken = ("负" if found[2] else "") + _amount(found[3], found[4], found[5], name)
    if found[6]:
        spoken += scan.style.to + _amount(found[6], found[7], found[8], name)
    end = found.end()
    if not scan.text.startswith((name, "人民币", "美金", "元"), end):
        spoken += name
    return Token(at, end, spoken, "money", "currency-sign", end)


def currency_sign(scan: Scan, at: int) -> Token | None:
    """An amount after ¥, $ and the like."""
    return currency(scan, at) if unicodedata.category(scan.text[at]) == "Sc" else None


def _amount(whole: str, fraction: str | None, multiplier: str, name: str) -> str:
    whole = whole.replace(",", "")
    power = _SCALES.get(multiplier.strip())
    if power:
        whole, fraction, multiplier = _scaled(whole, fraction or "", power)
    heard = _heard(fraction or "", Tail(multiplier, "count", "元", 0))
    if heard:
        return decimal(whole, heard) + multiplier
    return ("两" if whole == "2" else cardinal(whole)) + multiplier
