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
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bobao.errors import BobaoError
from bobao.publish.feed import artwork

SIDE = 1400
"""Pixels: the least that podcast shops take, so that the tag in each chapter stays small."""
MOST_BYTES = 4_000_000
"""A cover goes into the file of every chapter."""

_BARS = 13
_CENTRE = 0.56  # of the rings, from the top
_KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}

Field = NDArray[np.float32]


def draw(slug: str) -> bytes:
    """The cover of a bulletin as PNG."""
    digest = hashlib.sha256(slug.encode("utf-8")).digest()
    light = _light(digest)
    shades = _shades(digest[0] / 256)
    return _png(np.take(shades, np.rint(light * 255).astype(np.uint8), axis=0))


def load(path: Path) -> bytes:
    """A station's own cover.

    Raises `BobaoError` for one that podcast directories would refuse or a tag cannot hold, and for
    one that is not whole.
    """
    data = artwork.read(path)
    faults = list(artwork.faults(artwork.measure(data), path.name))
    if faults or len(data) > MOST_BYTES:
        raise BobaoError(
            "the cover would be refused: " + ("; ".join(faults) or "it is too large"),
            where=str(path),
            advice=f"Give a square PNG or JPEG of {artwork.LEAST} to {artwork.MOST} pixels in RGB, "
            f"under {MOST_BYTES} bytes.",
        )
    try:
        Image.open(io.BytesIO(data)).load()
    except OSError as error:  # Pillow's word for a picture that is cut off or broken
        raise BobaoError(
            f"the cover cannot be shown: {error}", where=str(path), advice="Save it again."
        ) from error
    return data


def mime(image: bytes) -> str:
    """The type of an image, known by its first bytes; empty for another."""
    return next((kind for head, kind in _KINDS.items() if image.startswith(head)), "")


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
    """An RGB PNG (ISO/IEC 15948) of 72 dots an inch; rows are stored as changes from the last."""
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
