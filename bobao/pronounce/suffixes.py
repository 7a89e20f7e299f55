"""Suffixes with a neutral tone: 子 and 们 at the end of a word (现代汉语词典)."""

from __future__ import annotations

from bobao.pronounce import tables

_AFTER_ZI = frozenset("们里上头")
_LONGEST = 4


def suffix(word: str, position: int) -> str:
    """The reading of the character at `position` of `word` if it is a neutral suffix, or ``""``."""
    char = word[position]
    if not position:
        return ""
    if char == "们":
        return "men5"
    if char != "子" or not _closes(word, position):
        return ""
    full = tables.word_set("zi_full")
    endings = (word[max(0, position - size) : position + 1] for size in range(1, _LONGEST))
    return "" if any(ending in full for ending in endings) else "zi5"


def _closes(word: str, position: int) -> bool:
    return position == len(word) - 1 or word[position + 1] in _AFTER_ZI
