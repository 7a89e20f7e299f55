"""What the front end works on and gives: stretches of a spoken text, words, claims, sounds."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from bobao import words
from bobao.pronounce.pinyin import is_hanzi


class SoundKind(str, Enum):
    """What a stretch of spoken text is to a voice."""

    HANZI = "hanzi"  # one character, one syllable (or, with 儿, the two characters of 花儿)
    LATIN = "latin"  # a run of Latin letters: a word, or letters said by name
    PAUSE = "pause"  # punctuation that is heard as a pause or a tune
    MUTE = "mute"  # quotes, brackets, spaces: kept for the offsets, not heard


@dataclass(frozen=True, slots=True)
class Reading:
    """A pronunciation fixed beforehand: pinyin syllables for the hanzi at `start:end` of a text."""

    start: int
    end: int
    pinyin: tuple[str, ...]


class Sound(NamedTuple):
    """One stretch `start:end` of a spoken text; together the sounds tile the text in order.

    For HANZI `citation` is the dictionary reading and `pinyin` what is said after sandhi, both
    with a tone digit, 5 for neutral and ``v`` for ü (``zhong4``, ``nv3``, ``huar1``). `word` counts
    the words from 0. `source` names the layer that chose the reading, `confidence` is 0–1.

    For LATIN the lexicon may have fixed `pinyin` (syllables separated by a space) or `said`,
    letters or words to say in place of `text`.
    """

    kind: SoundKind
    text: str
    start: int
    end: int
    word: int
    pinyin: str = ""
    citation: str = ""
    source: str = ""
    confidence: float = 1.0
    said: str = ""


PAUSES = frozenset("，。！？；：、…—～,.!?;:~﹐﹑。﹔﹕﹖﹗｡､")
"""Marks that are heard: as a pause, or in the tune of the sentence."""

_JOINERS = "-'’&.‐‑"
DIGITS = "0123456789０１２３４５６７８９"


def tiles(text: str) -> Iterator[tuple[SoundKind, int, int]]:
    """Stretches ``(kind, start, end)`` of `text` that follow one another without a gap.

    A hanzi or a digit is one stretch, so is a run of other letters with the hyphens, apostrophes,
    full stops and & inside it; marks and mute characters run together with their like.
    """
    position = 0
    while position < len(text):
        kind = _kind(text[position])
        end = position + 1
        if kind is SoundKind.LATIN:
            end = _latin_end(text, position)
        elif kind is not SoundKind.HANZI:
            while end < len(text) and _kind(text[end]) is kind:
                end += 1
        yield kind, position, end
        position = end


@functools.lru_cache(maxsize=1 << 14)
def _kind(char: str) -> SoundKind:
    if is_hanzi(char) or char in DIGITS:
        return SoundKind.HANZI
    if char in PAUSES:
        return SoundKind.PAUSE
    return SoundKind.LATIN if char.isalpha() else SoundKind.MUTE


def _latin_end(text: str, start: int) -> int:
    """Where the run of letters that starts at `start` ends."""
    end = start
    while end < len(text):
        char = text[end]
        joins = char in _JOINERS and end + 1 < len(text) and _kind(text[end + 1]) is SoundKind.LATIN
        if not joins and _kind(char) is not SoundKind.LATIN and not _combines(char):
            break
        end += 1
    return end


def _combines(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"


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


class Claim(NamedTuple):
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
