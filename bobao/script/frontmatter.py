"""The front matter of a script: ``key: value`` lines between two lines of ``---``.

A strict subset of YAML 1.2 (flat, one line a value, plain or quoted scalars), so that any Markdown
tool can show it; read and written here, without a YAML library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import fields

from bobao.errors import BobaoError
from bobao.model import Header
from bobao.script.inline import SURROGATE, refuse_surrogates

FENCE = "---"
KNOWN = tuple(field.name for field in fields(Header) if field.name != "extra")
_REQUIRED = ("slug", "title")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_PLAIN = re.compile(r"[^\s\[\]{}&*!|>'\"%@`#,?:-](?:[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]*\S)?\Z")
"""What YAML takes as it stands: no indicator first, no blank last, no control anywhere."""
_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


def parse_header(lines: Sequence[str], where: str = "") -> tuple[Header, int]:
    """The header at the top of `lines`, and how many lines it takes (0 if there is none).

    Raises `BobaoError` for a fence that is not closed, a line without a key, a key given twice.
    """
    if not lines or lines[0].rstrip() != FENCE:
        return Header("", ""), 0
    found: dict[str, str] = {}
    for number, raw in enumerate(lines[1:], start=2):
        at = f"{where}:{number}" if where else f"line {number}"
        if raw.rstrip() == FENCE:
            extra = tuple((key, value) for key, value in found.items() if key not in KNOWN)
            known = {key: found.get(key, "") for key in KNOWN}
            return Header(**known, extra=extra), number
        if not raw.strip():
            continue
        key, colon, value = raw.partition(":")
        key = key.strip()
        if not colon or not _KEY.match(key):
            raise BobaoError(
                "this line of the front matter is not “key: value”",
                where=at,
                advice=f"Keep each value on one line, and close with {FENCE}.",
            )
        if key in found:
            raise BobaoError(f"“{key}” is given twice", where=at, advice="Keep one of the two.")
        found[key] = _value(value.strip(), at)
    raise BobaoError(
        "the front matter is not closed",
        where=f"{where}:1" if where else "line 1",
        advice=f"Put a line of {FENCE} after its last value.",
    )


def compose_header(header: Header) -> str:
    """The front matter, fences included. Raises `ValueError` for keys that cannot be read back."""
    pairs = [(key, str(getattr(header, key))) for key in KNOWN]
    shown = [(key, value) for key, value in pairs if value or key in _REQUIRED]
    keys = [key for key, _ in (*pairs, *header.extra)]
    if len(set(keys)) != len(keys) or not all(map(_KEY.match, keys)):
        raise ValueError(f"keys that cannot be read back: {header.extra}")
    lines = [f"{key}: {_written(value)}" for key, value in (*shown, *header.extra)]
    return "\n".join([FENCE, *lines, FENCE])


def _value(text: str, where: str) -> str:
    if text[:1] == "'" and text[-1:] == "'" and len(text) >= 2:
        return text[1:-1].replace("''", "'")
    if text[:1] != '"':
        return text
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = None
    if not isinstance(value, str) or SURROGATE.search(value):
        raise BobaoError(
            "this quoted value is not well formed",
            where=where,
            advice=r"Write \" and \\ for these signs between quotes, or leave the quotes out.",
        )
    return value


def _written(value: str) -> str:
    refuse_surrogates(value)
    if _PLAIN.match(value) and ": " not in value and " #" not in value and value[-1] != ":":
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
