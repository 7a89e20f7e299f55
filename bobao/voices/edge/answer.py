"""The service's sound: MP3 frames, when each word is heard in them.

They come without a header that says how many there are.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

import numpy as np

from bobao.model import RATE
from bobao.pronounce.pinyin import is_hanzi
from bobao.voices import shaping
from bobao.voices.edge.client import Answer, Boundary
from bobao.voices.edge.faults import Fault, Kind
from bobao.voices.engine import Samples

FRAME = 576
LEAST = 2
"""The decoder takes a single frame for no sound at all."""
_SYNC, _KIND = 0xFFE00000, 0x001E0C00
_MPEG2_LAYER3_24K = 0x00120400  # bits 20–19: MPEG-2, 18–17: layer III, 11–10: 24 kHz
_KBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)


def decoded(data: bytes) -> Samples:
    """The samples of all whole frames. Raises `Fault` where there is anything else than frames.

    They are walked first: the decoder would skip what is damaged, and say so aloud.
    """
    import soundfile

    count, end = frames(data)
    try:
        samples, rate = soundfile.read(io.BytesIO(data[:end]), dtype="float32")
    except soundfile.LibsndfileError as error:
        raise Fault(Kind.GARBLED, f"its sound cannot be decoded ({error})") from error
    if rate != RATE or samples.ndim != 1 or abs(len(samples) - count * FRAME) > FRAME:
        raise Fault(Kind.GARBLED, f"its sound is {len(samples)} samples of {count} frames")
    return np.asarray(samples, np.float32)


def frames(data: bytes) -> tuple[int, int]:
    """How many whole MP3 frames `data` is made of, and where the last one ends."""
    at = count = 0
    while at + 4 <= len(data):
        header = int.from_bytes(data[at : at + 4], "big")
        kbits = _KBITS[header >> 12 & 15]
        if header & _SYNC != _SYNC or header & _KIND != _MPEG2_LAYER3_24K or not kbits:
            raise Fault(Kind.GARBLED, f"its sound is damaged at byte {at} of {len(data)}")
        size = kbits * 1000 * FRAME // 8 // RATE + (header >> 9 & 1)
        if at + size > len(data):
            break
        at, count = at + size, count + 1
    if count < LEAST:
        raise Fault(Kind.NO_AUDIO, f"{len(data)} bytes of sound are none")
    return count, at


LEAST_MS = 50
"""No syllable is shorter at the voice's own pace."""
LEAD_MS = 100.0
"""The service's silence before the first word: no time for another one."""
UNTIMED, SOME = 0.25, 3
"""The greatest share of a text that may be without boundaries, and how much may be in any case."""


@dataclass(frozen=True, slots=True)
class Timed:
    """When the characters `start:end` of the text are heard; `guessed` from their neighbours."""

    start: int
    end: int
    start_ms: float
    end_ms: float
    guessed: bool = False

    def moved(self, by: int = 0, by_ms: float = 0.0) -> Timed:
        """The same at another place of a text, at another time."""
        return Timed(
            self.start + by, self.end + by, self.start_ms + by_ms, self.end_ms + by_ms, self.guessed
        )


def timed(text: str, boundaries: Sequence[Boundary], rate: float) -> tuple[Timed, ...]:
    """When each word of `text` is heard: in order, not overlapping, every letter in one of them.

    Raises `Fault` where the times make no sense, or something was left out.
    """
    known = _matched(text, boundaries, LEAST_MS / rate)
    if not known:
        raise Fault(Kind.GARBLED, "none of its words is in the text")
    ends = [(0, LEAD_MS), *((word.end, word.end_ms) for word in known)]
    last_ms = max(boundary.end_ms for boundary in boundaries)
    starts = [*((word.start, word.start_ms) for word in known), (len(text), last_ms)]
    filled, untimed = [], 0
    for index, ((start, start_ms), (end, end_ms)) in enumerate(zip(ends, starts, strict=True)):
        if heard := [i for i in range(start, end) if text[i].isalnum()]:
            if end_ms - start_ms < len(heard) * LEAST_MS / rate:
                left_out = text[heard[0] : heard[-1] + 1]
                raise Fault(Kind.CUT, f"it has no time for “{left_out[:40]}”")
            filled.append(Timed(heard[0], heard[-1] + 1, start_ms, end_ms, guessed=True))
            untimed += len(heard)
        filled += known[index : index + 1]
    if untimed > max(SOME, UNTIMED * len(text)):
        raise Fault(Kind.GARBLED, f"{untimed} of its characters have no time")
    return tuple(filled)


def stretches(text: str, part: Timed) -> list[Timed]:
    """A part cut into single hanzi and runs of other letters and digits, its time shared out."""
    heard = [i for i in range(part.start, part.end) if text[i].isalnum()]
    groups = [
        tuple(run) for _, run in groupby(heard, lambda i: (i,) if is_hanzi(text[i]) else (-1,))
    ]
    each = (part.end_ms - part.start_ms) / max(1, len(heard))
    out, now = [], part.start_ms
    for group in groups:
        then = now + each * len(group)
        out.append(Timed(group[0], group[-1] + 1, now, then))
        now = then
    return out


def _matched(text: str, boundaries: Sequence[Boundary], least_ms: float) -> list[Timed]:
    """The boundaries whose words are found, each after the last; none ends after the next starts.

    One at the same time as the last says it again.
    """
    letters, offsets = _letters(text)
    known: list[Timed] = []
    at, before = 0, -1.0
    for boundary in boundaries:
        if not before <= boundary.start_ms <= boundary.end_ms:
            raise Fault(Kind.GARBLED, f"its times go backwards at “{boundary.text[:40]}”")
        word, _ = _letters(boundary.text)
        found = letters.find(word, at) if word and boundary.start_ms > before else -1
        if found >= 0:
            at, before = found + len(word), boundary.start_ms
            end_ms = max(boundary.end_ms, before + least_ms)
            if known:
                known[-1] = replace(known[-1], end_ms=min(known[-1].end_ms, before))
            known.append(Timed(offsets[found], offsets[at - 1] + 1, before, end_ms))
    return known


def _letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text in one spelling, and the offset that each came from."""
    found = [
        (letter, offset)
        for offset, char in enumerate(text)
        if char.isalnum()
        for letter in unicodedata.normalize("NFKC", char).casefold()
        if letter.isalnum()
    ]
    return "".join(letter for letter, _ in found), [offset for _, offset in found]


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
    return Proved(samples[low:high], tuple(word.moved(by_ms=shift) for word in words))


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
    return [word.moved(by_ms=shift) for word in words]


def _silences(samples: Samples) -> list[tuple[int, int]]:
    runs = shaping.quiet_runs(samples)
    return runs if runs and runs[0][0] == 0 else [(0, 0), *runs]


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
