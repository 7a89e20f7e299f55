"""Numbers with a slash: fractions, blood pressure, and what only looks like a fraction."""

from __future__ import annotations

import re

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal
from bobao.normalise.scan import Scan, Token

_FRACTION = re.compile(r"(\d{1,9}) ?/ ?(\d{1,9})(?![\d/.]{0,9}\d)")
_POWERS = {"100": "百", "1000": "千", "10000": "万"}
_LISTED = frozenset(("digits", "code", "soft", "born", "decade"))


def fraction(scan: Scan, at: int) -> Token | None:
    """2/3 is 三分之二. A list of names (301/302路) is left to its numbers."""
    found = _FRACTION.match(scan.text, at)
    if not found:
        return None
    upper, lower, end = found[1], found[2], found.end()
    tail = scan.tail(end)
    if found[0] == "24/7":
        return Token(at, end, "七乘二十四小时", "duration", "round-the-clock", end)
    if _blood(scan, at, end):
        unit = "毫米汞柱" if scan.text[end : end + 5].lstrip().lower().startswith("mmhg") else ""
        end = scan.tail(end).end if unit else end
        spoken = f"{cardinal(upper)}、{cardinal(lower)}{unit}"
        return Token(at, end, spoken, "fraction", "blood-pressure", end)
    if end == len(scan.text) and cues("team").before(scan.left(at, 8).rstrip()):
        spoken = f"{cardinal(upper)}比{cardinal(lower)}"
        return Token(at, end, spoken, "score", "score", end)
    if tail.group in _LISTED and not tail.borrowed and len(lower) > 1:
        return None
    if int(lower) < 2 or (len(upper) > 1 and upper[0] == "0"):
        return None
    parts = _POWERS.get(lower) or cardinal(lower)
    return Token(at, end, f"{parts}分之{cardinal(upper)}", "fraction", "fraction", end)


def _blood(scan: Scan, at: int, end: int) -> bool:
    near = cues("blood-near")
    return near.within(scan.left(at, 8)) or near.within(scan.text[end : end + 5])
