"""Word's styles and numbering: how a paragraph is set, and the number it prints (ECMA-376, 17)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bobao.reading.archive import child, tag

_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_DEEP = 20
"""Styles that one may be based on another over: more is a circle."""
_HEAVY = re.compile(r"黑|标宋|标题|粗|hei|xbs|bold|black|heavy|gothic", re.IGNORECASE)


_PLACES = {"superscript": "raised", "subscript": "lowered"}


def value(node: Any, name: str = "val") -> str:
    """An attribute of an element of Word's, "" where it is not there."""
    if node is None:
        return ""
    found = (node.get(f"{{{space}}}{name}") for space in _SPACES)
    return next((text for text in found if text is not None), "")


def on(node: Any) -> bool:
    """Whether an on-off element says on."""
    return value(node) not in ("0", "false", "off", "none")


def number(text: str) -> int | None:
    """A whole number as Word writes it, None for anything else."""
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else None


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of text is set; sizes are in points."""

    bold: bool = False
    size: float = 10.5
    font: str = ""
    hidden: bool = False
    place: str = field(default="", compare=False)  # raised, lowered or struck out

    @property
    def heavy(self) -> bool:
        """Whether it is set in a bold face, or in one that Chinese headings are set in."""
        return self.bold or _HEAVY.search(self.font) is not None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a paragraph is set. `outline` is 1–9 for headings; `first` is its indent in em."""

    look: Look = field(default_factory=Look)
    style: str = ""
    align: str = ""
    outline: int = 0
    first: float = 0.0
    list: tuple[str, int] | None = None  # number definition and level


def look_of(props: Any, base: Look) -> Look:
    """`base` changed by the run properties `props`."""
    if props is None:
        return base
    made = base
    for node in props:
        name = tag(node)
        if name == "b":
            made = replace(made, bold=on(node))
        elif name == "vanish":
            made = replace(made, hidden=on(node))
        elif name == "vertAlign":
            made = replace(made, place=_PLACES.get(value(node), ""))
        elif name in ("strike", "dstrike"):
            made = replace(made, place="struck" if on(node) else made.place.replace("struck", ""))
        elif name == "sz" and (size := number(value(node))):
            made = replace(made, size=size / 2)
        elif name == "rFonts":
            font = value(node, "eastAsia") or value(node, "eastAsiaTheme") or made.font
            made = replace(made, font=font)
    return made


def _manner_of(props: Any, base: Manner) -> Manner:
    made = base
    for node in props if props is not None else ():
        name = tag(node)
        if name == "jc":
            made = replace(made, align=value(node))
        elif name == "outlineLvl" and (level := number(value(node))) is not None:
            made = replace(made, outline=level + 1 if 0 <= level < 9 else 0)
        elif name == "ind":
            made = replace(made, first=_first(node, made))
        elif name == "numPr":
            made = replace(made, list=_list(node, made))
    return made


def _first(node: Any, base: Manner) -> float:
    if value(node, "hanging") or value(node, "hangingChars"):
        return 0.0
    if chars := number(value(node, "firstLineChars")):
        return chars / 100
    twips = number(value(node, "firstLine"))
    return base.first if twips is None else twips / 20 / base.look.size


def _list(node: Any, base: Manner) -> tuple[str, int] | None:
    chosen = child(node, "numId")
    name = value(chosen) if chosen is not None else (base.list or ("", 0))[0]
    level = number(value(child(node, "ilvl")))
    if level is None:
        level = base.list[1] if base.list else 0
    return (name, min(max(level, 0), 8)) if name not in ("", "0") else None


class Styles:
    """The styles of a document."""

    def __init__(self, root: Any) -> None:
        """Take `root`, the styles part, or None where a document has none."""
        nodes = [] if root is None else [node for node in root if tag(node) == "style"]
        self._nodes = {value(node, "styleId"): node for node in nodes}
        self._known: dict[str, Manner] = {}
        self.notes: dict[tuple[str, str], int] = {}  # those referred to so far, numbered
        defaults = child(child(child(root, "docDefaults"), "rPrDefault"), "rPr")
        self._base = Manner(look=look_of(defaults, Look(size=10.0)))
        default = [n for n in nodes if value(n, "type") == "paragraph" and value(n, "default")]
        self._default = value(default[0], "styleId") if default else ""

    def paragraph(self, props: Any) -> Manner:
        """How a paragraph with the properties `props` is set."""
        style = value(child(props, "pStyle")) or self._default
        return _manner_of(props, self._style(style))

    def run(self, props: Any, manner: Manner) -> Look:
        """How a run with the properties `props` in a paragraph set so is set."""
        look = manner.look
        for node in self._chain(value(child(props, "rStyle"))):
            look = look_of(child(node, "rPr"), look)
        return look_of(props, look)

    def _chain(self, style: str) -> list[Any]:
        """A style and those it is based on, the most general first."""
        found: list[Any] = []
        while style in self._nodes and len(found) < _DEEP:
            found.append(self._nodes[style])
            style = value(child(found[-1], "basedOn"))
        return found[::-1]

    def _style(self, style: str) -> Manner:
        if style not in self._known:
            made = self._base
            for node in self._chain(style):
                look = look_of(child(node, "rPr"), made.look)
                name = value(child(node, "name"))
                made = _manner_of(child(node, "pPr"), replace(made, look=look))
                made = replace(
                    made, style=name.strip().lower(), outline=made.outline or _named(name)
                )
            self._known[style] = made
        return self._known[style]


def _named(name: str) -> int:
    found = re.fullmatch(r"(?:heading|标题)\s*([1-9])", name.strip().lower())
    return int(found.group(1)) if found else 0


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
