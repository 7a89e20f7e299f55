"""Toneless Mandarin syllables of a text, and how two rows of syllables differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_RUNS = re.compile(r"([㐀-鿿豈-﫿𠀀-𳏿〇]+)|([^\W_])")


def syllables(text: str) -> list[str]:
    """Pinyin without tones for each hanzi, the capital for each Latin letter, the rest left out."""
    from pypinyin import lazy_pinyin

    found: list[str] = []
    for run in _RUNS.finditer(text):
        found += lazy_pinyin(run[1].replace("〇", "零")) if run[1] else [run[2].upper()]
    return found


def errors(said: Sequence[str], heard: Sequence[str]) -> list[int]:
    """Errors at each syllable said: 1 where it was heard otherwise or not at all, plus what was
    heard too much after it. Their sum is the edit distance; before the first counts to the first.
    """
    rows = [list(range(len(heard) + 1))]
    for i, want in enumerate(said, 1):
        row, above = [i], rows[-1]
        for j, got in enumerate(heard, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (want != got)))
        rows.append(row)
    counts = [0] * (len(said) + 1)
    i, j = len(said), len(heard)
    while i or j:
        if i and j and rows[i][j] == rows[i - 1][j - 1] + (said[i - 1] != heard[j - 1]):
            counts[i] += said[i - 1] != heard[j - 1]
            i, j = i - 1, j - 1
        elif i and rows[i][j] == rows[i - 1][j] + 1:
            counts[i] += 1
            i -= 1
        else:
            counts[i] += 1
            j -= 1
    if said:
        counts[1] += counts[0]
    return counts[1:]


@dataclass(frozen=True)
class Place:
    """`row[start:end]`, `cost` edits away from what was looked for."""

    cost: int
    start: int
    end: int


def nearest(wanted: Sequence[str], row: Sequence[str]) -> Place:
    """Where in `row` is most like `wanted` (P. H. Sellers, The theory and computation of
    evolutionary distances, 1980).
    """
    line = [(0, j) for j in range(len(row) + 1)]  # cost and start of the best end at each j
    for i, want in enumerate(wanted, 1):
        fresh = [(i, 0)]
        for j, got in enumerate(row, 1):
            steps = ((line[j - 1], want != got), (line[j], 1), (fresh[-1], 1))
            fresh.append(min((cost + more, start) for (cost, start), more in steps))
        line = fresh
    cost, start, end = min((cost, start, j) for j, (cost, start) in enumerate(line))
    return Place(cost, start, end)


def times_in(row: Sequence[str], wanted: Sequence[str], tolerance: float) -> int:
    """How many times `row` holds `wanted`, each with at most that share of its syllables wrong."""
    if not wanted or len(row) < len(wanted) * (1 - tolerance):
        return 0
    place = nearest(wanted, row)
    if place.cost > tolerance * len(wanted) or place.end <= place.start:
        return 0
    before, after = row[: place.start], row[place.end :]
    return 1 + times_in(before, wanted, tolerance) + times_in(after, wanted, tolerance)
