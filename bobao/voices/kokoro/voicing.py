"""From the phonemes of a unit to its samples and phrases, by either graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bobao.pronounce.sounds import Sound
from bobao.voices.engine import Samples
from bobao.voices.kokoro import decoder, sessions, units
from bobao.voices.kokoro.assembly import Unit
from bobao.voices.kokoro.phonemes import Phoneme
from bobao.voices.kokoro.phrases import phrases
from bobao.voices.kokoro.speakers import Styles

Durations = NDArray[np.int64]
Inputs = dict[str, NDArray[Any]]
Sounder = Callable[[Inputs], tuple[Samples, Durations]]
"""From the model's inputs to samples and the frames of 25 ms of each token, both ends included."""


LEAST_FRAMES = 50
"""What the model makes of fewer frames (1.25 s, the silence at its ends included) is spoilt from
the edges inwards: a noise there, a faint voice or none. Measured over eight voices, thirteen texts
of one to three syllables, rates of 0.6 to 2.0: from 48 frames on nine in ten are at most 3 dB
softer than at the voice's own pace; of those with 36 to 40 frames one in ten is over 13 dB softer,
under 32 over 30 dB."""
LEAST_RATE = 0.8
"""No line is slowed beyond this for the sake of `LEAST_FRAMES`, but where it was asked for."""


def voiced(
    sounder: Sounder,
    spoken: Sequence[Phoneme],
    sounds: Sequence[Sound],
    styles: Styles,
    rate: float,
) -> Unit:
    """A unit said at `rate`, or as near to it as the model can: see `LEAST_FRAMES`.

    Raises `BobaoError` where the model fails.
    """
    samples, durations = sounder(inputs(spoken, styles, rate))
    slower = unhurried(rate, int(durations.sum()))
    if slower < rate:
        samples, durations = sounder(inputs(spoken, styles, slower))
    return Unit(samples, tuple(phrases(spoken, durations, samples, sounds)))


def unhurried(rate: float, frames: int) -> float:
    """The rate for what takes `frames` at `rate`: slower where they are too few for the model."""
    return max(min(rate, LEAST_RATE), rate * min(1.0, frames / LEAST_FRAMES))


def inputs(spoken: Sequence[Phoneme], styles: Styles, rate: float) -> Inputs:
    """What the model is given: tokens between two 0, the style for as many, the pace."""
    assert len(spoken) <= units.MODEL_TOKENS  # noqa: S101 - the model would cut the rest off
    return {
        "tokens": np.array([[0, *(phoneme.token for phoneme in spoken), 0]], np.int64),
        "style": styles[len(spoken), None].astype(np.float32),
        "speed": np.array([rate], np.float32),
    }


def fast(front: Any, back: Any) -> Sounder:
    """The model's own front half, then the fast decoder."""

    def sound(given: Inputs) -> tuple[Samples, Durations]:
        x, f0, style, durations = sessions.run(front, ("x", "f0", "s", "durations"), given)
        features = decoder.Features(
            np.ascontiguousarray(x[0].T), f0.ravel().astype(np.float64), style
        )
        return decoder.decode(back, features), durations.ravel()

    return sound


def whole(session: Any) -> Sounder:
    """The whole model."""

    def sound(given: Inputs) -> tuple[Samples, Durations]:
        audio, durations = sessions.run(session, ("audio", "durations"), given)
        return audio.ravel(), durations.ravel()

    return sound
