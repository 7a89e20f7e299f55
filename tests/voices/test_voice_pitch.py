"""The pulse source and the pitch features, against slow re-derivations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.voices.kokoro import decoder as pitch

CONTOURS = st.lists(
    st.one_of(st.just(0.0), st.floats(5, 49), st.floats(60, 400)), min_size=2, max_size=40
).map(np.array)


def sounds(f0: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    cycles = pitch.phase(f0)
    return pitch.pulses(f0, cycles), cycles


@pytest.mark.parametrize("hertz", [80.0, 120.0, 200.0, 240.0, 333.3])
def test_pulses_are_a_period_apart(hertz: float) -> None:
    train, _ = sounds(np.full(80, hertz))
    high = np.flatnonzero(train > 0.55 * train.max())  # one or two samples at each pulse
    peaks = high[np.diff(high, prepend=-9) > 3]
    gaps = np.diff(peaks)
    assert abs(np.mean(gaps) - 24000 / hertz) < 0.2
    assert gaps.max() - gaps.min() <= 2  # a pulse between two samples may peak on either


def test_the_train_has_the_same_power_at_any_pitch() -> None:
    powers = [np.mean(sounds(np.full(160, hertz))[0][600:-600] ** 2) for hertz in (80, 150, 300)]
    assert powers == pytest.approx([powers[0]] * 3, rel=0.02)
    assert 0.2 < powers[0] < 0.25  # a quarter, less what the window takes off the sinc


def test_no_pulse_where_there_is_no_voice() -> None:
    train, _ = sounds(np.array([0.0] * 20 + [200.0] * 20 + [10.0] * 20))
    assert np.abs(train[: 20 * 300 - 200]).max() == 0
    assert np.abs(train[20 * 300 : 40 * 300]).max() > 1
    assert np.abs(train[40 * 300 + 200 :]).max() == 0


@given(CONTOURS)
def test_pulses_fall_where_the_phase_is_whole(f0: np.ndarray) -> None:
    """Re-derived one pulse at a time, by adding shapes in a loop."""
    train, cycles = sounds(f0)
    wanted = np.zeros(len(f0) * 300)
    centres = np.arange(len(f0)) * 300 + 149.5
    for whole in range(int(np.ceil(cycles[0])), int(np.floor(cycles[-1])) + 1):
        time = float(np.interp(whole, cycles, centres))
        hertz = f0[min(int(time / 300), len(f0) - 1)]
        if hertz <= 50:
            continue
        for at in range(int(time) - 15, int(time) + 17):
            if 0 <= at < len(wanted):
                away = at - time
                window = 0.5 + 0.5 * np.cos(np.pi * away / 17)
                wanted[at] += 0.5 * np.sqrt(24000 / hertz) * np.sinc(away) * window
    assert np.allclose(train, wanted, atol=1e-4)


@given(CONTOURS)
def test_phase_counts_cycles(f0: np.ndarray) -> None:
    cycles = pitch.phase(f0)
    assert np.allclose(np.diff(cycles), f0[1:] / 80)  # 80 frames a second
    assert cycles[0] == pytest.approx(f0[0] / 80)


@given(CONTOURS)
def test_features_say_what_they_are_said_to(f0: np.ndarray) -> None:
    cycles = pitch.phase(f0)
    made = pitch.pitch_features(f0, cycles)
    assert made.shape == (len(f0), pitch.FEATURES)
    assert made.dtype == np.float32
    for t, hertz in enumerate(f0):
        voiced = float(hertz > 50)
        following = f0[(t + 1) % len(f0)]
        row = [np.log(max(hertz, 10)) - 5, voiced, hertz / 200]
        for k in (1, 2, 3, 4):
            angles = [2 * np.pi * k * (cycles[t] + hertz / 24000 * o) for o in (-74.5, 75.5)]
            row += [voiced * np.sin(a) for a in angles] + [voiced * np.cos(a) for a in angles]
        row.append(np.log(max(following, 10)) - np.log(max(hertz, 10)))
        assert np.allclose(made[t], row, atol=1e-4)


def test_one_frame_is_no_error() -> None:
    train, cycles = sounds(np.array([200.0]))
    assert train.shape == (300,)
    assert pitch.pitch_features(np.array([200.0]), cycles).shape == (1, 20)
