"""A finished MP3: its frames walked one by one, its samples decoded, what is heard kept as frames.

Source: ISO/IEC 11172-3 section 2.4.1.3 for the frame's head; the Info tag that LAME writes into the
first frame (Gabriel Bouvigne, MP3 Info Tag revision 1) for frame count, delay and padding.
libsndfile (with mpg123) decodes in this process, a quarter of the work of starting ffmpeg, and is
another decoder than the one the mix was checked with; where it was built without MP3, ffmpeg does.
"""

from __future__ import annotations

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
from bobao.model import Loudness
from bobao.verify.evidence import FileSound
from bobao.verify.frames import (
    Floats,
    Frames,
    dbtp,
    decibels,
    frames,
    integrated,
    joined,
    nothing,
    true_peak,
)
from bobao.voices.engine import Samples

FRAME = 1152
"""Samples of a frame of MPEG-1 Layer III."""

_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s
_RATES = (44_100, 48_000, 32_000)
_ID3_HEAD = 10
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stream:
    """What an MP3's frames say.

    `samples` is its length without the encoder's delay and padding, −1 without an Info tag.
    `told` is the number of frames in that tag, `frames` those that are there. `junk` is the first
    byte that is no frame of the same kind, −1 where there is none.
    """

    frames: int
    told: int
    samples: int
    junk: int


def walk(path: Path) -> Stream:
    """Walk through a file of constant bit rate; tags at its start are passed over.

    Raises `OSError` where it cannot be read.
    """
    with path.open("rb") as file:
        at = _tag_bytes(file.read(_ID3_HEAD))
        file.seek(at)
        data = file.read(_CHUNK)
        first = _head(data[:4])
        if first is None:
            return Stream(0, -1, -1, at)
        told, padding = _info(data[: _length(first)])
        # At low bit rates the frame with the tag is larger than those with sound.
        place = _length(first) if told >= 0 else 0
        kind, count = _kind(data[place : place + 4]), 0
        while place < len(data):
            if len(data) - place < 2 * FRAME:
                data, at, place = data[place:] + file.read(_CHUNK), at + place, 0
            head = _head(data[place : place + 4])
            length = _length(head) if head else 0
            if not head or _kind(data[place : place + 4]) != kind or len(data) - place < length:
                return Stream(count, told, _samples(told, padding), at + place)
            count += 1
            place += length
    return Stream(count, told, _samples(told, padding), -1)


def _samples(told: int, padding: int) -> int:
    return told * FRAME - padding if told >= 0 else -1


def _tag_bytes(head: bytes) -> int:
    if len(head) < _ID3_HEAD or head[:3] != b"ID3":
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return _ID3_HEAD + size


def _head(head: bytes) -> tuple[int, int, int] | None:
    """Bit rate in kbit/s, sample rate and padding byte of an MPEG-1 Layer III frame."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xFE != 0xFA:
        return None
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    if bitrate in {0, 15} or rate == 3:
        return None
    return _BITRATES[bitrate], _RATES[rate], head[2] >> 1 & 1


def _length(head: tuple[int, int, int]) -> int:
    bitrate, rate, padding = head
    return FRAME // 8 * bitrate * 1000 // rate + padding


def _kind(head: bytes) -> tuple[int, int, int]:
    """What stays the same in all frames: version, bit and sample rate, channels."""
    return head[1] & 0xFE, head[2] & 0xFC, head[3] & 0xC0


def _info(frame: bytes) -> tuple[int, int]:
    """Frames and samples of delay and padding as the Info tag tells them; −1 without one."""
    at = max(frame.find(b"Info", 0, 64), frame.find(b"Xing", 0, 64))
    if at < 0 or len(frame) < at + 144 or not frame[at + 7] & 1:
        return -1, 0
    flags, frames = struct.unpack(">II", frame[at + 4 : at + 12])
    after = at + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1)
    after += 4 * (flags >> 3 & 1)
    delays = int.from_bytes(frame[after + 21 : after + 24], "big")
    return frames, (delays >> 12) + (delays & 0xFFF)


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
        self._level: list[Halves] = []
        self._weighted: list[Halves] = []

    def reach(self, end: int, keep_from: int) -> None:
        """Go on to frame `end`, or the file's end, and forget what lies before `keep_from`."""
        while self._end < end and self._next():
            pass
        while self._held and self._held[0][0] + len(self._held[0][1]) <= keep_from:
            self._held.popleft()

    def to_the_end(self) -> None:
        """Go on to the file's end."""
        while self._next():
            self._held.clear()

    def between(self, start: int, end: int) -> Frames:
        """The frames from `start` to `end`, as far as they are held."""
        return joined([part.cut(start - at, end - at) for at, part in self._held] or [nothing()])

    def level(self) -> Floats:
        """The level of every step in dB."""
        return np.concatenate([*self._level, np.zeros(0, np.float16)]).astype(np.float32)

    def weighted(self, start: int = 0, end: int | None = None) -> Floats:
        """The weighted power of every frame from `start` to `end`."""
        decibel = np.concatenate([*self._weighted, np.zeros(0, np.float16)])[start:end]
        return np.asarray(10 ** (decibel.astype(np.float32) / 10), np.float32)

    def sound(self) -> FileSound:
        """What the file is, once all of it has been heard."""
        return self._played.sound(integrated(self.weighted()))

    def _next(self) -> bool:
        part = next(self._parts, None)
        if part is None:
            return False
        self._held.append((self._end, part))
        self._end += len(part)
        self._level.append(decibels(part.level).astype(np.float16))
        self._weighted.append(decibels(part.weighted).astype(np.float16))
        return True
