"""From the cues of a chapter to what stands on its page: headings, paragraphs, tables, captions.

And the two texts that follow from it: the bulletin as plain text, and what it is about in a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from bobao.model import Bulletin, Chapter, Cue, LineKind
from bobao.publish.text import clean, written_day


class Shape(str, Enum):
    """How a part of a page is set."""

    TEXT = "text"
    SUBHEAD = "subhead"
    CAPTION = "caption"
    TABLE = "table"
    ASIDE = "aside"  # said and not written: signposts, and what announces or ends a table
    SILENT = "silent"  # written and not said


@dataclass(frozen=True, slots=True)
class PageBlock:
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


def parted(before: Cue, after: Cue) -> bool:
    """Whether a blank stands between two sentences: between Latin ones, not between Chinese."""
    text, start = shown(before), shown(after)[:1]
    ending = [character for character in text[-4:] if character.isalnum()]
    latin = bool(ending) and (ending[-1] + start).isascii() and start.isalpha()
    return latin and not text[-1].isspace()


def spoken(chapter: Chapter) -> tuple[tuple[Cue, ...], ...]:
    """All that is heard of a chapter, its heading too, by paragraph; a table by its rows."""
    cues = [cue for cue in chapter.cues if heard(cue) and shown(cue).strip()]
    runs = groupby(
        cues, key=lambda c: (c.paragraph, c.start_ms if c.line.kind is LineKind.TABLE else 0)
    )
    return tuple(tuple(run) for _, run in runs)


def blocks(chapter: Chapter) -> tuple[PageBlock, ...]:
    """The chapter below its heading."""
    cues = chapter.cues[1:] if heading(chapter) else chapter.cues
    return tuple(_blocks([cue for cue in cues if shown(cue).strip()]))


def _blocks(cues: Sequence[Cue]) -> Iterator[PageBlock]:
    for (_, shape), run in groupby(cues, key=lambda cue: (cue.paragraph, _shape(cue))):
        members = tuple(run)
        if shape is Shape.SUBHEAD:
            yield from (PageBlock(shape, (cue,)) for cue in members)
        elif shape is Shape.TABLE:
            yield _table(members)
        elif shape is Shape.TEXT and not any(map(heard, members)):
            yield PageBlock(Shape.SILENT, members)
        else:
            yield PageBlock(shape, members)


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


def _table(cues: tuple[Cue, ...]) -> PageBlock:
    rows = tuple(map(_cells, cues))
    if len({len(row) for row in rows}) != 1 or len(rows[0]) < 2 or len(rows) < 2:
        return PageBlock(Shape.TABLE, cues)
    announced = not cues[0].line.spans[0].written
    return PageBlock(Shape.TABLE, cues, rows, head=announced)


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


# ── Plain text ──────────────────────────────────────────────────────────────────────────────────


def plain_text(bulletin: Bulletin) -> str:
    """The bulletin as text: a paragraph a line, an empty line between, chapters set off.

    What is said and not written is in ［］; a table is its rows as the author wrote them.
    """
    header = bulletin.header
    top = [header.title, written_day(header.date)]
    paragraphs = [clean(line).strip() for line in top if line.strip()]
    for chapter in bulletin.chapters:
        head = heading(chapter)
        if head and chapter is bulletin.chapters[0]:
            paragraphs += [f"［{clean(head.line.remark)}］"] if head.line.remark else []
        elif head:
            paragraphs.append(f"【{clean(head.line.shown.strip() or chapter.title)}】")
        paragraphs += map(_plain, blocks(chapter))
    return "\n\n".join(paragraphs) + "\n"


def _plain(block: PageBlock) -> str:
    if block.shape is Shape.TABLE:
        rows = block.rows or tuple((cue.line.shown,) for cue in block.cues)
        return "\n".join("\t".join(clean(cell).strip() for cell in row) for row in rows)
    if block.shape is Shape.ASIDE:
        return "\n".join(clean(cue.line.shown) for cue in block.cues)
    text = clean(block.cues[0].line.shown)
    for before, cue in zip(block.cues, block.cues[1:], strict=False):
        text += " " * parted(before, cue) + clean(cue.line.shown)
    silent_caption = block.shape is Shape.CAPTION and not heard(block.cues[0])
    return f"（图片说明：{text.strip()}）" if silent_caption else text.strip()


SUMMARY = 96
"""Characters of a summary, about three lines on a phone."""
_STOP = re.compile(r"[。！？!?…]+[”’」』）)]*")
_PAUSES = ("[；;]", "[，,：:]", "、")


def summary(bulletin: Bulletin) -> str:
    """The first sentences of the author's text, at most `SUMMARY` characters of them.

    A first sentence that is longer is cut at a clause.
    """
    text = ""
    for chapter in bulletin.chapters:
        head = heading(chapter)
        for cue in chapter.cues:
            if cue is not head and heard(cue) and cue.line.kind is LineKind.TEXT:
                text += " ".join(cue.line.written.split())
                if len(text) > SUMMARY:
                    return _cut(text)
    return text


def _cut(text: str) -> str:
    start = text[: SUMMARY + 1]
    if ends := [found.end() for found in _STOP.finditer(start) if found.end() <= SUMMARY]:
        return start[: ends[-1]]
    for pause in _PAUSES:
        if ends := [at.start() for at in re.finditer(pause, start) if at.start() >= SUMMARY // 2]:
            return f"{start[: ends[-1]]}……"
    return f"{start[:SUMMARY]}……"
