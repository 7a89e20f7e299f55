"""What a stretch of sound is like every 10 ms: its level, its loudness and its spectrum.

Takes (24 kHz) and finished files (44.1 kHz) are cut at the same times into windows of the same
length, so that their frames can be compared one by one: `bobao.model.GRID_MS` is a whole number of
samples at both rates, and a window of two steps has bins of 50 Hz at both.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from bobao.model import GRID_MS
from bobao.verify.evidence import Quiet
from bobao.voices.engine import Samples

Floats = NDArray[np.float32]

PER_SECOND = 1000 // GRID_MS
BIN_HZ = PER_SECOND // 2
TOP_HZ = 12_000
"""Takes and stings have nothing above: half of `bobao.model.RATE`."""
EDGES_HZ = (
    *(100, 200, 300, 400, 500, 650, 800, 950, 1100, 1300, 1500),
    *(1750, 2000, 2350, 2700, 3150, 3700, 4400, 5300, 6400, 7700),
)
"""Between these lie the bands: about the critical bands of hearing (E. Zwicker, 1961), from what a
telephone passes up to where 64 kbit/s still keep every detail."""

_BINS = TOP_HZ // BIN_HZ
_STARTS = np.array(EDGES_HZ) // BIN_HZ

Frames = Floats
"""A row for each frame of a sound, all power where full scale is 1: in column `LEVEL` the mean
square of the grid step, in `WEIGHTED` the mean square round the step's start as BS.1770 weighs it
(an ear's frequencies), in `BANDS` the power in each band round the same."""
LEVEL, WEIGHTED, BANDS = 0, 1, slice(2, None)
NONE: Frames = np.zeros((0, len(_STARTS) + 1), np.float32)


def frames(blocks: Iterable[Samples], rate: int) -> Iterator[Frames]:
    """The frames of a sound that comes in blocks of any length, as soon as they are whole.

    In all there is one for each grid step, begun ones too.
    """
    step = rate // PER_SECOND
    return (_frames(piece, step) for piece in _in_steps(blocks, step, before=1))


def frames_of(samples: Samples, rate: int) -> Frames:
    """The frames of a sound that is there as a whole."""
    return np.concatenate([NONE, *frames([samples], rate)])


def levels(blocks: Iterable[Samples], rate: int) -> Iterator[Floats]:
    """The level alone, of each grid step as in `Frames`: a tenth of the work."""
    step = rate // PER_SECOND
    return (_level(piece, step) for piece in _in_steps(blocks, step, before=0))


def _in_steps(blocks: Iterable[Samples], step: int, before: int) -> Iterator[Samples]:
    """Pieces of whole steps, each after the last `before` steps of the piece before it."""
    held: Samples = np.zeros(before * step, np.float32)
    for block in blocks:
        held = np.concatenate([held, block])
        count = len(held) // step - before
        if count > 0:
            yield held[: (count + before) * step]
            held = held[count * step :]
    rest = len(held) - before * step
    if rest:
        yield np.pad(held, (0, step - rest))


def decibels(power: Floats) -> Floats:
    """Power in dB, −120 at least."""
    return np.asarray(10 * np.log10(np.maximum(power, 1e-12)), np.float32)


def _level(samples: Samples, step: int) -> Floats:
    rows = samples.reshape(-1, step)
    return np.asarray(np.einsum("ij,ij->i", rows, rows) / np.float32(step), np.float32)


def _frames(held: Samples, step: int) -> Frames:
    """Frames of `held`, whose first step lies before the first of them."""
    window = 2 * step
    cut = np.lib.stride_tricks.sliding_window_view(held, window)[::step]
    spectrum = np.fft.rfft(cut * _window(window))
    pairs = spectrum.view(spectrum.real.dtype)[:, : 2 * _BINS]  # real and imaginary part in turn
    power = np.square(pairs)
    bands = np.add.reduceat(power, 2 * _STARTS, axis=1)[:, :-1]
    weighted = np.einsum("ij,j->i", power, _k_weighting())
    scale = np.float32(2 / (window * step))  # one-sided, and half the window's energy: mean square
    made = np.column_stack([_level(held[step:], step), weighted * scale, bands * scale])
    return made.astype(np.float32, copy=False)  # numpy's FFT knew float64 alone before 2.0


@functools.cache
def _window(length: int) -> Floats:
    """Half a sine: with windows half over each other, every sample counts the same."""
    return np.sin(np.pi * (np.arange(length) + 0.5) / length).astype(np.float32)


@functools.cache
def _k_weighting() -> Floats:
    """The power gain of each bin, twice: the two filters of ITU-R BS.1770-4, tables 1 and 2."""
    shelf = (1.53512485958697, -2.69169618940638, 1.19839281085285)
    shelf_below = (1.0, -1.69065929318241, 0.73248077421585)
    high_pass = (1.0, -2.0, 1.0)
    high_pass_below = (1.0, -1.99004745483398, 0.99007225036621)
    turns = np.exp(-2j * np.pi * np.arange(_BINS) * BIN_HZ / 48_000)
    gain = np.ones(_BINS)
    for above, below in ((shelf, shelf_below), (high_pass, high_pass_below)):
        gain = gain * np.abs(np.polyval(above[::-1], turns) / np.polyval(below[::-1], turns)) ** 2
    return np.repeat(gain, 2).astype(np.float32)


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
