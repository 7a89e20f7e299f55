"""A finished MP3: its frames walked one by one, its samples decoded, what is heard kept as frames.

Source: ISO/IEC 11172-3 section 2.4.1.3 for the frame's head; the Info tag that LAME writes into the
first frame (Gabriel Bouvigne, MP3 Info Tag revision 1) for frame count, delay and padding.
libsndfile (with mpg123) decodes in this process, a quarter of the work of starting ffmpeg, and is
another decoder than the one the mix was checked with; where it was built without MP3, ffmpeg does.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bobao.errors import BobaoError
from bobao.mix import ffmpeg
from bobao.mix.encode import BITRATES, FRAME
from bobao.mix.ffmpeg import OUT_RATE
from bobao.model import Loudness
from bobao.verify.evidence import FileSound
from bobao.verify.frames import (
    LEVEL,
    NONE,
    WEIGHTED,
    Floats,
    Frames,
    dbtp,
    decibels,
    frames,
    true_peak,
)
from bobao.verify.frames import integrated as loudness_of
from bobao.voices.engine import Samples

_SLOTS = 0, *BITRATES  # kbit/s by their number in a frame's head


@dataclass(frozen=True, slots=True)
class Stream:
    """What an MP3's frames say.

    `samples` is its length without the encoder's delay and padding, −1 without an Info tag.
    `told` is the number of frames in that tag, `frames` those that are there. `junk` is the first
    byte that is no frame of the same kind, −1 where there is none.
    """

    frames: int = 0
    told: int = -1
    samples: int = -1
    junk: int = -1


def walk(path: Path) -> Stream:
    """Walk through a file of constant bit rate; a tag at its start is passed over.

    Raises `OSError` where it cannot be read.
    """
    if not path.stat().st_size:
        return Stream(junk=0)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = 0
        if data[:3] == b"ID3" and len(data) >= 10:
            at = 10 + sum((byte & 0x7F) << 7 * (3 - k) for k, byte in enumerate(data[6:10]))
        first = _length(data[at : at + 4])
        if not first:
            return Stream(junk=at)
        told, padding = _info(data[at : at + first])
        # At low bit rates the frame with the tag is larger than those with sound.
        at += first if told >= 0 else 0
        kind, count = _kind(data[at : at + 4]), 0
        while at < len(data):
            head = data[at : at + 4]
            length = _length(head)
            if not length or _kind(head) != kind or at + length > len(data):
                break
            at += length
            count += 1
        junk = at if at < len(data) else -1
    return Stream(count, told, told * FRAME - padding if told >= 0 else -1, junk)


def _length(head: bytes) -> int:
    """Bytes of the MPEG-1 Layer III frame at `OUT_RATE` that begins so, 0 for anything else."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xFE != 0xFA:
        return 0
    bitrate, rate, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if bitrate in {0, 15} or rate:
        return 0
    return FRAME // 8 * _SLOTS[bitrate] * 1000 // OUT_RATE + padding


def _kind(head: bytes) -> tuple[int, ...]:
    """What stays the same in all frames: version, bit and sample rate, channels."""
    return tuple(byte & mask for byte, mask in zip(head[1:], (0xFE, 0xFC, 0xC0), strict=False))


def _info(frame: bytes) -> tuple[int, int]:
    """Frames and samples of delay and padding as the Info tag tells them; −1 without one."""
    at = max(frame.find(b"Info", 0, 64), frame.find(b"Xing", 0, 64))
    if at < 0 or len(frame) < at + 144 or not frame[at + 7] & 1:
        return -1, 0
    flags, frames = struct.unpack(">II", frame[at + 4 : at + 12])
    sizes = enumerate((4, 4, 100, 4))  # of the fields that flags tell of
    after = at + 8 + sum(size for bit, size in sizes if flags >> bit & 1)
    delays = int.from_bytes(frame[after + 21 : after + 24], "big")
    return frames, (delays >> 12) + (delays & 0xFFF)


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


Halves = NDArray[np.float16]
"""Decibels, exact to 0.03: ten hours of steps are 7 MB."""


class Played:
    """The samples of a file as they are decoded, counted and their peak noted.

    A file that cannot be decoded ends early, and `sound` tells why.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._fault = path, ""
        self._peak, self._samples = 0.0, 0

    def __iter__(self) -> Iterator[Samples]:
        try:
            for block in blocks(self._path):
                self._peak = max(self._peak, true_peak(block))
                self._samples += len(block)
                yield block
        except BobaoError as error:
            self._fault = error.what

    def sound(self, integrated: float) -> FileSound:
        """What it was, once it has been heard."""
        measured = Loudness(integrated, dbtp(self._peak))
        try:
            stream = walk(self._path)
        except OSError as error:
            return FileSound(fault=f"cannot be read: {error.strerror or error}", loudness=measured)
        lost = max(0, stream.told - stream.frames) if stream.told >= 0 else 0
        return FileSound(self._fault, self._samples, stream.samples, lost, stream.junk, measured)


class Reel:
    """A file as frames: those round a place with spectra, all of them as levels."""

    def __init__(self, path: Path) -> None:
        self._played = Played(path)
        self._parts = frames(self._played, OUT_RATE)
        self._held: deque[tuple[int, Frames]] = deque()
        self._end = 0
        self._kept: list[Halves] = []

    def reach(self, end: float, keep_from: float) -> None:
        """Go on to frame `end`, or the file's end, and forget what lies before `keep_from`."""
        while self._end < end and (part := next(self._parts, None)) is not None:
            self._held.append((self._end, part))
            self._end += len(part)
            self._kept.append(decibels(part[:, [LEVEL, WEIGHTED]]).astype(np.float16))
            while self._held and self._held[0][0] + len(self._held[0][1]) <= keep_from:
                self._held.popleft()

    def between(self, start: int, end: int) -> Frames:
        """The frames from `start` to `end`, as far as they are held."""
        held = (part[max(0, start - at) : max(0, end - at)] for at, part in self._held)
        return np.concatenate([NONE, *held])

    def to_the_end(self) -> tuple[FileSound, Floats, Floats]:
        """What the file is; the level of every step in dB, the weighted power of every frame."""
        self.reach(math.inf, keep_from=math.inf)
        level, weighted = np.concatenate([NONE[:, :2], *self._kept]).astype(np.float32).T
        power = np.asarray(10 ** (weighted / 10), np.float32)
        return self._played.sound(loudness_of(power)), level, power
