"""From the cues of a chapter to what stands on the page: headings, paragraphs, tables, captions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from bobao.model import Bulletin, Chapter, Cue, LineKind

OPENING_TITLE = "开场"


class Shape(str, Enum):
    """How a block is set."""

    TEXT = "text"
    SUBHEAD = "subhead"
    CAPTION = "caption"
    TABLE = "table"
    ASIDE = "aside"  # said and not written: signposts, and what announces or ends a table
    SILENT = "silent"  # written and not said


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a part of one that is set differently. `rows` are the cells of a table.

    A table whose rows have not all as many cells has none and is set line by line.
    """

    shape: Shape
    cues: tuple[Cue, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    head: bool = False

    @property
    def level(self) -> int:
        """Of a subhead: its heading level, 3 to 6."""
        return min(max(self.cues[0].line.level, 3), 6)


def shown(cue: Cue) -> str:
    """What a reader sees of a line: the author's text, or, where there is none, what is said."""
    return cue.line.written if cue.line.written.strip() else cue.line.spoken


def heard(cue: Cue) -> bool:
    """Whether the line has a time to go to."""
    return cue.end_ms > cue.start_ms


def heading(chapter: Chapter) -> Cue | None:
    """The chapter's own heading, which is its first cue."""
    return chapter.cues[0] if chapter.cues and not chapter.cues[0].paragraph else None


def is_opening(bulletin: Bulletin, chapter: Chapter) -> bool:
    """Whether a chapter's heading is the title of the whole."""
    return chapter is bulletin.chapters[0]


def parted(before: Cue, after: Cue) -> bool:
    """Whether a blank stands between two sentences: between Latin ones, not between Chinese."""
    text, start = shown(before), shown(after)[:1]
    ending = [character for character in text[-4:] if character.isalnum()]
    latin = bool(ending) and (ending[-1] + start).isascii() and start.isalpha()
    return latin and not text[-1].isspace()


def spoken(chapter: Chapter) -> tuple[tuple[Cue, ...], ...]:
    """All that is heard of a chapter, its heading too, by paragraph; a table by its rows."""
    cues = [cue for cue in chapter.cues if heard(cue) and shown(cue).strip()]
    return tuple(tuple(run) for _, run in itertools.groupby(cues, key=_paragraph))


def blocks(chapter: Chapter) -> tuple[Block, ...]:
    """The chapter below its heading."""
    cues = chapter.cues[1:] if heading(chapter) else chapter.cues
    return tuple(_blocks([cue for cue in cues if shown(cue).strip()]))


def _blocks(cues: Sequence[Cue]) -> Iterator[Block]:
    for _, paragraph in itertools.groupby(cues, key=lambda cue: cue.paragraph):
        for shape, run in itertools.groupby(paragraph, key=_shape):
            members = tuple(run)
            if shape is Shape.SUBHEAD:
                yield from (Block(shape, (cue,)) for cue in members)
            elif shape is Shape.TABLE:
                yield _table(members)
            elif shape is Shape.TEXT and not any(map(heard, members)):
                yield Block(Shape.SILENT, members)
            else:
                yield Block(shape, members)


def _paragraph(cue: Cue) -> tuple[int, int]:
    return cue.paragraph, cue.start_ms if cue.line.kind is LineKind.TABLE else 0


_SHAPES = {
    LineKind.SUBHEAD: Shape.SUBHEAD,
    LineKind.CAPTION: Shape.CAPTION,
    LineKind.TABLE: Shape.TABLE,
    LineKind.SIGNPOST: Shape.ASIDE,
}


def _shape(cue: Cue) -> Shape:
    """A silent line inside a paragraph of text stays in it."""
    if not cue.line.written.strip():
        return Shape.ASIDE
    return _SHAPES.get(cue.line.kind, Shape.TEXT)


def _table(cues: tuple[Cue, ...]) -> Block:
    rows = tuple(map(_cells, cues))
    if len({len(row) for row in rows}) != 1 or len(rows[0]) < 2 or len(rows) < 2:
        return Block(Shape.TABLE, cues)
    announced = not cues[0].line.spans[0].written
    return Block(Shape.TABLE, cues, rows, head=announced)


def _cells(cue: Cue) -> tuple[str, ...]:
    """A row's cells; each but the last keeps the blank that parts it from the next.

    What parts two cells is a blank to the eye and a pause to the ear: a span of its own.
    """
    cells = [""]
    for span in cue.line.spans:
        cells[-1] += span.written
        if span.written == " " and span.spoken != " ":
            cells.append("")
    return tuple(cells)
