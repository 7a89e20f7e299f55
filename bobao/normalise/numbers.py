"""The number core: ASCII digits to Chinese numerals. It knows no context."""

from __future__ import annotations

import functools

DIGITS = "零一二三四五六七八九"
_PLAIN = str.maketrans("0123456789", DIGITS)
_YAO = str.maketrans("0123456789", DIGITS.replace("一", "幺"))
_STEPS = ("", "十", "百", "千")
_SECTIONS = ("", "万", "亿", "万亿")
LONGEST = 16
"""Digits of the longest number said as a quantity; a longer one is said digit by digit."""


def one_by_one(digits: str, *, yao: bool = False) -> str:
    """Each digit by its name; with `yao` 1 is 幺, as in telephone numbers."""
    return digits.translate(_YAO if yao else _PLAIN)


@functools.lru_cache(maxsize=8192)
def cardinal(digits: str, *, liang: bool = True) -> str:
    """`digits` as a quantity.

    2 is 两 before 千, and as a whole number of 百, 万 or 亿 (两百, 两万, 两亿); `liang` false
    gives 二 throughout, as after 第. A lone 2 is 二: the word that follows decides about 两.
    Source: GB/T 15835-2011 for the forms, 现代汉语八百词 for 二 and 两.
    """
    digits = digits.lstrip("0") or "0"
    if len(digits) > LONGEST:
        return one_by_one(digits)
    if digits == "0":
        return "零"
    spoken, skipped, count = "", False, (len(digits) + 3) // 4
    padded = digits.zfill(count * 4)
    for index in range(count):
        section = padded[index * 4 : index * 4 + 4]
        if section == "0000":
            skipped = True
            continue
        place = _SECTIONS[count - 1 - index]
        if spoken and (skipped or section[0] == "0"):
            spoken += "零"
        words = _section(section, liang=liang)
        if place and words.startswith("一十"):
            words = words[1:]
        if place and words == "二" and not spoken and liang:
            words = "两"
        spoken += words + place
        skipped = False
    if spoken.startswith("一十"):
        spoken = spoken[1:]
    return "两百" + spoken[2:] if liang and _is_two_hundred(digits) else spoken


def _is_two_hundred(digits: str) -> bool:
    return digits.startswith("200") and len(digits) % 4 == 3 and not digits.strip("20")


def _section(section: str, *, liang: bool) -> str:
    spoken, gap = "", False
    for index, digit in enumerate(section):
        if digit == "0":
            gap = bool(spoken)
            continue
        step = _STEPS[3 - index]
        name = "两" if digit == "2" and step == "千" and liang else DIGITS[int(digit)]
        spoken += ("零" if gap else "") + name + step
        gap = False
    return spoken


def decimal(whole: str, fraction: str, *, liang: bool = True) -> str:
    """A number with decimals: 4.07 is 四点零七. Written zeros are said."""
    return f"{cardinal(whole, liang=liang and len(whole) > 1)}点{one_by_one(fraction)}"
