"""What is text and yet no article, told by how it is built: subtitles, data, source code, logs.

Only what is one through and through: an article may hold a table, a poem, figures, a quoted log or
a piece of code.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Sequence

from bobao.errors import BobaoError

_LOOKED_AT, _LINE = 2_000, 1_000
"""Lines that are enough to tell, and characters of each."""
_CELL = 60
"""Characters in a cell of data, on the average of a row."""
_OPENS = re.compile(
    r"\s*(?:(?P<subtitles>WEBVTT\b|\[Script Info\])|(?P<playlist>#EXTM3U)"
    r"|(?P<calendar>BEGIN:V[A-Z]+\r?\n)|(?P<key>-----BEGIN [A-Z ]+-----)"
    r"|(?P<patch>diff --git |Index: \S+\r?\n=|--- \S+.*\r?\n\+\+\+ )"
    r"|(?P<tex>\\documentclass)|(?P<xml><\?xml\b|<(?:rss|feed|svg|tt|opml|kml|plist|FictionBook)\b))"
)
_SUBTITLE = re.compile(
    r"\d{1,2}:\d\d(?::\d\d)?[.,]\d{1,3}(?:\s*-->\s*|,)\d{1,2}:\d\d|Dialogue:\s*\d|\{\d+\}\{\d+\}"
)
_LYRICS = re.compile(r"\[\d{1,3}:\d\d(?:[.:]\d{1,3})?\]|\[(?:ti|ar|al|by|offset|length|re|ve):")
_LOG = re.compile(
    r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d "
    r"|\[?\d\d:\d\d:\d\d[.,]\d+|(?:\d{1,3}\.){3}\d{1,3} \S+ \S+ \["
    r"|\[?(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL)\b|\s+at \S+\(|Traceback "
)
_APART = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?(?:^(?P=fence)|\Z)"  # code within an article
    r"|\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)|/\*.*?(?:\*/|\Z)|<!--.*?(?:-->|\Z)"  # comments
    r"|(?:^|(?<=[ \t]))(?:#|//|--)[^\n]*$|^[ \t]*(?:;|%|\*|REM\b|dnl\b|\")[^\n]*$"
    r"|`[^`\n]+`|!?\[[^\]\n]{0,200}\]\([^)\n]{0,200}\)|https?://\S+|[\w.-]{1,64}@[\w.-]+",
    re.DOTALL | re.MULTILINE,
)
_QUOTED = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_SIGN = re.compile(r"[{}()\[\];=<>_$&|\\+*/#@:\"'`]")
_SIGNS = 0.075
"""Share of such signs from which text is code: prose has 0.05 at most, code 0.08 to 0.9."""
_HANZI = re.compile(r"[\u3400-\u9fff]")
_CHINESE = 0.2
"""Share of hanzi up to which it is."""
_PROSE = (
    re.compile(r"(?:[\u3400-\u9fff][，、：]?){6}"),
    re.compile(r"(?:[A-Za-z'’-]{1,30},? ){6}"),
)
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+\d+")
_PATCH = re.compile(r"[ +\-@\\]|(?:diff|Index:|index|From|Subject:|Date:|new file|deleted) ")


def _share(pattern: re.Pattern[str], share: float, few: int) -> Callable[[Sequence[str]], bool]:
    """A test for at least `few` lines, and that `share` of all, which start with `pattern`."""

    def test(lines: Sequence[str]) -> bool:
        found = sum(pattern.match(line) is not None for line in lines)
        return found >= few and found >= share * len(lines)

    return test


def _is_json(lines: Sequence[str]) -> bool:
    if lines[0][0] not in "{[":
        return False
    try:
        for line in lines:
            if not isinstance(json.loads(line), dict | list):
                return False
    except (ValueError, RecursionError):
        return False
    return len(lines) > 1 or lines[0][0] == "{" or "," in lines[0]


def _is_table(lines: Sequence[str]) -> bool:
    """Whether nearly every line is a row of as many cells, and none a sentence."""
    if len(lines) < 3 or any(line[-1] in "。！？" for line in lines):
        return False
    for mark in "\t,;":
        cells = 2 if mark == "\t" else 3
        try:
            sizes = [len(row) for row in csv.reader(lines, delimiter=mark)]
        except csv.Error:
            continue
        if sizes[0] >= cells and sizes.count(sizes[0]) >= 0.95 * len(sizes):
            return max(map(len, lines)) < _CELL * sizes[0]
    return False


def _is_patch(lines: Sequence[str]) -> bool:
    return any(map(_HUNK.match, lines)) and _share(_PATCH, 0.7, 5)(lines)


def _is_code(lines: Sequence[str]) -> bool:
    """Whether the lines, comments and quoted words apart, are thick with signs, and no prose."""
    left = [x for x in _QUOTED.sub('""', _APART.sub("", "\n".join(lines))).split("\n") if x.strip()]
    solid = "".join("".join(left).split())
    if len(solid) < (20 if len(left) > 1 else 200):
        return False
    hanzi, signs = len(_HANZI.findall(solid)), len(_SIGN.findall(solid))
    if signs < _SIGNS * len(solid) or hanzi > _CHINESE * len(solid):
        return False
    chinese, english = (sum(map(bool, map(words.search, left))) for words in _PROSE)
    return chinese < 3 and chinese + english < 0.3 * len(left)


_KINDS: tuple[tuple[str, Callable[[Sequence[str]], bool]], ...] = (
    ("subtitles", _share(_SUBTITLE, 0.15, 2)),
    ("lyrics", _share(_LYRICS, 0.5, 3)),
    ("patch", _is_patch),
    ("log", _share(_LOG, 0.6, 3)),
    ("table", _is_table),
    ("code", _is_code),
)
_NAMES = {
    "subtitles": ("subtitles with time codes", "Take out the time codes"),
    "lyrics": ("lyrics with time codes", "Take out the time codes"),
    "json": ("JSON data", "Export the words of the article from it"),
    "log": ("a log", "Write down what happened as a text"),
    "table": (
        "a table of data (CSV)",
        "Put it into an article: a title, and a sentence on what it shows",
    ),
    "code": ("source code", "Put it into an article that tells what it does"),
    "playlist": ("a playlist", "Give the article itself"),
    "calendar": ("a calendar or an address card", "Export its text"),
    "key": ("a key or a certificate", "Give the article itself"),
    "patch": ("a patch", "Write down what has changed as a text"),
    "tex": ("a source of TeX", "Export it as a PDF or a Word document"),
    "xml": ("XML data", "Export the article from it as a web page or plain text"),
}


def refuse(text: str, name: str) -> None:
    """Raise `BobaoError` for a `text` that is no article, telling what it is."""
    opening = _OPENS.match(text[:1000])
    if opening and opening.lastgroup:
        raise _error(opening.lastgroup, name)
    lines = [line.strip("\ufeff\r") for line in text.split("\n", _LOOKED_AT)[:_LOOKED_AT]]
    lines = [line for line in lines if line.strip()]
    if lines and (_is_json(["\n".join(lines)]) or _is_json(lines)):
        raise _error("json", name)
    lines = [line[:_LINE] for line in lines]
    kind = next((kind for kind, test in _KINDS if lines and test(lines)), "")
    if kind:
        raise _error(kind, name)


def _error(kind: str, name: str) -> BobaoError:
    what, advice = _NAMES[kind]
    return BobaoError(
        f"this is no article but {what}",
        where=name,
        advice=f"{advice}, and save it as plain text, Markdown, a web page or .docx.",
    )
