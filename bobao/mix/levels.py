"""Loudness: measured by ffmpeg's ebur128 filter, roughly estimated beforehand from energy.

Integrated loudness, range and true peak are those of EBU R128 (Tech 3341, 3342; ITU-R BS.1770).
A mono file is measured as the one channel it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bobao.errors import BobaoError
from bobao.mix import ffmpeg
from bobao.mix.ffmpeg import ONE_THREAD, OUT_RATE
from bobao.model import Loudness
from bobao.voices.engine import Samples

METER = "ebur128=framelog=verbose"
PEAK_METER = f"{METER}:peak=true"
"""The true peak is found at four times the rate and costs as much again."""
SILENT_LUFS = -69.0
"""ebur128 gives −70 where no block passes its gate."""

_NUMBER = r"(-?(?:[0-9.]+|inf|nan))"
_SUMMARY = {
    "integrated": re.compile(rf"\bI:\s+{_NUMBER} LUFS"),
    "range": re.compile(rf"\bLRA:\s+{_NUMBER} LU\b"),
    "true_peak": re.compile(rf"\bPeak:\s+{_NUMBER} dBFS"),
}
_BLOCK = 480  # 20 ms: short enough to leave out the gaps between syllables
_LOWEST = -60.0  # dBFS: quieter blocks are silence
_GATE = 10.0  # dB under the mean: quieter blocks do not count, as in BS.1770


def parse(log: str) -> Loudness:
    """The loudness in the summary that ends ffmpeg's log; true peak −inf where not asked for.

    Raises `BobaoError` where there is no summary.
    """
    summary = log.rpartition("Summary:")[2]
    found = {name: pattern.search(summary) for name, pattern in _SUMMARY.items()}
    if "Summary:" not in log or found["integrated"] is None:
        raise BobaoError(
            "ffmpeg did not report the loudness", advice="Try another one: see `bobao doctor`."
        )
    values = {name: float(match[1]) for name, match in found.items() if match}
    return Loudness(
        integrated=values["integrated"],
        true_peak=values.get("true_peak", -math.inf),
        range=values.get("range", 0.0),
    )


def _empty() -> NDArray[np.float64]:
    return np.zeros(int(-_LOWEST * 2) + 1)


@dataclass(slots=True)
class Meter:
    """The level of speech in dBFS: energy over the blocks that are not pauses.

    It keeps a histogram in steps of half a decibel, so its size does not grow with the sound.
    """

    _counts: NDArray[np.float64] = field(default_factory=_empty)
    _energy: NDArray[np.float64] = field(default_factory=_empty)

    def add(self, samples: Samples) -> None:
        """Take in a stretch of sound."""
        whole = samples[: len(samples) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
        energy = np.mean(np.square(whole, dtype=np.float64), axis=1)
        step = np.clip(-20 * np.log10(np.maximum(energy, 1e-12)), 0, len(self._counts) - 1)
        step = step.astype(np.intp)
        self._counts += np.bincount(step, minlength=len(self._counts))
        self._energy += np.bincount(step, energy, minlength=len(self._counts))

    def level(self) -> float | None:
        """The level; None where there was only silence."""
        mean = self._mean(len(self._counts) - 1)
        if mean is None:
            return None
        gated = self._mean(int(2 * (_GATE - mean)) + 1)
        return mean if gated is None else gated

    def _mean(self, steps: int) -> float | None:
        """The mean level of the blocks in the first `steps` half decibels under full scale."""
        count = self._counts[: max(steps, 1)].sum()
        energy = self._energy[: max(steps, 1)].sum()
        return 10 * math.log10(energy / count) if count and energy else None


def level_of(samples: Samples) -> float | None:
    """The level of a short piece, see `Meter`."""
    meter = Meter()
    meter.add(samples)
    return meter.level()


def factor(decibels: float) -> float:
    """The factor for samples that decibels stand for."""
    return float(10 ** (decibels / 20))


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
