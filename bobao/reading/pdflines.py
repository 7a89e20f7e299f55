"""Which rows of a PDF make one paragraph, and the lines and hints that they give."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bobao.model import BlockKind
from bobao.reading.joints import runs_over
from bobao.reading.lines import Flow, Hint, SourceLine, without_common_bold
from bobao.reading.pdfchars import Face
from bobao.reading.pdfrows import Measured
from bobao.reading.tablefiles import fold, mark_patterns, said_of

_LARGER = 1.1
"""Times the text's size from which a line stands out."""
RIGHT = 6.0
"""Em of indent beyond which a row is set to the right."""
_RAGGED = 2.0
"""Em more that a full row may lack where an indent shows what starts a paragraph."""
_STOPS = "。！？!?…"
_CLOSERS = "”’」』）)】》\"'"


@dataclass(frozen=True, slots=True)
class PdfHabits:
    """How the document sets its paragraphs."""

    body: Face
    indent: bool  # an indent starts one
    spaced: bool  # white stands between two


def habits_of(rows: Sequence[Measured], body: Face) -> PdfHabits:
    """The habits of the document made of `rows`."""
    return PdfHabits(body, _indents(rows), _spaced(rows))


def _indents(rows: Sequence[Measured]) -> bool:
    """Whether most rows that surely start a paragraph are indented."""
    after = [
        1.0 <= row.indent <= 4.5
        for above, row in pairwise(rows)
        if ((stops(above) and not above.full(row.text)) or above.face != row.face)
        and not (row.centred or row.face.heavy or row.indent > RIGHT or row.table or above.table)
    ]
    return 2 * sum(after) > len(after) > 0


def _spaced(rows: Sequence[Measured]) -> bool:
    after = [
        row.apart
        for above, row in pairwise(rows)
        if above.face == row.face and not (above.full(row.text) or row.starts or row.centred)
    ]
    return 2 * sum(after) > len(after) > 0


def goes_on(
    para: Sequence[Measured], row: Measured, above: Measured, habits: PdfHabits, interrupted: bool
) -> bool:
    """Whether `row` continues the paragraph whose rows so far are `para`.

    `above` is the row right before it, `interrupted` whether captions stand between.
    """
    last = para[-1]
    if _parted(last, row, above, interrupted):
        return False
    if stands_out(row, habits.body) and last.face == row.face:
        return not _marked(row) and (last.full(row.text) or (row.centred and last.room <= 4))
    if (last.centred and row.centred) or not _runs_on(last, row, habits):
        return False
    if last.face.heavy != row.face.heavy:
        return habits.indent and row.indent < 1 and len(para) > 1
    if interrupted and not habits.indent and stops(last):
        return False
    return _flows(para, row, habits)


def _parted(last: Measured, row: Measured, above: Measured, interrupted: bool) -> bool:
    """Whether a table, white or another size of type parts two rows."""
    if row.table or last.table or (row.apart and not interrupted):
        return True
    if row.cells > 1 and above.cells > 1:
        return True
    return abs(last.face.size - row.face.size) > 0.06 * row.face.size


def _runs_on(last: Measured, row: Measured, habits: PdfHabits) -> bool:
    """Whether a row is full, and the next one placed as if it went on with it."""
    if (row.centred and row.width < 20) or row.indent > RIGHT:
        return False
    if last.full(row.text):
        return True
    if _marked(row) or stands_out(last, habits.body) or not habits.indent:
        return False
    return last.full(row.text, _RAGGED / 3 if stops(last) else _RAGGED)


def _flows(para: Sequence[Measured], row: Measured, habits: PdfHabits) -> bool:
    """Whether a row set like the full one above it goes on with its paragraph, by its indent."""
    first, last, alone = para[0], para[-1], len(para) == 1
    if _marked(first) and 0.4 < row.indent - first.indent < 5:
        return True
    if _marked(row) and last.text[-1] in "；;":
        return False
    if habits.indent:
        return row.indent < 1 or (not alone and abs(row.indent - last.indent) < 0.4)
    if habits.spaced:
        return not (stops(last) and _marked(row))
    return not stops(last) and last.text[-1] not in "：:"


def starts_anew(rows: Sequence[Measured], n: int, habits: PdfHabits) -> bool:
    """Whether a row surely starts a paragraph, by the room left above it and its own indent."""
    if not n or rows[n].starts:
        return False
    above, row = rows[n - 1], rows[n]
    if above.indent > RIGHT or row.indent > RIGHT:
        return True
    indented = habits.indent and 1.0 <= row.indent <= 4.5
    return above.room > (3 if indented else 5) and not (above.centred and row.centred)


def _marked(row: Measured) -> bool:
    return mark_patterns().start(fold(row.text[:12])) is not None


def stops(row: Measured) -> bool:
    """Whether a sentence ends with a row."""
    return row.text.rstrip(_CLOSERS)[-1:] in _STOPS


def stands_out(row: Measured, body: Face) -> bool:
    """Whether a row is set larger or heavier than the text."""
    return row.face.size >= _LARGER * body.size or (row.face.heavy and not body.heavy)


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
) -> tuple[str, list[SourceLine]]:
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


def _paragraphs(rows: Sequence[Measured], habits: PdfHabits) -> list[_Para]:
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


def _float(rows: Sequence[Measured], n: int, habits: PdfHabits, begun: bool) -> _Para | None:
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


def _add_title(found: list[_Para], row: Measured, habits: PdfHabits) -> None:
    last = found[-1] if found and found[-1].kind is BlockKind.TITLE else None
    if last is not None and _title_goes_on(last.rows[-1], row, habits):
        last.rows.append(row)
    else:
        found.append(_Para([row], BlockKind.TITLE))


def _title_goes_on(last: Measured, row: Measured, habits: PdfHabits) -> bool:
    """Whether a row of the title is but the rest of the one above, which had no room for it."""
    if last.face != row.face or row.text.startswith("—"):
        return False
    left_over = (last.indent + last.room) * habits.body.size
    return left_over < 2.5 * last.face.size or runs_over(last.text, row.text)


def _kicker(row: Measured, body: Face) -> bool:
    """Whether a row above the title is a clause of it."""
    said = said_of(fold(row.text), row.width, "top")
    return stands_out(row, body) and row.centred and row.width >= 6 and said is None


def _add(flow: Flow, para: _Para, habits: PdfHabits) -> None:
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
