"""The talking book, EPUB 3.3 with Media Overlays: each sentence with its clip of the audio.

The clips tile the chapter's own MP3: a clip lasts from its sentence's first sample to that of the
next one, so that the pauses, which are part of the reading, are heard; the last lasts to the end.
What is heard before the first sentence (a sting) belongs to the page's header.

The file is a ZIP archive (OCF 3.3) whose bytes follow from the bulletin alone. Nothing in it is
compressed: the MP3s, nearly all of it, cannot be, and what a compressor makes differs from one
version of its library to the next.
"""

from __future__ import annotations

import functools
import re
import shutil
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bobao.errors import BobaoError
from bobao.files import written_aside
from bobao.model import Bulletin, Chapter, Cue, Line, LineKind
from bobao.publish import outputs, pages
from bobao.publish.layout import heard
from bobao.publish.outputs import Masthead, Material
from bobao.publish.text import TURNING, smil_clock, xml_line, xml_text

if TYPE_CHECKING:
    from jinja2 import Environment

# ── The pages ───────────────────────────────────────────────────────────────────────────────────

_LABELS = {LineKind.CAPTION: "图片说明："}
"""Printed before a line whose kind is otherwise only heard."""


class Clip(NamedTuple):
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
        firsts = {each.id: each.cells[0] for each in self.sentences if each.cells}
        headed = firsts.pop(self.head, None) is not None
        named = all(any(map(str.isalpha, first)) for first in firsts.values())
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
    length = chapter.end_ms - chapter.start_ms
    starts = [cue.start_ms - chapter.start_ms for cue in chapter.cues if heard(cue)]
    clips = map(Clip, starts, [*starts[1:], length])
    said = [(at, cue, next(clips) if heard(cue) else None) for at, cue in enumerate(chapter.cues)]
    shown = [each for each in said if each[2] or each[1].line.written.strip()]
    heading, remark = BookSentence(f"s{number}-0", title, None), ""
    if shown and shown[0][0] == 0:
        _, cue, clip = shown.pop(0)
        heading, remark = _sentence(heading.id, cue, clip), xml_text(cue.line.remark)
    lead = Clip(0, starts[0] if starts else length)
    return BookPage(
        number=chapter.number,
        name=f"chapter-{number}",
        title=title,
        audio=chapter.file,
        duration_ms=length,
        heading=heading,
        blocks=tuple(_blocks(shown, number)),
        lead=lead if lead.end_ms else None,
        remark=remark,
    )


def _sentence(
    name: str, cue: Cue, clip: Clip | None, before: str = "", label: str = ""
) -> BookSentence:
    """A sentence: labelled if it is written, with a space before it where Latin text meets."""
    written = xml_text(cue.line.written).strip()
    text = written or xml_text(cue.line.spoken).strip()
    gap = " " if _latin(before[::-1]) and _latin(text) else ""
    cells = cells_of(cue.line) if cue.line.kind is LineKind.TABLE else ()
    return BookSentence(
        name, text, clip, not written, label if written else "", gap, tuple(map(xml_text, cells))
    )


def _latin(text: str) -> bool:
    """Whether the first letter or digit of `text` is ASCII."""
    return next((c.isascii() for c in text if c.isalnum()), False)


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


def _blocks(shown: Sequence[tuple[int, Cue, Clip | None]], number: str) -> Iterator[BookBlock]:
    """Group sentences that are of one paragraph and one kind; a subhead stands by itself."""

    def group(each: tuple[int, Cue, Clip | None]) -> tuple[int, LineKind, int]:
        at, cue, _ = each
        return cue.paragraph, cue.line.kind, at if cue.line.kind is LineKind.SUBHEAD else 0

    level = 1
    for place, (_, run) in enumerate(groupby(shown, key=group), start=1):
        members, sentences, before = [*run], list[BookSentence](), ""
        line = members[0][1].line
        label = _LABELS.get(line.kind, "")  # before the first that is written
        for at, cue, clip in members:
            sentences.append(_sentence(f"s{number}-{at}", cue, clip, before, label))
            before, label = sentences[-1].text, label if sentences[-1].said_only else ""
        if line.kind is LineKind.SUBHEAD:  # "### " is the first below the page's own heading
            level = min(max(line.level - 1, 2), level + 1, 6)  # and no level is left out
        widths = {len(each.cells) for each in sentences if not each.said_only}
        yield BookBlock(
            id=f"b{number}-{place}",
            kind=line.kind,
            sentences=tuple(sentences),
            level=level if line.kind is LineKind.SUBHEAD else 0,
            columns=max(widths) if len(widths) == 1 and max(widths) > 1 else 0,
            head=sentences[0].id if line.spans and not line.spans[0].written else "",
        )


# ── What is said about a book ───────────────────────────────────────────────────────────────────

FALLBACK_DATE = "1980-01-01"
"""For a bulletin without a date: the first that a ZIP archive can hold."""
_FEATURES = (
    *("displayTransformability", "readingOrder", "structuralNavigation", "synchronizedAudioText"),
    "tableOfContents",
)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:bobao:book")
_DATE = re.compile(r"(?:19[89]\d|20\d\d|210[0-7])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def facts(bulletin: Bulletin, station: Masthead, identifier: str = "") -> dict[str, Any]:
    """The metadata of a book; `identifier` (a URI) overrules the one of station and slug.

    Source: EPUB 3.3, EPUB Accessibility 1.1 and schema.org's accessibility properties. Conformance
    to EPUB Accessibility is not claimed: that takes a person who has evaluated this very book, and
    a program cannot say so of itself.
    """
    header, cues = bulletin.header, list(bulletin.cues())
    all_heard = all(heard(cue) or not cue.line.written.strip() for cue in cues)
    publisher, engine = xml_line(station.name), xml_line(bulletin.engine)
    voices = dict.fromkeys(xml_line(v) for v in (bulletin.voice, *(c.voice for c in cues)) if v)
    own = uuid.uuid5(_NAMESPACE, f"{station.name}\n{header.slug}").urn
    title = xml_line(header.title) or header.slug
    silent = "" if all_heard else "标为不播的文字（如署名）只显示、不朗读。"
    return {
        "identifier": identifier or own,
        "title": title,
        "language": station.language,
        "date": found[0] if (found := _DATE.match(header.date)) else FALLBACK_DATE,
        "author": xml_line(station.author) or publisher,
        "publisher": publisher,
        "narrators": [f"人工智能合成语音（{engine} {voice}）" for voice in voices],
        "description": f"《{title}》有声读本：全文逐句配有人工智能合成语音，文字与语音同步。",
        "modes": ("auditory", "textual"),
        "sufficient": ("textual", "auditory,textual", *(("auditory",) if all_heard else ())),
        "features": _FEATURES,
        "hazards": ("none",),
        "summary": "文字与合成语音逐句同步，包括标题，可听可读；可按章、按小标题跳转。"
        "阅读器支持时，可略过图片说明和报幕，可中途离开表格。除封面外没有图片。" + silent,
    }


# ── The texts in it ─────────────────────────────────────────────────────────────────────────────

SKIPPABLE = {LineKind.CAPTION: "figure", LineKind.SIGNPOST: "aside", LineKind.TABLE: "table"}
"""What a reader may switch off or leave midway: terms of the EPUB 3 Structural Semantics
Vocabulary 1.1, which names these three for Media Overlays."""


def texts(about: dict[str, Any], leaves: Sequence[BookPage], cover: str = "") -> dict[str, str]:
    """Every text of the book by its place in the archive; `cover` is the cover's file name."""
    shared = {
        "about": about,
        "pages": leaves,
        "cover": cover,
        "cover_type": outputs.media_type(cover),
        "active": "-epub-media-overlay-active",  # the class of the sentence that is being read
        "total_ms": sum(page.duration_ms for page in leaves),
    }
    package = "EPUB/package.opf"
    made = {"META-INF/container.xml": _render("container.xml", package=package)}
    for name in ("package.opf", "nav.xhtml", "toc.ncx", "style.css"):
        made[f"EPUB/{name}"] = _render(name, **shared)
    for page in leaves:
        made[f"EPUB/{page.name}.xhtml"] = _render("chapter.xhtml", page=page, **shared)
        made[f"EPUB/{page.name}.smil"] = _render("chapter.smil", page=page, skip=SKIPPABLE)
    return made


@functools.cache
def _environment() -> Environment:
    environment = pages.environment(__package__, keep_trailing_newline=True)
    environment.filters.update(clock=smil_clock, outline=_outline, one_line=xml_line)
    return environment


def _render(name: str, **values: object) -> str:
    return _environment().get_template(name).render(**values)


def _outline(page: BookPage) -> list[dict[str, Any]]:
    """The subheads of a page as a tree: the id and title of each, and those ``below`` it."""
    roots: list[dict[str, Any]] = []
    inside = [(0, roots)]
    for block in page.blocks:
        if block.level:
            heading, below = block.sentences[0], list[dict[str, Any]]()
            while inside[-1][0] >= block.level:
                inside.pop()
            inside[-1][1].append({"id": heading.id, "title": heading.text, "below": below})
            inside.append((block.level, below))
    return roots


# ── The archive ─────────────────────────────────────────────────────────────────────────────────

_UNIX, _MODE = 3, 0o100644 << 16


def write_epub(job: Material, target: Path) -> None:
    """Write the talking book of a bulletin to `target`.

    The bulletin's chapter files and its cover are copied from its folder, a piece at a time. Raises
    `BobaoError` if a chapter's file is not there or the target cannot be written.
    """
    bulletin, folder = job.bulletin, job.slot.folder
    about = facts(bulletin, job.slot.station, job.slot.identifier)
    leaves = book_pages(bulletin)
    if not leaves:
        raise BobaoError("the bulletin has no chapter", advice="Make it again: bobao mix.")
    cover = next((name for name in outputs.COVERS if (folder / name).is_file()), "")
    files = {f"EPUB/{cover}": folder / cover} if cover else {}
    for page in leaves:
        path = files[f"EPUB/{page.name}.mp3"] = folder / page.audio
        if not page.audio or not path.is_file():
            raise BobaoError(
                f"the audio of chapter {page.number} is gone",
                where=str(path),
                advice=f"Make the bulletin again: `bobao mix {bulletin.header.slug}`.",
            )
    year, month, day = map(int, about["date"].split("-"))

    def entry(name: str) -> zipfile.ZipInfo:
        made = zipfile.ZipInfo(name, (year, month, day, 0, 0, 0))
        made.create_system, made.external_attr = _UNIX, _MODE
        return made

    with written_aside(target) as aside, zipfile.ZipFile(aside, "w") as book:
        book.writestr(entry("mimetype"), b"application/epub+zip")
        for name, text in texts(about, leaves, cover).items():
            book.writestr(entry(name), text.encode("utf-8"))
        for name, path in files.items():
            copied = entry(name)
            copied.file_size = path.stat().st_size  # so that the archive knows when it needs ZIP64
            with path.open("rb") as source, book.open(copied, "w") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
