"""地 between an adverbial and its verb (de5): 奋不顾身地跳, where no table knows the adverbial."""

from __future__ import annotations

from collections.abc import Iterator, Set

from bobao.pronounce import phrases
from bobao.pronounce.context import Claim, Context
from bobao.pronounce.pinyin import is_hanzi

_QUOTES = "”’》"


def particles(context: Context, undecided: Set[int]) -> Iterator[Claim]:
    """Claims for each 地 with words on both sides that is a word, or at the edge of a guessed one.

    Nouns in 地 that are no words of jieba's table (集聚地) are rows of `senses`, which comes first.
    """
    text = context.text
    for position in sorted(undecided):
        if text[position] == "地" and _between(text, position) and _alone(context, position):
            yield Claim(position, ("de5",), "particle", 0.85)


def _between(text: str, position: int) -> bool:
    before, after = (
        text[max(0, position - 4) : position].rstrip(_QUOTES)[-1:],
        text[position + 1 : position + 2],
    )
    return bool(before and after) and is_hanzi(before) and is_hanzi(after)


def _alone(context: Context, position: int) -> bool:
    if context.is_word(position, position + 1):
        return True
    word, place = context.in_word(position)
    outside = place in (0, len(word) - 1)  # 地办, 件地: guessed from characters that often meet
    return outside and not phrases.is_word(word) and not phrases.is_entry(word)
