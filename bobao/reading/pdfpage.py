"""Ruled tables on a page of a PDF: the grid that its lines draw, and the text in each cell."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bobao.reading.lines import Flow
from bobao.reading.pdfchars import Char, Face, Picture, Reader, Turn, fontless, pictures_of

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


_BESIDE = 1.0
"""Em between two characters of one stretch at most: more is a gap between columns or cells."""
_SPACE = 0.18
"""Em between two Latin characters that are a space, where the file has none."""
_BARS = 2_000


@dataclass(slots=True)
class PdfStretch:
    """Characters that stand side by side."""

    text: str
    face: Face
    left: float
    right: float
    base: float  # of the baseline
    page: int = 0
    table: tuple[tuple[str, ...], ...] = ()  # the rows of a table that it stands for
    high: float = 0.0  # of such a table

    @property
    def top(self) -> float:
        """The upper edge of its characters."""
        return self.base + max(0.8 * self.face.size, self.high)

    @property
    def bottom(self) -> float:
        """The lower edge of its characters."""
        return self.base - 0.15 * self.face.size


@dataclass(slots=True)
class Page:
    """A page with what stands on it; `unmapped` counts characters with no known code."""

    number: int
    width: float
    height: float
    stretches: list[PdfStretch] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    chars: int = 0
    unmapped: int = 0
    fontless: bool = False  # text is missing because its font is
    upright: int = 0  # steps from one character to the next that go up or down


def page_of(pdf_page: Any, number: int) -> Page:
    """What stands on a page of an open document."""
    from pypdfium2 import raw

    width, height = pdf_page.get_size()
    turn = Turn(pdf_page.get_rotation(), width, height, pdf_page.get_bbox())
    page = Page(number, width, height)
    text_page = pdf_page.get_textpage()
    try:
        reader = Reader(text_page.raw, raw, turn)
        chars = list(reader.chars())
        page.fontless = fontless(pdf_page, text_page, raw)
    finally:
        text_page.close()
    page.chars, page.unmapped = len(chars), reader.unmapped
    rules = rules_of(pdf_page, raw, turn)
    page.stretches = _with_tables(_stretches(chars, page, rules), grids(rules))
    page.pictures = pictures_of(pdf_page, raw, turn)
    return page


def _stretches(chars: list[Char], page: Page, rules: Sequence[Rule]) -> list[PdfStretch]:
    """The characters, those side by side and not parted by a rule together."""
    bars = [rule for rule in rules if rule.upright][:_BARS]
    found: list[PdfStretch] = []
    seen: dict[tuple[str, float, int, int], int | None] = {}
    sizes: dict[Face, int] = {}
    last: Char | None = None
    for char in chars:
        em = char.face.size
        place = (char.text, em, round(char.left / em * 4), round(char.base / em * 4))
        if char.text.strip() and seen.setdefault(place, char.part) != char.part:
            continue  # printed twice to look bold, or for a shadow
        if last is not None and found and _follows(last, char, bars):
            found[-1].text += _gap(last, char) + char.text
            found[-1].right = max(found[-1].right, char.inked[1])
            sizes[char.face] = sizes.get(char.face, 0) + bool(char.text.strip())
        else:
            page.upright += last is not None and _below(last, char)
            if found:
                _finish(found, sizes)
            found.append(PdfStretch(char.text, char.face, *char.inked, char.base, page.number))
            sizes = {char.face: int(bool(char.text.strip()))}
        last = char
    if found:
        _finish(found, sizes)
    return found


def _follows(last: Char, char: Char, bars: Sequence[Rule]) -> bool:
    em = max(last.face.size, char.face.size)
    gap = char.left - last.right
    if abs(char.base - last.base) > 0.45 * em or not -0.6 * em <= gap <= _BESIDE * em:
        return False
    return gap < 0.15 * em or not any(
        last.right <= bar.at <= char.left and bar.low < char.base + em / 3 < bar.high
        for bar in bars
    )


def _with_tables(stretches: list[PdfStretch], tables: Sequence[Grid]) -> list[PdfStretch]:
    """`stretches`, of which those in the cells of a table are one that stands for it."""
    for grid in tables:
        cells: dict[tuple[int, int], list[PdfStretch]] = {}
        for stretch in stretches:
            across = (stretch.left + min(stretch.right, stretch.left + 9)) / 2
            if place := grid.cell(across, stretch.base + 0.3 * stretch.face.size):
                cells.setdefault(place, []).append(stretch)
        rows = tuple(
            tuple(_cell_text(cells.get((r, c), [])) for c in range(len(grid.across) - 1))
            for r in range(len(grid.down) - 1)
        )
        if not cells or not holds_data(rows):
            continue
        inside = {id(stretch) for cell in cells.values() for stretch in cell}
        stretches = [one for one in stretches if id(one) not in inside]
        stretches.append(_standing_for(grid, rows, next(iter(cells.values()))[0]))
    return stretches


def _standing_for(grid: Grid, rows: tuple[tuple[str, ...], ...], like: PdfStretch) -> PdfStretch:
    """A stretch that stands for a whole table, set `like` one in it."""
    return PdfStretch(
        text="",
        face=like.face,
        left=grid.across[0],
        right=grid.across[-1],
        base=grid.down[0],
        page=like.page,
        table=tuple(row for row in rows if any(row)),
        high=grid.down[-1] - grid.down[0],
    )


def _cell_text(stretches: Sequence[PdfStretch]) -> str:
    ordered = sorted(stretches, key=lambda s: (-round(s.base), s.left))
    return Flow.text_of([stretch.text for stretch in ordered]) if ordered else ""


def _below(last: Char, char: Char) -> bool:
    em = char.face.size
    return (
        abs(char.left - last.left) < 0.3 * em and 0.7 * em < abs(last.base - char.base) < 1.4 * em
    )


def _gap(last: Char, char: Char) -> str:
    latin = last.text.isascii() and char.text.isascii() and last.text.isalnum()
    wide = char.left - last.right > _SPACE * char.face.size
    return " " if latin and wide and char.text.isalnum() else ""


def _finish(found: list[PdfStretch], faces: dict[Face, int]) -> None:
    """Give the last stretch the face of most of its characters, or drop it where it is blank."""
    stretch = found[-1]
    lead = len(stretch.text) - len(stretch.text.lstrip())
    stretch.left += min(lead * _lead_em(stretch), max(0.0, stretch.right - stretch.left))
    trail = len(stretch.text) - len(stretch.text.rstrip())
    stretch.right -= min(trail * 0.5 * stretch.face.size, stretch.right - stretch.left)
    stretch.text = stretch.text.strip()
    if not stretch.text:
        found.pop()
        return
    stretch.face = max(faces, key=lambda face: (faces[face], -face.size))


def _lead_em(stretch: PdfStretch) -> float:
    return stretch.face.size * (1.0 if stretch.text.startswith("\u3000") else 0.3)
