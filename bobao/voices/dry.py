"""Engines that do not speak: `silence` for dry runs, and `tone` for tests, a hum a syllable."""

from __future__ import annotations

import re

import numpy as np

from bobao.errors import BobaoError
from bobao.model import GRID_MS, RATE, Mark
from bobao.voices import shaping
from bobao.voices.engine import Samples, Speech, Utterance, VoiceInfo

SYLLABLE_MS = 195
"""Of a hanzi: what the embedded voice takes for one on an average, its pauses left out."""
LETTER_MS = 150


class SilenceEngine:
    """Marks and lengths like those of speech, made in no time; every sample is zero."""

    name = "silence"
    version = "1"
    at_once = 0

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The one voice."""
        return (VoiceInfo("silence", "none", note="nothing to hear; for dry runs"),)

    def speak(self, utterance: Utterance) -> Speech:
        """As long as the text takes to say. Raises `BobaoError` where nothing would be heard."""
        grid = GRID_MS * utterance.rate
        syllable, letter = (max(1, round(ms / grid)) * GRID_MS for ms in (SYLLABLE_MS, LETTER_MS))
        marks: list[Mark] = []
        now = rest = 0
        for place, char in enumerate(utterance.text):
            if char.isalnum():
                now += rest
                length = letter if char.isascii() else syllable
                marks.append(Mark(place, place + 1, now, now + length))
                now, rest = now + length, 0
            elif marks and char in shaping.PAUSES_MS:
                rest = max(rest, round(shaping.PAUSES_MS[char] / grid) * GRID_MS)
        if not marks:
            raise BobaoError("there is nothing to say", where=f"“{utterance.text}”")
        return Speech(np.zeros(now * RATE // 1000, np.float32), tuple(marks))


PAUSES_MS = {"。": 300, "！": 300, "？": 300, "；": 250, "：": 200, "，": 150, "、": 100}
LOWEST_HZ = 220.0
AMPLITUDE = 0.2


class ToneEngine:
    """Exact marks, the same sound everywhere, thousands of times faster than real time."""

    name = "tone"
    at_once = 0
    version = "1"

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The one voice."""
        return (VoiceInfo("tone", "none", note="tones for tests; not speech"),)

    def speak(self, utterance: Utterance) -> Speech:
        """A tone for each hanzi and each run of Latin letters or digits, pauses at clause marks.

        Length and pitch follow from the character. Raises `BobaoError` where nothing is heard.
        """
        pieces: list[Samples] = []
        marks: list[Mark] = []
        start = now = 0
        for piece in _PIECE.findall(utterance.text):
            end, heard, code = start + len(piece), piece[0].isalnum(), sum(map(ord, piece))
            ms = 160 + code % 5 * 20 + 60 * (len(piece) - 1)
            ms = ms if heard else max(PAUSES_MS.get(char, 0) for char in piece)
            ms = round(ms / utterance.rate / 10) * 10
            if heard:
                pieces.append(_tone(LOWEST_HZ * 2 ** (code % 13 / 12), ms))
                marks.append(Mark(start, end, now, now + ms))
            elif marks:
                pieces.append(shaping.silence(ms))
            now += ms if marks else 0
            start = end
        if not marks:
            raise BobaoError("there is nothing to say", where=f"“{utterance.text}”")
        return Speech(np.concatenate(pieces)[: marks[-1].end_ms * RATE // 1000], tuple(marks))


_PIECE = re.compile(r"[A-Za-z0-9]+|[^\W_]|[\W_]+")
"""Each hanzi by itself; runs of other letters and digits, and of what is between, together."""


def _tone(pitch: float, ms: int) -> Samples:
    times = np.arange(ms * RATE // 1000) / RATE
    return shaping.faded((AMPLITUDE * np.sin(2 * np.pi * pitch * times)).astype(np.float32), 20)
