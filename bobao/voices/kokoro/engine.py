"""The embedded voice: Kokoro-82M (hexgrad, Apache-2.0) on onnxruntime, entirely offline."""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence

import numpy as np

from bobao.errors import BobaoError
from bobao.model import RATE
from bobao.pronounce.sounds import Sound, SoundKind
from bobao.station import versions
from bobao.voices.engine import Samples, Speech, Utterance, VoiceInfo
from bobao.voices.kokoro import decoder, model, runtime
from bobao.voices.kokoro.score import HEARD, score
from bobao.voices.kokoro.voicing import Durations, Inputs, Sounder, assembled, voiced
from bobao.voices.shaping import level

RATES = (0.5, 2.0)
"""The paces the model keeps understandable."""
QUICKEST_MS, SLOWEST_MS = 60, 1500
"""A syllable's mean length at the voice's own pace, beyond which something has gone wrong."""
QUIETEST_DB = -38.0
"""No line of any voice at any pace is softer: the softest is at −29 dBFS, those of a runtime that
computes wrongly are at −47."""


class KokoroEngine:
    """The model's own front half, then the project's fast decoder."""

    name = "kokoro"
    at_once = 0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: Sounder | None = None

    @functools.cached_property
    def version(self) -> str:
        """Model, decoder, the code that makes samples of phonemes, and where it runs if it matters.

        Raises `BobaoError` where it is asked to run where it cannot.
        """
        ours = f"{model.VERSION}-{decoder.DECODER_SHA256[:8]}-{versions.named('kokoro')}"
        return ours + runtime.accent()

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The eight Mandarin voices of Kokoro-82M v1.0, the suggested one first."""
        return model.VOICES

    def speak(self, utterance: Utterance) -> Speech:
        """Say the whole of an utterance.

        Raises `BobaoError` for a voice or rate there is not, for what has no reading, and where
        the model's sound cannot be that of the text.
        """
        rate, styles = utterance.rate, model.styles(utterance.voice)
        if not RATES[0] <= rate <= RATES[1]:
            raise BobaoError(
                f"the voice cannot speak at {rate:g} times its pace",
                advice=f"Choose a rate from {RATES[0]:g} to {RATES[1]:g}.",
            )
        played = score(utterance.text, utterance.readings, utterance.lexicon)
        sounder = self.sounder()
        said = [
            phrase
            for start, end in played.units
            for phrase in voiced(sounder, played.spoken[start:end], played.sounds, styles, rate)
        ]
        speech = assembled(said, played.sounds, rate)
        check_speech(speech, played.sounds, rate)
        return speech

    def recipe(self, utterance: Utterance) -> str:
        """All that decides samples and marks: of the front end only what it made of this text.

        What cannot be said has a recipe too, under which nothing is ever recorded: its error comes
        when it is its turn to be spoken.
        """
        try:
            text = score(utterance.text, utterance.readings, utterance.lexicon).text()
        except BobaoError:
            text = utterance.text
        return f"{self.version} {utterance.voice} {float(utterance.rate)!r} {text}"

    def sounder(self) -> Sounder:
        """The graphs, loaded once, and proved to sound as they should."""
        with self._lock:
            if self._loaded is None:
                loaded = self.load()
                runtime.prove(loaded, self.version)
                self._loaded = loaded
            return self._loaded

    def load(self) -> Sounder:
        """The graphs that make samples."""
        front = runtime.quicker(model.front_graph, model.signed_graph, self.version)
        back = runtime.open_session(decoder.decoder_graph(), on_card=True)

        def sound(given: Inputs) -> tuple[Samples, Durations]:
            x, f0, style, durations = runtime.run(front, runtime.OUTPUTS, given)
            pitch = f0.ravel().astype(np.float64)
            made = decoder.decode(back, np.ascontiguousarray(x[0].T), pitch, style)
            return made, durations.ravel()

        return sound


def check_speech(speech: Speech, sounds: Sequence[Sound], rate: float) -> None:
    """Raise `BobaoError` where samples or marks cannot be those of the text."""
    heard = [sound for sound in sounds if sound.kind in HEARD]
    syllables = sum(sound.kind is SoundKind.HANZI for sound in heard)
    most = syllables + sum(3 * len(sound.text) for sound in heard if sound.kind is SoundKind.LATIN)
    ms = len(speech.samples) * 1000 // RATE * rate
    finite = bool(np.isfinite(speech.samples).all())
    faults = {
        "the model made a sound that is not a number": not finite,
        "the model made hardly any sound": finite and level(speech.samples) < QUIETEST_DB,
        "the model made too short a sound": ms < QUICKEST_MS * syllables,
        "the model made too long a sound": ms > SLOWEST_MS * most,
        "the model left a sound out": [(mark.start, mark.end) for mark in speech.marks]
        != [(sound.start, sound.end) for sound in heard],
    }
    for fault, found in faults.items():
        if found:
            raise BobaoError(
                fault,
                advice="Word the line differently, or choose another voice. If many lines fail, "
                f"install another onnxruntime: pip install '{runtime.RIGHT}'",
            )
