"""Silence, level and edges."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bobao.model import RATE
from bobao.voices import shaping


def tone(ms: int, level: float = 0.3) -> np.ndarray:
    return (level * np.sin(np.arange(ms * 24) * 0.2)).astype(np.float32)


def test_bounds_keep_a_little_of_the_silence() -> None:
    sound = np.concatenate([shaping.silence(400), tone(200), shaping.silence(500)])
    first, last = shaping.bounds(sound, 30)
    assert first == 370 * 24
    assert last == 630 * 24
    assert shaping.bounds(tone(100), 30) == (0, 2400)
    assert shaping.bounds(shaping.silence(100)) == (0, 0)
    assert shaping.bounds(np.zeros(0, np.float32)) == (0, 0)


def test_faint_noise_is_silence_and_a_soft_consonant_is_not() -> None:
    hiss = np.random.default_rng(0).standard_normal(4800).astype(np.float32)
    sound = np.concatenate([hiss * 3e-4, hiss * 8e-3, tone(200)])
    assert shaping.bounds(sound, 0)[0] == 4800


def test_quiet_runs_are_the_silences() -> None:
    sound = np.concatenate([shaping.silence(100), tone(200), shaping.silence(150), tone(50)])
    assert shaping.quiet_runs(sound) == [(0, 2400), (7200, 10800)]
    assert shaping.quiet_runs(tone(100)) == []
    assert shaping.quiet_runs(shaping.silence(100)) == [(0, 2400)]


@given(st.lists(st.floats(-3, 3, width=32), min_size=1, max_size=900))
def test_limiting_turns_down_and_nothing_else(sound: list[float]) -> None:
    samples = np.array(sound, np.float32)
    out = shaping.limited(samples)
    assert np.abs(out).max() <= shaping.CEILING
    assert (np.abs(out) <= np.abs(samples)).all()
    assert (out * samples >= 0).all()


def test_limiting_bends_no_wave_and_reaches_no_further_than_10_ms() -> None:
    sound = tone(200, 0.9)
    middle = slice(len(sound) // 2 - 60, len(sound) // 2 + 60)
    sound[middle] *= 1.6
    out = shaping.limited(sound)
    near = slice(middle.start - RATE // 100, middle.stop + RATE // 100)
    assert (out[: near.start] == sound[: near.start]).all()
    assert (out[near.stop :] == sound[near.stop :]).all()
    top = np.abs(out) > 0.999 * np.abs(out).max()
    assert max(map(len, "".join("#" if each else " " for each in top).split()), default=0) <= 4


@given(st.lists(st.integers(-500, 5000), min_size=1, max_size=20), st.integers(1, 4000))
def test_spread_starts_are_in_order_and_leave_room(starts: list[int], end: int) -> None:
    starts[0] = 0
    out = shaping.spread(starts, end, 40)
    assert len(out) == len(starts)
    assert out[0] == 0
    edges = [*out, end]
    assert edges == sorted(edges)
    if len(starts) * 40 <= end:
        assert all(b - a >= 40 for a, b in pairwise(edges))
