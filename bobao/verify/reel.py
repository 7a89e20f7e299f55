"""A finished file heard once from front to back; a short stretch of it is held with its spectra."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bobao.errors import BobaoError
from bobao.model import Loudness
from bobao.verify import decode, loudness, mp3
from bobao.verify.evidence import Sound
from bobao.verify.frames import Floats, Frames, decibels, frames, joined, nothing
from bobao.voices.engine import Samples

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
            for block in decode.blocks(self._path):
                self._peak = max(self._peak, loudness.true_peak(block))
                self._samples += len(block)
                yield block
        except BobaoError as error:
            self._fault = error.what

    def sound(self, integrated: float) -> Sound:
        """What it was, once it has been heard."""
        measured = Loudness(integrated, loudness.dbtp(self._peak))
        try:
            stream = mp3.walk(self._path)
        except OSError as error:
            return Sound(fault=f"cannot be read: {error.strerror or error}", loudness=measured)
        lost = max(0, stream.told - stream.frames) if stream.told >= 0 else 0
        return Sound(self._fault, self._samples, stream.samples, lost, stream.junk, measured)


class Reel:
    """A file as frames: those round a place with spectra, all of them as levels."""

    def __init__(self, path: Path) -> None:
        self._played = Played(path)
        self._parts = frames(self._played, decode.OUT_RATE)
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

    def sound(self) -> Sound:
        """What the file is, once all of it has been heard."""
        return self._played.sound(loudness.integrated(self.weighted()))

    def _next(self) -> bool:
        part = next(self._parts, None)
        if part is None:
            return False
        self._held.append((self._end, part))
        self._end += len(part)
        self._level.append(decibels(part.level).astype(np.float16))
        self._weighted.append(decibels(part.weighted).astype(np.float16))
        return True
