"""儿化: where 儿 is no syllable but colours the one before it (花儿 huār)."""

from __future__ import annotations

from collections.abc import Sequence

from bobao.pronounce import tables
from bobao.pronounce.context import Claim, Context
from bobao.pronounce.pinyin import is_hanzi

_NEVER_MERGED = frozenset({"fixed", "lexicon"})


def merges(context: Context, claims: Sequence[Claim | None], position: int) -> bool:
    """Whether the character at `position` is a 儿 that merges with the syllable before it.

    It does at the end of a word, unless 儿 means a child there and is a syllable (女儿).
    A reading that a person has fixed for it stays a syllable, but for ``er5``, which asks to merge.
    """
    text = context.text
    if text[position : position + 1] != "儿" or not position or not is_hanzi(text[position - 1]):
        return False
    claim = claims[position]
    if claim is not None and claim.source in _NEVER_MERGED:
        return claim.pinyin[0] == "er5"
    if position in context.edges or position + 1 not in context.edges:
        return False
    word = text[context.word_start(position) : position + 1]
    return not any(word.endswith(full) for full in tables.word_set("er_syllable"))


def merged(pinyin: str) -> str:
    """``hua1`` → ``huar1``."""
    return f"{pinyin[:-1]}r{pinyin[-1]}"


def stem(pinyin: str) -> str:
    """``huar1`` → ``hua1``."""
    return f"{pinyin[:-2]}{pinyin[-1]}"
