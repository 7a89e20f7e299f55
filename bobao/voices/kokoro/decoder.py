"""The fast decoder: from the values inside the cut model to samples."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bobao import files
from bobao.errors import BobaoError
from bobao.voices.engine import Samples
from bobao.voices.kokoro import pitch, sessions, transform

DECODER_SHA256 = "95aa3d62f1629b8f9393d66a4aa18ec18a8e2f2da52935441d286ec0a0cf9c3e"
EDGE = 16
"""Empty frames put on either side of an utterance, as in training, and cut off again."""
GAIN = 1.5
"""The model's own inverse transform leaves out the division by the sum of squared windows, which is
1.5 for this window and overlap; the decoder was trained to match it."""
NOISE_SEED = 0
"""Fixed: the sound is a pure function of what is said."""


@dataclass(frozen=True, slots=True)
class Features:
    """What the model's front knows about an utterance of T frames (80 a second)."""

    x: NDArray[np.float32]  # [T, 512]
    f0: NDArray[np.float64]  # [T], Hz
    style: NDArray[np.float32]  # [1, 128]


def decoder_graph() -> bytes:
    """The shipped decoder, checked. Raises `BobaoError` where the installed file is damaged."""
    file = resources.files("bobao.voices.kokoro") / "data" / "fast-decoder.onnx"
    graph = file.read_bytes()
    if files.sha256(graph) != DECODER_SHA256:
        raise BobaoError(
            "the fast decoder's file is damaged", where=str(file), advice="Install bobao again."
        )
    return graph


def inputs(features: Features) -> dict[str, NDArray[np.float32]]:
    """The decoder's eight inputs for an utterance, edges included."""
    cycles = pitch.phase(features.f0)
    source = _edged(pitch.pulses(features.f0, cycles), EDGE * pitch.FRAME)
    noise = np.random.default_rng(NOISE_SEED).standard_normal(len(source), dtype=np.float32)
    pulse_spectrum, noise_spectrum = transform.forward(source), transform.forward(noise)
    return {
        "x": _edged(features.x, EDGE)[None],
        "ft": _edged(pitch.features(features.f0, cycles), EDGE)[None],
        "st": features.style,
        "mx": features.x.mean(axis=0, keepdims=True),
        "Sr": np.ascontiguousarray(pulse_spectrum.real)[None],
        "Si": np.ascontiguousarray(pulse_spectrum.imag)[None],
        "Nr": np.ascontiguousarray(noise_spectrum.real)[None],
        "Ni": np.ascontiguousarray(noise_spectrum.imag)[None],
    }


def decode(session: Any, features: Features) -> Samples:
    """The samples of an utterance: float32 [300 T]."""
    real, imaginary = sessions.run(session, ("re", "im"), inputs(features))
    samples = transform.inverse(real[0] + 1j * imaginary[0])
    inside = samples[EDGE * pitch.FRAME : -EDGE * pitch.FRAME]
    return np.asarray(inside * np.float32(GAIN))


def _edged(values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """`values` with `count` zero rows on either side."""
    return np.pad(values, [(count, count)] + [(0, 0)] * (values.ndim - 1))
