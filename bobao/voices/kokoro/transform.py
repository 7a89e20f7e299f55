"""Short-time Fourier transform and back, at the size and hop the decoder was trained with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIZE = 600
"""Samples a frame: 25 ms."""
HOP = 150
"""Samples between frames: 6.25 ms, so that four frames overlap everywhere."""
OVERLAP = SIZE // HOP
_PAD = (SIZE - HOP) // 2  # frame k is centred on sample HOP * k + HOP / 2
_WINDOW = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(SIZE) / SIZE)).astype(np.float32)  # Hann

Spectrum = NDArray[np.complex64]
"""[frames, SIZE // 2 + 1]"""


def forward(samples: NDArray[np.float32]) -> Spectrum:
    """The spectrum of `samples` ([n], n a whole number of hops): [n / HOP, 301] frames."""
    padded = np.pad(samples, (_PAD, _PAD))
    frames = np.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP]
    return np.fft.rfft(frames * _WINDOW, axis=1).astype(np.complex64, copy=False)


def inverse(spectrum: Spectrum) -> NDArray[np.float32]:
    """The samples ([HOP * frames]) whose windowed frames are nearest to `spectrum`.

    It inverts `forward` (least squares: overlap-add divided by the sum of squared windows).
    """
    count = len(spectrum)
    frames = np.fft.irfft(spectrum, n=SIZE, axis=1).astype(np.float32, copy=False) * _WINDOW
    pieces = frames.reshape(count, OVERLAP, HOP)
    weights = (_WINDOW * _WINDOW).reshape(OVERLAP, HOP)
    total = np.zeros((count + OVERLAP - 1, HOP), np.float32)
    weight = np.zeros_like(total)
    for k in range(OVERLAP):
        total[k : k + count] += pieces[:, k]
        weight[k : k + count] += weights[k]
    inside = slice(_PAD, _PAD + count * HOP)
    return np.asarray(total.ravel()[inside] / np.maximum(weight.ravel()[inside], 1e-8))
