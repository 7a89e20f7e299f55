"""The last resort: what a character reads most often by itself."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Set

from bobao.pronounce import tables
from bobao.pronounce.basetables import character_table
from bobao.pronounce.context import Claim, Context
from bobao.pronounce.pinyin import is_hanzi, syllable
from bobao.pronounce.suffixes import suffix

_DIGITS = ("ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3")


@functools.lru_cache(maxsize=1 << 16)
def candidates(char: str) -> tuple[str, ...]:
    """Every reading known for a hanzi, the usual one first; empty for none.

    Our own table first; what only pypinyin's (MIT, from Unicode's Unihan) has follows, unless ours
    knows the character to have one reading.
    """
    own = tables.readings("characters").get(char, ())
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
        elif neutral := suffix(*context.in_word(position)):
            yield Claim(position, (neutral,), "usual")
        elif found := candidates(char):
            yield Claim(position, found[:1], "usual", 1.0 if len(found) == 1 else 0.7)
