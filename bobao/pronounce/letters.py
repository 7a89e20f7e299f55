"""What a voice can say as it stands: hanzi with a reading, letters that have an English name."""

from __future__ import annotations

import functools
import re
import unicodedata

from bobao.model import LOST
from bobao.pronounce.characters import candidates
from bobao.pronounce.pinyin import is_hanzi
from bobao.pronounce.tiling import DIGITS

_LATIN = re.compile(r"LATIN (?:SMALL|CAPITAL) (?:LETTER|LIGATURE) ([A-Z]{1,2})\b")
_NAMED = re.compile("(?:GREEK|CYRILLIC) (?:SMALL|CAPITAL) LETTER .*?([A-Z]+)")
_PAIRS = "ß=ss ẞ=SS þ=th Þ=Th ð=d Ð=D ŋ=ng Ŋ=Ng ə=e ı=i ĸ=k ’=' ‐=- ‑=- ь= Ь= ъ= Ъ="
_OTHERS = dict(pair.split("=") for pair in _PAIRS.split(" "))
_ACCENT = re.compile("[\u0300-\u0333\u0339-\u036f]")  # the others strike a letter through


@functools.lru_cache(maxsize=4096)
def sayable(char: str) -> bool:
    """Whether a voice says `char`, or may pass over it, as it stands in what is said.

    It is none where it would be left out of a word, or stop the recording: a hanzi without a
    reading, a letter of an alphabet that has no names in English, a sign above such.
    """
    if is_hanzi(char):
        return bool(candidates(char))
    if char.isalpha():
        return bool((ascii_of(char) or "").strip(" '-"))
    if unicodedata.category(char)[0] == "M":
        return _ACCENT.match(char) is not None
    return char in DIGITS or not (char.isnumeric() or char == LOST)


def ascii_of(char: str) -> str | None:
    """A letter in ASCII: without accents, of another alphabet by its name (α → -Alpha-).

    None for one that cannot be put so.
    """
    if char.isascii():
        return char
    if char in _OTHERS:
        return _OTHERS[char]
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    if plain != char:
        parts = [ascii_of(part) for part in plain]
        return None if None in parts else "".join(part or "" for part in parts)
    name = unicodedata.name(char, "")
    if char < "\u0250" and (found := _LATIN.match(name)):  # what follows are letters of phonetics
        return found[1].lower() if "SMALL" in name else found[1]
    named = _NAMED.fullmatch(name.partition(" WITH ")[0])
    if named and char < "\u0530":
        return f"-{named[1].capitalize()}-"
    return None if char.isalpha() else ""
