"""The proof that an answer is the whole text: nothing cut off, left out, or silent.

What counts is the decoded sound; the service's own times must agree with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np

from bobao.model import RATE
from bobao.pronounce.pinyin import is_hanzi
from bobao.voices import shaping
from bobao.voices.edge.answer import Timed, decoded, timed
from bobao.voices.edge.client import Answer
from bobao.voices.edge.faults import Fault, Kind
from bobao.voices.engine import Samples

QUICKEST_MS, SLOWEST_MS = 90, 900
"""A syllable's mean length at the voice's own pace, pauses included; news is read at 200–260 ms."""
ALLOWED_MS = 1500
"""Beyond that, for the pauses of a short text."""
SHIFT_MS = 250.0
"""The most that the times may be beside the sound, all alike. The codec delays it by 46 ms."""
PAUSE_MS = 80.0
"""A silence this long between words shows where the next one starts."""
LEAST_HEARD_MS, GUESSED_HEARD_MS = 25.0, 60.0
"""What is heard of a letter at least, at the voice's own pace; and where the service does not say
when it says it: there might be nothing but a pause."""
INEXACT_MS = 10.0
"""How far a word may reach beyond its time."""
SILENCE_MS = 60.0
"""The least silence at the end: sound that breaks off has none."""
AFTER_MS = 600.0
"""How long there may be sound after the last word's end: an echo, a breath."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The sound of a whole text, trimmed, and when each word of it is heard in it."""

    samples: Samples
    words: tuple[Timed, ...]


def proved(answer: Answer, text: str, rate: float) -> Proved:
    """The sound of `text`, shown to be whole. Raises `Fault` where it is not."""
    if not answer.ended:
        raise Fault(Kind.CUT, "the connection was closed too early")
    samples = decoded(answer.audio)
    low, high = shaping.bounds(samples)
    if low == high:
        raise Fault(Kind.NO_AUDIO, "it is silent")
    words = _in_step(timed(text, answer.boundaries, rate), samples)
    _check_end(words[-1], samples)
    _check_heard(words, samples, text, rate)
    _check_pace((high - low) * 1000 / RATE * rate, text)
    shift = -low * 1000 / RATE
    return Proved(samples[low:high], tuple(_moved(word, shift) for word in words))


def _in_step(words: Sequence[Timed], samples: Samples) -> list[Timed]:
    """The words moved, all by the same time, to where the sound is.

    A word after a pause starts where a silence ends; of the differences the middle one counts. A
    pause without a silence near is none: the service's times are not that exact.
    """
    ends = [
        end * 1000 / RATE
        for start, end in _silences(samples)
        if start == 0 or (end - start) * 1000 / RATE >= PAUSE_MS / 2
    ]
    pauses = [word.start_ms - last.end_ms for last, word in pairwise(words)]
    starts = [
        word.start_ms
        for word, pause in zip(words, [PAUSE_MS, *pauses], strict=True)
        if pause >= PAUSE_MS
    ]
    nearest = [min((end - start for end in ends), key=abs, default=SHIFT_MS) for start in starts]
    shift = median([by for by in nearest if abs(by) < SHIFT_MS] or nearest)
    beside = max(shift, words[0].start_ms + shift - ends[0], key=abs)
    if abs(beside) >= SHIFT_MS:
        raise Fault(Kind.GARBLED, f"its times are {beside:+.0f} ms beside its sound")
    return [_moved(word, shift) for word in words]


def _silences(samples: Samples) -> list[tuple[int, int]]:
    runs = shaping.quiet_runs(samples)
    return runs if runs and runs[0][0] == 0 else [(0, 0), *runs]


def _moved(word: Timed, by_ms: float) -> Timed:
    return replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms)


def _check_end(last: Timed, samples: Samples) -> None:
    """The sound must go on into the last syllable, not far beyond it, and end in silence.

    The service lets about 875 ms of silence follow.
    """
    end = shaping.bounds(samples, 0)[1]
    syllable = (last.end_ms - last.start_ms) / (last.end - last.start)
    missing = last.end_ms - end * 1000 / RATE
    if missing > 0.5 * syllable:
        raise Fault(Kind.CUT, f"its sound ends {missing:.0f} ms before its last word")
    if (len(samples) - end) * 1000 / RATE < SILENCE_MS:
        raise Fault(Kind.CUT, "its sound breaks off")
    if missing < -AFTER_MS:
        raise Fault(Kind.GARBLED, f"its sound goes on for {-missing:.0f} ms after its last word")


def _check_heard(words: Sequence[Timed], samples: Samples, text: str, rate: float) -> None:
    """There must be sound in every word's time, enough for its letters."""
    loud = np.concatenate([[0], np.cumsum(shaping.loud_steps(samples))])
    step_ms = shaping.STEP * 1000 / RATE
    for word in words:
        times = (word.start_ms - INEXACT_MS, word.end_ms + INEXACT_MS)
        start, end = (min(max(round(ms / step_ms), 0), len(loud) - 1) for ms in times)
        letters = sum(char.isalnum() for char in text[word.start : word.end])
        least = GUESSED_HEARD_MS if word.guessed else LEAST_HEARD_MS
        if (loud[end] - loud[start]) * step_ms < letters * least / rate:
            raise Fault(Kind.CUT, f"it is silent at “{text[word.start : word.end][:40]}”")


def _check_pace(ms: float, text: str) -> None:
    """The whole must be about as long as its syllables are: a hanzi one, a letter up to three."""
    hanzi = sum(map(is_hanzi, text))
    most = hanzi + 3 * sum(char.isalnum() and not is_hanzi(char) for char in text)
    if ms < QUICKEST_MS * hanzi:
        raise Fault(Kind.CUT, f"{ms:.0f} ms are too short for {hanzi} hanzi")
    if ms > SLOWEST_MS * most + ALLOWED_MS:
        raise Fault(Kind.GARBLED, f"{ms:.0f} ms are too long for {most} syllables")
