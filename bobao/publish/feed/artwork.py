"""Artwork as Apple and PSP-1 want it, known from the first bytes of a file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bobao.errors import refusals

LEAST, MOST = 1400, 3000
"""Pixels of a side (Apple, “Show cover”; PSP-1)."""
ENDINGS = {"image/png": (".png",), "image/jpeg": (".jpg", ".jpeg")}
HEAD_BYTES = 262_144
"""Enough of a file to find its size, even behind a colour profile."""

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # JPEG: the markers that start a frame
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))  # markers without a length


@dataclass(frozen=True, slots=True)
class Artwork:
    """Type, size in pixels, and whether the colours are red, green and blue and nothing more."""

    type: str
    width: int
    height: int
    rgb: bool


def read(path: Path) -> bytes:
    """The bytes of a station's own cover. Raises `BobaoError` where it cannot be read."""
    with refusals(
        "cannot read the cover",
        path,
        "Correct [podcast] cover in bobao.toml, or leave it empty: one is drawn then.",
    ):
        return path.read_bytes()


def measure(data: bytes) -> Artwork | None:
    """The artwork that starts with `data`; None if it is no PNG or JPEG, or damaged."""
    try:
        return _png(data) if data.startswith(_PNG) else _jpeg(data)
    except (struct.error, IndexError):
        return None


def faults(artwork: Artwork | None, name: str) -> Iterator[str]:
    """What is wrong with artwork, `name` being its file name or URL."""
    if artwork is None:
        yield "it is no PNG or JPEG"
        return
    size = f"{artwork.width} × {artwork.height} pixels"
    if artwork.width != artwork.height:
        yield f"it is not square ({size})"
    elif not LEAST <= artwork.width <= MOST:
        yield f"it has {size}, not {LEAST} to {MOST} a side"
    if not artwork.rgb:
        yield "its colours are not plain RGB (grey, palette, CMYK or with transparency)"
    if not name.lower().endswith(ENDINGS[artwork.type]):
        yield f"its name does not end in {ENDINGS[artwork.type][0]}, which it is"


def _png(data: bytes) -> Artwork:
    width, height, _, colour = struct.unpack(">IIBB", data[16:26])
    return Artwork("image/png", width, height, colour == 2)


def _jpeg(data: bytes) -> Artwork | None:
    """A JPEG by its frame header (ISO/IEC 10918-1, B.2.2), past the segments before it."""
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            height, width, parts = struct.unpack(">HHB", data[at + 5 : at + 10])
            return Artwork("image/jpeg", width, height, parts == 3)
        at += 2 + max(2, struct.unpack(">H", data[at + 2 : at + 4])[0])
    return None
