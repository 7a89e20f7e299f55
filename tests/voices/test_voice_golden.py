"""What our own code makes of phonemes and of a model's answer: always the same for one number."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
import sound_samples
from kokoro_sounds import phonemes_of, sounds_of

from bobao.pronounce.sounds import SoundKind
from bobao.voices import registry
from bobao.voices.engine import Speech, Utterance
from bobao.voices.kokoro import decoder, voicing
from bobao.voices.kokoro.phonemes import BETWEEN, Phoneme
from bobao.voices.kokoro.voicing import Inputs, assembled

WORDS = ["花街镇", "很", "重要", "，", "采用", "NBA", "网络", "。", "“", "好", "”", "；", "完"]
SYMBOLS = ("x", "w", "a", "tɕ", "i", "ŋ", "p", "ʰ", "u", "s", "l", "ɛ")
UNIT = 22


class Back:
    """A decoder that answers with the source it is given, as loud as the front's first value."""

    def run(self, outputs: list[str], inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        loud = np.repeat(inputs["x"][..., :1], 2, axis=1)
        parts = (("Sr", "Nr"), ("Si", "Ni"))
        return [(inputs[source] + 0.02 * inputs[noise]) * loud for source, noise in parts]


def spoken_of(sounds: tuple) -> list[Phoneme]:
    """Phonemes with symbols of all kinds: their onsets are late by as much as the table says."""
    made = phonemes_of(sounds)
    return [
        p if p.sound == BETWEEN else Phoneme(SYMBOLS[k % len(SYMBOLS)], p.token, p.sound)
        for k, p in enumerate(made)
    ]


def sounder(mute: set[int]) -> voicing.Sounder:
    """A model that says every phoneme in two to five frames at the pace asked for, marks softly."""

    def sound(given: Inputs) -> tuple[np.ndarray, np.ndarray]:
        places = np.arange(given["tokens"].shape[1])
        frames = np.rint((2 + places * 7 % 4) / given["speed"][0]).astype(np.int64)
        frames[[0, -1]] = 6
        silent = np.isin(places - 1, list(mute)) | (places == 0) | (places == len(places) - 1)
        loud = np.repeat(np.where(silent, 1e-5, 0.1 + places % 3 / 10), frames * 2)
        times = np.arange(len(loud))
        f0 = np.where(times % 17 < 12, 180 + 40 * np.sin(times / 9), 4.0)
        x = np.repeat(loud[:, None], 512, axis=1).astype(np.float32)
        return decoder.decode(Back(), x, f0, np.zeros((1, 128), np.float32)), frames

    return sound


def speech_at(rate: float) -> Speech:
    sounds = sounds_of(WORDS)
    spoken = spoken_of(sounds)
    styles = np.zeros((510, 256), np.float16)
    said = []
    for part in (spoken[:UNIT], spoken[UNIT:]):
        mute = {
            place
            for place, p in enumerate(part)
            if p.sound != BETWEEN and sounds[p.sound].kind is SoundKind.PAUSE
        }
        said += voicing.voiced(sounder(mute), part, sounds, styles, rate)
    return assembled(said, sounds, rate)


def test_the_back_end_is_that_of_its_number(golden: Callable[..., None]) -> None:
    made = {
        f"{rate}: {key}": value
        for rate in (1.0, 1.6)
        for key, value in sound_samples.of_speech(speech_at(rate)).items()
    }
    golden("back-end.json", sound_samples.text(made), sound_samples.alike)


def nearly(made: str, kept: str) -> None:
    """Assert that two texts are of the same line, by whatever runtime and processor."""
    ours, theirs = json.loads(made), json.loads(kept)
    assert [mark[:2] for mark in ours["marks"]] == [mark[:2] for mark in theirs["marks"]]
    assert abs(ours["samples"] / theirs["samples"] - 1) < 0.05
    times = np.array(ours["marks"])[:, 2:] - np.array(theirs["marks"])[:, 2:]
    assert np.abs(times).max() <= 75
    for key in ("levels", "bright levels"):
        pairs = zip(ours[key], theirs[key], strict=False)
        assert np.mean([abs(a - b) for a, b in pairs]) < 3, key


@pytest.mark.speech
@pytest.mark.parametrize("voice", ["zf_xiaoxiao", "zm_yunjian"])
def test_the_voice_is_that_of_its_number(golden: Callable[..., None], voice: str) -> None:
    speech = registry.engine("kokoro").speak(Utterance("今天多云，采用五G网络。", voice, 1.1))
    golden(f"{voice}.json", sound_samples.text(sound_samples.of_speech(speech)), nearly)
