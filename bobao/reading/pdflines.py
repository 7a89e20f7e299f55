"""The rows of a PDF to lines with hints: paragraphs unwrapped, captions and notes lifted out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bobao.model import BlockKind
from bobao.reading.flow import Flow, without_common_bold
from bobao.reading.joints import runs_over
from bobao.reading.lines import Hint, Line
from bobao.reading.pdfchars import Face
from bobao.reading.pdfflow import Habits, goes_on, habits_of, stands_out, starts_anew, stops
from bobao.reading.pdfrows import Measured
from bobao.reading.tablefiles import fold, said_of

_TITLE = 1.2
_SMALLER = 0.94
"""Times the text's size up to which a caption is smaller than it."""
_NOTE = 0.9
_HEADING = 60.0
_FOOTNOTE = re.compile(r"[\[［〔(（]\d{1,3}[\]］〕)）]|[①-⑳*＊†‡]|\d{1,2}(?=[\s.、．])")
_OUTSIDE = "a footnote"


@dataclass(slots=True)
class _Para:
    """Rows that are one line of the text."""

    rows: list[Measured]
    kind: BlockKind | None = None
    figure: bool = False
    outside: str = ""
    anew: bool = False  # it surely starts a paragraph


def pdf_lines(
    rows: Sequence[Measured], body: Face, beside: dict[int, list[tuple[str, str]]], where: str
) -> tuple[str, list[Line]]:
    """The text of the document and its lines; `beside`: running heads, (text, reason), by page."""
    habits = habits_of(rows, body)
    flow = Flow(where)
    page = rows[0].page if rows else 0
    for para in _paragraphs(rows, habits):
        _add(flow, para, habits)
        for number in range(page, para.rows[-1].page):
            _add_beside(flow, beside.pop(number, []))
        page = max(page, para.rows[-1].page)
    for number in sorted(beside):
        _add_beside(flow, beside[number])
    return flow.text, without_common_bold(flow.lines)


def _add_beside(flow: Flow, found: Sequence[tuple[str, str]]) -> None:
    for text, reason in found:
        flow.add([text], Hint(outside=reason))


def _paragraphs(rows: Sequence[Measured], habits: Habits) -> list[_Para]:
    """The rows as paragraphs, captions and notes after the one that they interrupt."""
    title = _title(rows, habits.body)
    found: list[_Para] = []
    floats: list[_Para] = []
    begun = False
    for n, row in enumerate(rows):
        if n in title:
            _add_title(found, row, habits)
            continue
        begun = begun or row.width > 20
        if made := _float(rows, n, habits, begun):
            if floats and _caption_goes_on(floats[-1], made, row):
                floats[-1].rows.append(row)
            else:
                floats.append(made)
        elif (
            found
            and found[-1].kind is None
            and goes_on(found[-1].rows, row, rows[n - 1], habits, bool(floats))
        ):
            found[-1].rows.append(row)
        else:
            found += [*floats, _Para([row], anew=starts_anew(rows, n, habits))]
            floats = []
    return [*found, *floats]


def _caption_goes_on(last: _Para, made: _Para, row: Measured) -> bool:
    above = last.rows[-1]
    alike = abs(above.face.size - row.face.size) < 0.5 and not row.starts
    return alike and not row.apart and (last.outside, last.kind) == (made.outside, made.kind)


def _float(rows: Sequence[Measured], n: int, habits: Habits, begun: bool) -> _Para | None:
    """The row as a caption or a footnote, if it is one."""
    row, size = rows[n], habits.body.size
    if row.cells > 1 or row.table:
        return None
    small = row.face.size <= _SMALLER * size
    if small and _pictured(rows, n):
        return _Para([row], BlockKind.CAPTION)
    if row.face.size <= _NOTE * size and _is_note(rows, n, size):
        return _Para([row], outside=_OUTSIDE)
    begun = begun and any(r.face.size > _SMALLER * size for r in rows[n : n + 40])
    lone = row.width <= 30 and not stops(row) and not stands_out(row, habits.body)
    if (small and row.centred and begun) or (row.pictured and row.centred and lone):
        return _Para([row], figure=True)
    return None


def _pictured(rows: Sequence[Measured], n: int) -> bool:
    """Whether a row, or the one like it right above it, stands beside a picture."""
    while not rows[n].pictured:
        if rows[n].starts or rows[n].apart or not n or rows[n - 1].face.size != rows[n].face.size:
            return False
        n -= 1
    return True


def _is_note(rows: Sequence[Measured], n: int, size: float) -> bool:
    """Whether a row is part of the notes at the foot of its column."""
    m = n
    while not rows[m].ends:
        m += 1
        if rows[m].face.size > _NOTE * size:
            return False
    while n and not rows[n].starts and rows[n - 1].face.size <= _NOTE * size:
        n -= 1
    return _FOOTNOTE.match(rows[n].text) is not None and not rows[n].starts


def _title(rows: Sequence[Measured], body: Face) -> set[int]:
    """The rows of the title: the largest of all, together, on the first page."""
    largest = max((row.face.size for row in rows), default=0.0)
    found = [n for n, row in enumerate(rows) if row.face.size >= largest - 0.1]
    if largest < _TITLE * body.size or found[-1] - found[0] >= len(found):
        return set()
    if len(found) > 4 or rows[found[0]].page > rows[0].page or found[0] > 12:
        return set()
    before = range(max(0, found[0] - 2), found[0])
    if found[0] <= 2 and all(_kicker(rows[n], body) for n in before):
        found += before
    after = found[0] + len(found)
    if after < len(rows) and rows[after].text.startswith(("—", "－－", "--")):
        found.append(after)
    return set(found)


def _add_title(found: list[_Para], row: Measured, habits: Habits) -> None:
    last = found[-1] if found and found[-1].kind is BlockKind.TITLE else None
    if last is not None and _title_goes_on(last.rows[-1], row, habits):
        last.rows.append(row)
    else:
        found.append(_Para([row], BlockKind.TITLE))


def _title_goes_on(last: Measured, row: Measured, habits: Habits) -> bool:
    """Whether a row of the title is but the rest of the one above, which had no room for it."""
    if last.face != row.face or row.text.startswith("—"):
        return False
    left_over = (last.indent + last.room) * habits.body.size
    return left_over < 2.5 * last.face.size or runs_over(last.text, row.text)


def _kicker(row: Measured, body: Face) -> bool:
    """Whether a row above the title is a clause of it."""
    said = said_of(fold(row.text), row.width, "top")
    return stands_out(row, body) and row.centred and row.width >= 6 and said is None


def _add(flow: Flow, para: _Para, habits: Habits) -> None:
    first = para.rows[0]
    if first.table:
        for cells in first.table:
            flow.add_cells(cells)
        return
    width = sum(row.width for row in para.rows)
    bold = width <= _HEADING and all(stands_out(row, habits.body) for row in para.rows)
    hint = Hint(
        kind=para.kind,
        bold=bold and para.kind is None,
        centred=first.centred,
        figure=para.figure,
        joins=False if para.anew else None,
        outside=para.outside,
    )
    blanks = int(first.apart or (first.starts and habits.spaced and not habits.indent))
    indent = first.indent if first.indent >= 0.8 and not first.centred else 0.0
    flow.add([row.text for row in para.rows], hint, blanks=blanks, indent=indent)
