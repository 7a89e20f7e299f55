"""Which rows of a PDF make one paragraph, by indents, white and full rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bobao.reading.pdfchars import Face
from bobao.reading.pdfrows import Measured
from bobao.reading.tablefiles import fold, mark_patterns

_LARGER = 1.1
"""Times the text's size from which a line stands out."""
RIGHT = 6.0
"""Em of indent beyond which a row is set to the right."""
_RAGGED = 2.0
"""Em more that a full row may lack where an indent shows what starts a paragraph."""
_STOPS = "。！？!?…"
_CLOSERS = "”’」』）)】》\"'"


@dataclass(frozen=True, slots=True)
class Habits:
    """How the document sets its paragraphs."""

    body: Face
    indent: bool  # an indent starts one
    spaced: bool  # white stands between two


def habits_of(rows: Sequence[Measured], body: Face) -> Habits:
    """The habits of the document made of `rows`."""
    return Habits(body, _indents(rows), _spaced(rows))


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
    para: Sequence[Measured], row: Measured, above: Measured, habits: Habits, interrupted: bool
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


def _runs_on(last: Measured, row: Measured, habits: Habits) -> bool:
    """Whether a row is full, and the next one placed as if it went on with it."""
    if (row.centred and row.width < 20) or row.indent > RIGHT:
        return False
    if last.full(row.text):
        return True
    if _marked(row) or stands_out(last, habits.body) or not habits.indent:
        return False
    return last.full(row.text, _RAGGED / 3 if stops(last) else _RAGGED)


def _flows(para: Sequence[Measured], row: Measured, habits: Habits) -> bool:
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


def starts_anew(rows: Sequence[Measured], n: int, habits: Habits) -> bool:
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
