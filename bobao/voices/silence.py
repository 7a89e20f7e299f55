"""The engine `silence`: as long as speech would be, and nothing to hear. For dry runs and tests."""

from __future__ import annotations

import numpy as np

from bobao.errors import BobaoError
from bobao.model import GRID_MS, RATE, Mark
from bobao.voices.engine import Speech, Utterance, VoiceInfo

SYLLABLE_MS = 195
"""Of a hanzi: what the embedded voice takes for one on an average, its pauses left out."""
LETTER_MS = 150
PAUSES_MS = {
    **dict.fromkeys("。！？.!?…", 400),
    **dict.fromkeys("；;", 320),
    **dict.fromkeys("：:", 280),
    **dict.fromkeys("—～~", 240),
    **dict.fromkeys("，,", 200),
    "、": 120,
}
"""Those of the embedded voice inside a line; the mixing adds what is between lines."""


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
            elif marks and char in PAUSES_MS:
                rest = max(rest, round(PAUSES_MS[char] / grid) * GRID_MS)
        if not marks:
            raise BobaoError("there is nothing to say", where=f"“{utterance.text}”")
        return Speech(np.zeros(now * RATE // 1000, np.float32), tuple(marks))
