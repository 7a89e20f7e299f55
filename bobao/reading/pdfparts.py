"""Rows: stretches of a PDF page on one baseline, and the parts of a page that are made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bobao.reading.pdfpage import Stretch

_MARKS = "，。、；：？！“”‘’（）《》「」『』【】〈〉"


@dataclass(slots=True)
class Row:
    """Stretches on one baseline in a part of the page."""

    stretches: list[Stretch]

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.stretches[0].left

    @property
    def right(self) -> float:
        """Its right edge."""
        return max(stretch.right for stretch in self.stretches)

    @property
    def base(self) -> float:
        """Its baseline."""
        return self.main.base

    @property
    def size(self) -> float:
        """The size of its type."""
        return self.main.face.size

    @property
    def main(self) -> Stretch:
        """The stretch with most characters."""
        return max(self.stretches, key=lambda stretch: len(stretch.text))

    @property
    def text(self) -> str:
        """Its text, with runs of spaces where there are gaps."""
        return "   ".join(stretch.text for stretch in self.stretches)


@dataclass(slots=True)
class Region:
    """The rows of one part of the page, from the top; `column`: others stand beside it."""

    rows: list[Row]
    column: bool = False


def page_rows(stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    """`stretches` as rows from the top, those of a row from the left."""
    rows: list[list[Stretch]] = []
    for stretch in sorted(stretches, key=lambda s: (-s.base, s.left)):
        last = rows[-1][0] if rows else None
        near = 0.4 * max(stretch.face.size, last.face.size) if last else 0.0
        if last is not None and last.base - stretch.base <= near:
            rows[-1].append(stretch)
        else:
            rows.append([stretch])
    return [sorted(row, key=lambda s: s.left) for row in rows]


def region_of(stretches: Sequence[Stretch]) -> Region:
    """`stretches` as the rows of one part."""
    return Region([Row(_side_by_side(row)) for row in page_rows(stretches)])


def _close(last: Stretch, stretch: Stretch) -> float:
    """How near two stretches of a row must be to be one; marks have white of their own."""
    wide = (last.text[-1:] in _MARKS) + (stretch.text[:1] in _MARKS)
    return stretch.face.size * (0.5 + 0.5 * wide)


def _side_by_side(row: list[Stretch]) -> list[Stretch]:
    """Stretches of a row, those with hardly a gap between them put together."""
    found: list[Stretch] = []
    for stretch in row:
        last = found[-1] if found else None
        if last is not None and stretch.left - last.right < _close(last, stretch):
            longer = max((last, stretch), key=lambda s: len(s.text))
            glue = " " if last.text[-1].isascii() and stretch.text[0].isascii() else ""
            text = last.text + glue + stretch.text
            right = max(last.right, stretch.right)
            found[-1] = Stretch(text, longer.face, last.left, right, longer.base, last.page)
        else:
            found.append(stretch)
    return found
