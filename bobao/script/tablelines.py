"""A table as it is heard: announced with its size and its columns, then read row by row.

A listener has no grid to look at, so every value comes with the name of its column, and the first
column, where it names the row, leads it: 6路，原走向：滨江大道；调整后走向：沿江二路。 A table is
an escapable structure in the sense of EPUB 3.3 and DAISY, so its end is told as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bobao.model import Block, Line, LineKind, Paragraph, Span
from bobao.script import signposts
from bobao.script.signposts import counted
from bobao.script.spans import Spans, line, said, silent, spoken, tidy, written
from bobao.script.unread import heard
from bobao.script.wording import Normalise, closed, squeezed, worded

Row = tuple[str, ...]

_UNIT = re.compile(r"(?P<name>.+?)\s*[（(](?P<unit>[^（）()0-9]{1,8})[）)]\Z")
_FIGURE = re.compile(r"[-−+]?[0-9][0-9,.]*\Z")
_NUMBERS = re.compile(r"[0-9]")
_NOTHING = frozenset("-—–－―/／…⋯*")
_NO_VALUE = "无数据"
_SIGNS = {**dict.fromkeys("√✓✔☑", "是"), **dict.fromkeys("×✗✘☒✕", "否")}
_A_SIGN = "符号"
_END_FROM = 3
"""The end of a table with fewer rows than this is heard without being told."""


def table(block: Block, normalise: Normalise) -> Paragraph:
    """The lines of a table: rows are joined by newlines, cells by tabs."""
    rows = [tuple(map(squeezed, raw.split("\t"))) for raw in block.text.split("\n")]
    rows = [row for row in rows if any(row)]
    if not rows:
        return ()
    head = rows[0] if _is_head(rows) else ()
    body = rows[1:] if head else rows
    lines = [_opening(head, body, normalise)]
    lines += [_row(row, head, normalise) for row in body]
    if len(body) >= _END_FROM:
        lines.append(line(LineKind.TABLE, said(signposts.say("table end"))))
    return tuple(each for each in lines if each.spans)


def _is_head(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: full, without figures, and not the only one."""
    first = rows[0]
    return len(rows) > 1 and len(first) > 1 and all(first) and not any(map(_NUMBERS.search, first))


def _opening(head: Row, body: Sequence[Row], normalise: Normalise) -> Line:
    """The announcement, with the names of the columns where the table has them."""
    columns = max(map(len, (head, *body)))
    key = ("table" if len(body) > 1 else "table row") if head else "table plain"
    if columns == 1:
        key = "list"
    size = signposts.say(key, rows=counted(len(body)), columns=counted(columns))
    names: list[Span] = []
    for place, cell in enumerate(head):
        names += _between("、", place)
        names += _without_brackets(cell, normalise)
    return line(LineKind.TABLE, said(size), closed(tuple(names)))


def _without_brackets(cell: str, normalise: Normalise) -> Spans:
    """A column's name; its unit is said with the figures."""
    found = _UNIT.match(cell)
    if not found:
        return worded(cell, normalise)
    name = found["name"]
    return (*worded(name, normalise), *silent(cell[len(name) :]))


def _row(row: Row, head: Row, normalise: Normalise) -> Line:
    done: list[Span] = []
    leading = False
    for place, cell in enumerate(row):
        name = head[place] if place < len(head) else ""
        unit = found["unit"] if (found := _UNIT.match(name)) else ""
        value = _value(cell, unit, normalise)
        if place == 0 and not _FIGURE.match(cell) and heard(spoken(value)):
            done += value
            leading = True
            continue
        if not (cell or name):
            continue
        done += _between("，" if leading and place == 1 else "；", place, bool(spoken(done)))
        done += said(f"{_name(name, normalise)}：" if name else "")
        done += value
    spans = tidy(done)
    if not heard(spoken(spans)):
        return line(LineKind.TABLE, silent(written(spans)))
    return line(LineKind.TABLE, closed(spans))


def _between(mark: str, place: int, wanted: bool = True) -> Spans:
    """What parts two cells: a space to the eye, a pause to the ear."""
    return (Span(" ", mark if wanted else ""),) if place else ()


def _name(cell: str, normalise: Normalise) -> str:
    found = _UNIT.match(cell)
    return spoken(worded(found["name"] if found else cell, normalise))


def _value(cell: str, unit: str, normalise: Normalise) -> Spans:
    """A cell as it is said: a figure with the unit of its column, an empty one as such."""
    if not cell:
        return said(_NO_VALUE)
    if cell in _SIGNS or set(cell) <= _NOTHING:
        return (Span(cell, _SIGNS.get(cell, _NO_VALUE)),)
    if unit and _FIGURE.match(cell):
        return (Span(cell, spoken(worded(cell + unit, normalise))),)
    spans = worded(cell, normalise)
    return spans if heard(spoken(spans)) else (Span(cell, _SIGNS.get(cell, _A_SIGN)),)
