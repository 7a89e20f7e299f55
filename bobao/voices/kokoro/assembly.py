"""From the phrases of an utterance's units to one run of samples with its marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bobao.model import RATE, Mark
from bobao.pronounce.sounds import Sound
from bobao.voices import shaping
from bobao.voices.engine import Samples, Speech
from bobao.voices.kokoro.phrases import Phrase

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
