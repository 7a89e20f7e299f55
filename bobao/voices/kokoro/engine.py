"""The embedded voice: Kokoro-82M (hexgrad, Apache-2.0) on onnxruntime, entirely offline."""

from __future__ import annotations

import functools
import threading
from typing import ClassVar

from bobao.errors import BobaoError
from bobao.station import versions
from bobao.voices.engine import Speech, Utterance, VoiceInfo
from bobao.voices.kokoro import model, proof, sessions, voicing
from bobao.voices.kokoro.score import score
from bobao.voices.kokoro.voicing import Sounder, assembled


class _Kokoro:
    """What both engines share: everything but the graphs that make samples."""

    name: ClassVar[str]
    sound: ClassVar[str] = "kokoro"  # its number in `bobao.station.versions`
    at_once = 0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: Sounder | None = None

    @property
    def version(self) -> str:
        """The model, and the code that makes samples of phonemes."""
        raise NotImplementedError

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The eight Mandarin voices of Kokoro-82M v1.0, the suggested one first."""
        return sessions.VOICES

    def speak(self, utterance: Utterance) -> Speech:
        """Say the whole of an utterance.

        Raises `BobaoError` for a voice or rate there is not, for what has no reading, and where
        the model's sound cannot be that of the text.
        """
        styles = sessions.styles(utterance.voice)
        proof.check_rate(utterance.rate)
        played = score(utterance.text, utterance.readings, utterance.lexicon)
        sounder = self._sounder()
        said = [
            voicing.voiced(sounder, played.spoken[start:end], played.sounds, styles, utterance.rate)
            for start, end in played.units
        ]
        speech = assembled(said, played.sounds, utterance.rate)
        proof.check_speech(speech, played.sounds, utterance.rate)
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

    def _sounder(self) -> Sounder:
        """The graphs, loaded once, and proved to sound as they should."""
        with self._lock:
            if self._loaded is None:
                loaded = self._load()
                proof.prove(loaded, self.version)
                self._loaded = loaded
            return self._loaded

    def _load(self) -> Sounder:
        raise NotImplementedError


class KokoroEngine(_Kokoro):
    """The model's own front half, then the project's fast decoder."""

    name = "kokoro"

    @functools.cached_property
    def version(self) -> str:
        """Model, decoder, the code that makes samples of phonemes, and where it runs if it matters.

        Raises `BobaoError` where it is asked to run where it cannot.
        """
        ours = f"{model.VERSION}-{model.DECODER_SHA256[:8]}-{versions.named(self.sound)}"
        return ours + sessions.accent()

    def _load(self) -> Sounder:
        return voicing.fast(
            sessions.open_session(model.front_graph()),
            sessions.open_session(model.decoder_graph(), on_card=True),
        )


class KokoroInt8Engine(_Kokoro):
    """The whole published model: eight times the work, the reference for the fast decoder."""

    name = "kokoro-int8"

    @functools.cached_property
    def version(self) -> str:
        """Model, and the code that makes samples of phonemes."""
        return f"{model.VERSION}-{versions.named(self.sound)}"

    def _load(self) -> Sounder:
        sessions.only_processor(self.name)
        return voicing.whole(sessions.open_session(model.full_graph()))
