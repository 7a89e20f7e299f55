"""What every layer of the front end sees, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass

from bobao import words
from bobao.pronounce.pinyin import is_hanzi


@dataclass(frozen=True, slots=True)
class Context:
    """A spoken text and its words: half-open ranges that tile it, and the offsets between them."""

    text: str
    words: tuple[tuple[int, int], ...]
    edges: frozenset[int]

    @classmethod
    def of(cls, text: str) -> Context:
        """Cut `text` into words."""
        ranges, position = [], 0
        for word in words.cut(text):
            ranges.append((position, position + len(word)))
            position += len(word)
        edges = frozenset({0, *(end for _, end in ranges)})
        return cls(text, tuple(ranges), edges)

    def is_word(self, start: int, end: int) -> bool:
        """Whether `start:end` is exactly one word."""
        inside = range(start + 1, end)
        return start in self.edges and end in self.edges and self.edges.isdisjoint(inside)

    def next_edge(self, position: int) -> int:
        """The first offset after `position` at which a word ends."""
        position += 1
        while position not in self.edges and position < len(self.text):
            position += 1
        return position

    def word_start(self, position: int) -> int:
        """Where the word that the character at `position` is part of begins."""
        while position not in self.edges:
            position -= 1
        return position

    def in_word(self, position: int) -> tuple[str, int]:
        """The word around the character at `position`, and where in it that is."""
        start = self.word_start(position)
        return self.text[start : self.next_edge(position)], position - start

    def hanzi_runs(self) -> Iterator[tuple[int, int]]:
        """The longest stretches of hanzi."""
        start = -1
        for position, char in enumerate(self.text):
            if is_hanzi(char):
                start = position if start < 0 else start
            elif start >= 0:
                yield start, position
                start = -1
        if start >= 0:
            yield start, len(self.text)


@dataclass(frozen=True, slots=True)
class Claim:
    """A layer's answer: the citation readings of the hanzi from `start` on.

    An empty syllable leaves its character to the layers below.
    """

    start: int
    pinyin: tuple[str, ...]
    source: str
    confidence: float = 1.0


Layer = Callable[[Context, Set[int]], Iterator[Claim]]
"""Who can decide readings: told the text and the offsets of the hanzi not decided yet, it makes
claims. Claims for decided characters do no harm: the earlier one stands."""
