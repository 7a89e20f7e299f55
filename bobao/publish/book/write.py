"""Writing the EPUB file: a ZIP archive (OCF 3.3) whose bytes follow from the bulletin alone.

Nothing in it is compressed: the MP3s, nearly all of it, cannot be, and what a compressor makes
differs from one version of its library to the next.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bobao.errors import BobaoError
from bobao.files import written_aside
from bobao.model import Bulletin
from bobao.publish.book.facts import facts
from bobao.publish.book.layout import Page, pages
from bobao.publish.book.render import texts
from bobao.station.config import Station

MIMETYPE = b"application/epub+zip"
COVERS = ("cover.png", "cover.jpg")

_BLOCK = 1 << 20
_UNIX = 3
_MODE = 0o100644 << 16


def write_epub(
    bulletin: Bulletin, folder: Path, target: Path, station: Station, identifier: str = ""
) -> None:
    """Write the talking book of a bulletin to `target`.

    `folder` holds the bulletin's chapter files and its cover; they are copied a piece at a time.
    `identifier` (a URI such as ``urn:uuid:…``) names the book for ever; without one it is made
    from the station and the slug. Raises `BobaoError` if a chapter's file is not there or the
    target cannot be written.
    """
    about, leaves = facts(bulletin, station, identifier), pages(bulletin)
    if not leaves:
        raise BobaoError("the bulletin has no chapter", advice="Make it again: bobao mix.")
    cover = next((name for name in COVERS if (folder / name).is_file()), "")
    files = list(_files(folder, leaves, cover, bulletin.header.slug))
    with written_aside(target) as aside, zipfile.ZipFile(aside, "w") as book:
        stamp = _stamp(about.date)
        book.writestr(_entry("mimetype", stamp), MIMETYPE)
        for name, text in texts(about, leaves, cover).items():
            book.writestr(_entry(name, stamp), text.encode("utf-8"))
        for name, path in files:
            entry = _entry(name, stamp)
            entry.file_size = path.stat().st_size  # so that the archive knows when it needs ZIP64
            with path.open("rb") as source, book.open(entry, "w") as sink:
                shutil.copyfileobj(source, sink, _BLOCK)


def _files(
    folder: Path, leaves: tuple[Page, ...], cover: str, slug: str
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


def _entry(name: str, stamp: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, stamp)
    entry.create_system, entry.external_attr = _UNIX, _MODE
    return entry


def _stamp(date: str) -> tuple[int, int, int, int, int, int]:
    year, month, day = map(int, date[:10].split("-"))
    return (year, month, day, 0, 0, 0)
