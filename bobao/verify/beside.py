"""What lies beside the sound, made again from the bulletin and compared byte for byte.

Texts are written again by what wrote them; tags, the talking book and the feed are read back, and
what is in them compared with what would be put there. So faults of a disk or a hand show; those of
the writers do not: their own tests read their work with other people's readers.
"""

from __future__ import annotations

import filecmp
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from bobao.errors import BobaoError
from bobao.files import sha256, sha256_of
from bobao.mix import tags
from bobao.mix.styles import MixOptions, Names
from bobao.model import Bulletin
from bobao.publish import manifest, outputs
from bobao.publish.siteplan import standing
from bobao.station.config import Config
from bobao.station.versions import NUMBERS
from bobao.station.workspace import Workspace
from bobao.verify.evidence import Finding, Where

_OF_THE_MAKING = {"TENC", "TSSE"}
"""Frames that tell of the program, which may be newer today."""
_NO_ARCHIVE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)


def beside(workspace: Workspace, slug: str, bulletin: Bulletin) -> Iterator[Finding]:
    """What is wrong with the texts, tags, book and feeds of a bulletin.

    Those of the mix are looked at where this bobao would make the same, those of the site where
    they were published as they would be now: what is stale is no damage.
    """
    folder = workspace.bulletin(slug)
    place = Where(file=workspace.relative(folder) + "/")
    listed, texts = {product.name for product in bulletin.products}, dict[str, str]()
    if bulletin.mix == NUMBERS["mix"]:
        texts = {**outputs.texts(bulletin), manifest.NAME: manifest.render(bulletin)}
        yield from _tagged(workspace.config, bulletin, folder, place)
    for name in texts.keys() - listed - {manifest.NAME}:
        yield Finding("files.unlisted", _in(place, name))
    for path in sorted(folder.glob("chapters/*.mp3")):
        if f"chapters/{path.name}" not in listed:
            yield Finding("files.extra", _in(place, f"chapters/{path.name}"))
    try:
        site = standing(workspace, slug, bulletin, sha256_of(folder / manifest.NAME))
    except BobaoError as error:
        yield Finding("pages.unmade", Where(file=error.where), {"why": error.what})
        return
    for name, text in texts.items():
        if (folder / name).is_file():
            yield from _text(
                (folder / name).read_bytes(), text.encode("utf-8"), _in(place, name), "texts.differ"
            )
    with tempfile.TemporaryDirectory(prefix="bobao-") as room:
        for name, make in site.files.items():
            yield from _made(folder / name, make, Path(room, "again"), _in(place, name))
    for name, page in site.feeds.items():
        yield from _listed(
            workspace.site / name, page, Where(file=workspace.relative(workspace.site) + f"/{name}")
        )


def _in(place: Where, name: str) -> Where:
    return replace(place, file=place.file + name)


def _made(path: Path, make: Callable[[Path], None], again: Path, where: Where) -> Iterator[Finding]:
    """A file of the site, which `make` makes once more at `again`."""
    if not path.is_file():
        yield Finding("pages.missing", where)
        return
    try:
        make(again)
    except BobaoError as error:
        yield Finding("pages.unmade", where, {"why": error.what})
        return
    if not filecmp.cmp(path, again, shallow=False):
        if zipfile.is_zipfile(again):
            yield from _book(path, again, where)
        else:
            yield from _text(path.read_bytes(), again.read_bytes(), where, "pages.differ")


def _text(is_: bytes, want: bytes, where: Where, message: str) -> Iterator[Finding]:
    """The first line that is another."""
    if is_ == want:
        return
    lines = (data.decode("utf-8", errors="replace").split("\n") for data in (is_, want))
    for number, (one, other) in enumerate(zip_longest(*lines, fillvalue=""), start=1):
        if one != other:
            values = {"line": str(number), "is": near(one, other), "want": near(other, one)}
            yield Finding(message, where, values)
            return
    yield Finding(message, where, {"line": "1", "is": "?", "want": ""})


def near(text: str, other: str) -> str:
    """A text from shortly before where it is another."""
    same = next((k for k, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), None)
    start = min(len(text), len(other)) if same is None else same
    return text[max(0, start - 5) :][:30]


def _book(path: Path, again: Path, where: Where) -> Iterator[Finding]:
    """Every entry of the archive, by name: there, whole (CRC-32), and what it should be."""
    try:
        with zipfile.ZipFile(path) as is_, zipfile.ZipFile(again) as want:
            there, wanted = is_.namelist(), want.namelist()
            for name in dict.fromkeys([*wanted, *there]):
                if fault := _entry(is_, want, name):
                    message, why = fault
                    yield Finding(message, where, {"entry": name, "why": why})
            if there != wanted and set(there) == set(wanted):
                yield Finding("book.differs", where, {"entry": "mimetype", "why": ""})
    except _NO_ARCHIVE as error:
        yield Finding("book.unreadable", where, {"why": str(error)})


def _entry(is_: zipfile.ZipFile, want: zipfile.ZipFile, name: str) -> tuple[str, str] | None:
    if name not in is_.namelist():
        return "book.missing", ""
    if name not in want.namelist():
        return "book.extra", ""
    try:
        same = is_.read(name) == want.read(name)
    except _NO_ARCHIVE as error:
        return "book.damaged", str(error)
    return None if same else ("book.differs", "")


def _tagged(config: Config, bulletin: Bulletin, folder: Path, place: Where) -> Iterator[Finding]:
    """The ID3 tags of the bulletin's own MP3 and of every chapter's."""
    options = MixOptions(
        bulletin.engine,
        bulletin.engine_version,
        bulletin.voice,
        station=config.station.name,
        author=config.station.author,
        label=Names(**asdict(config.label)),
    )
    digests = {product.sha256 for product in bulletin.products}
    covers = (path.read_bytes() for path in sorted(folder.glob("cover.*")))
    picture = next((data for data in covers if sha256(data) in digests), b"")
    names = [f"{bulletin.header.slug}.mp3", *(chapter.file for chapter in bulletin.chapters)]
    for name, wanted in zip(names, tags.of(bulletin, options, picture), strict=True):
        yield from _tag(folder / name, wanted, _in(place, name))


def _tag(path: Path, wanted: tags.Tags, where: Where) -> Iterator[Finding]:
    from mutagen import MutagenError
    from mutagen.id3 import ID3

    try:
        found: Any = ID3(path, translate=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, MutagenError) as error:
        yield Finding("tags.unreadable", where, {"why": str(error)})
        return
    frames = {frame.HashKey: frame for frame in tags.frames(wanted)}
    for key, frame in frames.items():
        is_ = found.get(key)
        same = is_ is not None and tags.as_bytes(is_) == tags.as_bytes(frame)
        if key not in _OF_THE_MAKING and not same:
            one, other = _told(is_), _told(frame)
            values = {"frame": key, "is": near(one, other), "want": near(other, one)}
            yield Finding("tags.differ", where, values)
    marks, own = ([key for key in each if key.startswith("C")] for each in (found, frames))
    if marks != own and set(own) <= set(marks):  # players show chapters in the order of the file
        yield Finding(
            "tags.differ", where, {"frame": "CTOC", "is": str(len(marks)), "want": str(len(own))}
        )


def _told(frame: Any) -> str:
    """What a frame says, for a person."""
    text = getattr(frame, "text", None) or getattr(frame, "child_element_ids", None)
    if text is None and hasattr(frame, "start_time"):
        title = "".join(map(_told, frame.sub_frames.values()))
        text = f"{frame.start_time}–{frame.end_time} {title}"
    return "/".join(map(str, text)) if isinstance(text, list) else str(text or "")


def _listed(path: Path, page: bytes, where: Where) -> Iterator[Finding]:
    """The entries of a page of a feed; `page` has those that it should have, among others."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        found = {item.findtext("guid"): item for item in etree.parse(path, parser).iter("item")}
    except (OSError, etree.XMLSyntaxError) as error:
        yield Finding("feed.unreadable", where, {"why": str(error)})
        return
    for item in etree.fromstring(page, parser).iter("item"):
        title, there = item.findtext("title"), found.get(item.findtext("guid"))
        if there is None:
            yield Finding("feed.missing", where, {"title": title})
            continue
        for one, other in zip_longest(*map(_elements, (there, item)), fillvalue=("", "")):
            if one != other:
                values = {"title": title, "element": other[0] or one[0]}
                values |= {"is": near(one[1], other[1]), "want": near(other[1], one[1])}
                yield Finding("feed.differs", where, values)
                break


def _elements(item: Any) -> list[tuple[str, str]]:
    """The elements of an entry: the name and the canonical form of each."""
    from lxml import etree

    exclusive = {"method": "c14n", "exclusive": True, "with_tail": False}
    return [
        (etree.QName(each).localname, etree.tostring(each, **exclusive).decode("utf-8"))
        for each in item
    ]
