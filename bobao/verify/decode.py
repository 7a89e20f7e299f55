"""MP3 as a stream of samples, decoded in this process: a quarter of the work of starting ffmpeg.

libsndfile (with mpg123) is also another decoder than the one the mix was checked with. Where it was
built without MP3, ffmpeg does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bobao.errors import BobaoError
from bobao.mix import ffmpeg
from bobao.voices.engine import Samples

OUT_RATE = 44_100
"""Samples per second of everything that is published."""
_BLOCK = OUT_RATE


def blocks(path: Path) -> Iterator[Samples]:
    """The sound of a published file, mono at `OUT_RATE`, about a second at a time.

    Raises `BobaoError` where it is no MP3 of that kind; damage inside may only shorten it.
    """
    import soundfile

    if "MP3" not in soundfile.available_formats():
        yield from _by_ffmpeg(path)
        return
    try:
        with _forward(path) as file:
            if (file.samplerate, file.channels) != (OUT_RATE, 1):
                raise _unfit(path, f"it has {file.channels} × {file.samplerate} Hz")
            while len(block := file.read(_BLOCK, dtype="float32")):
                yield block
    except soundfile.LibsndfileError as error:
        raise _unfit(path, str(error)) from error


def _forward(path: Path) -> Any:
    """The file, to be read from front to back only.

    soundfile seeks to where it is after every read; there mpg123 begins anew and, at 32 kbit/s,
    leaves out a frame whose beginning lies further back than it looks.
    """
    import soundfile

    class Forward(soundfile.SoundFile):  # type: ignore[misc]
        def seekable(self) -> bool:
            return False

    return Forward(path)


def _by_ffmpeg(path: Path) -> Iterator[Samples]:
    out = ["-map", "0:a", "-ac", "1", "-ar", str(OUT_RATE), "-f", "f32le", "pipe:1"]
    with ffmpeg.Process(["-threads", "1", *ffmpeg.source(path), *out], talks=True) as process:
        for block in iter(lambda: process.output.read(4 * _BLOCK), b""):
            yield np.frombuffer(block, "<f4")
        process.finish()


def _unfit(path: Path, why: str) -> BobaoError:
    return BobaoError(
        f"cannot be decoded: {why}", where=path.name, advice="Make the bulletin again: bobao mix."
    )
