"""Latin letters with figures: trains and flights, roads, models, versions, chemical formulae."""

from __future__ import annotations

import re

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal, decimal, one_by_one
from bobao.normalise.rules.quantities import unit
from bobao.normalise.scan import Scan, Tail, Token, unit_sign

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{1,9}(?![A-Za-z0-9])")
_CODE = re.compile(r"([A-Za-z]+)([- ]?)(\d+)((?:\.\d+)*)")
_MORE = re.compile(r"[-:]\d")
_STAKE = re.compile(r"((?:[A-Z]{1,3})?K)(\d{1,4})\+(\d{1,3})(?!\d)")
_ROMAN = re.compile(r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})(?![A-Za-z0-9])")
ROMAN_AFTER = tuple("级类期型度区段代卷章册部篇")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_NAMED_BY_FIGURES = (
    "次",
    "号",
    "型",
    "路",
    "班",
    "房",
    "室",
    "式",
    "级",
    "期",
    "层",
    "线",
    "区",
    "栋",
    "座",
    "座椅",
    "系列",
)
_GRADE_AFTER = ("级", "等", "评级", "的", "”", "，", "。", "、", "；", "）", ")")


def fixed_word(scan: Scan, at: int) -> Token | None:
    """A word with figures that has a reading of its own: O2O."""
    found = _WORD.match(scan.text, at)
    if not found:
        return None
    said = tables.mapping("latin").get(found[0])
    return Token(at, found.end(), said, "latin", "latin-word") if said else None


def stake(scan: Scan, at: int) -> Token | None:
    """A place on a road: K1523+500."""
    found = _STAKE.match(scan.text, at)
    if not found:
        return None
    metres = one_by_one(found[3]) if found[3][0] == "0" else cardinal(found[3])
    spoken = f"{found[1]}{cardinal(found[2])}加{metres}"
    return Token(at, found.end(), spoken, "road", "stake", found.end())


def code(scan: Scan, at: int) -> Token | None:
    """Letters and figures: G1234, A320, PM2.5, iPhone 15, COVID-19. The letters are kept."""
    found = _CODE.match(scan.text, at)
    if not found:
        return None
    letters, joint, figures, version = found.groups()
    tail = scan.tail(found.end())
    if joint == " " and at and scan.text[at - 1].isdigit():
        return None
    if joint == " " and _MORE.match(scan.text, found.end()):
        return None
    if _is_quantity(scan, found, tail):
        return None
    if version:
        spoken = _version(figures, version)
    else:
        spoken = _figures(scan, letters, figures, found.end())
    kept = letters + (" " if joint == " " else "")
    reach = tail.end if tail.group and not tail.borrowed else found.end()
    kind = "road" if len(letters) == 1 and len(figures) > 3 else "model"
    return Token(at, found.end(), kept + spoken, kind, "letters-and-figures", reach)


def _is_quantity(scan: Scan, found: re.Match[str], tail: Tail) -> bool:
    """Whether the figures are an amount the letters are only the name of (GDP120万亿元)."""
    letters, joint, figures, version = found.groups()
    end = found.end()
    if tail.borrowed:
        return False
    if tail.multiplier or (tail.group == "sign" and _clear(tail.unit)):
        return True
    if scan.text[end : end + 1] in (":", ",") and scan.text[end + 1 : end + 2].isdigit():
        return True
    if not tail.group or tail.unit.startswith(_NAMED_BY_FIGURES):
        return False
    if tail.group in ("year", "decade"):
        return len(figures) == 4 or joint == " "
    if tail.group != "count":
        return False
    if joint == " " or version:
        return not (version and tail.unit in ("版",))
    return len(letters) > 1 and (len(figures) > 2 or tail.unit in ("元", "个", "人"))


def _clear(sign: str) -> bool:
    return len(sign) > 1 or not sign.isascii() or sign == "%"


def _version(figures: str, version: str) -> str:
    parts = version[1:].split(".")
    if len(parts) == 1:
        whole = (
            one_by_one(figures)
            if len(figures) > 2 or (figures[0] == "0" and figures != "0")
            else ""
        )
        return f"{whole}点{one_by_one(parts[0])}" if whole else decimal(figures, parts[0])
    return "点".join([cardinal(figures), *map(one_by_one, parts)])


def _figures(scan: Scan, letters: str, figures: str, end: int) -> str:
    if letters in cues("latin-cardinal") and figures[0] != "0":
        return cardinal(figures)
    if letters in ("K", "DK", "AK") and _is_stake(scan, end) and figures[0] != "0":
        return cardinal(figures)
    if len(figures) == 1:
        return cardinal(figures)
    if len(figures) == 2 and figures[0] != "0":
        if len(letters) == 1 and (scan.char(end) == "次" or _on_road(scan, end)):
            return one_by_one(figures, yao=scan.style.yao)
        return cardinal(figures)
    return one_by_one(figures, yao=scan.style.yao and _is_line(scan, letters, figures, end))


def _on_road(scan: Scan, end: int) -> bool:
    roads = cues("road-near")
    return roads.within(scan.text[end : end + 9]) or roads.within(scan.text[max(0, end - 7) : end])


def _is_line(scan: Scan, letters: str, figures: str, end: int) -> bool:
    """Whether the code is a train, a flight or a road, where 1 is 幺."""
    if cues("line-after").after(scan.text, end):
        return True
    return len(letters) == 1 and figures[0] == "0"


def _is_stake(scan: Scan, end: int) -> bool:
    return scan.text.startswith(
        ("处", "公里", "米", "段", "路段", "+", "附近", "至", "里程", "桩"), end
    )


def roman(scan: Scan, at: int) -> Token | None:
    """A Roman numeral in Latin letters before 级, 类, 期 and the like: III期."""
    found = _ROMAN.match(scan.text, at)
    if not found or not scan.text.startswith(ROMAN_AFTER, found.end()):
        return None
    if (
        found[0] in ("X", "V", "XX")
        and scan.char(found.end()) not in ("级", "类")[: 0 if "X" in found[0] else 2]
    ):
        return None
    values = [_ROMAN_VALUES[letter] for letter in found[0]]
    total = sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
    return Token(at, found.end(), cardinal(str(total)), "roman", "roman-letters")


def unit_alone(scan: Scan, at: int) -> Token | None:
    """A unit without a number: （单位：km²）, 每kg."""
    sign = unit_sign(scan.text, at)
    if not sign or (sign.isalpha() and not _names_unit(scan, at, sign)):
        return None
    if len(sign) < 2 and sign.isascii():
        return None
    said = unit(sign)
    return Token(at, at + len(sign), said.before + said.after, "measure", "unit-alone")


def _names_unit(scan: Scan, at: int, sign: str) -> bool:
    left = scan.left(at, 4).rstrip(" :：（(为")
    return len(sign) > 1 and left.endswith(("单位", "每"))


def grade(scan: Scan, at: int) -> Token | None:
    """A minus after a grade: AA-级, B-."""
    found = re.compile(r"([A-D]{1,3})-").match(scan.text, at)
    if not found or (at and scan.text[at - 1].isalnum() and scan.text[at - 1].isascii()):
        return None
    if not scan.text.startswith(_GRADE_AFTER, found.end()) and found.end() < len(scan.text):
        return None
    return Token(at, found.end(), found[1] + "减", "grade", "grade-minus")
