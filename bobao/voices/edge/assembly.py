"""From the proved pieces of an utterance to its speech, timed by the text as it was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from bobao.model import RATE, Mark, Span
from bobao.pronounce.respell import Respelling
from bobao.voices import shaping
from bobao.voices.edge.alignment import Timed, stretches
from bobao.voices.edge.pieces import Range
from bobao.voices.edge.proof import Proved
from bobao.voices.engine import Samples, Speech

PAUSES_MS = {**dict.fromkeys("。！？!?…", 400), **dict.fromkeys("；;：:", 300), "，": 200, ",": 200}
"""Silence between two pieces, by the mark that the first one ends with."""
JOINT_MS = 60


def assembled(
    respelling: Respelling, ranges: Sequence[Range], parts: Sequence[Proved], rate: float
) -> Speech:
    """The pieces `ranges` of the respelt text one after another."""
    spoken, samples, times, length = respelling.spoken, list[Samples](), list[Timed](), 0
    for (start, end), part in zip(ranges, parts, strict=True):
        shift = length * 1000 / RATE
        for word in part.words:
            times += [
                Timed(
                    time.start + start, time.end + start, time.start_ms + shift, time.end_ms + shift
                )
                for time in stretches(spoken[start:end], word)
            ]
        pause = shaping.silence(round(_pause(spoken[start:end]) / rate))
        samples += [shaping.faded(shaping.limited(part.samples)), pause]
        length += len(part.samples) + len(pause)
    whole = np.concatenate(samples[:-1])
    written = _as_written(times, respelling)
    return Speech(whole, tuple(_marks(written, len(whole) * 1000 // RATE)))


def _pause(piece: str) -> int:
    return max((PAUSES_MS.get(char, JOINT_MS) for char in piece.rstrip()[-2:]), default=JOINT_MS)


def _as_written(times: Sequence[Timed], respelling: Respelling) -> Iterator[Timed]:
    """Offsets in the spelling made offsets in the text; a word of another shape is one stretch."""
    queue, spoken_at, at = list(reversed(times)), 0, 0
    for span in respelling.spans:
        inside: list[Timed] = []
        while queue and queue[-1].start < spoken_at + len(span.spoken):
            inside.append(queue.pop())
        heard = [i for i, char in enumerate(span.written, at) if char.isalnum()]
        if _alike(span):
            by = at - spoken_at
            yield from (replace(time, start=time.start + by, end=time.end + by) for time in inside)
        elif inside and heard:
            yield Timed(heard[0], heard[-1] + 1, inside[0].start_ms, inside[-1].end_ms)
        spoken_at, at = spoken_at + len(span.spoken), at + len(span.written)


def _alike(span: Span) -> bool:
    """Whether each character of the spelling stands for the one in its place."""
    return [char.isalnum() for char in span.written] == [char.isalnum() for char in span.spoken]


def _marks(times: Iterator[Timed], length_ms: int) -> Iterator[Mark]:
    """Whole milliseconds, in order and inside the sound."""
    now = 0
    for time in times:
        start = min(max(now, round(time.start_ms)), length_ms)
        now = min(max(start, round(time.end_ms)), length_ms)
        yield Mark(time.start, time.end, start, now)
