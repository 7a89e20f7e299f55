"""One line of a script with what stands before its text: ``## ``, ``> [图片] ``, nothing."""

from __future__ import annotations

import re

from bobao.errors import BobaoError
from bobao.model import Line, LineKind, Span
from bobao.script.inline import compose_spans, parse_spans
from bobao.script.spans import Spans

LABELS = {
    LineKind.CAPTION: "图片",
    LineKind.TABLE: "表格",
    LineKind.SIGNPOST: "路标",
    LineKind.SILENT: "不播",
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
    return 0, Line(_unsaid(spans, at) if kind is LineKind.SILENT else spans, kind)


def _unsaid(spans: Spans, at: str) -> Spans:
    """The spans of a silent line: what an editor typed without braces is silent as well."""
    if any(span.spoken not in ("", span.written) for span in spans):
        raise BobaoError(
            f"a line marked [{LABELS[LineKind.SILENT]}] has something to say",
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
