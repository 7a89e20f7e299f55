"""What must hold before and after a line is spoken; what does not is an error, never a guess."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bobao.errors import BobaoError
from bobao.model import RATE
from bobao.pronounce.sounds import Sound, SoundKind
from bobao.voices.engine import Speech
from bobao.voices.kokoro.units import HEARD
from bobao.voices.shaping import level

RIGHT = "onnxruntime>=1.25.1,<1.33 (on Python 3.10: onnxruntime==1.20.1)"
"""Versions that computed rightly on every processor that they were tried on."""
RATES = (0.5, 2.0)
"""The paces the model keeps understandable."""
QUICKEST_MS, SLOWEST_MS = 60, 1500
"""A syllable's mean length at the voice's own pace, beyond which something has gone wrong."""
QUIETEST_DB = -38.0
"""No line of any voice at any pace is softer: the softest is at −29 dBFS, those of a runtime that
computes wrongly are at −47."""


def check_rate(rate: float) -> None:
    """Raise `BobaoError` for a pace that the model cannot keep."""
    slowest, fastest = RATES
    if not slowest <= rate <= fastest:
        raise BobaoError(
            f"the voice cannot speak at {rate:g} times its pace",
            advice=f"Choose a rate from {slowest:g} to {fastest:g}.",
        )


def check_read(sounds: Sequence[Sound]) -> None:
    """Raise `BobaoError` for a sign that would be left out, or where nothing is heard at all."""
    for sound in sounds:
        unread = "".join(char for char in sound.text if char.isalnum())
        if unread and sound.kind not in HEARD:
            raise BobaoError(
                f"the voice has no way to say “{unread}”",
                advice=f"Write what should be said, as {{{unread}|…}} in the script.",
            )
    if not any(sound.kind in HEARD for sound in sounds):
        raise BobaoError("there is nothing to say")


def check_speech(speech: Speech, sounds: Sequence[Sound], rate: float) -> None:
    """Raise `BobaoError` where samples or marks cannot be those of the text."""
    heard = [sound for sound in sounds if sound.kind in HEARD]
    syllables = sum(sound.kind is SoundKind.HANZI for sound in heard)
    ms = len(speech.samples) * 1000 // RATE * rate
    finite = bool(np.isfinite(speech.samples).all())
    faults = {
        "the model made a sound that is not a number": not finite,
        "the model made hardly any sound": finite and level(speech.samples) < QUIETEST_DB,
        "the model made too short a sound": ms < QUICKEST_MS * syllables,
        "the model made too long a sound": ms > SLOWEST_MS * _letters(heard),
        "the model left a sound out": [(mark.start, mark.end) for mark in speech.marks]
        != [(sound.start, sound.end) for sound in heard],
    }
    for fault, found in faults.items():
        if found:
            raise BobaoError(
                fault,
                advice="Word the line differently, or choose another voice. If many lines fail, "
                f"install another onnxruntime: pip install '{RIGHT}'",
            )


def _letters(heard: Sequence[Sound]) -> int:
    """Syllables at most: a hanzi is one, a letter up to three (W)."""
    return sum(1 if sound.kind is SoundKind.HANZI else 3 * len(sound.text) for sound in heard)
