"""Loudness: measured by ffmpeg's ebur128 filter, roughly estimated beforehand from energy.

Integrated loudness, range and true peak are those of EBU R128 (Tech 3341, 3342; ITU-R BS.1770).
A mono file is measured as the one channel it is.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bobao.errors import BobaoError
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
