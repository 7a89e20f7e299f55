"""The rows of a PDF in reading order, measured against the column that they stand in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bobao.reading.lines import width_of
from bobao.reading.pdfchars import Face, Page, Picture
from bobao.reading.pdfcolumns import Region, Row, regions

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
    starts: bool = False  # the first of its part of the page
    ends: bool = False  # the last of it
    apart: bool = False  # more white above it than between two rows of text
    pictured: bool = False  # a picture is right above, below or beside it

    @property
    def width(self) -> float:
        """Em, as counted in characters."""
        return width_of(self.text)

    def full(self, after: str) -> bool:
        """Whether it reaches the right edge, but for a mark or a word that `after` starts with."""
        word = 0
        while word < len(after) and after[word].isascii() and not after[word].isspace():
            word += 1
        return self.room <= _SLACK + min(6.0, word / 2)


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
    frames = _frames([region for part in found.values() for region in part], body)
    lead = _lead([region for part in found.values() for region in part], body)
    rows: list[Measured] = []
    for page in pages:
        for region in found[page.number]:
            rows += _measured(region, page, frames, body, lead)
    return rows


def _edges(region: Region) -> tuple[float, float]:
    return min(row.left for row in region), max(row.right for row in region)


def _frames(found: Sequence[Region], body: Face) -> list[tuple[float, float]]:
    """The left and right edges of the columns of text, the narrowest first."""
    frames = []
    for region in found:
        text = [row for row in region if abs(row.size - body.size) < 0.1 * body.size]
        if len(text) >= _FRAME_ROWS:
            frames.append(_edges(text))
    whole = [edge for region in found for edge in _edges(region)]
    if whole:
        frames.append((min(whole), max(whole)))
    return sorted(frames, key=lambda frame: frame[1] - frame[0])


def _frame(region: Region, frames: Sequence[tuple[float, float]], em: float) -> tuple[float, float]:
    """The column that a part of the page stands in: the narrowest that holds it."""
    left, right = _edges(region)
    near = (f for f in frames if f[0] - _HANGING * em <= left and right <= f[1] + _HANGING * em)
    return next(near, (left, right))


def _lead(found: Sequence[Region], body: Face) -> float:
    """The usual distance from one row of text to the next, in points."""
    steps = [
        above.base - row.base
        for region in found
        for above, row in zip(region, region[1:], strict=False)
        if abs(above.size - body.size) < 0.05 * body.size and abs(row.size - body.size) < 0.05 * body.size
    ]
    near = [step for step in steps if 0.8 * body.size < step < 3 * body.size]
    return median(near) if near else 1.5 * body.size


def _measured(
    region: Region, page: Page, frames: Sequence[tuple[float, float]], body: Face, lead: float
) -> list[Measured]:
    em = body.size
    left, right = _frame(region, frames, em)
    rows = []
    for n, row in enumerate(region):
        step = region[n - 1].base - row.base if n else 0.0
        larger = max(row.size, region[n - 1].size if n else 0.0, em) / em
        indent, room = (row.left - left) / em, (right - row.right) / em
        rows.append(
            Measured(
                text=row.text,
                face=_face(row),
                page=page.number,
                indent=max(0.0, indent),
                room=room,
                centred=abs(indent - room) <= 2 * _MID and min(indent, room) > 1.0,
                cells=len(row.stretches),
                starts=n == 0,
                ends=n + 1 == len(region),
                apart=n > 0 and step > _APART * lead * larger,
                pictured=any(_beside(row, picture, em) for picture in page.pictures),
            )
        )
    return rows


def _face(row: Row) -> Face:
    """The face of a row; heavy only where hardly a character is not."""
    main = row.main.face
    light = sum(len(s.text) for s in row.stretches if not s.face.heavy)
    if main.heavy and light * 10 > len(row.text):
        return Face(main.size, main.font)
    return main


def _beside(row: Row, picture: Picture, em: float) -> bool:
    """Whether `picture` is right above, below or beside `row`."""
    main = row.main
    across = min(row.right, picture.right) - max(row.left, picture.left)
    down = min(main.top, picture.top) - max(main.bottom, picture.bottom)
    if across > 0:
        return -_UNDER * em <= picture.bottom - main.top <= _UNDER * em or (
            -em / 2 <= main.bottom - picture.top <= 1.2 * em
        )
    return down > 0 and across > -1.5 * em
