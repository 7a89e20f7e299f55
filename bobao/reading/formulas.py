r"""Formulas as a line of text: MathML, Word's own, and TeX between its signs.

Powers and indices become raised and lowered characters (`marks`), fractions a/b, roots √( ).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from bobao.reading.archive import tag
from bobao.reading.marks import lowered, raised

_SKIPPED = re.compile(r"annotation(?:-xml)?|\w+Pr")
_BARE = re.compile(r"[\w.√]+[⁰-⁹]*")
_INVISIBLE = re.compile("[\u2061-\u2064\u200b]")


def _held(text: str) -> str:
    return text if _BARE.fullmatch(text) else f"({text})"


def _limits(parts: Sequence[str]) -> str:
    return f"{parts[0]}{lowered(parts[1])}{raised(parts[2])}{''.join(parts[3:])}"


def _fraction(parts: Sequence[str]) -> str:
    return f"{_held(parts[0])}/{_held(parts[1])}"


def _root(degree: str, of: str) -> str:
    return f"{'' if degree in ('', '2') else raised(degree)}√{_held(of)}"


_RECIPES: dict[str, Callable[[Sequence[str]], str]] = {
    **dict.fromkeys(("msup", "sSup"), lambda p: p[0] + raised(p[1])),
    **dict.fromkeys(("msub", "sSub", "munder", "limLow"), lambda p: p[0] + lowered(p[1])),
    **dict.fromkeys(("msubsup", "sSubSup", "munderover"), _limits),
    **dict.fromkeys(("mfrac", "f"), _fraction),
    "msqrt": lambda p: _root("", "".join(p)),
    "mroot": lambda p: _root(p[1], p[0]),
    "rad": lambda p: _root(p[0], p[1]) if p[1] else _root("", p[0]),
    "d": lambda p: f"({','.join(filter(None, p))})",
    "nary": lambda p: f"∑{_limits(['', *p])}",
    **dict.fromkeys(("mtr", "mr"), lambda p: " ".join(filter(None, p))),
    **dict.fromkeys(("mtable", "m", "eqArr"), lambda p: "; ".join(filter(None, p))),
}
"""What the parts of an element come to; MathML's names and those of Word's OMML."""


def formula(node: Any) -> str:
    """The formula in `node` as a line of text; what repeats it as a note is left out."""
    parts = [formula(part) for part in node if tag(part) and not _SKIPPED.fullmatch(tag(part))]
    made = _RECIPES.get(tag(node).rpartition(":")[2], "".join)([*parts, *[""] * (4 - len(parts))])
    if tag(node) == "nary":
        sign = next((v for n in node.iter() if tag(n) == "chr" for v in n.values()), "∫")
        made = made.replace("∑", sign, 1)
    own = _INVISIBLE.sub("", "".join(str(node.text or "").split(" "))).strip()
    return own + made


_COMMANDS = {
    "times": "×",
    "div": "÷",
    "cdot": "·",
    "pm": "±",
    "mp": "∓",
    "le": "≤",
    "leq": "≤",
    "ge": "≥",
    "geq": "≥",
    "ne": "≠",
    "neq": "≠",
    "approx": "≈",
    "sim": "~",
    "equiv": "≡",
    "infty": "∞",
    "to": "→",
    "rightarrow": "→",
    "leftarrow": "←",
    "sum": "∑",
    "prod": "∏",
    "int": "∫",
    "circ": "°",
    "partial": "∂",
    "in": "∈",
    "ldots": "…",
    "cdots": "…",
    "quad": " ",
    "qquad": " ",
}
_TEX = re.compile(
    r"(?P<frac>\\[dt]?frac\s*\{(?P<a>[^{}]*)\}\s*\{(?P<b>[^{}]*)\})"
    r"|\\sqrt\s*(?:\[(?P<n>[^\]]*)\])?\s*\{(?P<of>[^{}]*)\}"
    r"|(?P<shift>[\^_])\s*(?:\{(?P<group>[^{}]*)\}|(?P<one>\\[A-Za-z]+|[^\\{}\s(]))"
    r"|\\(?:text|math[a-z]+|operatorname|displaystyle|boldsymbol|left|right|[bB]igg?[lr]?)\b\s*"
    r"|(?P<name>\\(?![dt]?frac|sqrt)[A-Za-z]+) ?|\\(?P<sign>[%$&#_{}])|\\[,;:! ]"
)


def tex(text: str) -> str:
    r"""The formula `text` of TeX, such as 10^{-3} or \frac{a}{b}, as a line of text."""
    for _ in range(8):
        made = _TEX.sub(_made, text)
        if made == text:
            break
        text = made
    return " ".join(re.sub(r"[{}~\\]", " ", text).split())


def _made(found: re.Match[str]) -> str:
    if found["frac"]:
        return _fraction((found["a"], found["b"]))
    if found["of"] is not None:
        return _root(found["n"] or "", found["of"])
    if found["shift"]:
        shifted = found["group"] if found["group"] is not None else _named(found["one"])
        if re.search(r"[\\^_]", shifted):
            shifted = tex(shifted)
        if shifted in ("∘", "°"):
            return "°"
        return raised(shifted) if found["shift"] == "^" else lowered(shifted)
    if found["name"]:
        return _named(found["name"])
    return found["sign"] or ""


def _named(command: str) -> str:
    """A sign by its name: of the table, or a Greek letter."""
    if not command.startswith("\\"):
        return command
    name = command[1:]
    size = "SMALL" if name.islower() else "CAPITAL"
    name = _COMMANDS.get(name) or f"GREEK {size} LETTER {name.upper()}"
    try:
        return name if len(name) < 2 else unicodedata.lookup(name.replace("LAMBDA", "LAMDA"))
    except KeyError:
        return command[1:]
