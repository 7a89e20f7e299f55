"""From the phrases of an utterance's units to one run of samples with its marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bobao.model import RATE, Mark
from bobao.pronounce.sounds import Sound
from bobao.voices import shaping
from bobao.voices.engine import Samples, Speech
from bobao.voices.kokoro import model, sessions, units
from bobao.voices.kokoro.phonemes import Phoneme
from bobao.voices.kokoro.phrases import Phrase, phrases
from bobao.voices.kokoro.sessions import Styles

PAUSES_MS = {
    **dict.fromkeys("。！？.!?…", 400),
    **dict.fromkeys("；;", 320),
    **dict.fromkeys("：:", 280),
    **dict.fromkeys("—～~", 240),
    **dict.fromkeys("，,", 200),
    "、": 120,
}
"""The least silence at a mark inside a line, at the voice's own pace. The model's own pauses are
about 150 ms at any mark; longer ones are left as they are."""
JOINT_MS = 60
"""Silence where a unit ends without a mark."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's samples and its phrases."""

    samples: Samples
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class _Time:
    sound: int
    start: int
    end: int


def assembled(units: Iterable[Unit], sounds: Sequence[Sound], rate: float) -> Speech:
    """The units one after another, silences lengthened to what their marks ask for.

    The result starts and ends with the little silence that its first and last phrase keep.
    """
    parts = [(unit, phrase) for unit in units for phrase in unit.phrases]
    pieces: list[Samples] = []
    times: list[_Time] = []
    length, owed = 0, 0
    for unit, phrase in parts:
        rest = max(0, owed - (phrase.starts[0] - phrase.start)) if pieces else 0
        pieces += [
            np.zeros(rest, np.float32),
            shaping.faded(unit.samples[phrase.start : phrase.end]),
        ]
        shift = length + rest - phrase.start
        times += _times(phrase, shift)
        length = shift + phrase.end
        owed = _silence(phrase, rate) - (phrase.end - phrase.stop)
    samples = shaping.limited(np.concatenate(pieces)) if pieces else np.zeros(0, np.float32)
    return Speech(samples, tuple(_mark(time, sounds) for time in _merged(times)))


def _silence(phrase: Phrase, rate: float) -> int:
    """Samples of silence wanted after a phrase."""
    ms = max((PAUSES_MS.get(mark, JOINT_MS) for mark in phrase.marks), default=JOINT_MS)
    return max(phrase.gap, round(ms / rate) * RATE // 1000)


def _times(phrase: Phrase, shift: int) -> list[_Time]:
    ends = [*phrase.starts[1:], phrase.stop]
    return [
        _Time(sound, start + shift, end + shift)
        for sound, start, end in zip(phrase.sounds, phrase.starts, ends, strict=True)
    ]


def _merged(times: Sequence[_Time]) -> list[_Time]:
    """One time for a sound that two units share (a Latin run too long for one)."""
    merged: list[_Time] = []
    for time in times:
        if merged and merged[-1].sound == time.sound:
            time = _Time(time.sound, merged.pop().start, time.end)  # noqa: PLW2901
        merged.append(time)
    return merged


def _mark(time: _Time, sounds: Sequence[Sound]) -> Mark:
    sound = sounds[time.sound]
    return Mark(sound.start, sound.end, time.start * 1000 // RATE, time.end * 1000 // RATE)


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
        features = model.Features(
            np.ascontiguousarray(x[0].T), f0.ravel().astype(np.float64), style
        )
        return model.decode(back, features), durations.ravel()

    return sound


def whole(session: Any) -> Sounder:
    """The whole model."""

    def sound(given: Inputs) -> tuple[Samples, Durations]:
        audio, durations = sessions.run(session, ("audio", "durations"), given)
        return audio.ravel(), durations.ravel()

    return sound
