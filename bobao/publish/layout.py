"""From the cues of a chapter to what stands on its page: headings, paragraphs, tables, captions.

And the two texts that follow from it: the bulletin as plain text, and what it is about in a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bobao.model import Bulletin, Chapter, Cue, LineKind
from bobao.publish.text import clean, written_day


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A paragraph, or a part of one that is set differently. `rows` are the cells of a table.

    `shape` is how it is set: as ``text``, ``subhead``, ``caption`` or ``table``; as ``aside`` what
    is said and not written (signposts, what announces or ends a table), as ``silent`` what is
    written and not said. A table whose rows have not all as many cells has no `rows` and is set
    line by line.
    """

    shape: str
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


def parts(chapter: Chapter) -> tuple[Cue, ...]:
    """The headings inside a chapter that are landmarks of their own: those just below it."""
    found = (cue for cue in chapter.cues if cue.line.kind is LineKind.SUBHEAD and heard(cue))
    return tuple(cue for cue in found if cue.line.level == 3 and shown(cue).strip())


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
        if shape == "subhead":
            yield from (PageBlock(shape, (cue,)) for cue in members)
        elif shape == "table":
            yield _table(members)
        elif shape == "text" and not any(map(heard, members)):
            yield PageBlock("silent", members)
        else:
            yield PageBlock(shape, members)


_BY_THEMSELVES = {LineKind.SUBHEAD, LineKind.CAPTION, LineKind.TABLE}


def _shape(cue: Cue) -> str:
    """A silent line inside a paragraph of text stays in it."""
    if not cue.line.written.strip() or cue.line.kind is LineKind.SIGNPOST:
        return "aside"
    return cue.line.kind.value if cue.line.kind in _BY_THEMSELVES else "text"


def _table(cues: tuple[Cue, ...]) -> PageBlock:
    rows = tuple(map(_cells, cues))
    if len({len(row) for row in rows}) != 1 or len(rows[0]) < 2 or len(rows) < 2:
        return PageBlock("table", cues)
    announced = not cues[0].line.spans[0].written
    return PageBlock("table", cues, rows, head=announced)


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
    if block.shape == "table":
        rows = block.rows or tuple((cue.line.shown,) for cue in block.cues)
        return "\n".join("\t".join(clean(cell).strip() for cell in row) for row in rows)
    if block.shape == "aside":
        return "\n".join(clean(cue.line.shown) for cue in block.cues)
    text = clean(block.cues[0].line.shown)
    for before, cue in zip(block.cues, block.cues[1:], strict=False):
        text += " " * parted(before, cue) + clean(cue.line.shown)
    silent_caption = block.shape == "caption" and not heard(block.cues[0])
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
