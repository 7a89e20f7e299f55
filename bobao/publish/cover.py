"""The cover: drawn, without letters (no Chinese font is small enough to bring along).

Bars of sound over rings that spread from them; colour and bars follow from the slug, so every
bulletin has its own and always the same. A square RGB PNG, as podcast shops ask.
"""

from __future__ import annotations

import colorsys
import functools
import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bobao.errors import BobaoError, refusals

SIDE = 1400
"""Pixels: the least that podcast shops take, so that the tag in each chapter stays small."""
LEAST, MOST = 1400, 3000
"""Pixels of a side (Apple, “Show cover”; PSP-1)."""
MOST_BYTES = 4_000_000
"""A cover goes into the file of every chapter."""
_ENDINGS = {"image/png": (".png",), "image/jpeg": (".jpg", ".jpeg")}
_HEADS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}

Field = NDArray[np.float32]

# ── A station's own ─────────────────────────────────────────────────────────────────────────────


def read(path: Path) -> bytes:
    """The bytes of a station's own cover. Raises `BobaoError` where it cannot be read."""
    advice = "Correct [podcast] cover in bobao.toml, or leave it empty: one is drawn then."
    with refusals("cannot read the cover", path, advice):
        return path.read_bytes()


def load(path: Path) -> bytes:
    """A station's own cover.

    Raises `BobaoError` for one that podcast directories would refuse or a tag cannot hold, and for
    one that is not whole.
    """
    data = read(path)
    found = list(faults(data, path.name))
    if found or len(data) > MOST_BYTES:
        raise BobaoError(
            "the cover would be refused: " + ("; ".join(found) or "it is too large"),
            where=str(path),
            advice=f"Give a square PNG or JPEG of {LEAST} to {MOST} pixels in RGB, "
            f"under {MOST_BYTES} bytes.",
        )
    try:
        Image.open(io.BytesIO(data)).load()
    except (OSError, SyntaxError, ValueError) as error:  # a picture that is cut off or broken
        raise BobaoError(
            f"the cover cannot be shown: {error}", where=str(path), advice="Save it again."
        ) from error
    return data


def faults(data: bytes, name: str) -> Iterator[str]:
    """What podcast directories would refuse in the picture that starts with `data`.

    `name` is its file name or URL.
    """
    kind = mime(data)
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        kind = ""
    if not kind:
        yield "it is no PNG or JPEG"
        return
    width, height = picture.size
    if width != height:
        yield f"it is not square ({width} × {height} pixels)"
    elif not LEAST <= width <= MOST:
        yield f"it has {width} × {height} pixels, not {LEAST} to {MOST} a side"
    if picture.mode != "RGB":
        yield "its colours are not plain RGB (grey, palette, CMYK or with transparency)"
    if not name.lower().endswith(_ENDINGS[kind]):
        yield f"its name does not end in {_ENDINGS[kind][0]}, which it is"


def mime(image: bytes) -> str:
    """The type of an image, known by its first bytes; empty for another."""
    return next((kind for head, kind in _HEADS.items() if image.startswith(head)), "")


# ── One that is drawn ───────────────────────────────────────────────────────────────────────────

_BARS = 13
_CENTRE = 0.56  # of the rings, from the top


def draw(slug: str) -> bytes:
    """The cover of a bulletin as PNG."""
    digest = hashlib.sha256(slug.encode("utf-8")).digest()
    light = _light(digest)
    shades = _shades(digest[0] / 256)
    return _png(np.take(shades, np.rint(light * 255).astype(np.uint8), axis=0))


@functools.cache
def _ground(side: int) -> Field:
    """What every cover has: light from above, and the rings. In a batch it is drawn once."""
    x, y = _axes(side)
    light = 0.10 + 0.12 * (1 - y) + np.zeros_like(x)
    away = np.hypot(x, y - _CENTRE)
    for ring in range(1, 7):
        edge = 0.008 + 0.0015 * ring - np.abs(away - 0.105 * ring)
        light = _over(light, edge, 0.5 - 0.055 * ring)
    return light


def _axes(side: int) -> tuple[Field, Field]:
    """The middles of the pixels: a row from the centre, a column from the top."""
    axis = ((np.arange(side) + 0.5) / side).astype(np.float32)
    return axis[None, :] - np.float32(0.5), axis[:, None]


def _light(digest: bytes) -> Field:
    """How light each pixel is, 0–1, edges smoothed over one pixel."""
    light: Field = _ground(SIDE).copy()
    x, y = _axes(SIDE)
    for bar in range(_BARS):
        middle = (bar - (_BARS - 1) / 2) * 0.052
        shape = 1 - abs(bar - (_BARS - 1) / 2) / (_BARS / 2)
        half = 0.03 + 0.17 * shape * (0.35 + 0.65 * digest[bar + 1] / 255)
        # Of the picture only what is near the bar: the rest it leaves.
        columns = slice(*np.searchsorted(x[0], (middle - 0.04, middle + 0.04)))
        rows = slice(*np.searchsorted(y[:, 0] - _CENTRE, (-half - 0.04, half + 0.04)))
        near = (rows, columns)
        over = np.maximum(np.abs(y[rows] - _CENTRE) - half, 0)
        outside = np.hypot(x[:, columns] - middle, over)
        under = _over(light[near], 0.033 - outside, 0.15)  # a rim that sets it off from the rings
        light[near] = _over(under, 0.016 - outside, 0.97)
    np.clip(light, 0, 1, out=light)
    return light


def _over(light: Field, inside: Field, value: float) -> Field:
    """`light` with `value` laid over it where `inside` (a distance from the edge) is positive."""
    cover = np.clip(inside * SIDE + 0.5, 0, 1)
    return np.asarray(light + cover * (value - light), np.float32)


def _shades(hue: float) -> NDArray[np.uint8]:
    """256 colours from dark to light round one hue, the light end a little warmer."""
    stops = np.array(
        [
            colorsys.hls_to_rgb(hue, 0.10, 0.60),
            colorsys.hls_to_rgb(hue, 0.42, 0.55),
            colorsys.hls_to_rgb((hue + 0.06) % 1, 0.96, 0.70),
        ]
    )
    steps = np.linspace(0, 1, 256)
    channels = [np.interp(steps, (0, 0.5, 1), stops[:, c]) for c in range(3)]
    return np.asarray(np.rint(np.stack(channels, axis=1) * 255), np.uint8)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """An RGB PNG (ISO/IEC 15948) of 72 dots an inch; rows are stored as changes from the last.

    Written here and not by Pillow, whose bytes change with its version: they are in the tags of
    every MP3, and a mix is the same for the same takes.
    """
    height, width, _ = pixels.shape
    rows = pixels.reshape(height, width * 3)
    change = np.diff(rows, axis=0, prepend=np.zeros((1, width * 3), np.uint8))
    filtered = np.concatenate([np.full((height, 1), 2, np.uint8), change], axis=1)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"sRGB", b"\0"),
        (b"pHYs", struct.pack(">IIB", 2835, 2835, 1)),
        (b"IDAT", zlib.compress(filtered.tobytes(), 6)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
