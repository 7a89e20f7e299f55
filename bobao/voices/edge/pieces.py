"""Cutting a text into what is asked for in one request.

The client promises to cut and does not for Chinese; the service cuts a request's sound off at ten
minutes. So a piece stays far below both, and ends where a voice would pause.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from itertools import accumulate

from bobao import words
from bobao.model import audible

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
