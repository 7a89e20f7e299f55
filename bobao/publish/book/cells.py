"""The cells of a table's row, found again in the line that says it.

A line of a table parts its cells by a span that is a space to the eye and a pause to the ear
(`bobao.script.tablelines`). An editor may have changed that, and a cell may hold such a space
itself; whoever asks has to see whether all rows agree.
"""

from __future__ import annotations

from bobao.model import Line, Span

Row = tuple[str, ...]

_PAUSES = frozenset({"", "，", "；", "、"})


def cells_of(line: Line) -> Row:
    """The written text of a line, cut where one cell ends and the next begins."""
    row = [""]
    for span in line.spans:
        if _parts(span):
            row.append("")
        else:
            row[-1] += span.written
    return tuple(cell.strip() for cell in row) if line.written.strip() else ()


def _parts(span: Span) -> bool:
    return span.written == " " and span.spoken in _PAUSES
