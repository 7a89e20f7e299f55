"""How a unit is given to the model: at what pace, and again more slowly where it is too short."""

import numpy as np
import pytest
from kokoro_sounds import phonemes_of, sounds_of

from bobao.voices.kokoro import voicing

SOUNDS = sounds_of(["好", "。"])
SPOKEN = phonemes_of(SOUNDS)
STYLES = np.zeros((510, 256), np.float16)


def voiced(rate: float, frames_at_1: int) -> tuple[list[float], list[int]]:
    """The paces at which a model was asked for a unit of so many frames, and what came of it."""
    asked: list[float] = []

    def sounder(given: voicing.Inputs) -> tuple[np.ndarray, np.ndarray]:
        pace = float(given["speed"][0])
        asked.append(pace)
        frames = round(frames_at_1 / pace)
        durations = np.array([frames - len(SPOKEN) - 1, *[1] * (len(SPOKEN) + 1)])
        return np.full(frames * 600, 0.5, np.float32), durations

    said = voicing.voiced(sounder, SPOKEN, SOUNDS, STYLES, rate)
    return asked, [len(phrase.samples) for phrase in said]


@pytest.mark.parametrize(
    ("rate", "frames_at_1", "paces"),
    [
        (1.0, 120, [1.0]),
        (2.0, 120, [2.0]),
        (2.0, 60, [2.0, 1.2]),  # thirty frames are too few, fifty are enough
        (1.5, 60, [1.5, 1.2]),
        (1.2, 60, [1.2]),
        (2.0, 20, [2.0, 0.8]),  # no slower than this, however short it is
        (1.0, 20, [1.0, 0.8]),
        (0.5, 20, [0.5]),
    ],
)
def test_what_is_too_short_for_the_model_is_said_more_slowly(
    rate: float, frames_at_1: int, paces: list[float]
) -> None:
    asked, lengths = voiced(rate, frames_at_1)
    assert asked == pytest.approx(paces)
    assert lengths == [round(frames_at_1 / paces[-1]) * 600]  # the last one counts
