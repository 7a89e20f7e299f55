"""The embedded voice: Kokoro-82M (hexgrad, Apache-2.0) on onnxruntime, entirely offline."""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from bobao.pronounce.front import pronounce
from bobao.pronounce.sounds import Sound
from bobao.voices.engine import Samples, Speech, Utterance, VoiceInfo
from bobao.voices.kokoro import checks, decoder, parts, sessions, speakers, units
from bobao.voices.kokoro.assembly import Unit, assembled
from bobao.voices.kokoro.phonemes import Phoneme, phonemes
from bobao.voices.kokoro.phrases import phrases
from bobao.voices.kokoro.speakers import Styles

Durations = NDArray[np.int64]


class _Kokoro:
    """What both engines share: everything but the graphs that make samples."""

    name: ClassVar[str]
    at_once = 0

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The eight Mandarin voices of Kokoro-82M v1.0, the suggested one first."""
        return speakers.VOICES

    def speak(self, utterance: Utterance) -> Speech:
        """Say the whole of an utterance.

        Raises `BobaoError` for a voice or rate there is not, for what has no reading, and where
        the model's sound cannot be that of the text.
        """
        styles = speakers.styles(utterance.voice)
        checks.check_rate(utterance.rate)
        sounds = pronounce(utterance.text, utterance.readings, utterance.lexicon)
        checks.check_read(sounds)
        spoken = phonemes(sounds)
        said = [
            self._unit(spoken[start:end], sounds, styles, utterance.rate)
            for start, end in units.units(spoken, sounds)
        ]
        speech = assembled(said, sounds, utterance.rate)
        checks.check_speech(speech, sounds, utterance.rate)
        return speech

    def _unit(
        self, spoken: Sequence[Phoneme], sounds: Sequence[Sound], styles: Styles, rate: float
    ) -> Unit:
        assert len(spoken) <= units.MODEL_TOKENS  # noqa: S101 - the model would cut the rest off
        inputs = {
            "tokens": np.array([[0, *(phoneme.token for phoneme in spoken), 0]], np.int64),
            "style": styles[len(spoken), None].astype(np.float32),
            "speed": np.array([rate], np.float32),
        }
        samples, durations = self._sound(inputs)
        return Unit(samples, tuple(phrases(spoken, durations, samples, sounds)))

    def _sound(self, inputs: dict[str, Any]) -> tuple[Samples, Durations]:
        raise NotImplementedError


class KokoroEngine(_Kokoro):
    """The model's own front half, then the project's fast decoder."""

    name = "kokoro"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: tuple[Any, Any] | None = None

    @functools.cached_property
    def version(self) -> str:
        """Model, decoder and front end."""
        return f"{parts.MODEL_SHA256[:8]}-{decoder.DECODER_SHA256[:8]}-{speakers.front_end()}"

    def _sound(self, inputs: dict[str, Any]) -> tuple[Samples, Durations]:
        front, back = self._loaded()
        x, f0, style, durations = sessions.run(front, ("x", "f0", "s", "durations"), inputs)
        features = decoder.Features(
            np.ascontiguousarray(x[0].T), f0.ravel().astype(np.float64), style
        )
        return decoder.decode(back, features), durations.ravel()

    def _loaded(self) -> tuple[Any, Any]:
        with self._lock:
            if self._sessions is None:
                self._sessions = (
                    sessions.open_session(parts.front_graph()),
                    sessions.open_session(decoder.decoder_graph()),
                )
            return self._sessions


class KokoroInt8Engine(_Kokoro):
    """The whole published model: eight times the work, the reference for the fast decoder."""

    name = "kokoro-int8"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None

    @functools.cached_property
    def version(self) -> str:
        """Model and front end."""
        return f"{parts.MODEL_SHA256[:8]}-{speakers.front_end()}"

    def _sound(self, inputs: dict[str, Any]) -> tuple[Samples, Durations]:
        with self._lock:
            if self._session is None:
                self._session = sessions.open_session(parts.full_graph())
        audio, durations = sessions.run(self._session, ("audio", "durations"), inputs)
        return audio.ravel(), durations.ravel()
