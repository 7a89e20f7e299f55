"""What a person should look at: the doubtful joins, kinds and dropped lines of an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bobao.model import Article, Block, BlockKind
from bobao.reading.decisions import Numbers, row_of

DOUBTFUL = 0.8
"""Confidence below which a decision is shown."""
_SHOWN = 30
_SEAM = 12
_ELSE = {
    BlockKind.TITLE: ("paragraph",),
    BlockKind.LEAD: ("heading",),
    BlockKind.HEADING: ("paragraph", "caption"),
    BlockKind.PARAGRAPH: ("heading", "caption"),
    BlockKind.CAPTION: ("heading", "paragraph"),
    BlockKind.TABLE: (),
    BlockKind.META: ("paragraph", "furniture"),
    BlockKind.FURNITURE: ("paragraph",),
}
"""What else a block of a kind could be."""
_SHORT = 40
"""Characters beyond which text is no heading and no caption."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubtful block: the number of its line, what it was taken for, why, and how sure that is.

    `rows` are rows for the table of decisions that say otherwise; of a doubtful join `shown` is the
    text on either side of the break, which a bar marks.
    """

    line: int
    kind: BlockKind
    shown: str
    reason: str
    confidence: float
    rows: tuple[str, ...]


def doubts(article: Article) -> list[Doubt]:
    """The doubtful blocks of `article` in order."""
    numbers = Numbers(article.text)
    return [
        doubt
        for block in article.blocks
        if block.confidence < DOUBTFUL and block.source
        for doubt in _of(article.text, block, numbers)
    ]


def _of(text: str, block: Block, numbers: Numbers) -> Iterator[Doubt]:
    start, end = block.source[0]
    line, words = numbers.at(start), text[start:end]
    joined = block.kind in (BlockKind.PARAGRAPH, BlockKind.LEAD) and len(block.source) > 1
    if not joined:
        other = _ELSE[block.kind] if len(block.text) <= _SHORT else ()
        other = (*other, "join") if block.kind is BlockKind.PARAGRAPH else other
        rows = tuple(row_of(line, kind, words) for kind in other)
        yield Doubt(line, block.kind, _cut(block.text), block.reason, block.confidence, rows)
        return
    for (a, b), (c, d) in zip(block.source, block.source[1:], strict=False):
        at = numbers.at(c)
        shown = f"…{text[a:b][-_SEAM:]}|{text[c:d][:_SEAM]}…"
        rows = (row_of(at, "split", text[c:d]),)
        yield Doubt(at, block.kind, shown, "joined to the line before", block.confidence, rows)


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"
