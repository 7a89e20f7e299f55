"""What a person should look at: the doubtful joins, kinds and dropped lines of an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bobao.model import BlockKind
from bobao.reading.decisions import Numbers, row_of
from bobao.reading.lines import Line
from bobao.reading.read import Reading
from bobao.reading.verdicts import Verdict

DOUBTFUL = 0.8
"""Confidence below which a decision is shown."""
_SHOWN = 30
_SEAM = 12
_ELSE = {
    BlockKind.TITLE: ("paragraph",),
    BlockKind.HEADING: ("paragraph", "caption"),
    BlockKind.PARAGRAPH: ("heading", "caption"),
    BlockKind.CAPTION: ("heading", "paragraph"),
    BlockKind.TABLE: (),
    BlockKind.META: ("paragraph", "furniture"),
    BlockKind.FURNITURE: ("paragraph",),
}
"""What else a line of a kind could be."""
_SHORT = 40.0
"""Em beyond which a line is no heading and no caption."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A decision on one line: its number in an editor, what was decided, why, and how surely.

    `decided` is a kind, ``joined`` (to the line before; then `shown` is the text on either side of
    the break, which a bar marks) or ``not read``. `others` are what else it could be, the likeliest
    first, `rows` the rows of the table of decisions that say so.
    """

    line: int
    decided: str
    shown: str
    reason: str
    confidence: float
    others: tuple[str, ...]
    rows: tuple[str, ...]


def doubts(reading: Reading, below: float = DOUBTFUL) -> list[Doubt]:
    """The decisions of `reading` with less confidence than `below`, in the order of the text."""
    numbers = Numbers(reading.article.text)
    return [
        _doubt(reading, numbers, n)
        for n, verdict in enumerate(reading.verdicts)
        if verdict.confidence < below and not _inside(reading, n)
    ]


def _inside(reading: Reading, n: int) -> bool:
    """Whether a line is one of several that are decided as one: rows of a table, a title's."""
    verdict = reading.verdicts[n]
    return verdict.joins is not None and verdict.kind in (BlockKind.TABLE, BlockKind.TITLE)


def _doubt(reading: Reading, numbers: Numbers, n: int) -> Doubt:
    verdict, line, text = reading.verdicts[n], reading.lines[n], reading.article.text
    at = numbers.at(line.start)
    others = tuple(dict.fromkeys(_others(verdict, line)))
    if not any(v.kind is BlockKind.PARAGRAPH for v in reading.verdicts[:n]):
        others = tuple(other for other in others if other != "join")
    rows = tuple(row_of(at, other, text[line.start : line.end]) for other in others)
    if verdict.joins is None:
        decided = "not read" if verdict.kind is BlockKind.FURNITURE else verdict.kind.value
        shown = _cut(text[line.start : line.end])
    else:
        decided = "joined"
        before = max(m for m in range(n) if verdict.joins in (m, reading.verdicts[m].joins))
        left = text[reading.lines[before].start : reading.lines[before].end]
        shown = f"…{left[-_SEAM:]}|{text[line.start : line.end][:_SEAM]}…"
    return Doubt(at, decided, shown, verdict.reason, verdict.confidence, others, rows)


def _others(verdict: Verdict, line: Line) -> Iterator[str]:
    if verdict.other:
        yield verdict.other
    if verdict.joins is not None:
        yield "split"
        return
    if verdict.kind is BlockKind.PARAGRAPH:
        yield "join"
    if line.width <= _SHORT:
        yield from _ELSE[verdict.kind]


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"
