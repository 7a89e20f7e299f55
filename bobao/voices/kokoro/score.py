"""What the model is given of an utterance, worked out without the model: phonemes, cut into units.

It is cheap (some milliseconds a line), so it can tell what a line will sound like before it is
spoken: two utterances with equal scores get equal samples and marks.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass

from bobao.pronounce.front import pronounce
from bobao.pronounce.lexicon import Lexicon
from bobao.pronounce.sounds import Reading, Sound, SoundKind
from bobao.voices.kokoro import proof, units
from bobao.voices.kokoro.phonemes import BETWEEN, Phoneme, phonemes

_KEPT = 512  # a line's is asked for when its take is looked up, and again when it is spoken


@dataclass(frozen=True, slots=True)
class Score:
    """The sounds of a text, their phonemes, and the ranges of phonemes to be given at once."""

    sounds: tuple[Sound, ...]
    spoken: tuple[Phoneme, ...]
    units: tuple[units.Range, ...]

    def text(self) -> str:
        """The tokens of every unit, each with the place in the text that it says.

        A pause has its marks instead of a place, what is in no mark of the speech has nothing.
        """
        return json.dumps(
            [
                [[phoneme.token, self._said(phoneme)] for phoneme in self.spoken[start:end]]
                for start, end in self.units
            ],
            ensure_ascii=False,
            separators=(",", ":"),
        )

    def _said(self, phoneme: Phoneme) -> object:
        if phoneme.sound == BETWEEN:
            return 0
        sound = self.sounds[phoneme.sound]
        if sound.kind in units.HEARD:
            return [sound.start, sound.end]
        return sound.text if sound.kind is SoundKind.PAUSE else 0


@functools.lru_cache(maxsize=_KEPT)
def score(text: str, readings: tuple[Reading, ...], lexicon: Lexicon) -> Score:
    """The score of an utterance's text.

    Raises `BobaoError` for what has no reading or no way to be said, and where nothing is heard.
    """
    sounds = pronounce(text, readings, lexicon)
    proof.check_read(sounds)
    spoken = phonemes(sounds)
    return Score(sounds, spoken, tuple(units.units(spoken, sounds)))
