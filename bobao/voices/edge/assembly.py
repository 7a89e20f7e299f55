"""A text cut into what is asked for in one request, and the answers put together again."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

import numpy as np

from bobao import words
from bobao.model import RATE, Mark, audible
from bobao.pronounce.respell import Respelling
from bobao.voices import shaping
from bobao.voices.edge.answer import Proved, Timed, stretches
from bobao.voices.engine import Samples, Speech

MOST = 1500
"""Bytes of a piece, escaped for XML: 500 hanzi, at most two minutes at the voice's own pace."""
_ESCAPED = {"&": 5, "<": 4, ">": 4}
_DIGIT = 9  # up to three syllables: as much as three hanzi
_CLOSING = frozenset("”’」』》〉）】)]")
_STRENGTHS = ("。！？!?…", "；;：:", "，,—～~", "、", " ")

Range = tuple[int, int]


def pieces(text: str, most: int = MOST) -> list[Range]:
    """Half-open ranges of `text` in order, each with something to say; what is between is silent.

    None weighs more than `most` but a single character.
    """
    return [(start, end) for start, end in _cut(text, most) if audible(text[start:end])]


def _cut(text: str, most: int) -> Iterator[Range]:
    weights = [0, *accumulate(map(_weight, text))]
    edges: frozenset[int] | None = None
    start = 0
    while weights[-1] - weights[start] > most:
        end = start + 1
        while weights[end + 1] - weights[start] <= most:
            end += 1
        if edges is None:
            edges = words.edges(text)
        cut = _best(text, start, end, edges)
        yield start, cut
        start = cut
    if start < len(text):
        yield start, len(text)


def _weight(char: str) -> int:
    if char.isdigit():
        return _DIGIT
    return _ESCAPED.get(char) or len(char.encode("utf-8", "surrogatepass"))


def _best(text: str, start: int, end: int, edges: frozenset[int]) -> int:
    """The last good place in the later two thirds of `start:end`, else `end`."""
    earliest = start + max(1, (end - start) // 3)
    places = range(end, earliest - 1, -1)
    tests: tuple[Callable[[int], bool], ...] = (
        *(lambda at, marks=marks: _ends_with(text, at, marks) for marks in _STRENGTHS),
        lambda at: at in edges,
        lambda at: not unicodedata.combining(text[at]),
    )
    found = (next(filter(test, places), None) for test in tests)
    return next((place for place in found if place is not None), end)


def _ends_with(text: str, at: int, marks: str) -> bool:
    """Whether a mark stands before `at`, what closes after it still belonging to it."""
    if text[at] in _CLOSING or text[at] in marks:
        return False
    last = at - 1
    while last and text[last] in _CLOSING:
        last -= 1
    return text[last] in marks


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
            times += [time.moved(start, shift) for time in stretches(spoken[start:end], word)]
        ends = spoken[start:end].rstrip()[-2:]
        pause_ms = max((PAUSES_MS.get(char, JOINT_MS) for char in ends), default=JOINT_MS)
        pause = shaping.silence(round(pause_ms / rate))
        samples += [shaping.faded(shaping.limited(part.samples)), pause]
        length += len(part.samples) + len(pause)
    whole = np.concatenate(samples[:-1])
    written = _as_written(times, respelling)
    return Speech(whole, tuple(_marks(written, len(whole) * 1000 // RATE)))


def _as_written(times: Sequence[Timed], respelling: Respelling) -> Iterator[Timed]:
    """Offsets in the spelling made offsets in the text; a word of another shape is one stretch."""
    queue, spoken_at, at = list(reversed(times)), 0, 0
    for span in respelling.spans:
        inside: list[Timed] = []
        while queue and queue[-1].start < spoken_at + len(span.spoken):
            inside.append(queue.pop())
        heard = [i for i, char in enumerate(span.written, at) if char.isalnum()]
        if [char.isalnum() for char in span.written] == [char.isalnum() for char in span.spoken]:
            yield from (time.moved(at - spoken_at) for time in inside)
        elif inside and heard:
            yield Timed(heard[0], heard[-1] + 1, inside[0].start_ms, inside[-1].end_ms)
        spoken_at, at = spoken_at + len(span.spoken), at + len(span.written)


def _marks(times: Iterator[Timed], length_ms: int) -> Iterator[Mark]:
    """Whole milliseconds, in order and inside the sound."""
    now = 0
    for time in times:
        start = min(max(now, round(time.start_ms)), length_ms)
        now = min(max(start, round(time.end_ms)), length_ms)
        yield Mark(time.start, time.end, start, now)
