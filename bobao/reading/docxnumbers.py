"""Word's numbering: the numbers that it prints before paragraphs and keeps out of their text.

After ECMA-376 Part 1, 17.9 (numbering) and 17.18.59 (number formats).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bobao.reading.archive import child, tag
from bobao.reading.docxstyles import number, value

_DIGITS = "〇一二三四五六七八九"
_LEGAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def _han(n: int) -> str:
    if not 0 < n < 100:
        return str(n)
    tens, ones = divmod(n, 10)
    lead = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return lead + (_DIGITS[ones] if ones else "")


def _letters(n: int) -> str:
    return chr(97 + (n - 1) % 26) * min(1 + (n - 1) // 26, 5) if n > 0 else ""


def _roman(n: int) -> str:
    out = ""
    for worth, sign in _ROMAN if 0 < n < 40 else ():
        out += sign * (n // worth)
        n %= worth
    return out or str(n)


def _circled(n: int) -> str:
    return chr(0x245F + n) if 1 <= n <= 20 else str(n)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimalZero": lambda n: f"{n:02}",
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "chineseLegalSimplified": lambda n: _han(n).translate(_LEGAL),
    "ideographTraditional": lambda n: _STEMS[(n - 1) % 10],
    "bullet": lambda n: "",
    "none": lambda n: "",
    **dict.fromkeys(
        (
            "chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital",
            "taiwaneseCounting", "taiwaneseCountingThousand", "taiwaneseDigital",
        ),
        _han,
    ),
    **dict.fromkeys(
        ("decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle"),
        _circled,
    ),
}  # fmt: skip
"""How a number is printed; formats not named here are printed in Arabic digits."""


class Numbering:
    """The numbers that Word prints before paragraphs, counted while they are read in order."""

    def __init__(self, root: Any) -> None:
        """Take `root`, the numbering part, or None where a document has none."""
        nodes = [] if root is None else list(root)
        levels = {value(n, "abstractNumId"): _levels(n) for n in nodes if tag(n) == "abstractNum"}
        self._lists: dict[str, tuple[str, dict[int, Any]]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        for node in nodes:
            if tag(node) == "num":
                base = value(child(node, "abstractNumId"))
                name = value(node, "numId")
                own = {k: v for k, v in _levels(node, "lvlOverride").items() if v is not None}
                self._lists[name] = (base, {**levels.get(base, {}), **own})
                self._starts[name] = _starts(node)
        self._counts: dict[str, dict[int, int]] = {}

    def label(self, name: str, level: int) -> tuple[str, str]:
        """The number of the next paragraph of list `name` at `level`, and the format it is in."""
        base, levels = self._lists.get(name, ("", {}))
        here = levels.get(level)
        if here is None:
            return "", ""
        counts = self._counts.setdefault(base, {})
        if level in (starts := self._starts.get(name, {})):
            counts[level] = starts.pop(level) - 1
        counts[level] = counts.get(level, _start(here) - 1) + 1
        for deeper in [k for k in counts if k > level]:
            del counts[deeper]
        form = value(child(here, "numFmt"))
        if form in ("bullet", "none"):
            return "", form

        def printed(match: re.Match[str]) -> str:
            k = int(match.group(1)) - 1
            shape = levels.get(k)
            count = counts.get(k, _start(shape))
            return _FORMATS.get(value(child(shape, "numFmt")), str)(count)

        label = re.sub(r"%([1-9])", printed, value(child(here, "lvlText"))[:40]).strip()
        apart = label and (label[-1].isalnum()) and value(child(here, "suff")) != "nothing"
        return (f"{label} " if apart else label), form


def _levels(node: Any, wrapper: str = "") -> dict[int, Any]:
    found: dict[int, Any] = {}
    for part in node:
        if tag(part) == (wrapper or "lvl") and (k := number(value(part, "ilvl"))) is not None:
            found[k] = child(part, "lvl") if wrapper else part
    return found


def _starts(node: Any) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in node:
        k, start = number(value(part, "ilvl")), number(value(child(part, "startOverride")))
        if tag(part) == "lvlOverride" and k is not None and start is not None:
            found[k] = start
    return found


def _start(level: Any) -> int:
    found = number(value(child(level, "start")))
    return 1 if found is None else found
