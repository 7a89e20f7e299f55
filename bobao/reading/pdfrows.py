"""The rows of a PDF in reading order, measured against the column that they stand in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bobao.reading.lines import width_of
from bobao.reading.pdfchars import Face, Picture
from bobao.reading.pdfcolumns import regions
from bobao.reading.pdfpage import Page
from bobao.reading.pdfparts import PdfRow, Region

Frame = tuple[float, float]

_SLACK = 1.6
"""Em that a full row may lack: a mark that may not start the next, half a wide character."""
_MID = 0.7
"""Em that the middle of a centred row may be off the column's middle."""
_APART = 1.3
"""Times the usual distance of two rows from which one is set apart from the one above."""
_UNDER = 3.0
"""Em between a picture and its caption at most."""
_FRAME_ROWS = 6
_HANGING = 1.2
"""Em that a quotation mark or a heading may stand outside its column."""


@dataclass(slots=True)
class Measured:
    """A row with its place in its column; lengths in em of the document's text."""

    text: str
    face: Face
    page: int
    indent: float  # from the column's left edge
    room: float  # to its right edge
    centred: bool
    cells: int
    table: tuple[tuple[str, ...], ...] = ()
    starts: bool = False  # the first of its part of the page
    ends: bool = False  # the last of it
    apart: bool = False  # more white above it than between two rows of text
    pictured: bool = False  # a picture is right above, below or beside it

    @property
    def width(self) -> float:
        """Em, as counted in characters."""
        return width_of(self.text)

    def full(self, after: str, more: float = 0.0) -> bool:
        """Whether it reaches the right edge, but for a mark or a word that `after` starts with.

        `more` is em that it may lack besides.
        """
        word = 0
        while word < len(after) and after[word].isascii() and not after[word].isspace():
            word += 1
        return self.room <= _SLACK + more + min(6.0, word / 2)


def body_face(pages: Sequence[Page]) -> Face:
    """How most of the text is set."""
    sizes, faces = Counter[float](), Counter[Face]()
    for page in pages:
        for stretch in page.stretches:
            sizes[stretch.face.size] += len(stretch.text)
            faces[stretch.face] += len(stretch.text)
    if not sizes:
        return Face(10.5)
    size = max(sizes, key=lambda s: (sizes[s], s))
    return max((f for f in faces if f.size == size), key=lambda f: (faces[f], f.font))


def measured(pages: Sequence[Page], body: Face) -> list[Measured]:
    """The rows of `pages` in reading order."""
    found = {page.number: regions(page.stretches, body.size) for page in pages}
    every = [region for part in found.values() for region in part]
    frames, lead = _frames(every, body), _lead(every, body)
    rows: list[Measured] = []
    for page in pages:
        for region in found[page.number]:
            rows += _measured(region, page, frames, body, lead)
    return rows


def _edges(rows: Sequence[PdfRow]) -> Frame:
    return min(row.left for row in rows), max(row.right for row in rows)


def _text(region: Region, body: Face) -> list[PdfRow]:
    """The rows of a part of the page that are set in the size of the text."""
    return [row for row in region.rows if abs(row.size - body.size) < 0.1 * body.size]


def _frames(found: Sequence[Region], body: Face) -> list[Frame]:
    """The left and right edges of the columns of text, the narrowest first."""
    frames = [_edges(text) for region in found if _justified(text := _text(region, body), body)]
    every = [row for region in found for row in region.rows]
    if every:
        frames.append(_edges(every))
    return sorted(frames, key=lambda frame: frame[1] - frame[0])


def _justified(rows: Sequence[PdfRow], body: Face) -> bool:
    """Whether enough rows are there, or end at one place, to show how wide their column is."""
    if len(rows) < 3 or len(rows) >= _FRAME_ROWS:
        return len(rows) >= _FRAME_ROWS
    right = max(row.right for row in rows)
    return sum(right - row.right < 0.7 * body.size for row in rows) > 1


def _frame(rows: Sequence[PdfRow], frames: Sequence[Frame], em: float) -> Frame:
    """The column that rows stand in: the narrowest that holds them."""
    left, right = _edges(rows)
    near = (f for f in frames if f[0] - _HANGING * em <= left and right <= f[1] + _HANGING * em)
    return next(near, (left, right))


def _column(region: Region, frames: Sequence[Frame], body: Face) -> Frame:
    """The column that most of a part of the page stands in."""
    text = _text(region, body)
    if _justified(text, body):
        return _edges(text)
    rows = text or region.rows
    found = _frame(rows, frames, body.size)
    if not region.column or len(frames) < 2 or found != frames[-1]:
        return found
    left, right = _edges(rows)
    width = median(b - a for a, b in frames[:-1])
    return left, max(right, left + width)


def _lead(found: Sequence[Region], body: Face) -> float:
    """The usual distance from one row of text to the next within a paragraph, in points."""
    steps = []
    for region in found:
        for above, row in zip(region.rows, region.rows[1:], strict=False):
            sizes = {round(above.size / body.size, 1), round(row.size / body.size, 1)}
            if sizes == {1.0} and 0.8 * body.size < above.base - row.base < 3 * body.size:
                steps.append(above.base - row.base)
    return sorted(steps)[len(steps) // 4] if steps else 1.5 * body.size


def _measured(
    region: Region, page: Page, frames: Sequence[Frame], body: Face, lead: float
) -> list[Measured]:
    em = body.size
    column = _column(region, frames, body)
    rows = []
    for n, row in enumerate(region.rows):
        above = region.rows[n - 1] if n else None
        inside = column[0] - _HANGING * em <= row.left and row.right <= column[1] + _HANGING * em
        left, right = column if inside else _frame([row], frames, em)
        larger = max(row.size, above.size if above else 0.0, em) / em
        indent, room = (row.left - left) / em, (right - row.right) / em
        rows.append(
            Measured(
                text=row.text,
                face=_face(row),
                page=page.number,
                indent=max(0.0, indent),
                room=room,
                centred=_centred(indent, room),
                cells=len(row.stretches),
                table=next((s.table for s in row.stretches if s.table), ()),
                starts=above is None,
                ends=n + 1 == len(region.rows),
                apart=above is not None and above.base - row.base > _APART * lead * larger,
                pictured=any(_beside(row, picture, em) for picture in page.pictures),
            )
        )
    return rows


def _centred(indent: float, room: float) -> bool:
    """Whether a row stands in the middle of its column, and is not indented and nearly full."""
    off, least = abs(indent - room), min(indent, room)
    return off <= 2 * _MID if least > 2.6 else least > 1.0 and off < 0.4 and abs(indent - 2) > 0.2


def _face(row: PdfRow) -> Face:
    """The face of a row; heavy only where hardly a character is not."""
    main = row.main.face
    light = sum(len(s.text) for s in row.stretches if not s.face.heavy)
    if main.heavy and light * 10 > len(row.text):
        return Face(main.size, main.font)
    return main


def _beside(row: PdfRow, picture: Picture, em: float) -> bool:
    """Whether `picture` is right above, below or beside `row`."""
    main = row.main
    across = min(row.right, picture.right) - max(row.left, picture.left)
    down = min(main.top, picture.top) - max(main.bottom, picture.bottom)
    if across > 0:
        return -_UNDER * em <= picture.bottom - main.top <= _UNDER * em or (
            -em / 2 <= main.bottom - picture.top <= 1.2 * em
        )
    return down > 0 and across > -1.5 * em
