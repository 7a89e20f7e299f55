"""Loudness (EBU R128, ITU-R BS.1770-4) and true peak, measured anew and not by the mix's meter.

The loudness comes from the spectra that are taken anyway; it agrees with ffmpeg's ebur128 within
0.1 LU. The true peak is looked for where samples are high enough to have one beside them.
"""

from __future__ import annotations

import functools
import math

import numpy as np

from bobao.model import GRID_MS
from bobao.verify.evidence import Quiet
from bobao.verify.frames import PER_SECOND, Floats
from bobao.voices.engine import Samples

_BLOCK = PER_SECOND * 4 // 10  # 400 ms
_STEP = PER_SECOND // 10  # three quarters of each block over the one before
_NEAR = 3 * PER_SECOND // 10
_OFFSET = -0.691
_ABSOLUTE, _RELATIVE = -70.0, -10.0

NEAR = 0.58
"""Between samples under this there is no peak over −1 dBTP: nothing in a bulletin is over 12 kHz,
and a wave of 12 kHz is caught at 0.656 of its height or more when 44,100 samples a second are."""
LULL_DB = 17.0
"""So far under its own sentence speech is hardly heard: what is 20 dB under all of it may be nearer
to what is beside it."""
_TAPS = 32
_PHASES = 4  # BS.1770: four times the rate


def integrated(weighted: Floats) -> float:
    """The integrated loudness in LUFS of frames' weighted power; −70 where all is silence."""
    sums = np.concatenate([[0.0], np.cumsum(weighted, dtype=np.float64)])
    length = min(_BLOCK, len(weighted))
    power = (sums[length:] - sums[:-length])[::_STEP] / max(length, 1)
    gated = power[_lufs(power) > _ABSOLUTE]
    if not len(gated):
        return _ABSOLUTE
    gated = gated[_lufs(gated) > _lufs(gated.mean()) + _RELATIVE]
    return float(_lufs(gated.mean()))


def lull(weighted: Floats, level: float) -> Quiet:
    """The longest stretch of a sentence in which all that is heard lies far under its own level.

    Single frames do not count: a click does not end a silence, nor a soft consonant make one.
    """
    sums = np.concatenate([[0.0], np.cumsum(weighted, dtype=np.float64)])
    limit = _NEAR * 10 ** ((level - _OFFSET - LULL_DB) / 10)
    low = sums[_NEAR:] - sums[:-_NEAR] < limit
    edges = np.flatnonzero(np.diff(np.concatenate([[False], low, [False]]).astype(np.int8)))
    runs = (
        (end - start - 1 + _NEAR, start) for start, end in zip(edges[::2], edges[1::2], strict=True)
    )
    length, start = max(runs, default=(0, 0))
    return Quiet(int(start) * GRID_MS, int(length) * GRID_MS)


def true_peak(samples: Samples) -> float:
    """The highest peak, between samples too where they are over `NEAR`; full scale is 1."""
    size = np.abs(samples)
    peak = float(size.max(initial=0.0))
    high = np.flatnonzero(size > NEAR)
    if not len(high):
        return peak
    padded = np.pad(samples, _TAPS)
    around = padded[high[:, None] + np.arange(_TAPS // 2, _TAPS // 2 + _TAPS + 1)]
    return max(peak, float(np.abs(around @ _kernel()).max()))


def dbtp(peak: float) -> float:
    """A peak in dBTP, −∞ for none."""
    return 20 * math.log10(peak) if peak > 0 else -math.inf


def _lufs(power: np.ndarray | float) -> np.ndarray:
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(power, 1e-12)))


@functools.cache
def _kernel() -> Floats:
    """The values at quarters before and after the middle of 33 samples: windowed sinc."""
    taps = np.arange(_TAPS + 1) - _TAPS // 2
    at = np.array([k / _PHASES for k in range(1 - _PHASES, _PHASES) if k])
    distance = taps[:, None] - at[None, :]
    window = np.cos(np.pi * distance / (_TAPS + 4)) ** 2
    return np.asarray(np.sinc(distance) * window, np.float32)
