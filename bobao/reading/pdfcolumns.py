"""The reading order of a page: columns found by the white between them, then rows from the top.

A page is cut by white that runs through it from top to bottom, and where none does into bands, of
which those that share such white go together; then each part by itself (recursive X-Y cut).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from statistics import median

from bobao.reading.pdfpage import PdfStretch
from bobao.reading.pdfparts import PdfRow, Region, region_of

Interval = tuple[float, float]

_GUTTER = 0.7
"""Em of white between two columns at least."""
_COLUMN = 6.0
"""Em that a column of text is wide at least."""
_FULL = 0.55
"""Share of their column's width that rows of text fill on average; cells of tables fill less."""
_CELL = 9
"""Characters from which a row is more than the cell of a table."""
_DEEP = 12
_LEAST = 4.0
"""Points that text is high at least, for the widths of white."""
_HEADLINE = 1.3
"""Times that a headline over columns is larger than their text."""


def regions(stretches: Sequence[PdfStretch], em: float, depth: int = 0) -> list[Region]:
    """The parts of a page in reading order; `em` is the size of its text."""
    if not stretches:
        return []
    em = max(em, _LEAST)
    bands = _bands(stretches)
    parts = [] if _headline(bands, em) else _columns(stretches, em)
    if len(parts) > 1:
        inner = [region for part in parts for region in regions(part, em, depth + 1)]
        return [Region(region.rows, column=True) for region in inner]
    groups = _groups(bands, em)
    if len(groups) == 1 or depth >= _DEEP:
        return [region_of(stretches)]
    found: list[Region] = []
    joins = False
    for group in groups:
        inner = regions(group, em, depth + 1)
        if joins and len(inner) == 1:
            found[-1].rows += inner[0].rows
        else:
            found += inner
        joins = len(inner) == 1
    return found


def _white(stretches: Sequence[PdfStretch], em: float) -> list[Interval]:
    """The white inside the area of `stretches` that runs through from its top to its bottom."""
    found: list[Interval] = []
    ordered = sorted(stretches, key=lambda stretch: stretch.left)
    reach = ordered[0].right
    for stretch in ordered[1:]:
        if stretch.left - reach >= _GUTTER * em:
            found.append((reach, stretch.left))
        reach = max(reach, stretch.right)
    return found


def _columns(stretches: Sequence[PdfStretch], em: float) -> list[list[PdfStretch]]:
    """The columns of text that `stretches` stand in; one where they stand in no columns."""
    whole = list(stretches)
    cuts = [(a + b) / 2 for a, b in _white(stretches, em)]
    if not cuts:
        return [whole]
    parts: list[list[PdfStretch]] = [[] for _ in range(len(cuts) + 1)]
    for stretch in stretches:
        parts[sum(stretch.left > cut for cut in cuts)].append(stretch)
    parts = _wide_enough(parts, em)
    return parts if len(parts) > 1 and _are_text(parts, em) else [whole]


def _wide_enough(parts: list[list[PdfStretch]], em: float) -> list[list[PdfStretch]]:
    """`parts`, of which those that are too narrow (bullets, numbers) go with the next."""
    found: list[list[PdfStretch]] = []
    held: list[PdfStretch] = []
    for part in parts:
        held += part
        if max(s.right for s in held) - min(s.left for s in held) >= _COLUMN * em:
            found.append(held)
            held = []
    if held and found:
        found[-1] += held
    return found or [held]


def _are_text(parts: list[list[PdfStretch]], em: float) -> bool:
    """Whether `parts` are columns of text and no cells of a table."""
    sets = [region_of(part).rows for part in parts]
    if len(sets[0]) < 3 and not (len(sets) > 2 and len(sets[0]) == 2 and _long(sets)):
        return False
    return _filled(sets, em) and not _is_table(sets, em)


def _long(sets: Sequence[Sequence[PdfRow]]) -> bool:
    """Whether rows are longer than the cells of a table are."""
    return median(len(row.text) for rows in sets for row in rows) >= _CELL


def _filled(sets: Sequence[Sequence[PdfRow]], em: float) -> bool:
    """Whether rows fill their columns as text does: on average, or a good part of them wholly."""
    share = full = count = 0.0
    for rows in sets:
        left, right = min(row.left for row in rows), max(row.right for row in rows)
        if len(rows) > 1:
            count += len(rows)
            share += sum((row.right - row.left) / (right - left) for row in rows)
            full += sum(right - row.right <= 1.6 * em and len(row.text) >= _CELL for row in rows)
    return share >= _FULL * count or full >= max(3, 0.25 * count)


def _is_table(sets: Sequence[Sequence[PdfRow]], em: float) -> bool:
    """Whether rows stand side by side as those of a table do: level, short, not to the edge."""
    others = [row.base for rows in sets[1:] for row in rows]
    here = [row for row in sets[0] if min(others) - em < row.base < max(others) + em]
    bases = [sorted(row.base for row in rows) for rows in sets[1:]]
    level = sum(all(_near(row.base, places) for places in bases) for row in here)
    chars = median(len(row.text) for rows in sets for row in rows)
    right = max(row.right for row in sets[0])
    full = sum(right - row.right <= 1.6 * em for row in here)
    return level > 0.8 * len(here) and (chars < _CELL or full < 0.4 * len(here))


def _near(place: float, places: Sequence[float]) -> bool:
    """Whether one of `places`, in order, is within two points of `place`."""
    n = bisect_left(places, place - 2)
    return n < len(places) and places[n] < place + 2


def _bands(stretches: Sequence[PdfStretch]) -> list[list[PdfStretch]]:
    """`stretches` in bands from the top, between which white runs from left to right."""
    bands: list[list[PdfStretch]] = []
    low = 0.0
    for stretch in sorted(stretches, key=lambda s: (-s.top, s.left)):
        if bands and stretch.top > low:
            bands[-1].append(stretch)
            low = min(low, stretch.bottom)
        else:
            bands.append([stretch])
            low = stretch.bottom
    return bands


def _headline(bands: list[list[PdfStretch]], em: float) -> bool:
    """Whether a headline stands over the rest, or in the midst of it, across all columns."""
    return len(bands) > 1 and any(_large(band, em) for band in bands)


def _large(band: Sequence[PdfStretch], em: float) -> bool:
    return all(stretch.face.size >= _HEADLINE * em for stretch in band)


def _groups(bands: list[list[PdfStretch]], em: float) -> list[list[PdfStretch]]:
    """Bands that follow one another and share white from top to bottom, together."""
    left = min(s.left for band in bands for s in band)
    right = max(s.right for band in bands for s in band)
    groups: list[list[PdfStretch]] = []
    white: list[Interval] = []
    under = False  # a headline, where a byline may stand
    for band in bands:
        under = _large(band, em) or (under and len(band) == 1 and _middle(band[0], left, right, em))
        shared = _shared(white, _free(band, em))
        if groups and not under and _inside(shared, left, right, em):
            groups[-1] += band
            white = shared
        else:
            groups.append(list(band))
            white = [] if under else _free(band, em)
    return groups


def _middle(stretch: PdfStretch, left: float, right: float, em: float) -> bool:
    """Whether a stretch is centred between two edges."""
    return abs((stretch.left + stretch.right) - (left + right)) < 2 * em


def _free(band: Sequence[PdfStretch], em: float) -> list[Interval]:
    """The white beside and between the stretches of a band, where it is wide enough."""
    found: list[Interval] = []
    reach = float("-inf")
    for stretch in sorted(band, key=lambda s: s.left):
        if stretch.left - reach >= _GUTTER * em:
            found.append((reach, stretch.left))
        reach = max(reach, stretch.right)
    return [*found, (reach, float("inf"))]


def _shared(left: list[Interval], right: list[Interval]) -> list[Interval]:
    both = [(max(a, c), min(b, d)) for a, b in left for c, d in right]
    return [(a, b) for a, b in both if b > a]


def _inside(white: list[Interval], left: float, right: float, em: float) -> bool:
    """Whether one of the intervals is white between columns, or room for a whole one."""
    for a, b in white:
        beside = a < left or b > right
        if min(b, right) - max(a, left) >= (_COLUMN if beside else _GUTTER) * em:
            return True
    return False
