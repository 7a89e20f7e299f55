"""The pages of the talking book: a chapter's blocks, each sentence with its clip of the audio.

The clips tile the chapter's own MP3: a clip lasts from its sentence's first sample to that of the
next one, so that the pauses, which are part of the reading, are heard; the last lasts to the end.
What is heard before the first sentence (a sting) belongs to the page's header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bobao.model import Bulletin, Chapter, Cue, Line, LineKind
from bobao.publish.text import TURNING, xml_line, xml_text

_LABELS = {LineKind.CAPTION: "图片说明："}
"""Printed before a line whose kind is otherwise only heard."""


@dataclass(frozen=True, slots=True)
class Clip:
    """[begin_ms, end_ms) of the chapter's own audio file."""

    begin_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class BookSentence:
    """What the page shows for a cue. `said_only`: the author did not write it, the voice says it.

    `cells` are those of a table's row, where it has such.
    """

    id: str
    text: str
    clip: Clip | None
    said_only: bool = False
    label: str = ""
    gap: str = ""  # goes before it within its paragraph
    cells: tuple[str, ...] = ()

    @property
    def turned(self) -> bool:
        """Whether it holds marks of direction, which must not turn round what follows it."""
        return bool(TURNING.search(self.text))


@dataclass(frozen=True, slots=True)
class BookBlock:
    """Sentences that stand together: a paragraph, a subhead, a caption, a table.

    `level` is the HTML level of a subhead, 0 otherwise. `columns` is how many cells every row of a
    table has, 0 where its lines are not such rows; `head` is the id of the row that names them.
    """

    id: str
    kind: LineKind
    sentences: tuple[BookSentence, ...]
    level: int = 0
    columns: int = 0
    head: str = ""

    def runs(self) -> Iterator[tuple[bool, tuple[BookSentence, ...]]]:
        """The sentences in runs: those that are rows of a grid, and those that are not."""
        for grid, run in groupby(self.sentences, key=lambda s: bool(self.columns and s.cells)):
            yield grid, tuple(run)

    def scopes(self, row: BookSentence) -> tuple[str, str]:
        """What the first cell of a row heads, and what the others do: ``col``, ``row`` or nothing.

        The first column heads its rows where the columns have names and it has one in every row.
        """
        if row.id == self.head:
            return "col", "col"
        firsts = [each.cells[0] for each in self.sentences if each.cells and each.id != self.head]
        named = all(any(map(str.isalpha, first)) for first in firsts)
        headed = any(each.id == self.head and each.cells for each in self.sentences)
        return ("row" if headed and named else ""), ""

    @property
    def timed(self) -> tuple[BookSentence, ...]:
        """The sentences that are heard."""
        return tuple(each for each in self.sentences if each.clip)


@dataclass(frozen=True, slots=True)
class BookPage:
    """A chapter as a page: its heading and its blocks, and what is heard before the heading.

    `remark` is what is said with the heading and not written.
    """

    number: int
    name: str
    title: str
    audio: str
    duration_ms: int
    heading: BookSentence
    blocks: tuple[BookBlock, ...]
    lead: Clip | None = None
    remark: str = ""

    def sentences(self) -> Iterator[BookSentence]:
        """Every sentence in reading order, the heading first."""
        yield self.heading
        for block in self.blocks:
            yield from block.sentences


def book_pages(bulletin: Bulletin) -> tuple[BookPage, ...]:
    """The pages of a bulletin's book in order."""
    width = max(2, len(str(len(bulletin.chapters))))
    return tuple(_page(chapter, f"{chapter.number:0{width}d}") for chapter in bulletin.chapters)


def _page(chapter: Chapter, number: str) -> BookPage:
    title = xml_line(chapter.title) or f"第{chapter.number}章"
    clips, lead = _clips(chapter)
    shown = [(cue, _sentence(cue, f"s{number}-{at}", clips[at])) for at, cue in _numbered(chapter)]
    heading, remark = BookSentence(f"s{number}-0", title, None), ""
    if shown and shown[0][1].id == heading.id:
        cue, heading = shown.pop(0)
        remark = xml_text(cue.line.remark)
    return BookPage(
        number=chapter.number,
        name=f"chapter-{number}",
        title=title,
        audio=chapter.file,
        duration_ms=chapter.end_ms - chapter.start_ms,
        heading=heading,
        blocks=tuple(_blocks(shown, f"b{number}")),
        lead=lead,
        remark=remark,
    )


def _numbered(chapter: Chapter) -> Iterator[tuple[int, Cue]]:
    """The cues that there is something to show of, with their places."""
    for at, cue in enumerate(chapter.cues):
        if cue.line.written.strip() or _said(cue):
            yield at, cue


def cells_of(line: Line) -> tuple[str, ...]:
    """The written text of a table's row, cut where one cell ends and the next begins.

    Cells are parted by a span that is a space to the eye and a pause to the ear
    (`bobao.script.tablelines`). An editor may have changed that, and a cell may hold such a space
    itself; whoever asks has to see whether all rows agree.
    """
    row = [""]
    for span in line.spans:
        if span.written == " " and span.spoken in ("", "，", "；", "、"):
            row.append("")
        else:
            row[-1] += span.written
    return tuple(cell.strip() for cell in row) if line.written.strip() else ()


def _said(cue: Cue) -> bool:
    return cue.end_ms > cue.start_ms


def _clips(chapter: Chapter) -> tuple[list[Clip | None], Clip | None]:
    """A clip for each cue that is said, None for the others; and the clip before the first."""
    said = [at for at, cue in enumerate(chapter.cues) if _said(cue)]
    starts = [chapter.cues[at].start_ms - chapter.start_ms for at in said]
    ends = [*starts[1:], chapter.end_ms - chapter.start_ms]
    clips: list[Clip | None] = [None] * len(chapter.cues)
    for at, start, end in zip(said, starts, ends, strict=False):
        clips[at] = Clip(start, end)
    first = starts[0] if starts else chapter.end_ms - chapter.start_ms
    return clips, Clip(0, first) if first > 0 else None


def _sentence(cue: Cue, name: str, clip: Clip | None) -> BookSentence:
    written = xml_text(cue.line.written).strip()
    text = written or xml_text(cue.line.spoken).strip()
    cells = cells_of(cue.line) if cue.line.kind is LineKind.TABLE else ()
    return BookSentence(name, text, clip, said_only=not written, cells=tuple(map(xml_text, cells)))


def _blocks(shown: Iterable[tuple[Cue, BookSentence]], name: str) -> Iterator[BookBlock]:
    """Group sentences that are of one paragraph and one kind."""
    groups = groupby(shown, key=lambda pair: (pair[0].paragraph, pair[0].line.kind))
    runs = [[*run] for _, run in groups]
    heads = (
        [[pair] for pair in run] if run[0][0].line.kind is LineKind.SUBHEAD else [run]
        for run in runs
    )
    level = 1
    for at, run in enumerate((run for split in heads for run in split), start=1):
        line, sentences = run[0][0].line, [sentence for _, sentence in run]
        if line.kind is LineKind.SUBHEAD:  # "### " is the first below the page's own heading
            level = min(max(line.level - 1, 2), level + 1, 6)  # and no level is left out
        yield BookBlock(
            id=f"{name}-{at}",
            kind=line.kind,
            sentences=tuple(_joined(sentences, _LABELS.get(line.kind, ""))),
            level=level if line.kind is LineKind.SUBHEAD else 0,
            columns=_columns(sentences),
            head=sentences[0].id if line.spans and not line.spans[0].written else "",
        )


def _joined(sentences: Sequence[BookSentence], label: str) -> Iterator[BookSentence]:
    """Put a space where Latin text meets, and the label before the first that is written."""
    before = ""
    for each in sentences:
        gap = " " if _latin(before[::-1]) and _latin(each.text) else ""
        before = each.text
        yield replace(each, gap=gap, label="" if each.said_only else label)
        label = label if each.said_only else ""


def _latin(text: str) -> bool:
    """Whether the first letter or digit of `text` is ASCII."""
    return next((c.isascii() for c in text if c.isalnum()), False)


def _columns(sentences: Sequence[BookSentence]) -> int:
    """How many cells the rows of a table have, if each has as many and there are several."""
    widths = {len(each.cells) for each in sentences if not each.said_only} or {0}
    return next(iter(widths)) if len(widths) == 1 and max(widths) > 1 else 0
