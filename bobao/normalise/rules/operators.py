"""Signs of arithmetic and comparison: + × * < > = ^ √ ↑ ↓."""

from __future__ import annotations

import re
import unicodedata

from bobao.normalise.numbers import cardinal, decimal
from bobao.normalise.rules.quantities import rate_before
from bobao.normalise.scan import NUMBER, Scan, Token, cues, reading

_HANZI = re.compile("[\u3400-\u9fff々〇]")
_OPENERS = frozenset(" \n\t:：，,。；;（([【“\"‘'、《|+<>=≥≤≈→/*~")
_RATES = tuple("%‰℃°")
_COUNTRY = re.compile(r"\+(?:86[- ]?1\d{10}|86-\d|\d{1,3}-\d)")
_TIMES = re.compile(r" ?[xX×*] ?(?=\d)")
_WEIGHT = re.compile(r"\+(\d{2,3})(?:公斤|kg|KG)级")
_SIZES = frozenset("长宽高厚深径底")
_MEASURED = re.compile(r"\+\d{1,3}(?:\.\d{1,3})? ?k?m[³3]?/[sh]")  # 风速+1.3m/s
_SINGLE = re.compile(r"(?:..|.[^A-Za-z])(?<![A-Za-z])[A-Za-z] ?[<>] ?[A-Za-z](?![A-Za-z>])")
_POWER = re.compile(r"\^(?:(-?\d{1,4})|\(([^()^\u3400-\u9fff]{1,20})\))")
_INSIDE = re.compile(r"\d+(?:\.\d+)?|[^\d]")
_SAID = {"+": "加", "-": "减", "=": "等于", "*": "乘", "×": "乘", "/": "除以", ",": "，"}


def plus(scan: Scan, at: int) -> Token:
    """加 between and after things, 正 before a lone rise, silent in +86 and after 涨."""
    if _COUNTRY.match(scan.text, at):
        return reading(at, at + 1, "", "phone", "country-code")
    weight = _WEIGHT.match(scan.text, at)
    if weight:
        said = f"{cardinal(weight[1])}公斤以上级"
        return reading(at, weight.end(), said, "measure", "weight-class")
    found = NUMBER.match(scan.text, at + 1)
    if found and _is_sign(scan, at, found.end()):
        rising = cues("rise-before").before(scan.text[max(0, at - 4) : at])
        said = "" if rising else rate_before(scan, at + 1) + "正"
        return reading(at, at + 1, said, "positive", "plus-sign")
    return reading(at, at + 1, "加", "operator", "plus")


def _is_sign(scan: Scan, at: int, end: int) -> bool:
    before, earlier = scan.char(at - 1), scan.char(at - 2)
    rate = scan.char(end) in _RATES
    if not before:
        return True
    if _MEASURED.match(scan.text, at) and _HANZI.match(before):
        return True
    if before == " " and earlier and (earlier.isalnum() or earlier in ")%"):
        return rate and not earlier.isascii()
    return before in _OPENERS or (rate and _HANZI.match(before) is not None)


def times(scan: Scan, at: int) -> Token | None:
    """× x * between figures is 乘; × for a name withheld is 某."""
    before = scan.char(at - 1) if scan.char(at - 1) != " " else scan.char(at - 2)
    if scan.text[at] == "×":
        return _cross(scan, at, before)
    found = _TIMES.match(scan.text, at)
    measured = scan.previous.reach == at and scan.previous.kind not in ("year", "code", "model")
    counted = before.isdigit() and scan.previous.end in (at, at - 1)
    if not found or not (counted or measured):
        return None
    return reading(at, found.end(), "乘", "operator", "times")


def _cross(scan: Scan, at: int, before: str) -> Token:
    after = scan.char(at + 1) if scan.char(at + 1) != " " else scan.char(at + 2)
    if not before and not after:
        return reading(at, at + 1, "叉", "sign", "cross")
    if "×" in (scan.char(at - 1), scan.char(at + 1)):
        return reading(at, at + 1, "某", "withheld", "name-withheld")
    if before in _SIZES and after in _SIZES:
        return reading(at, at + 1, "乘", "operator", "times")
    counted = scan.previous.reach == at and before != "×"
    if counted or (before and (before.isdigit() or after.isdigit() or (before + after).isascii())):
        return reading(at, at + 1, "乘", "operator", "times")
    beside = any(_HANZI.match(sign) or sign == "×" for sign in (before, after) if sign)
    return reading(at, at + 1, "某" if beside else "乘", "withheld", "name-withheld")


def compare(scan: Scan, at: int) -> Token:
    """< and > (and <=, >=) beside a figure; else they are brackets or arrows and silent."""
    text, end = scan.text, at + 1
    words = "小于" if text[at] == "<" else "大于"
    if scan.char(end) == "=":
        words, end = words + "等于", end + 1
    after = text[end : end + 2].lstrip(" ")[:1]
    before = text[max(0, at - 2) : at].rstrip(" ")[-1:]
    named = _SINGLE.match(text[max(0, at - 3) : at + 4].rjust(7))
    if after.isdigit() or after in tuple("-+") or before.isdigit() or end > at + 1 or named:
        return reading(at, end, words, "operator", "compare")
    return Token(at, at + 1, "", "silent", "bracket")


def equals(scan: Scan, at: int) -> Token:
    """等于, once for ==."""
    end = at + 2 if scan.char(at + 1) == "=" else at + 1
    return reading(at, end, "等于", "operator", "equals")


def power(scan: Scan, at: int) -> Token:
    """10^8 is 十的八次方."""
    found = _POWER.match(scan.text, at)
    if not found or not scan.char(at - 1).isalnum():
        return Token(at, at + 1, "", "silent", "caret")
    spoken = exponent(found[1] or found[2])
    return reading(at, found.end(), spoken, "operator", "power")


def exponent(figures: str) -> str:
    """的平方, 的立方, 的负三次方, 的n加一次方."""
    if figures in ("2", "3"):
        return "的平方" if figures == "2" else "的立方"
    sign = "负" if figures[0] in "-−" else ""
    return f"的{sign}{in_formula(figures.removeprefix('-').removeprefix('−'))}次方"


def in_formula(text: str) -> str:
    """A power or an index as it is said: figures as numbers, 加 and 减, letters as they are."""
    return "".join(_part(found[0]) for found in _INSIDE.finditer(text))


def _part(text: str) -> str:
    if text[0].isdecimal():
        whole, _, fraction = text.partition(".")
        return decimal(whole, fraction) if fraction else cardinal(whole)
    plain = unicodedata.normalize("NFKC", text).replace("−", "-")
    upper, _, lower = plain.partition("\u2044")
    if lower.isdecimal():
        return f"{cardinal(lower)}分之{cardinal(upper)}"
    return _SAID.get(plain, plain if plain.isalpha() or plain in "()" else " ")


def root(scan: Scan, at: int) -> Token:
    """√ is 根号 before a figure or letter; else a tick, which is silent."""
    after = scan.char(at + 1)
    inside = scan.char(at + 2) if after == "(" else after
    said = "根号" if inside.isalnum() and not _HANZI.match(inside) else ""
    return reading(at, at + 1, said, "sign", "root")


def rise_triangle(scan: Scan, at: int) -> Token | None:
    """▲3.2% and ▼1.1% within a line: 上升, 下降; before anything else a bullet."""
    found = NUMBER.match(scan.text, at + 1)
    if not at or not found or scan.text[at - 1] == "\n" or scan.char(found.end()) != "%":
        return None
    return reading(at, at + 1, "上升" if scan.text[at] == "▲" else "下降", "sign", "arrow")


def rise(scan: Scan, at: int) -> Token:
    """↑ and ↓: 上升, 下降 beside a figure; else silent."""
    before = scan.char(at - 1)
    beside = before.isalnum() or before == "%" or scan.char(at + 1).isdigit()
    words = "上升" if scan.text[at] == "↑" else "下降"
    return reading(at, at + 1, words if beside else "", "sign", "arrow")
