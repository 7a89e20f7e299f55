"""What a voice engine is: text in, samples and their timing out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bobao.errors import BobaoError
from bobao.model import Mark
from bobao.pronounce.lexicon import EMPTY, Lexicon
from bobao.pronounce.sounds import Reading

Samples = NDArray[np.float32]
"""Mono sound at `bobao.model.RATE`, full scale ±1."""


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """A voice a person can choose."""

    name: str
    gender: str  # "female", "male" or "none"
    language: str = "zh-CN"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is to be said, and how: `rate` 1.0 is the voice's own pace, 1.2 a fifth faster.

    `readings` are fixed by an editor for their places; `lexicon` has the words of the text that
    the station says in its own way.
    """

    text: str
    voice: str
    rate: float = 1.0
    readings: tuple[Reading, ...] = ()
    lexicon: Lexicon = EMPTY


@dataclass(frozen=True, slots=True)
class Speech:
    """What was said: trimmed samples and, for every character heard, when.

    The marks are in order, do not overlap, and cover every character of the text that is heard
    (a mark may cover several, as for a Latin word).
    """

    samples: Samples
    marks: tuple[Mark, ...]


class GaveUp(BobaoError):  # noqa: N818 - it says what happened, not that anything is wrong
    """An engine cannot speak now, though nothing is wrong with the text: another one may.

    Raised by an engine that needs a service, when all that was worth trying has been tried.
    """


class Engine(Protocol):
    """A maker of speech. `speak` may be called from several threads at once.

    `at_once` is how many utterances it likes to be given side by side; 0 is as many as there are
    processors. An engine that waits for a service asks for more and holds back by itself.

    `version` changes whenever the sound of the same utterance may change: it is part of the key
    under which takes are stored. `speak` says the whole text or raises `BobaoError`; it never
    leaves a word out.
    """

    name: str
    version: str
    at_once: int

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The voices, the suggested one first."""
        ...

    def speak(self, utterance: Utterance) -> Speech:
        """Say an utterance."""
        ...


@runtime_checkable
class Stoppable(Protocol):
    """An engine that need not be waited for once nobody wants what it is saying.

    An engine may offer this beside `Engine`, if an utterance may take it longer than a person who
    has pressed Ctrl-C waits: seconds.
    """

    def stop(self) -> None:
        """Have every `speak` that is under way end at once, with any exception; later ones work."""
        ...


@runtime_checkable
class Exact(Protocol):
    """An engine that can tell two utterances that sound the same, without making them.

    An engine may offer this beside `Engine`. Then takes are named by the recipe, and a new version
    of the engine records nothing anew but what it would say otherwise.
    """

    def recipe(self, utterance: Utterance) -> str:
        """All that decides the sound of `utterance`, as text: equal recipes, equal samples.

        It holds the sounds to be made, voice and rate, and what tells the versions of the model and
        of the code that makes samples of sounds. It must not take long: it is asked for every line
        of every run. Raises `BobaoError` like `speak`, or gives some text where `speak` would.
        """
        ...
