"""Latin letters that are no code: words with a reading of their own, Roman numerals, units."""

from __future__ import annotations

import re

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal
from bobao.normalise.rules.quantities import unit
from bobao.normalise.scan import JOINTS, Scan, Token, reading, unit_sign

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{1,9}(?![A-Za-z0-9])")
_ROMAN = re.compile(r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})(?![A-Za-z0-9])")
_IN_CODE = re.compile(
    "[0-9零一二三四五六七八九十百千万亿幺点杠号]"
)  # before it: an address, a code
_GRADE = re.compile(r"([A-D]{1,3})-")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_LETTER_TOO = {"X": "", "XX": "", "V": "级类"}  # after these words only it is not the letter
GRADE_AFTER = tuple("级等的”，。、；）)")
"""What the minus of a grade stands before: AA-级."""
ROMAN_AFTER = tuple("级类期型度区段代卷章册部篇")
"""Words before which I, II, IV … are numbers."""


def fixed_word(scan: Scan, at: int) -> Token | None:
    """A word with figures that has a reading of its own: O2O."""
    found = _WORD.match(scan.text, at)
    said = tables.mapping("latin").get(found[0]) if found else None
    return Token(at, at + len(found[0]), said, "latin", "latin-word") if found and said else None


def roman(scan: Scan, at: int) -> Token | None:
    """A Roman numeral in Latin letters before 级, 类, 期 and the like: III期."""
    found = _ROMAN.match(scan.text, at)
    if not found or _IN_CODE.match(scan.char(at - 1)):
        return None
    end = found.end()
    span = scan.char(end) in JOINTS and _ROMAN.match(scan.text, end + 1)
    if not scan.text.startswith(ROMAN_AFTER, span.end() if span else end):
        return None
    if not span and scan.char(end) not in _LETTER_TOO.get(found[0], ROMAN_AFTER):
        return None
    values = [_ROMAN_VALUES[letter] for letter in found[0]]
    total = sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
    return reading(at, end, cardinal(str(total)), "roman", "roman-letters")


def unit_alone(scan: Scan, at: int) -> Token | None:
    """A unit without a number: （单位：km²）, 每kg."""
    sign = unit_sign(scan.text, at)
    if not sign or (len(sign) < 2 and sign.isascii()):
        return None
    if sign.isascii() and not _names_unit(scan, at):
        return None
    said = unit(sign)
    return Token(at, at + len(sign), said.before + said.after, "measure", "unit-alone")


def _names_unit(scan: Scan, at: int) -> bool:
    return scan.left(at, 4).rstrip(" :：（(为").endswith(("单位", "每"))


def grade(scan: Scan, at: int) -> Token | None:
    """A minus after a grade: AA-级, B-."""
    found = _GRADE.match(scan.text, at)
    before = scan.char(at - 1)
    if not found or _IN_CODE.match(before) or (before.isalpha() and before.isascii()):
        return None
    if not scan.text.startswith(GRADE_AFTER, found.end()) and found.end() < len(scan.text):
        return None
    return Token(at, found.end(), found[1] + "减", "grade", "grade-minus")
