"""Phrases: the longest entry over whole words decides the readings of its characters.

Our own tables (`neutral`, `phrases`, `places`, from weak to strong) stand over the
phrase table that comes with pypinyin (MIT).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence, Set

from bobao import words
from bobao.pronounce import tables
from bobao.pronounce.basetables import phrase_table
from bobao.pronounce.context import Claim, Context
from bobao.pronounce.pinyin import syllable
from bobao.pronounce.senses import has_senses, sense
from bobao.pronounce.suffixes import suffix

_LONGEST = 12
_CITED = {"一": "yi1", "不": "bu4"}


@functools.cache
def _own() -> dict[str, tuple[tuple[str, ...], str]]:
    found = {}
    for name, source in (("neutral", "neutral"), ("phrases", "phrase")):
        found.update({word: (pinyin, source) for word, pinyin in tables.readings(name).items()})
    return found | {word: (pinyin, "place") for word, pinyin in _places()}


def _places() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The places of the table, by themselves and with what may follow: 六安, 六安市."""
    for name, pinyin, *suffixes in tables.rows("places"):
        syllables = tuple(pinyin.split())
        yield name, syllables
        for suffix_char in "".join(suffixes):
            yield name + suffix_char, (*syllables, tables.readings("place_kinds")[suffix_char][0])


@functools.lru_cache(maxsize=1 << 16)
def reading(word: str) -> tuple[tuple[str, ...], str] | None:
    """The syllables of `word` and the table they are from, or None for no entry."""
    if known := _own().get(word):
        return known
    if (written := phrase_table().get(word)) is None or len(written) != len(word):
        return None
    pinyin = [syllable(options[0]) or "" for options in written]
    return (_mended(word, pinyin), "phrase") if all(pinyin) else None


def _mended(word: str, pinyin: list[str]) -> tuple[str, ...]:
    """The base table's reading with its gaps filled: neutral tones, 一 and 不 as they are cited."""
    for position, char in enumerate(word):
        if char in _CITED and not pinyin[position].endswith("5"):
            pinyin[position] = _CITED[char]
        pinyin[position] = suffix(word, position) or pinyin[position]
    for start, stop in _ends(len(word)):
        neutral = _neutral().get(word[start:stop])
        if neutral and _same_letters(neutral, pinyin[start:stop]):
            pinyin[start:stop] = neutral
    return tuple(pinyin)


@functools.cache
def _ends(length: int) -> tuple[tuple[int, int], ...]:
    """The ranges of two characters or more that a word of `length` begins or ends with."""
    heads = [(0, stop) for stop in range(2, length)]
    return (*heads, *((start, length) for start in range(length - 2, 0, -1)))


def _neutral() -> dict[str, tuple[str, ...]]:
    return tables.readings("neutral")


def _same_letters(one: Sequence[str], other: Sequence[str]) -> bool:
    return [pinyin[:-1] for pinyin in one] == [pinyin[:-1] for pinyin in other]


def is_word(word: str) -> bool:
    """Whether jieba's dictionary has `word` (rather than having guessed it)."""
    return bool(words.frequencies()[0].get(word))


def is_entry(word: str) -> bool:
    """Whether a phrase table has `word`, of two characters or more."""
    return len(word) > 1 and reading(word) is not None


def phrases(context: Context, undecided: Set[int]) -> Iterator[Claim]:
    """Claims for the phrases found: over whole words, then inside a word that has no entry."""
    for start, end in context.hanzi_runs():
        position = start
        while position < end:
            stop = _longest(context, position, end, at_edges=True)
            if stop:
                yield _claim(context.text, position, stop)
                position = stop
                continue
            stop = min(context.next_edge(position), end)
            yield from _inside(context, position, stop)
            position = stop


def _inside(context: Context, start: int, end: int) -> Iterator[Claim]:
    position = start
    while position < end:
        stop = _longest(context, position, end, at_edges=False)
        if stop:
            yield _claim(context.text, position, stop)
        position = stop or position + 1


def _longest(context: Context, start: int, end: int, *, at_edges: bool) -> int:
    """The end of the longest phrase from `start` on, 0 for none."""
    for stop in range(min(end, start + _LONGEST), start + 1, -1):
        word = context.text[start:stop]
        if (not at_edges or stop in context.edges) and (reading(word) or has_senses(word)):
            return stop
    return 0


def _claim(text: str, start: int, stop: int) -> Claim:
    if pinyin := sense(text, start, stop):
        return Claim(start, pinyin, "sense", 0.9)
    found = reading(text[start:stop])
    return Claim(start, *found) if found else Claim(start, (), "")
