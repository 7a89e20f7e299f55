"""The fast decoder: what it is told about the pitch, its transform, and samples out of features."""

from __future__ import annotations

import math
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bobao import files
from bobao.errors import BobaoError
from bobao.model import RATE
from bobao.voices.engine import Samples
from bobao.voices.kokoro import runtime

DECODER_SHA256 = "95aa3d62f1629b8f9393d66a4aa18ec18a8e2f2da52935441d286ec0a0cf9c3e"
EDGE = 16
"""Empty frames put on either side of an utterance, as in training, and cut off again."""
GAIN = 1.5
"""The model's own inverse transform leaves out the division by the sum of squared windows, which is
1.5 for this window and overlap; the decoder was trained to match it."""
NOISE_SEED = 0
"""Fixed: the sound is a pure function of what is said."""


FRAME = 300
"""Samples a frame of the model's features: 80 frames a second."""
VOICED_HZ = 50.0
"""Below it the model's pitch means "unvoiced"; it never quite reaches 0."""
FEATURES = 20
_CENTRE = (FRAME - 1) / 2
_SUB_CENTRES = (75, 225)  # of the two transform frames in a feature frame
_REACH = 16  # samples on either side of a pulse
_HARMONICS = (1, 2, 3, 4)

Floats = NDArray[np.float64]


def phase(f0: Floats) -> Floats:
    """Cycles completed at each frame's centre, [T], in step with the model's own sine source.

    The model holds the pitch for a frame and counts its cycles from a frame's centre to the next.
    """
    return np.asarray(np.cumsum(f0 / RATE % 1.0) * FRAME)


def pulses(f0: Floats, cycles: Floats) -> NDArray[np.float32]:
    """A band-limited pulse at every whole cycle where voiced: float32 [FRAME * T].

    Each is a windowed sinc of energy inverse to the pitch, so that the train keeps its power.
    """
    length = len(f0) * FRAME
    train = np.zeros(length + 4 * _REACH)
    if len(f0) > 1:
        whole = np.arange(math.ceil(cycles[0]), math.floor(cycles[-1]) + 1)
        times = np.interp(whole, cycles, np.arange(len(f0)) * FRAME + _CENTRE)
        pitch = f0[np.clip((times / FRAME).astype(int), 0, len(f0) - 1)]
        voiced = pitch > VOICED_HZ
        times, pitch = times[voiced, None], pitch[voiced, None]
        first = np.floor(times).astype(int)
        taps = np.arange(1 - _REACH, 1 + _REACH)
        away = taps - (times - first)
        window = 0.5 + 0.5 * np.cos(np.pi * away / (_REACH + 1))
        shape = 0.5 * np.sqrt(RATE / pitch) * np.sinc(away) * window
        np.add.at(train, first + taps + 2 * _REACH, shape)
    return train[2 * _REACH : 2 * _REACH + length].astype(np.float32)


def pitch_features(f0: Floats, cycles: Floats) -> NDArray[np.float32]:
    """Float32 [T, FEATURES]: log pitch, voicing, pitch, harmonic phases, and the pitch's step.

    The phases are sine and cosine of the first four harmonics at both sub-frame centres.
    """
    voiced = (f0 > VOICED_HZ).astype(np.float64)[:, None]
    log = np.log(np.maximum(f0, 10.0))
    offsets = np.array(_SUB_CENTRES) - _CENTRE
    angles = 2 * np.pi * (cycles[:, None] + (f0 / RATE)[:, None] * offsets)
    waves = [wave(k * angles) * voiced for k in _HARMONICS for wave in (np.sin, np.cos)]
    step = np.roll(log, -1) - log  # the last wraps round, as it did in training
    columns = [(log - 5.0)[:, None], voiced, (f0 / 200.0)[:, None], *waves, step[:, None]]
    return np.concatenate(columns, axis=1).astype(np.float32)


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


def decoder_graph() -> bytes:
    """The shipped decoder, checked. Raises `BobaoError` where the installed file is damaged."""
    file = resources.files("bobao.voices.kokoro") / "data" / "fast-decoder.onnx"
    graph = file.read_bytes()
    if files.sha256(graph) != DECODER_SHA256:
        raise BobaoError(
            "the fast decoder's file is damaged", where=str(file), advice="Install bobao again."
        )
    return graph


Floats32 = NDArray[np.float32]


def inputs(x: Floats32, f0: Floats, style: Floats32) -> dict[str, Floats32]:
    """The decoder's eight inputs for an utterance of T frames (80 a second), edges included.

    `x` are the features [T, 512], `f0` the pitch [T] in Hz, `style` [1, 128].
    """
    cycles = phase(f0)
    source = _edged(pulses(f0, cycles), EDGE * FRAME)
    noise = np.random.default_rng(NOISE_SEED).standard_normal(len(source), dtype=np.float32)
    given = {
        "x": _edged(x, EDGE)[None],
        "ft": _edged(pitch_features(f0, cycles), EDGE)[None],
        "st": style,
        "mx": x.mean(axis=0, keepdims=True),
    }
    for name, spectrum in (("S", forward(source)), ("N", forward(noise))):
        given[f"{name}r"] = np.ascontiguousarray(spectrum.real)[None]
        given[f"{name}i"] = np.ascontiguousarray(spectrum.imag)[None]
    return given


def decode(session: Any, x: Floats32, f0: Floats, style: Floats32) -> Samples:
    """The samples of an utterance, its features as in `inputs`: float32 [300 T]."""
    real, imaginary = runtime.run(session, ("re", "im"), inputs(x, f0, style))
    inside = inverse(real[0] + 1j * imaginary[0])[EDGE * FRAME : -EDGE * FRAME]
    return np.asarray(inside * np.float32(GAIN))


def _edged(values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """`values` with `count` zero rows on either side."""
    return np.pad(values, [(count, count)] + [(0, 0)] * (values.ndim - 1))
