"""Words whose readings a table has, and the last resort: what a character reads by itself.

The longest entry over whole words decides the readings of its characters. Our own tables
(`neutral`, `phrases`, `places`, from weak to strong) stand over the phrase table that comes with
pypinyin (MIT); `senses` has words whose reading hangs on what stands beside them. 子 and 们 at the
end of a word are neutral (现代汉语词典).
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from bobao import words
from bobao.pronounce.pinyin import (
    character_table,
    is_hanzi,
    phrase_table,
    readings_in,
    syllable,
    table_rows,
    word_set,
)
from bobao.pronounce.sounds import Claim, Context

_AFTER_ZI = frozenset("们里上头")
_LONGEST_ENDING = 4


def suffix(word: str, position: int) -> str:
    """The reading of the character at `position` of `word` if it is a neutral suffix, or ``""``."""
    char = word[position]
    if not position:
        return ""
    if char == "们":
        return "men5"
    if char != "子" or not _closes(word, position):
        return ""
    full = word_set("zi_full")
    endings = (word[max(0, position - size) : position + 1] for size in range(1, _LONGEST_ENDING))
    return "" if any(ending in full for ending in endings) else "zi5"


def _closes(word: str, position: int) -> bool:
    return position == len(word) - 1 or word[position + 1] in _AFTER_ZI


_BEFORE, _AFTER = 12, 24


@dataclass(frozen=True, slots=True)
class _Rule:
    """A reading, and the patterns of what stands before and after; empty ones fit anything."""

    pinyin: tuple[str, ...]
    before: str
    after: str

    def fits(self, before: str, after: str) -> bool:
        return (not self.before or bool(_compiled(self.before).search(before))) and (
            not self.after or bool(_compiled(self.after).match(after))
        )


def senses(context: Context, undecided: Set[int]) -> Iterator[Claim]:
    """Claims for single characters by their neighbours (`phrases` asks for longer words itself)."""
    for position in undecided:
        if context.text[position] in _rules() and (
            pinyin := sense(context.text, position, position + 1)
        ):
            yield Claim(position, pinyin, "sense", 0.85)


def sense(text: str, start: int, end: int) -> tuple[str, ...] | None:
    """The reading that the table gives `start:end` in its surroundings, if it gives one."""
    rules = _rules().get(text[start:end], ())
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    return next((rule.pinyin for rule in rules if rule.fits(before, after)), None)


def has_senses(word: str) -> bool:
    """Whether the table has `word`."""
    return word in _rules()


@functools.cache
def _rules() -> dict[str, tuple[_Rule, ...]]:
    found: dict[str, tuple[_Rule, ...]] = {}
    for row in table_rows("senses"):
        word, pinyin, before, after = (*row, "", "")[:4]
        rule = _Rule(tuple(pinyin.split()), before, after)
        found[word] = (*found.get(word, ()), rule)
    return found


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first asked for: all at once take a sixth of a second."""
    return re.compile(pattern)


_LONGEST = 12
_OF_A_TABLE = 50
"""How often a word of our tables counts where jieba's corpus has it less."""
_CITED = {"一": "yi1", "不": "bu4"}


@functools.cache
def _own() -> dict[str, tuple[tuple[str, ...], str]]:
    found = {}
    for name, source in (("neutral", "neutral"), ("phrases", "phrase")):
        found.update({word: (pinyin, source) for word, pinyin in readings_in(name).items()})
    return found | {word: (pinyin, "place") for word, pinyin in _places()}


def _places() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The places of the table, by themselves and with what may follow: 六安, 六安市."""
    for name, pinyin, *suffixes in table_rows("places"):
        syllables = tuple(pinyin.split())
        yield name, syllables
        for suffix_char in "".join(suffixes):
            yield name + suffix_char, (*syllables, readings_in("place_kinds")[suffix_char][0])


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
    if len(word) == 3 and word[1] == "得" and pinyin[1] == "de2":
        pinyin[1] = "de5"  # 受得了, 对得起
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
    return readings_in("neutral")


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
            stop = _longest(context, position, end)
            if stop:
                yield _claim(context.text, position, stop)
                position = stop
                continue
            stop = min(context.next_edge(position), end)
            yield from _inside(context, position, stop)
            position = stop


def _inside(context: Context, start: int, end: int) -> Iterator[Claim]:
    """Claims inside a word that has no entry: those of its likeliest parts, 中学|校长."""
    if end - start < 3:
        return
    position = start
    for size in _parts(context.text[start:end]):
        if size > 1 and _known(context.text[position : position + size]):
            yield _claim(context.text, position, position + size)
        position += size


@functools.lru_cache(maxsize=1 << 14)
def _parts(word: str) -> tuple[int, ...]:
    """The lengths of the parts of a word, those that jieba's corpus makes the likeliest."""
    frequencies, total = words.frequencies()
    cost, last = [0.0], [0]
    for end in range(1, len(word) + 1):
        found = []
        for start in range(max(0, end - _LONGEST), end):
            part = word[start:end]
            often = frequencies.get(part, 0) if end - start < len(word) else 0
            if _known(part) and end - start < len(word):
                often = max(often, _OF_A_TABLE)
            if often or len(part) == 1:
                found.append((cost[start] - math.log(max(often, 1) / total), start))
        best = min(found)
        cost.append(best[0])
        last.append(best[1])
    sizes, end = [], len(word)
    while end:
        sizes.append(end - last[end])
        end = last[end]
    return tuple(reversed(sizes))


def _known(word: str) -> bool:
    """Whether a table has `word`, of two characters or more."""
    return word in _entries() and (reading(word) is not None or has_senses(word))


@functools.cache
def _entries() -> frozenset[str]:
    """The words of two to `_LONGEST` characters that a table has, readable or not."""
    every = {*_own(), *phrase_table(), *_rules()}
    return frozenset(word for word in every if 1 < len(word) <= _LONGEST)


@functools.cache
def _reaches() -> dict[str, int]:
    """How long the longest word is that begins with a character."""
    return {word[0]: len(word) for word in sorted(_entries(), key=len)}


def _longest(context: Context, start: int, end: int) -> int:
    """The end of the longest phrase from `start` on that ends with a word, 0 for none."""
    reach = _reaches().get(context.text[start], 0)
    for stop in range(min(end, start + reach), start + 1, -1):
        if stop in context.edges and _known(context.text[start:stop]):
            return stop
    return 0


def _claim(text: str, start: int, stop: int) -> Claim:
    if pinyin := sense(text, start, stop):
        return Claim(start, pinyin, "sense", 0.9)
    found = reading(text[start:stop])
    return Claim(start, *found) if found else Claim(start, (), "")


_DIGITS = ("ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3")


@functools.lru_cache(maxsize=1 << 16)
def candidates(char: str) -> tuple[str, ...]:
    """Every reading known for a hanzi, the usual one first; empty for none.

    Our own table first; what only pypinyin's (MIT, from Unicode's Unihan) has follows, unless ours
    knows the character to have one reading.
    """
    own = readings_in("characters").get(char, ())
    if len(own) == 1:
        return own
    written = character_table().get(ord(char), "").split(",")
    base = (syllable(piece) for piece in written if piece)
    return tuple(dict.fromkeys((*own, *(pinyin for pinyin in base if pinyin))))


def usual(context: Context, undecided: Set[int]) -> Iterator[Claim]:
    """A claim for every digit and every hanzi that a table knows."""
    for position in sorted(undecided):
        char = context.text[position]
        if not is_hanzi(char):
            yield Claim(position, (_DIGITS[int(char)],), "digit", 0.5)
        elif char in "子们" and (neutral := suffix(*context.in_word(position))):
            yield Claim(position, (neutral,), "usual")
        elif found := candidates(char):
            yield Claim(position, found[:1], "usual", 1.0 if len(found) == 1 else 0.7)
