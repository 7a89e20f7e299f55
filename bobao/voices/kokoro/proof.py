"""What must hold before and after a line is spoken, and that this machine computes rightly."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bobao import files
from bobao.errors import BobaoError
from bobao.model import RATE
from bobao.pronounce.sounds import Sound, SoundKind
from bobao.voices.engine import Samples, Speech
from bobao.voices.kokoro import sessions
from bobao.voices.kokoro.phrases import FRAME
from bobao.voices.kokoro.units import HEARD
from bobao.voices.kokoro.voicing import Durations, Inputs, Sounder
from bobao.voices.shaping import level

RIGHT = "onnxruntime>=1.25.1,<1.33 (on Python 3.10: onnxruntime==1.20.1)"
"""Versions that computed rightly on every processor that they were tried on."""
RATES = (0.5, 2.0)
"""The paces the model keeps understandable."""
QUICKEST_MS, SLOWEST_MS = 60, 1500
"""A syllable's mean length at the voice's own pace, beyond which something has gone wrong."""
QUIETEST_DB = -38.0
"""No line of any voice at any pace is softer: the softest is at −29 dBFS, those of a runtime that
computes wrongly are at −47."""


def check_rate(rate: float) -> None:
    """Raise `BobaoError` for a pace that the model cannot keep."""
    slowest, fastest = RATES
    if not slowest <= rate <= fastest:
        raise BobaoError(
            f"the voice cannot speak at {rate:g} times its pace",
            advice=f"Choose a rate from {slowest:g} to {fastest:g}.",
        )


def check_read(sounds: Sequence[Sound]) -> None:
    """Raise `BobaoError` for a sign that would be left out, or where nothing is heard at all."""
    for sound in sounds:
        unread = "".join(char for char in sound.text if char.isalnum())
        if unread and sound.kind not in HEARD:
            raise BobaoError(
                f"the voice has no way to say “{unread}”",
                advice=f"Write what should be said, as {{{unread}|…}} in the script.",
            )
    if not any(sound.kind in HEARD for sound in sounds):
        raise BobaoError("there is nothing to say")


def check_speech(speech: Speech, sounds: Sequence[Sound], rate: float) -> None:
    """Raise `BobaoError` where samples or marks cannot be those of the text."""
    heard = [sound for sound in sounds if sound.kind in HEARD]
    syllables = sum(sound.kind is SoundKind.HANZI for sound in heard)
    ms = len(speech.samples) * 1000 // RATE * rate
    finite = bool(np.isfinite(speech.samples).all())
    faults = {
        "the model made a sound that is not a number": not finite,
        "the model made hardly any sound": finite and level(speech.samples) < QUIETEST_DB,
        "the model made too short a sound": ms < QUICKEST_MS * syllables,
        "the model made too long a sound": ms > SLOWEST_MS * _letters(heard),
        "the model left a sound out": [(mark.start, mark.end) for mark in speech.marks]
        != [(sound.start, sound.end) for sound in heard],
    }
    for fault, found in faults.items():
        if found:
            raise BobaoError(
                fault,
                advice="Word the line differently, or choose another voice. If many lines fail, "
                f"install another onnxruntime: pip install '{RIGHT}'",
            )


def _letters(heard: Sequence[Sound]) -> int:
    """Syllables at most: a hanzi is one, a letter up to three (W)."""
    return sum(1 if sound.kind is SoundKind.HANZI else 3 * len(sound.text) for sound in heard)


LENGTH = 0.08
"""The share of its length by which a line may differ. Six right runtimes and processors: 0.01."""
LIKENESS_DB = 3.0
"""How far a line's levels, phoneme by phoneme and band by band, may be from those it should have.
Right runtimes: 0.5; half as loud: 4.3; another voice: 5.7; almost silence: 14."""
_EDGES_HZ = (100, 300, 600, 1000, 1700, 2800, 4500, 8000)
_RANGE_DB, _HEARD_DB = 40.0, 30.0
"""So far under a line's loudest nothing is compared, and a phoneme is heard."""
_TELLING = ("model name", "flags", "features", "cpu part")  # of a processor, in /proc/cpuinfo

Levels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A line as it should be: its tokens, how many frames it has, and `levels` of its tokens."""

    voice: str
    tokens: tuple[int, ...]
    frames: int
    levels: Levels

    def inputs(self) -> Inputs:
        """What the model is given for it."""
        return {
            "tokens": np.array([[0, *self.tokens, 0]], np.int64),
            "style": sessions.styles(self.voice)[len(self.tokens), None].astype(np.float32),
            "speed": np.ones(1, np.float32),
        }

    def fault(self, samples: Samples, durations: Durations) -> str:
        """What is wrong with how it was said; empty where nothing is."""
        frames = int(durations.sum())
        if abs(frames - self.frames) > LENGTH * self.frames or len(samples) != frames * FRAME:
            return f"{len(samples) / RATE:.2f} s long instead of {self.frames * FRAME / RATE:.2f}"
        apart = unlikeness(levels(samples, durations), self.levels)
        return f"its levels are {apart:.0f} dB beside what they should be" * (
            not apart <= LIKENESS_DB  # nor a number that is none
        )


def lines() -> tuple[ReferenceLine, ...]:
    """The lines of ``data/reference.json``."""
    file = resources.files("bobao.voices.kokoro") / "data" / "reference.json"
    rows: list[dict[str, Any]] = json.loads(file.read_bytes())
    return tuple(
        ReferenceLine(
            row["voice"], tuple(row["tokens"]), row["frames"], np.array(row["levels"], float)
        )
        for row in rows
    )


def levels(samples: Samples, durations: Durations) -> Levels:
    """Of each token, start and end included, the level in seven bands, in decibels."""
    frames = samples.astype(np.float64).reshape(-1, FRAME) * np.hanning(FRAME)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    hz = np.arange(power.shape[1]) * RATE / FRAME
    cuts = np.searchsorted(hz, _EDGES_HZ)
    bands = np.add.reduceat(power[:, : cuts[-1]], cuts[:-1], axis=1)
    parts = np.split(bands, np.cumsum(durations)[:-1])
    means = [part.mean(axis=0) if len(part) else np.zeros(len(cuts) - 1) for part in parts]
    return np.asarray(10 * np.log10(np.array(means) + 1e-9))


def unlikeness(one: Levels, right: Levels) -> float:
    """The mean difference in decibels, where there is something to hear."""
    top = float(right.max())
    heard = right.max(axis=1) > top - _HEARD_DB
    ours, theirs = (np.maximum(each, top - _RANGE_DB)[heard] for each in (one, right))
    return float(np.abs(ours - theirs).mean())


def prove(sounder: Sounder, graphs: str) -> None:
    """Have `sounder` say the lines, unless this runtime is known to say them right.

    `graphs` tells the graphs from others. Raises `BobaoError` where it says them wrongly.
    """
    path = files.user_cache() / "kokoro" / "proved" / f"{_name(graphs)}.txt"
    with suppress(OSError):
        if path.is_file():
            return
    for line in lines():
        if fault := line.fault(*sounder(line.inputs())):
            raise BobaoError(
                f"the voice does not sound right with onnxruntime {_runtime()} on this processor: "
                f"a line that it says to prove itself is {fault}",
                advice=f"Nothing was recorded. Install another one: pip install '{RIGHT}'",
            )
    with suppress(BobaoError):  # then it is proved again next time
        files.write_text(path, f"onnxruntime {_runtime()} on {_processor()[:200]}\n")


def _name(graphs: str) -> str:
    reference = json.dumps([[line.tokens, line.levels.tolist()] for line in lines()])
    told = [_runtime(), sessions.chosen(), _processor(), graphs, reference, str(LIKENESS_DB)]
    return files.sha256("\n".join(told).encode("utf-8"))[:32]


def _runtime() -> str:
    import onnxruntime

    return str(onnxruntime.__version__)


def _processor() -> str:
    """What tells this machine's processor from others that may compute otherwise."""
    told = [platform.machine(), platform.processor()]
    with suppress(OSError):
        cores = Path("/proc/cpuinfo").read_text("utf-8", errors="replace").split("\n\n")
        rows = [row for row in cores[0].splitlines() if row.lower().startswith(_TELLING)]
        told += [" ".join(row.split()) for row in rows]
    return "; ".join(told)
