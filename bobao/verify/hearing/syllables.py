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


@dataclass(frozen=True, slots=True)
class Count:
    """Errors at one syllable.

    `lost`, 0 or 1: whether it was heard otherwise or not at all. `extra`: how many were heard too
    much after it (before the first: at the first).
    """

    lost: int
    extra: int


def errors(said: Sequence[str], heard: Sequence[str]) -> list[Count]:
    """The errors at each syllable said. All of them together are the edit distance."""
    rows = [list(range(len(heard) + 1))]
    for i, want in enumerate(said, 1):
        row, above = [i], rows[-1]
        for j, got in enumerate(heard, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (want != got)))
        rows.append(row)
    lost, extra = [0] * len(said), [0] * len(said)
    i, j = len(said), len(heard)
    while i:
        wrong = j > 0 and said[i - 1] != heard[j - 1]
        if j and rows[i][j] == rows[i][j - 1] + 1:
            extra[i - 1] += 1
            j -= 1
        elif j and rows[i][j] == rows[i - 1][j - 1] + wrong:
            lost[i - 1] = int(wrong)
            i, j = i - 1, j - 1
        else:
            lost[i - 1] = 1
            i -= 1
    if said:
        extra[0] += j
    return [Count(*pair) for pair in zip(lost, extra, strict=True)]


@dataclass(frozen=True, slots=True)
class Place:
    """`row[start:end]`, `cost` edits away from what was looked for."""

    cost: int
    start: int
    end: int


def nearest(wanted: Sequence[str], row: Sequence[str]) -> Place:
    """Where in `row` is most like `wanted`.

    Source: P. H. Sellers, The theory and computation of evolutionary distances, 1980.
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
