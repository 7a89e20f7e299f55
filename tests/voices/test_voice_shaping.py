"""Silence, level and edges."""

from itertools import pairwise

import numpy as np
import pytest
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


def test_what_needs_no_limiting_is_untouched() -> None:
    sound = tone(10, 0.97)
    assert shaping.limited(sound) is sound


def test_fades_only_touch_the_ends() -> None:
    sound = np.ones(24 * 100, np.float32)
    out = shaping.faded(sound, 5)
    assert out[0] < 0.001
    assert out[-1] < 0.001
    assert (out[120:-120] == 1).all()
    assert (np.diff(out[:120]) > 0).all()
    assert shaping.faded(np.ones(1, np.float32)).shape == (1,)


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


def test_spread_moves_nothing_that_need_not_move() -> None:
    assert shaping.spread([0, 100, 300], 500, 40) == [0, 100, 300]


def test_silence_is_as_long_as_it_is_said_to_be() -> None:
    assert shaping.silence(10).shape == (240,)
    assert shaping.silence(10).dtype == np.float32
    assert not shaping.silence(10).any()


@pytest.mark.parametrize("length", [0, 1, 119, 120, 121])
def test_steps_cover_all_samples(length: int) -> None:
    assert len(shaping.loud_steps(np.ones(length, np.float32))) == -(-length // shaping.STEP)
