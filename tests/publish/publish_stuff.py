"""Workspaces with finished bulletins, for the tests of publishing: small, and without speech."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path

from bobao.files import sha256
from bobao.model import Bulletin, Chapter, Cue, Header, Line, LineKind, Product, Span, Word
from bobao.publish import documents, manifest
from bobao.station.workspace import Workspace, create, locate

NAME = "永康播报"
BASE = "https://radio.example/pod/"
DRAWN = f"""\
[station]
name = "{NAME}"
author = "编辑部"
site = "{BASE}"
[podcast]
email = "editor@radio.example"
"""
SETTINGS = f'{DRAWN}cover = "ours.png"\n'  # drawing one takes most of a second
SOUND = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x50\xc4" * 64
TEXT = "这里有全市体量最大的小微园建设项目。这里夯实基层治理根基，实现全年信访下降！"


def picture(side: int = 1400, width: int = 0, colour: int = 2) -> bytes:
    """A PNG of one colour; `colour` as PNG has it: 2 is RGB, 6 with transparency."""
    width, channels = width or side, {0: 1, 2: 3, 6: 4}[colour]
    head = struct.pack(">IIBBBBB", width, side, 8, colour, 0, 0, 0)
    rows = zlib.compress(bytes((width * channels + 1) * side), 9)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


PICTURE = picture()


def workspace(folder: Path, settings: str = SETTINGS) -> Workspace:
    """A fresh workspace with these settings."""
    create(folder)
    (folder / "bobao.toml").write_text(settings, "utf-8")
    (folder / "ours.png").write_bytes(PICTURE)
    return locate(folder)


def bulletin_of(slug: str, title: str, date: str, chapters: tuple[str, ...], **more) -> Bulletin:
    """A bulletin with a heading and two sentences in each chapter."""
    made, now = [], 0
    for number, name in enumerate(chapters, start=1):
        start, cues = now, []
        for text in (name, *TEXT.splitlines()):
            words = tuple(
                Word(now + i * 200, now + i * 200 + 200, c, c) for i, c in enumerate(text)
            )
            end = now + 200 * len(text)
            cues.append(Cue(now, end, Line((Span(text, text),), LineKind.TEXT), words, f"t{now}"))
            now = end + 500
        made.append(
            Chapter(number, name, start, now, tuple(cues), f"chapters/{number:02}-{number}.mp3")
        )
    header = Header(slug, title, date, extra=tuple(more.get("extra", ())))
    return Bulletin(header, tuple(made), now, "tone", "1", "tone")


def add(
    place: Workspace,
    slug: str,
    title: str = "",
    date: str = "2026-11-22",
    chapters: tuple[str, ...] = ("开场", "建设走在前列"),
    sound: bytes = SOUND,
    **more,
) -> Path:
    """Put a finished bulletin into the output, as a mix would."""
    bulletin = bulletin_of(slug, title or f"标题{slug}", date, chapters, **more)
    folder = place.bulletin(slug)
    files = {
        f"{slug}.mp3": sound + slug.encode(),
        "cover.png": PICTURE,
        **{c.file: sound + c.title.encode() for c in bulletin.chapters},
        **{name: text.encode() for name, text in documents.documents(bulletin).items()},
    }
    products = tuple(Product(n, len(d), sha256(d)) for n, d in sorted(files.items()))
    text = manifest.render(replace(bulletin, products=products))
    for name, data in {**files, manifest.NAME: text.encode()}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def files_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and the time of its last change."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
