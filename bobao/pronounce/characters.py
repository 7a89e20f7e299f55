"""The last resort: what a character reads most often by itself."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Set

from bobao.errors import BobaoError
from bobao.pronounce import tables
from bobao.pronounce.context import Claim, Context
from bobao.pronounce.pinyin import is_hanzi, syllable
from bobao.pronounce.suffixes import suffix

DIGITS = dict(
    zip("0123456789", ["ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3"], strict=True)
)


@functools.lru_cache(maxsize=1 << 16)
def candidates(char: str) -> tuple[str, ...]:
    """Every reading known for a hanzi, the usual one first; empty for none."""
    from pypinyin.constants import PINYIN_DICT

    own = tables.readings("characters").get(char, ())
    if len(own) == 1:
        return own
    base = (syllable(written) for written in PINYIN_DICT.get(ord(char), "").split(",") if written)
    return tuple(dict.fromkeys((*own, *(pinyin for pinyin in base if pinyin))))


def usual(context: Context, undecided: Set[int]) -> Iterator[Claim]:
    """A claim for every hanzi and digit; raises `BobaoError` for a hanzi that no table knows."""
    for position in sorted(undecided):
        char = context.text[position]
        if is_hanzi(char):
            found = candidates(char)
            if not found:
                raise BobaoError(
                    f"no reading is known for the character “{char}” (U+{ord(char):04X})",
                    advice=f"Give one in the script, as {{{char}|pinyin}}, or in lexicon.tsv.",
                )
            neutral = suffix(*_in_word(context, position))
            reading = neutral or found[0]
            yield Claim(position, (reading,), "usual", 0.7 if len(found) > 1 and not neutral else 1.0)
        else:
            yield Claim(position, (DIGITS[str(int(char))],), "digit", 0.5)


def _in_word(context: Context, position: int) -> tuple[str, int]:
    """The word around `position`, and where in it that is."""
    start, end = next(span for span in context.words if span[0] <= position < span[1])
    return context.text[start:end], position - start
