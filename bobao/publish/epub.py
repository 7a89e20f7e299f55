"""The talking book as a file: a ZIP archive (OCF 3.3) whose bytes follow from the bulletin alone.

Nothing in it is compressed: the MP3s, nearly all of it, cannot be, and what a compressor makes
differs from one version of its library to the next.
"""

from __future__ import annotations

import functools
import re
import shutil
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bobao.errors import BobaoError
from bobao.files import written_aside
from bobao.model import Bulletin, LineKind
from bobao.publish import outputs, pages
from bobao.publish.book import BookPage, book_pages
from bobao.publish.site import Masthead, Material
from bobao.publish.text import smil_clock, xml_line

if TYPE_CHECKING:
    from jinja2 import Environment

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
    all_heard = all(cue.end_ms > cue.start_ms or not cue.line.written.strip() for cue in cues)
    publisher, engine = xml_line(station.name), xml_line(bulletin.engine)
    voices = dict.fromkeys(xml_line(v) for v in (bulletin.voice, *(c.voice for c in cues)) if v)
    title = xml_line(header.title) or header.slug
    own = uuid.uuid5(_NAMESPACE, f"{station.name}\n{header.slug}").urn
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


@dataclass(slots=True)
class TocEntry:
    """A heading in the table of contents, and those below it."""

    id: str
    title: str
    below: list[TocEntry] = field(default_factory=list)


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


def _outline(page: BookPage) -> list[TocEntry]:
    """The subheads of a page as a tree."""
    roots: list[TocEntry] = []
    open_at: dict[int, TocEntry] = {}
    for block in page.blocks:
        if block.level:
            entry = TocEntry(block.sentences[0].id, block.sentences[0].text)
            above = max((level for level in open_at if level < block.level), default=0)
            (open_at[above].below if above else roots).append(entry)
            open_at = {level: e for level, e in open_at.items() if level < block.level}
            open_at[block.level] = entry
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
    files = list(_files(folder, leaves, cover, bulletin.header.slug))
    year, month, day = map(int, about["date"].split("-"))

    def entry(name: str) -> zipfile.ZipInfo:
        made = zipfile.ZipInfo(name, (year, month, day, 0, 0, 0))
        made.create_system, made.external_attr = _UNIX, _MODE
        return made

    with written_aside(target) as aside, zipfile.ZipFile(aside, "w") as book:
        book.writestr(entry("mimetype"), b"application/epub+zip")
        for name, text in texts(about, leaves, cover).items():
            book.writestr(entry(name), text.encode("utf-8"))
        for name, path in files:
            copied = entry(name)
            copied.file_size = path.stat().st_size  # so that the archive knows when it needs ZIP64
            with path.open("rb") as source, book.open(copied, "w") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)


def _files(
    folder: Path, leaves: Sequence[BookPage], cover: str, slug: str
) -> Iterator[tuple[str, Path]]:
    """The places in the archive of the files that are taken over as they are."""
    if cover:
        yield f"EPUB/{cover}", folder / cover
    for page in leaves:
        path = folder / page.audio
        if not page.audio or not path.is_file():
            raise BobaoError(
                f"the audio of chapter {page.number} is gone",
                where=str(path),
                advice=f"Make the bulletin again: `bobao mix {slug}`.",
            )
        yield f"EPUB/{page.name}.mp3", path
