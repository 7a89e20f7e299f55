"""Encoding: the mastered sound goes once into the bulletin's MP3 and once into each chapter's.

Constant bit rate, so that every player can seek, with an Info header that says how many samples
the encoder added at both ends, so that the decoded length is exact. ffmpeg can only write that
header into a file it can go back in: never encode to a pipe.
"""

from __future__ import annotations

import functools
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bobao.errors import BobaoError
from bobao.mix import ffmpeg, levels, stream
from bobao.mix.ffmpeg import ONE_THREAD, OUT_RATE, PCM_IN
from bobao.mix.levels import Dip, turned_down
from bobao.mix.master import Setting, out_samples
from bobao.mix.stream import Sources
from bobao.mix.timeline import Stretch
from bobao.model import Loudness

BITRATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""kbit/s that MPEG-1 Layer III knows."""
FRAME = 1152
"""Samples of an MP3 frame."""
_PCM = ("-f", "f32le", "-ar", str(OUT_RATE), "-ac", "1", "-i", "pipe:0")


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a finished file decodes to."""

    samples: int  # at `OUT_RATE`
    loudness: Loudness


def encode(  # noqa: PLR0913 - what is encoded, where to, and how
    stretches: Sequence[tuple[Stretch, Setting, Path | None]],
    whole: Path,
    sources: Sources,
    *,
    bitrate: int,
    advance: Callable[[int], None],
    dips: Sequence[Dip] = (),
) -> None:
    """Write the MP3 of every chapter and, of the same samples, the bulletin's to `whole`.

    A chapter without a path is not written anew. `dips` are turned down. `advance` is told how many
    milliseconds are done. Raises `BobaoError` where ffmpeg fails or a chapter does not come out at
    its exact length.
    """
    done = 0
    with _Encoder(whole, bitrate) as all_chapters:
        for stretch, setting, path in stretches:
            expected = done + out_samples(stretch.samples)
            with _Encoder(path, bitrate) as chapter:

                def take(block: bytes, chapter: _Encoder = chapter) -> None:
                    nonlocal done
                    samples = turned_down(np.frombuffer(block, "<f4"), done, dips)
                    data = samples.astype("<f4", copy=False).tobytes()
                    for each in (chapter, all_chapters):
                        each.write(data)
                    done += len(samples)
                    advance(done * 1000 // OUT_RATE)

                feed = stream.pieces(stretch.events, sources, setting.level)
                ffmpeg.run(_mastered(stretch, setting), feed, take)
                chapter.finish()
            if done != expected:
                raise BobaoError(
                    f"a chapter came out {done - expected} samples too long",
                    where=str(path or whole),
                    advice="This ffmpeg resamples wrongly: try another, see `bobao doctor`.",
                )
        all_chapters.finish()


class _Encoder:
    """Writes an MP3 of the samples that it is given; without a path it drops them."""

    def __init__(self, path: Path | None, bitrate: int) -> None:
        self._path = path
        self._process = (
            ffmpeg.Process([*ONE_THREAD, *_PCM, *_mp3(bitrate, path)], reads=True) if path else None
        )

    def __enter__(self) -> _Encoder:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.kill()

    def write(self, data: bytes) -> None:
        if self._process and not self._process.write(data):
            self.finish()  # says why
            raise BobaoError("ffmpeg ended before its input did", where=str(self._path))

    def finish(self) -> None:
        if self._process:
            self._process.finish()


@functools.cache
def loss(bitrate: int) -> float:
    """By how many decibels the encoder changes the level of what it is given.

    LAME turns everything down a little (0.4 dB at 64 kbit/s), so that peaks it adds do not clip;
    how much depends on its version and the bit rate, so it is tried on a tone.
    """
    times = np.arange(2 * OUT_RATE) / OUT_RATE
    tone = (0.1 * np.sin(2 * np.pi * 1000 * times)).astype("<f4")
    heard = bytearray()
    with tempfile.TemporaryDirectory(prefix="bobao-") as folder:
        path = Path(folder) / "tone.mp3"
        ffmpeg.run([*_PCM, *_mp3(bitrate, path)], [tone.tobytes()])
        ffmpeg.run([*ffmpeg.source(path), "-f", "f32le", "pipe:1"], take=heard.extend)
    middle = np.frombuffer(heard, "<f4")[OUT_RATE // 2 : OUT_RATE * 3 // 2]
    return 20 * math.log10(float(np.sqrt(np.mean(np.square(middle)))) / (0.1 / math.sqrt(2)))


def check(path: Path) -> Decoded:
    """Decode a finished MP3 wholly. Raises `BobaoError` where it is damaged."""
    count = 0

    def take(block: bytes) -> None:
        nonlocal count
        count += len(block)

    out = ["-map", "0:a", "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"]
    chain = ["-af", levels.PEAK_METER]
    log = ffmpeg.run([*ONE_THREAD, *ffmpeg.source(path), *chain, *out], take=take)
    return Decoded(count // 2, levels.parse(log))


def _mastered(stretch: Stretch, setting: Setting) -> list[str]:
    """Arguments: master, resample to the exact length, to the output."""
    length = out_samples(stretch.samples)
    exact = f"aresample={OUT_RATE},apad=whole_len={length},atrim=end_sample={length}"
    return [*ONE_THREAD, *PCM_IN, "-af", f"{setting.filters},{exact}", "-f", "f32le", "pipe:1"]


def _mp3(bitrate: int, path: Path) -> list[str]:
    """Arguments for an MP3 without tags (ours come later) and without ffmpeg's version in it."""
    if bitrate not in BITRATES:
        raise BobaoError(
            f"MP3 has no bit rate of {bitrate} kbit/s",
            advice="Choose one of " + ", ".join(map(str, BITRATES)) + ".",
        )
    codec = ["-c:a", "libmp3lame", "-b:a", f"{bitrate}k", "-compression_level", "5"]
    header = ["-write_xing", "1", "-id3v2_version", "0", "-write_id3v1", "0"]
    same = ["-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1"]
    return [*codec, *header, *same, "-f", "mp3", "-y", f"file:{path.resolve()}"]
