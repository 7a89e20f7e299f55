"""Ruled tables on a page of a PDF: the grid that its lines draw, and the text in each cell."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

_NEAR = 2.5
"""Points that two lines may be apart and still meet, or be one."""
_THIN = 6.0
"""Points that a line is long at least."""
_PATHS = 20_000
_POINTS = 400
_PAIRS = 400_000
_CELLS = 5_000
_LONG = 200
_SENTENCES = "。！？；"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line that runs level or upright: at `at`, from `low` to `high`."""

    upright: bool
    at: float
    low: float
    high: float


@dataclass(slots=True)
class Grid:
    """Lines that meet: the places of its upright and of its level ones, in order."""

    across: list[float] = field(default_factory=list)
    down: list[float] = field(default_factory=list)

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """The row (from the top) and the column of the cell at a place, None outside the grid."""
        if not (self.across[0] < x < self.across[-1] and self.down[0] < y < self.down[-1]):
            return None
        column = sum(x > at for at in self.across) - 1
        return len(self.down) - 1 - sum(y > at for at in self.down), column


def rules_of(pdf_page: Any, raw: Any, turn: Any) -> list[Rule]:
    """The level and upright lines on a page, the edges of boxes included."""
    found: dict[tuple[bool, int, int, int], Rule] = {}
    for n, thing in enumerate(pdf_page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=4)):
        if n >= _PATHS:
            break
        for one in _lines(thing.raw, raw, turn):
            key = (one.upright, round(one.at), round(one.low), round(one.high))
            found.setdefault(key, one)
    return list(found.values())


def _lines(path: Any, raw: Any, turn: Any) -> Iterator[Rule]:
    count = raw.FPDFPath_CountSegments(path)
    if not 2 <= count <= _POINTS:
        return
    matrix, x, y = raw.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    raw.FPDFPageObj_GetMatrix(path, matrix)
    start = last = None
    for n in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, n)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        here = turn.point(
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            start = here
        elif last is not None:
            yield from _line(last, here)
        if raw.FPDFPathSegment_GetClose(segment) and start is not None:
            yield from _line(here, start)
        last = here


def _line(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Rule]:
    wide, high = abs(a[0] - b[0]), abs(a[1] - b[1])
    if wide >= _THIN and high <= 1:
        yield Rule(False, (a[1] + b[1]) / 2, min(a[0], b[0]), max(a[0], b[0]))
    elif high >= _THIN and wide <= 1:
        yield Rule(True, (a[0] + b[0]) / 2, min(a[1], b[1]), max(a[1], b[1]))


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """The grids of two rows and two columns or more that `rules` draw."""
    found = []
    for group in _meeting(rules):
        across = _places(rule.at for rule in group if rule.upright)
        down = _places(rule.at for rule in group if not rule.upright)
        if len(across) > 2 and len(down) > 2 and len(across) * len(down) <= _CELLS:
            found.append(Grid(across, down))
    return found


def _places(values: Iterator[float]) -> list[float]:
    """Different places in order; lines that lie beside each other are one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _meeting(rules: Sequence[Rule]) -> list[list[Rule]]:
    """`rules` in groups of those that meet, directly or by others."""
    group = list(range(len(rules)))

    def root(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    level = [n for n, rule in enumerate(rules) if not rule.upright]
    upright = [n for n, rule in enumerate(rules) if rule.upright]
    if len(level) * len(upright) > _PAIRS:
        return []
    for n in level:
        for m in upright:
            if _meet(rules[n], rules[m]):
                group[root(m)] = root(n)
    found: dict[int, list[Rule]] = {}
    for n, rule in enumerate(rules):
        found.setdefault(root(n), []).append(rule)
    return list(found.values())


def _meet(level: Rule, upright: Rule) -> bool:
    return (
        level.low - _NEAR <= upright.at <= level.high + _NEAR
        and upright.low - _NEAR <= level.at <= upright.high + _NEAR
    )


def holds_data(rows: Sequence[Sequence[str]]) -> bool:
    """Whether `rows` are rows of data, and no frame around articles."""
    cells = [cell for row in rows for cell in row if cell]
    if sum(any(row) for row in rows) < 2 or max(sum(map(bool, row)) for row in rows) < 2:
        return False
    sentences = sum(cell.count(mark) for cell in cells for mark in _SENTENCES)
    return sentences <= len(cells) and max(map(len, cells)) < _LONG
