"""Text, names and data made safe for the places they go to."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

_BLANK = re.compile(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]")
_NO_CHARACTER = "".join(f"{chr(p << 16 | 0xFFFE)}{chr(p << 16 | 0xFFFF)}" for p in range(17))
_BROKEN = re.compile(
    rf"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef{_NO_CHARACTER}]"
)
_REORDERING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_MARKUP = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def clean(text: str) -> str:
    """`text` as HTML may hold it: no controls, no characters that are none, no bidi overrides.

    Line breaks and tabs become blanks. Marks that a script needs (joiners, LRM, RLM) stay; each
    title and sentence is set apart by ``unicode-bidi: isolate``, so they reorder nothing else.
    """
    if text.isprintable():
        return text
    return _BROKEN.sub("\ufffd", _REORDERING.sub("", _BLANK.sub(" ", text)))


def url(path: str) -> str:
    """A relative path as a relative URL, whatever its name is: it can be no scheme or host."""
    parts = [part for part in path.split("/") if part]
    return quote("/".join(parts), safe="/", errors="replace")


def folder(path: str) -> str:
    """The folder of a relative path as a relative URL that ends in ``/``; empty for none."""
    above = path.rpartition("/")[0]
    return f"{url(above)}/" if above else ""


def data(value: Any) -> str:
    """JSON for a ``script`` element: nothing in it can end or open one (HTML, "script data")."""
    made = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return made.translate(_MARKUP)


def units(text: str) -> int:
    """Length of `text` as scripts in a browser count: UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
