"""Small work on samples: where sound begins and ends, level, edges."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from bobao.model import RATE
from bobao.voices.engine import Samples

STEP = RATE // 200
"""Samples of an energy step: 5 ms."""
QUIET_DB = -45.0
"""Below this, relative to the loudest step, there is silence. The model's pauses are at −55 dB and
less, its softest consonants at −40 dB."""
FLOOR = 1e-5
"""An amplitude (−100 dBFS) under which there is silence whatever the loudest step is."""
CEILING = 0.98
"""No sample of a voice is larger."""
PAUSES_MS = {
    **dict.fromkeys("。！？.!?…", 400),
    **dict.fromkeys("；;", 320),
    **dict.fromkeys("：:", 280),
    **dict.fromkeys("—～~", 240),
    **dict.fromkeys("，,", 200),
    "、": 120,
}
"""The least silence at a mark inside a line, at a voice's own pace. The embedded voice's own pauses
are about 150 ms at any mark; longer ones are left as they are."""
_REACH = RATE // 200


def loud_steps(samples: Samples) -> NDArray[np.bool_]:
    """For each 5 ms step (the last may be short), whether there is sound in it."""
    if not len(samples):
        return np.zeros(0, bool)
    padded = np.pad(samples, (0, -len(samples) % STEP))
    energy = np.sqrt(np.mean(np.square(padded.reshape(-1, STEP)), axis=1))
    return np.asarray(energy > max(float(energy.max()) * 10 ** (QUIET_DB / 20), FLOOR))


def bounds(samples: Samples, keep_ms: int = 30) -> tuple[int, int]:
    """The part of `samples` with sound in it, and `keep_ms` of what is around it.

    Half-open; (0, 0) where there is nothing but silence.
    """
    steps = np.flatnonzero(loud_steps(samples))
    if not len(steps):
        return 0, 0
    keep = keep_ms * RATE // 1000
    first, last = int(steps[0]) * STEP, (int(steps[-1]) + 1) * STEP
    return max(0, first - keep), min(len(samples), last + keep)


def quiet_runs(samples: Samples) -> list[tuple[int, int]]:
    """The stretches of silence as half-open sample ranges, in order."""
    loud = np.concatenate([[True], loud_steps(samples), [True]])
    turns = np.flatnonzero(np.diff(loud.astype(np.int8)))
    ends = [min(int(turn) * STEP, len(samples)) for turn in turns]
    return list(zip(ends[::2], ends[1::2], strict=True))


def limited(samples: Samples) -> Samples:
    """`samples` turned down around every peak that passes `CEILING`; unchanged where none does.

    The gain falls and rises again over 10 ms, more slowly than the waves it changes: bending the
    peaks themselves would be heard as a rasp, and be found by `bobao verify` as clipping.
    """
    size = np.abs(samples)
    if not len(samples) or float(size.max()) <= CEILING:
        return samples
    over = np.pad(np.maximum(size / np.float32(CEILING), 1), 2 * _REACH, constant_values=1)
    held = np.lib.stride_tricks.sliding_window_view(over, 2 * _REACH + 1).max(axis=1)
    slope = np.hanning(2 * _REACH + 3)[1:-1]
    # A mean of what is held nearby, none of which is less than what is needed here.
    down = np.maximum(np.convolve(held, slope / slope.sum(), "valid"), 1)
    return np.asarray(np.clip(samples / down, -CEILING, CEILING), np.float32)


def faded(samples: Samples, ms: int = 5) -> Samples:
    """`samples` with a short fade at both ends, so that a joint does not click."""
    count = min(ms * RATE // 1000, len(samples) // 2)
    if not count:
        return samples
    ramp = _ramp(count)
    out: Samples = samples.copy()
    out[:count] *= ramp
    out[-count:] *= ramp[::-1]
    return out


def silence(ms: int) -> Samples:
    """Digital silence."""
    return np.zeros(ms * RATE // 1000, np.float32)


def level(samples: Samples) -> float:
    """The mean level in dBFS; −120 for none."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    return 10 * float(np.log10(power + 1e-12))


@cache
def _ramp(count: int) -> Samples:
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / count)).astype(np.float32)


def spread(starts: list[int], end: int, least: int) -> list[int]:
    """`starts` moved as little as needed to be `least` apart and `least` before `end`.

    Where `end` leaves too little room for all, they are spread evenly from 0.
    """
    count = len(starts)
    if count * least > end:
        return [end * k // count for k in range(count)]
    out: list[int] = []
    for start in starts:
        out.append(max(start, out[-1] + least if out else 0))
    for k in range(count):  # from the end: none too late for those after it
        latest = end - least * (k + 1)
        out[-1 - k] = min(out[-1 - k], latest)
    return out
