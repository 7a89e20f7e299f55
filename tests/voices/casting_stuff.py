"""Scripts and engines for the tests of casting."""

from __future__ import annotations

import threading

import numpy as np

from bobao.model import Header, Line, LineKind, Script, Section, Span
from bobao.voices.dry import ToneEngine
from bobao.voices.engine import GaveUp, Speech, Utterance, VoiceInfo


def line(text: str, kind: LineKind = LineKind.TEXT) -> Line:
    level = 3 if kind is LineKind.SUBHEAD else 0
    return Line((Span(text, text),), kind, level)


def script(*sections: list[Line | str], voice: str = "", engine: str = "", **extra: str) -> Script:
    """Sections of one paragraph each; the first line of each is its heading."""
    made = []
    for heading, *rest in sections:
        lines = tuple(each if isinstance(each, Line) else line(each) for each in rest)
        made.append(Section(line(heading), (lines,) if lines else ()))
    keys = tuple((key.replace("_", "-"), value) for key, value in extra.items())
    return Script(Header("s", "标题", voice=voice, engine=engine, extra=keys), tuple(made))


class Duo(ToneEngine):
    """Two women and a man. They hum; `levels` are in decibels over the tone engine's."""

    name = "duo"
    levels = {"ann": 0.0, "bob": -14.0, "cat": 5.0}  # noqa: RUF012 - not changed

    def __init__(self) -> None:
        self.said: list[Utterance] = []
        self.lock = threading.Lock()

    def voices(self) -> tuple[VoiceInfo, ...]:
        return (VoiceInfo("ann", "female"), VoiceInfo("bob", "male"), VoiceInfo("cat", "female"))

    def speak(self, utterance: Utterance) -> Speech:
        with self.lock:
            self.said.append(utterance)
        speech = super().speak(utterance)
        factor = np.float32(10 ** (self.levels[utterance.voice] / 20))
        return Speech(speech.samples * factor, speech.marks)


class Service(Duo):
    """As `Duo`, over a network: gives up after `patience` utterances."""

    name = "service"
    at_once = 1
    patience = 3

    def voices(self) -> tuple[VoiceInfo, ...]:
        return (VoiceInfo("max", "male"), VoiceInfo("eva", "female"))

    def speak(self, utterance: Utterance) -> Speech:
        with self.lock:
            self.said.append(utterance)
            if len(self.said) > type(self).patience:
                raise GaveUp("the service does not answer", advice="Try later.")
        return ToneEngine.speak(self, utterance)


class Understudy(Duo):
    """Another engine of the same kind, that never gives up."""

    name = "understudy"
