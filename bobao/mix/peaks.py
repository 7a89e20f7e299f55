"""Peaks that the encoder adds, turned down where they are.

LAME at 64 kbit/s now and then rebuilds a wave 3 dB higher than it was given, at one place in ten
minutes of compressed speech. A lower ceiling for all of the sound does not help: the place stays as
high at −3.5 dBFS as at −2.5. Half a decibel less just there does, and nobody hears it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bobao.mix import ffmpeg
from bobao.mix.loudness import factor
from bobao.mix.master import ONE_THREAD, OUT_RATE
from bobao.voices.engine import Samples

LIMIT = -1.05
"""dBTP from which a place is turned down: under −1 by as much as two meters may differ."""
ROUNDS = 8
"""Encodings, each with the places of the last turned down, until none is left. An encoder's choices
further on may change with a place: two rounds are usual, three are rare."""
CROWD_S = 5.0
"""More places than one in so many seconds: then it is not the encoder, but the ceiling."""

_RATE = 192_000  # of ffmpeg's own true-peak meter
_APART = _RATE // 50  # peaks nearer than 20 ms are one place
_SURE_DB = 0.5
_HOLD, _RAMP = OUT_RATE // 100, OUT_RATE * 15 // 1000  # 10 ms to both sides, then 15 ms of slope


@dataclass(frozen=True, slots=True)
class Dip:
    """A place that is turned down: its sample in the bulletin at `OUT_RATE`, by how many dB."""

    at: int
    decibels: float

    @property
    def span(self) -> tuple[int, int]:
        """The samples that are touched."""
        return self.at - _HOLD - _RAMP, self.at + _HOLD + _RAMP

    def touches(self, start: int, end: int) -> bool:
        """Whether any of the samples from `start` to `end` is touched."""
        return self.span[0] < end and self.span[1] > start


def find(path: Path, start: int = 0) -> tuple[Dip, ...]:
    """What has to be turned down in a finished file, whose first sample is `start` in the bulletin.

    Raises `BobaoError` where it cannot be decoded.
    """
    limit, scan = factor(LIMIT), _Scan()

    def take(block: bytes) -> None:
        scan.add(np.frombuffer(block, "<f4"), limit)

    chain = ["-map", "0:a", "-af", f"aresample={_RATE}", "-f", "f32le", "pipe:1"]
    ffmpeg.run([*ONE_THREAD, *ffmpeg.source(path), *chain], take=take)
    return tuple(
        Dip(start + at * OUT_RATE // _RATE, 20 * float(np.log10(peak / limit)) + _SURE_DB)
        for at, peak in scan.places
    )


def merged(found: Iterable[Dip]) -> tuple[Dip, ...]:
    """The deepest of those that are so near that it does for the others.

    The whole and a chapter mostly show the same place: turned down for both, it would be twice as
    low as it must.
    """
    kept: list[Dip] = []
    for dip in sorted(found, key=lambda each: each.at):
        if kept and dip.at - kept[-1].at < _HOLD:
            kept[-1] = max(kept[-1], dip, key=lambda each: each.decibels)
        else:
            kept.append(dip)
    return tuple(kept)


def turned_down(samples: Samples, start: int, dips: Sequence[Dip]) -> Samples:
    """A piece of the bulletin, `start` its first sample, with the dips that fall into it."""
    near = [dip for dip in dips if dip.touches(start, start + len(samples))]
    if not near:
        return samples
    at, decibels = np.arange(start, start + len(samples)), np.zeros(len(samples))
    for dip in near:
        slope = np.clip((_HOLD + _RAMP - np.abs(at - dip.at)) / _RAMP, 0, 1)
        decibels -= dip.decibels * (0.5 - 0.5 * np.cos(np.pi * slope))
    return np.asarray(samples * 10 ** (decibels / 20), np.float32)


class _Scan:
    """The places in a stream that are over a limit: of each the highest sample and its size."""

    def __init__(self) -> None:
        self.places: list[tuple[int, float]] = []
        self._now, self._last = 0, -_APART

    def add(self, samples: Samples, limit: float) -> None:
        size = np.abs(samples)
        for at in np.flatnonzero(size > limit):
            here = (self._now + int(at), float(size[at]))
            if here[0] - self._last >= _APART:
                self.places.append(here)
            elif here[1] > self.places[-1][1]:
                self.places[-1] = here
            self._last = here[0]
        self._now += len(samples)
