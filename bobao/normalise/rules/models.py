"""Latin letters with figures: trains and flights, roads, models, versions, chemical formulae."""

from __future__ import annotations

import re

from bobao.normalise.numbers import cardinal, decimal, one_by_one
from bobao.normalise.scan import Scan, Tail, Token, cues

_CODE = re.compile(r"([A-Za-z]+)([- ]?)(\d+)((?:\.\d+)*)")
_MORE = re.compile(r"[-:]\d")
_FIGURES_ON = re.compile(r"[:,]\d")
_STAKE = re.compile(r"((?:[A-Z]{1,3})?K)(\d{1,4})\+(\d{1,3})(?!\d)")
_STAKE_AFTER = ("处", "公里", "米", "段", "路段", "+", "附近", "至", "里程", "桩")
_NAMED_BY_FIGURES = (*"次号型路班房室式级期层线区栋座", "系列")


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
    end, tail = found.end(), scan.tail(found.end())
    apart = joint == " " and (scan.char(at - 1).isdigit() or _MORE.match(scan.text, end))
    if apart or _is_quantity(scan, found, tail):
        return None
    flown = tail.unit.startswith(("次", "航班"))
    said = _version(figures, version) if version else _figures(scan, letters, figures, end, flown)
    kept = letters + (" " if joint == " " else "")
    reach = tail.end if tail.group and not tail.borrowed else end
    return Token(at, end, kept + said, "model", "letters-and-figures", reach)


def _is_quantity(scan: Scan, found: re.Match[str], tail: Tail) -> bool:
    """Whether the figures are an amount the letters are only the name of (GDP120万亿元)."""
    letters, joint, figures, version = found.groups()
    if tail.borrowed:
        return False
    if tail.multiplier or (tail.group == "sign" and _is_clear(tail.unit)):
        return True
    if _FIGURES_ON.match(scan.text, found.end()):
        return True
    if tail.group in ("year", "decade"):
        return len(figures) == 4 or joint == " "
    if tail.group != "count" or tail.unit.startswith(_NAMED_BY_FIGURES):
        return False
    long = len(letters) > 1 and (len(figures) > 2 or tail.unit in ("元", "个", "人"))
    return joint == " " or bool(version) or long


def _is_clear(sign: str) -> bool:
    """Whether a unit sign cannot be one more letter of a name."""
    return len(sign) > 1 or not sign.isascii() or sign == "%"


def _version(figures: str, version: str) -> str:
    first, *rest = version[1:].split(".")
    if rest:
        return "点".join([cardinal(figures), *map(one_by_one, (first, *rest))])
    if len(figures) > 2 or (figures[0] == "0" and figures != "0"):
        return f"{one_by_one(figures)}点{one_by_one(first)}"
    return decimal(figures, first)


def _figures(scan: Scan, letters: str, figures: str, end: int, flown: bool) -> str:
    """One figure or two are a number, more are said one by one."""
    text, led = scan.text, figures[0] == "0"
    stake = letters in ("K", "DK", "AK") and text.startswith(_STAKE_AFTER, end)
    if not led and (stake or letters in cues("latin-cardinal")):
        return cardinal(figures)
    if len(figures) == 1:
        return cardinal(figures)
    if len(figures) == 2 and not led:
        line = len(letters) == 1 and (scan.char(end) == "次" or _on_road(text, end))
        return one_by_one(figures, yao=scan.style.yao) if line else cardinal(figures)
    # 1 is 幺 in the numbers of trains, flights and roads, 一 in other names.
    line = flown or (len(letters) == 1 and led) or bool(cues("line-after").after(text, end))
    return one_by_one(figures, yao=scan.style.yao and line)


def _on_road(text: str, end: int) -> bool:
    near = cues("road-near")
    return near.within(text[end : end + 9]) or near.within(text[max(0, end - 7) : end])
