"""The texts inside the EPUB, each from its template. Everything is escaped; nothing is read."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bobao.model import LineKind
from bobao.publish import pages
from bobao.publish.book.clock import smil_clock
from bobao.publish.book.facts import Facts
from bobao.publish.book.layout import Page, one_line

if TYPE_CHECKING:
    from jinja2 import Environment

ACTIVE = "-epub-media-overlay-active"
"""The class of the sentence that is being read."""

SKIPPABLE = {
    LineKind.CAPTION: "figure",
    LineKind.SIGNPOST: "aside",
    LineKind.TABLE: "table",
}
"""What a reader may switch off or leave midway: terms of the EPUB 3 Structural Semantics
Vocabulary 1.1, which names these three for Media Overlays."""


@dataclass(slots=True)
class Entry:
    """A heading in the table of contents, and those below it."""

    id: str
    title: str
    below: list[Entry] = field(default_factory=list)


CONTAINER = "META-INF/container.xml"
PACKAGE = "EPUB/package.opf"


def texts(about: Facts, pages: tuple[Page, ...], cover: str = "") -> dict[str, str]:
    """Every text of the book by its place in the archive; `cover` is the cover's file name."""
    shared = {
        "about": about,
        "pages": pages,
        "cover": cover,
        "active": ACTIVE,
        "total_ms": sum(page.duration_ms for page in pages),
    }
    made = {
        CONTAINER: _render("container.xml", package=PACKAGE),
        PACKAGE: _render("package.opf", **shared),
        "EPUB/nav.xhtml": _render("nav.xhtml", **shared),
        "EPUB/toc.ncx": _render("toc.ncx", **shared),
        "EPUB/style.css": _render("style.css", **shared),
    }
    for page in pages:
        made[f"EPUB/{page.name}.xhtml"] = _render("chapter.xhtml", page=page, **shared)
        made[f"EPUB/{page.name}.smil"] = _render("chapter.smil", page=page, skip=SKIPPABLE)
    return made


@functools.cache
def _environment() -> Environment:
    environment = pages.environment(__package__, keep_trailing_newline=True)
    environment.filters.update(clock=smil_clock, outline=outline, one_line=one_line)
    return environment


def outline(page: Page) -> list[Entry]:
    """The subheads of a page as a tree."""
    roots: list[Entry] = []
    open_at: dict[int, Entry] = {}
    for block in page.blocks:
        if block.level:
            entry = Entry(block.sentences[0].id, block.sentences[0].text)
            above = max((level for level in open_at if level < block.level), default=0)
            (open_at[above].below if above else roots).append(entry)
            open_at = {level: e for level, e in open_at.items() if level < block.level}
            open_at[block.level] = entry
    return roots


def _render(name: str, **values: object) -> str:
    return _environment().get_template(name).render(**values)
