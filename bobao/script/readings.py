"""Pinyin readings in a script: when ``{重|chóng}`` is a reading and not other words to say."""

from __future__ import annotations

import unicodedata

from bobao.pronounce.pinyin import is_hanzi, is_pinyin_for, syllable

_TONE_MARKS = frozenset("\u0300\u0301\u0304\u030c")


def kept(text: str) -> str:
    """A reading in its one canonical form: NFC, lower case, one space between syllables."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def is_reading(written: str, text: str) -> bool:
    """Whether `text` is a pinyin reading of `written`.

    `written` must be all hanzi and `text` exactly that many syllables with spaces between, at
    least one of them with a tone mark or tone digit.
    """
    return is_pinyin_for(written, text)


def misses(written: str, text: str) -> bool:
    """Whether `text` was surely meant as a reading of `written` but does not fit it.

    That is pinyin with tone marks, which no one wants said as Latin letters, beside hanzi.
    """
    if is_reading(written, text) or not any(map(is_hanzi, written)):
        return False
    marked = any(char in _TONE_MARKS for char in unicodedata.normalize("NFD", text))
    return marked and all(syllable(piece) for piece in text.split())
