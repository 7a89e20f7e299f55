"""Numbers with a slash: fractions, blood pressure, and what only looks like a fraction."""

from __future__ import annotations

import re

from bobao.normalise.numbers import cardinal
from bobao.normalise.scan import Scan, Token, cues, reading

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
    if tail.group in _LISTED and not tail.borrowed and len(lower) > 1:
        return None
    if tail.unit == "号" and not tail.borrowed:
        return None  # 1/2号线
    if int(lower) < 2 or (len(upper) > 1 and upper[0] == "0"):
        return None
    parts = _POWERS.get(lower) or cardinal(lower)
    return reading(at, found.end(), f"{parts}分之{cardinal(upper)}", "fraction", "fraction")
