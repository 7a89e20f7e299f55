"""The service's sound: MP3 frames, when each word is heard in them.

They come without a header that says how many there are.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from bobao.model import RATE
from bobao.pronounce.pinyin import is_hanzi
from bobao.voices.edge.client import Boundary
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
