"""Voice engines by name: those that come with bobao and those that other packages add.

A package adds one through the entry-point group ``bobao.engines``: the entry's name is the
engine's, its object is called without arguments and returns an `Engine`.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from importlib import metadata
from typing import cast

import numpy as np

from bobao.errors import BobaoError
from bobao.model import GRID_MS, RATE, Mark
from bobao.voices.engine import Engine, Speech, Utterance, VoiceInfo

GROUP = "bobao.engines"
BUILT_IN = {
    "kokoro": "bobao.voices.kokoro.engine:KokoroEngine",
    "kokoro-int8": "bobao.voices.kokoro.engine:KokoroInt8Engine",
    "edge": "bobao.voices.edge.engine:EdgeEngine",
    "silence": "bobao.voices.registry:SilenceEngine",
    "tone": "bobao.voices.tone:ToneEngine",
}
"""The engines that come with bobao, the default one first. Their names cannot be taken."""
DEFAULT = "kokoro"
PARTS = ("name", "version", "at_once", "voices", "speak")
"""What an engine must have, see `Engine`."""


def names() -> tuple[str, ...]:
    """The names of the engines there are: ours, then those of other packages by name."""
    others = {entry.name for entry in metadata.entry_points(group=GROUP)}
    return (*BUILT_IN, *sorted(others - set(BUILT_IN)))


@functools.cache
def engine(name: str = DEFAULT) -> Engine:
    """The engine of that name, one for the whole process; its models are loaded on first use.

    Raises `BobaoError` for a name that nothing has, where the engine cannot be imported, or for
    what is no engine.
    """
    make = _maker(name)
    made = make()
    lacking = [part for part in PARTS if not hasattr(made, part)]
    if lacking:
        raise BobaoError(
            f"the engine “{name}” is not one: it has no {' and no '.join(lacking)}",
            advice="Its package is made for another version of bobao, or has a fault.",
        )
    if made.name != name:
        raise BobaoError(
            f"the engine “{name}” calls itself “{made.name}”",
            advice="Its entry point must have the engine's own name.",
        )
    return made


def voice(engine: Engine, name: str = "") -> VoiceInfo:
    """The engine's voice of that name; the suggested one for an empty name.

    Raises `BobaoError` for a voice that it has not.
    """
    voices = engine.voices()
    for info in voices:
        if not name or info.name == name:
            return info
    raise BobaoError(
        f"the engine “{engine.name}” has no voice “{name}”",
        advice="It has " + ", ".join(info.name for info in voices) + ".",
    )


def _maker(name: str) -> Callable[[], Engine]:
    if name in BUILT_IN:
        module, _, attribute = BUILT_IN[name].partition(":")
        return cast("Callable[[], Engine]", getattr(importlib.import_module(module), attribute))
    found = next(iter(metadata.entry_points(group=GROUP, name=name)), None)
    if found is None:
        raise BobaoError(
            f"there is no voice engine “{name}”", advice="There are " + ", ".join(names()) + "."
        )
    try:
        return cast("Callable[[], Engine]", found.load())
    except (ImportError, AttributeError) as error:
        raise BobaoError(
            f"the engine “{name}” cannot be loaded: {error}",
            where=found.value,
            advice="Install its package again, or choose another engine.",
        ) from error


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
