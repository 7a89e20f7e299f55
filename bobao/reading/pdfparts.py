"""Rows: stretches of a PDF page on one baseline, and the parts of a page that are made of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bobao.reading.lines import width_of
from bobao.reading.pdfpage import Page, PdfStretch
from bobao.reading.tablefiles import SHORT, fold, said_of

_MARKS = "，。、；：？！“”‘’（）《》「」『』【】〈〉"


@dataclass(slots=True)
class PdfRow:
    """Stretches on one baseline in a part of the page."""

    stretches: list[PdfStretch]

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
    def main(self) -> PdfStretch:
        """The stretch with most characters."""
        return max(self.stretches, key=lambda stretch: len(stretch.text))

    @property
    def text(self) -> str:
        """Its text, with runs of spaces where there are gaps."""
        return "   ".join(stretch.text for stretch in self.stretches)


@dataclass(slots=True)
class Region:
    """The rows of one part of the page, from the top; `column`: others stand beside it."""

    rows: list[PdfRow]
    column: bool = False


def page_rows(stretches: Sequence[PdfStretch]) -> list[list[PdfStretch]]:
    """`stretches` as rows from the top, those of a row from the left."""
    rows: list[list[PdfStretch]] = []
    for stretch in sorted(stretches, key=lambda s: (-s.base, s.left)):
        last = rows[-1][0] if rows else None
        near = 0.4 * max(stretch.face.size, last.face.size) if last else 0.0
        if last is not None and last.base - stretch.base <= near:
            rows[-1].append(stretch)
        else:
            rows.append([stretch])
    return [sorted(row, key=lambda s: s.left) for row in rows]


def region_of(stretches: Sequence[PdfStretch]) -> Region:
    """`stretches` as the rows of one part."""
    return Region([PdfRow(_side_by_side(row)) for row in page_rows(stretches)])


def _close(last: PdfStretch, stretch: PdfStretch) -> float:
    """How near two stretches of a row must be to be one; marks have white of their own."""
    wide = (last.text[-1:] in _MARKS) + (stretch.text[:1] in _MARKS)
    return stretch.face.size * (0.5 + 0.5 * wide)


def _side_by_side(row: list[PdfStretch]) -> list[PdfStretch]:
    """Stretches of a row, those with hardly a gap between them put together."""
    found: list[PdfStretch] = []
    for stretch in row:
        last = found[-1] if found else None
        if last is not None and stretch.left - last.right < _close(last, stretch):
            longer = max((last, stretch), key=lambda s: len(s.text))
            glue = " " if last.text[-1].isascii() and stretch.text[0].isascii() else ""
            text = last.text + glue + stretch.text
            right = max(last.right, stretch.right)
            found[-1] = PdfStretch(text, longer.face, last.left, right, longer.base, last.page)
        else:
            found.append(stretch)
    return found


_ROWS = 3
"""Rows at the head and at the foot of a page among which running heads are looked for."""
_MARGIN = 0.16
"""Share of a page's height at its head and its foot where they may stand."""
_SHIFT = 3.0
"""Points that their height may differ from page to page."""
_SMALL = 0.9
_CLEAR = 2.2
"""Em from a lone running head down to the text at least."""
_ISSUE = re.compile(r"第.{1,6}[期号卷版]|\d版|星期|周[一二三四五六日]|\d{4}年|\d{4}[-/.]\d")
_NUMBERS = re.compile(r"\d+|[〇零一二三四五六七八九十百]+")
_NUMBERED = ("a page number", "a bare number")


def margins(pages: Sequence[Page], em: float) -> dict[int, list[tuple[str, str]]]:
    """Take the running heads and page numbers out of `pages`: (text, what it is) by page number.

    `em` is the size of the document's text.
    """
    seen: dict[str, list[tuple[int, float]]] = defaultdict(list)
    near: list[tuple[Page, list[PdfStretch], str, float]] = []
    for page in pages:
        for row in _edges(page):
            text = "   ".join(stretch.text for stretch in row)
            near.append((page, row, text, row[0].base))
            seen[_key(text)].append((page.number, row[0].base))
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for page, row, text, base in near:
        reason = _reason(text, base, seen[_key(text)], page.number)
        if not reason and not page.number and _lone_head(page, row, em):
            reason = "a running head, small and apart"
        if reason:
            found[page.number].append((text, reason))
            gone = {id(stretch) for stretch in row}
            page.stretches = [stretch for stretch in page.stretches if id(stretch) not in gone]
    return found


def _lone_head(page: Page, row: list[PdfStretch], em: float) -> bool:
    """Whether a row in smaller type stands by itself above all that is on its page."""
    below = [stretch.base for stretch in page.stretches if stretch.base < row[0].base - em / 2]
    above = any(stretch.base > row[0].base + em / 2 for stretch in page.stretches)
    above = above or any(picture.top > row[0].base for picture in page.pictures)
    text = "".join(stretch.text for stretch in row)
    most = 1.05 if _ISSUE.search(text) else _SMALL
    small = all(stretch.face.size <= most * em for stretch in row)
    return small and not above and bool(below) and row[0].base - max(below) > _CLEAR * em


def _edges(page: Page) -> list[list[PdfStretch]]:
    rows = page_rows([stretch for stretch in page.stretches if not stretch.table])
    low, high = _MARGIN * page.height, (1 - _MARGIN) * page.height
    head = [row for row in rows[:_ROWS] if row[0].base > high]
    foot = [row for row in rows[-_ROWS:] if row[0].base < low and row not in head]
    return head + foot


def _key(text: str) -> str:
    return _NUMBERS.sub("0", fold(text)).replace(" ", "")


def _reason(text: str, base: float, seen: Sequence[tuple[int, float]], number: int) -> str:
    said = said_of(fold(text), width_of(text), "any") if width_of(text) <= SHORT else None
    if said is not None and said[1] in _NUMBERED:
        return "a page number, in the margin"
    if text[-1] in "。，；：、！？":
        return ""
    others = any(page != number and abs(base - at) <= _SHIFT for page, at in seen)
    return "a running head, on several pages" if others else ""
