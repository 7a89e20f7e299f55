"""The transform: an exact inverse, and frames where they are said to be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.voices.kokoro import decoder as pitch


def noise(hops: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(hops * pitch.HOP, dtype=np.float32)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_the_inverse_gives_the_samples_back(hops: int, seed: int) -> None:
    samples = noise(hops, seed)
    back = pitch.inverse(pitch.forward(samples))
    assert back.shape == samples.shape
    assert back.dtype == np.float32
    # but where the window nearly vanishes on all frames that reach there: the two outermost samples
    assert np.abs(back - samples)[2:-2].max(initial=0) < 1e-4


@given(st.integers(4, 30), st.integers(0, 2**32 - 1))
def test_the_inverse_is_the_least_squares_one(hops: int, seed: int) -> None:
    """Re-derived: x = Σ w·frame / Σ w², sample by sample, for a spectrum that no signal has."""
    rng = np.random.default_rng(seed)
    shape = (hops, pitch.SIZE // 2 + 1)
    spectrum = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(np.complex64)
    window = np.hanning(pitch.SIZE + 1)[:-1]
    total = np.zeros(hops * pitch.HOP + 2 * 225)
    weight = np.zeros_like(total)
    for k in range(hops):
        at = slice(k * 150, k * 150 + 600)
        total[at] += np.fft.irfft(spectrum[k], 600) * window
        weight[at] += window**2
    wanted = (total / np.maximum(weight, 1e-8))[225:-225]
    got = pitch.inverse(spectrum)
    assert np.allclose(got[2:-2], wanted[2:-2], atol=1e-4)


def test_frame_k_is_centred_on_its_own_hop() -> None:
    samples = np.zeros(20 * pitch.HOP, np.float32)
    samples[7 * pitch.HOP + pitch.HOP // 2] = 1.0
    energy = np.abs(pitch.forward(samples)[:, 0])
    assert energy.argmax() == 7
    assert energy[7] == pytest.approx(1.0)
    assert energy[6] == pytest.approx(energy[8])


def test_a_tone_is_in_its_bin() -> None:
    hertz = 40 * 5  # bins are 24000 / 600 = 40 Hz apart
    samples = np.cos(2 * np.pi * hertz * np.arange(3000) / 24000).astype(np.float32)
    assert (np.abs(pitch.forward(samples)).argmax(axis=1)[2:-2] == 5).all()
