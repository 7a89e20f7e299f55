r"""One line of a script as text: ``{written|spoken}`` and backslash escapes.

A backslash before ASCII punctuation gives that character (as in Markdown), ``\u`` and four hex
digits give the character with that code. ``{重|chóng}`` is a reading in pinyin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bobao.errors import BobaoError
from bobao.model import Line, LineKind, Span
from bobao.pronounce.pinyin import is_hanzi, is_pinyin_for, syllable
from bobao.script.spans import Spans, tidy

_PIECE = re.compile(
    r"\{(?P<inside>(?:[^\\{}]|\\.)*)\}|(?P<text>(?:[^\\{}|]|\\.)+)|(?P<bad>.)", re.DOTALL
)
_HALF = re.compile(r"(?:[^\\|]|\\.)+|(?P<bar>\|)", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:u(?P<code>[0-9A-Fa-f]{4})|(?P<sign>[!-/:-@\[-`{-~])|(?P<bad>.))", re.DOTALL
)
_SPECIAL = re.compile(r"[\\{}|]")
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls, line separators, marks of byte order and of direction: an editor's tool drops them,
breaks lines at them, or lets them hide what a line says."""
_LEADING = "#>"
SURROGATE = re.compile("[\ud800-\udfff]")

_BAD = {
    "{": (
        "a “{” is not closed",
        "Close it on the same line: {written|spoken}. Braces do not nest.",
    ),
    "}": ("a “}” has no “{” before it", r"Write \} for the sign itself."),
    "|": ("a “|” stands outside braces", r"Write {written|spoken}, or \| for the sign itself."),
    "\\": ("the line ends in a backslash", r"Write \\ for the sign itself."),
}


def parse_spans(text: str, where: str = "") -> Spans:
    """The spans of a line. Raises `BobaoError` at `where` for anything that is not well formed."""
    spans: list[Span] = []
    for piece in _PIECE.finditer(text):
        if bad := piece["bad"]:
            what, advice = _BAD[bad]
            raise BobaoError(what, where=where, advice=advice)
        if piece["inside"] is None:
            words = _unescaped(piece["text"], where)
            spans.append(Span(words, words))
        else:
            spans.append(_span(piece["inside"], where))
    return tidy(spans)


def compose_spans(spans: Iterable[Span]) -> str:
    """The text of a line, from which `parse_spans` gives the spans back.

    Raises `BobaoError` for lone surrogates.
    """
    text = "".join(
        _escaped(span.written) if span.plain else f"{{{_escaped(span.written)}|{_right(span)}}}"
        for span in spans
    )
    if text[:1] in _LEADING and text:
        text = "\\" + text
    if text[:1].isspace():
        text = _coded(text[0]) + text[1:]
    if text[-1:].isspace():
        text = text[:-1] + _coded(text[-1])
    return text


def _span(inside: str, where: str) -> Span:
    """The span between two braces."""
    halves = ["", ""]
    bars = 0
    for half in _HALF.finditer(inside):
        if half["bar"]:
            bars += 1
        elif bars < 2:
            halves[bars] = half[0]
    if bars != 1:
        what = "two “|” in one pair of braces" if bars else "braces without a “|”"
        advice = r"Write {written|spoken}, or \{ and \| for the signs themselves."
        raise BobaoError(what, where=where, advice=advice)
    written, raw = _unescaped(halves[0], where), halves[1]
    if "\\" not in raw:
        if is_pinyin_for(written, raw):
            return Span(written, written, canonical(raw))
        if _misses(written, raw):
            raise BobaoError(
                f"the pinyin “{raw}” does not fit “{written}”",
                where=where,
                advice="Braces hold only the characters read, with one syllable for each: "
                "{重庆|chóng qìng}, {花儿|huā r}.",
            )
    return Span(written, _unescaped(raw, where))


def _right(span: Span) -> str:
    """The right half of a span; words to say that look like pinyin are kept from being one."""
    if span.reading:
        return span.reading
    right = _escaped(span.spoken)
    looks = is_pinyin_for(span.written, right) or _misses(span.written, right)
    return _coded(right[0]) + right[1:] if looks and "\\" not in right else right


def _unescaped(text: str, where: str) -> str:
    def plain(found: re.Match[str]) -> str:
        if found["bad"]:
            raise BobaoError(
                f"a backslash before “{found['bad']}” means nothing here",
                where=where,
                advice=r"Write \\ for the sign itself.",
            )
        char = found["sign"] or chr(int(found["code"], 16))
        if SURROGATE.match(char):
            raise BobaoError(f"{found[0]} is half a character", where=where, advice="Leave it out.")
        return char

    return _ESCAPE.sub(plain, text) if "\\" in text else text


def refuse_surrogates(text: str) -> None:
    """Raise `BobaoError` for text that no file can hold."""
    if SURROGATE.search(text):
        raise BobaoError(
            "the text holds half a character (a lone surrogate)",
            where=f"“{SURROGATE.sub('�', text)[:40]}”",
            advice="The article was decoded wrongly; save it as UTF-8 and draft again.",
        )


def _escaped(text: str) -> str:
    refuse_surrogates(text)
    return _HIDDEN.sub(lambda found: _coded(found[0]), _SPECIAL.sub(r"\\\g<0>", text))


def _coded(char: str) -> str:
    return f"\\u{ord(char):04x}"


_TONE_MARKS = frozenset("\u0300\u0301\u0304\u030c")


def canonical(text: str) -> str:
    """A reading in its one canonical form: NFC, lower case, one space between syllables."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def _misses(written: str, text: str) -> bool:
    """Whether `text` was surely meant as a reading of `written` but does not fit it.

    That is pinyin with tone marks, which no one wants said as Latin letters, beside hanzi.
    """
    if is_pinyin_for(written, text) or not any(map(is_hanzi, written)):
        return False
    marked = any(char in _TONE_MARKS for char in unicodedata.normalize("NFD", text))
    return marked and all(syllable(piece) for piece in text.split())


LABELS = {
    LineKind.CAPTION: "图片",
    LineKind.TABLE: "表格",
    LineKind.SIGNPOST: "路标",
    LineKind.SILENT: "不播",
    LineKind.WITHHELD: "不发布",
}
"""What stands between ``> [`` and ``]`` before a line that is not running text."""

DEEPEST = 6
"""Markdown has no deeper heading."""

_KINDS = {label: kind for kind, label in LABELS.items()}
_HEADING = re.compile(r"(#+)(?:\s+(.*))?\Z", re.DOTALL)
_QUOTE = re.compile(r">\s*(?:\[([^\[\]]*)\])?\s*(.*)\Z", re.DOTALL)


def parse_line(text: str, at: str) -> tuple[int, Line] | None:
    """A line and the depth of the heading it is (0: none), or None for a blank one."""
    if text.startswith("#"):
        return _heading(text, at)
    if text.startswith(">"):
        return _quote(text, at)
    return (0, Line(_filled(parse_spans(text, at), at))) if text else None


def _heading(text: str, at: str) -> tuple[int, Line]:
    found = _HEADING.match(text)
    if found is None:
        raise BobaoError(
            "no blank after “#”", where=at, advice=r"Write “## 标题”, or \# for the sign itself."
        )
    depth = len(found[1])
    if depth > DEEPEST:
        raise BobaoError(
            f"a heading {depth} levels deep", where=at, advice=f"Use {DEEPEST} “#” at most."
        )
    spans = _filled(parse_spans(found[2] or "", at), at, "an empty heading")
    if depth < 3:
        return depth, Line(spans)
    return depth, Line(spans, LineKind.SUBHEAD, depth)


def _quote(text: str, at: str) -> tuple[int, Line] | None:
    found = _QUOTE.match(text)
    label, rest = (found[1], found[2]) if found else (None, "")
    if label is None and not rest:
        return None
    if label is None or label.strip() not in _KINDS:
        known = " ".join(f"[{label}]" for label in LABELS.values())
        raise BobaoError(
            f"the label “{label}” is not known" if label else "a line after “>” needs a label",
            where=at,
            advice=rf"Use one of {known}, or \> for the sign itself.",
        )
    kind = _KINDS[label.strip()]
    spans = _filled(parse_spans(rest, at), at)
    return 0, Line(_unsaid(spans, kind, at) if kind.quiet else spans, kind)


def _unsaid(spans: Spans, kind: LineKind, at: str) -> Spans:
    """The spans of a silent line: what an editor typed without braces is silent as well."""
    if any(span.spoken not in ("", span.written) for span in spans):
        raise BobaoError(
            f"a line marked [{LABELS[kind]}] has something to say",
            where=at,
            advice="Take the label away, or leave the right side of the braces empty.",
        )
    return tuple(Span(span.written, "") for span in spans)


def _filled(spans: Spans, at: str, what: str = "a line that shows and says nothing") -> Spans:
    if not spans:
        raise BobaoError(what, where=at, advice="Write its text, or take the line out.")
    return spans


def compose_line(line: Line) -> str:
    """`line` as it stands in the file; `parse_line` gives it back."""
    text = compose_spans(line.spans)
    if line.kind is LineKind.SUBHEAD:
        return f"{'#' * line.level} {text}"
    return f"> [{LABELS[line.kind]}] {text}" if line.kind in LABELS else text
