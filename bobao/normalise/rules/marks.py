"""Marks that depend on their neighbours: / # * . § ★ | and drawn lines."""

from __future__ import annotations

import re

from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.rules.operators import times
from bobao.normalise.rules.quantities import unit
from bobao.normalise.scan import NUMBER, Scan, Token, cues, reading, unit_sign

_TAG = re.compile(r"[^#\s。！？；][^#\n。！？；]{0,39}#")
_HASH_NUMBER = re.compile(r"#(\d{1,4})(?!\d)(号?)")
_SECTION = re.compile(r"§ ?(\d{1,4})(?!\d)")
_POINT = re.compile(r"\.(\d{1,12})((?:\.\d{1,6}){0,5})(?!\d)")
_ABBREVIATED = re.compile(r"(?:Vol|Fig|Ver|Sec|Eq|Ep|Part|vs|Ch|Art)$", re.I)
_REPEATED = re.compile(r"([=+*~_#&|<>^/\\-])\1{2,}")
_RATING = re.compile("(★{1,9})(☆{0,9})")
_UPPER_UNITS = ("元", "公斤", "千克", "毫克", "微克", "吨", "千瓦时", "立方米", "标煤", "标准煤")
_AFTER_RATE = frozenset("的和与或及至到以起左计算为是在不均比上下涨降收价")
_NAMES = frozenset(("code", "phone", "model"))


def ruler(scan: Scan, at: int) -> Token | None:
    """A line drawn with signs (=====) is silent."""
    found = _REPEATED.match(scan.text, at)
    return Token(at, found.end(), "", "silent", "drawn-line") if found else None


def slash(scan: Scan, at: int) -> Token:
    """每 in a rate (元/月), a pause between alternatives."""
    text, before = scan.text, scan.previous
    if before.reach == at and before.kind not in _NAMES:
        rate = _rate(scan, at)
        if rate:
            return rate
    elif text.endswith(_UPPER_UNITS, 0, at):
        word = _rate_word(text, at + 1, ("rate-after", "rate-after-alone"))
        money = text[at - 1] == "元" and word.endswith("元")  # 万元/亿元: two units
        if word and not money and text[at + 1 + len(word) : at + 2 + len(word)] != "/":
            return Token(at, at + 1, "每", "rate", "rate", at + 1 + len(word))
    latin = at and text[at - 1].isascii() and text[at - 1].isalpha() and scan.char(at + 1).isascii()
    return Token(at, at + 1, " " if latin else "、", "pause", "slash")


def _rate(scan: Scan, at: int) -> Token | None:
    if scan.previous.kind == "measure" and scan.char(at + 1).isdigit():
        number = NUMBER.match(scan.text, at + 1)
        again = scan.tail(number.end()).unit if number else ""
        if again and scan.text.endswith(again, 0, at):
            return None  # 24℃/8℃: two measures beside each other
        return reading(at, at + 1, "每", "rate", "rate")
    sign = unit_sign(scan.text, at + 1)
    if sign:
        said = unit(sign)
        return reading(at, at + 1 + len(sign), "每" + said.before + said.after, "rate", "rate")
    word = cues("rate-after").after(scan.text, at + 1)
    word = word or _rate_word(scan.text, at + 1, ("rate-after-alone",))
    return Token(at, at + 1, "每", "rate", "rate", at + 1 + len(word)) if word else None


def _rate_word(text: str, at: int, groups: tuple[str, ...]) -> str:
    """The word a rate is per, if no longer word begins with it: 元/场, not 美元/日元."""
    word = max((cues(group).after(text, at) for group in groups), key=len)
    follower = text[at + len(word) : at + len(word) + 1]
    return word if not "\u4e00" <= follower <= "\u9fff" or follower in _AFTER_RATE else ""


def asterisk(scan: Scan, at: int) -> Token:
    """乘 between figures, 星 before ST, 星号 with 键, else a silent mark."""
    multiplied = times(scan, at)
    if multiplied:
        return multiplied
    if scan.text.startswith(("*ST", "*st"), at):
        return reading(at, at + 1, "星", "sign", "asterisk")
    key = scan.char(at + 1) == "键" or scan.char(at - 1) == "按"
    return reading(at, at + 1, "星号" if key else "", "sign", "asterisk")


def hash_sign(scan: Scan, at: int) -> Token:
    """#…# of a hashtag is silent, 3# and #3 are 三号, 按# is 井号."""
    before = scan.char(at - 1)
    if scan.hashtag == at:
        return Token(at, at + 1, "", "hashtag", "hashtag")
    if before.isdigit() and scan.previous.end == at:
        end = at + 2 if scan.char(at + 1) == "号" else at + 1
        return reading(at, end, "号", "ordinal", "hash-number")
    if scan.char(at + 1) == "键" or before == "按":
        return reading(at, at + 1, "井号", "sign", "hash")
    return _tag(scan, at, before)


def _tag(scan: Scan, at: int, before: str) -> Token:
    found = _TAG.match(scan.text, at + 1)
    if found:
        scan.hashtag = found.end() - 1
        return Token(at, at + 1, "", "hashtag", "hashtag")
    number = _HASH_NUMBER.match(scan.text, at)
    if number:
        return reading(at, number.end(), cardinal(number[1]) + "号", "ordinal", "hash-number")
    return reading(at, at + 1, "井" if before in ("C", "F") else "", "hashtag", "hashtag")


def point(scan: Scan, at: int) -> Token | None:
    """A decimal without its zero: .22 is 零点二二; after a letter the point is 点 (BA.5)."""
    found = _POINT.match(scan.text, at)
    before = scan.char(at - 1)
    if not found or before == "." or _ABBREVIATED.search(scan.text[max(0, at - 4) : at]):
        return None
    end, figures = found.end(), one_by_one(found[1])
    if before.isascii() and before.isalnum():
        rest = one_by_one(found[2]).replace(".", "点")
        return reading(at, end, f"点{figures}{rest}", "model", "version")
    if found[2]:
        return None
    tail = scan.tail(end)
    if tail.group == "sign" and not tail.borrowed:
        said = unit(tail.unit)
        spoken = f"{said.before}零点{figures}{tail.multiplier}{said.after}"
        return reading(at, tail.end, spoken, "measure", "measure")
    reach = end if tail.borrowed else tail.end
    return Token(at, end, "零点" + figures, "decimal", "decimal", reach)


def section(scan: Scan, at: int) -> Token | None:
    """§3 is 第三节."""
    found = _SECTION.match(scan.text, at)
    if not found:
        return None
    return reading(at, found.end(), f"第{cardinal(found[1], liang=False)}节", "ordinal", "section")


def star(scan: Scan, at: int) -> Token | None:
    """5★ is 五星; so is a rating, some of which may be empty (★★★☆☆)."""
    found = _RATING.match(scan.text, at)
    if found and (found[2] or cues("rating-before").before(scan.left(at).rstrip(" :：为是"))):
        said = cardinal(str(len(found[1])), liang=False) + "星"
        return reading(at, found.end(), said, "sign", "star")
    if not scan.char(at - 1).isdigit() or scan.previous.end != at:
        return None
    return reading(at, at + 1, "星", "sign", "star")


def arrow(scan: Scan, at: int) -> Token | None:
    """→ at the start, or between a blank and a word, is a bullet."""
    before = scan.char(at - 1)
    bullet = not before or (before.isspace() and scan.char(at + 1).strip())
    return Token(at, at + 1, "", "silent", "silent-mark") if bullet else None


def underscore(scan: Scan, at: int) -> Token | None:
    """The name of a user or file: jh_daily."""
    before, after = scan.char(at - 1), scan.char(at + 1)
    if not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum()):
        return None
    return reading(at, at + 1, "下划线", "sign", "underscore")


def bar(_scan: Scan, at: int) -> Token:
    """| between parts of a heading is a pause."""
    return Token(at, at + 1, "，", "pause", "bar")
