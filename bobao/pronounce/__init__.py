"""Pronunciation: a spoken text → its sounds, with readings that a newsreader would use."""

from bobao.pronounce.front import pronounce, syllables
from bobao.pronounce.lexicon import EMPTY, Entry, Lexicon, parse_lexicon
from bobao.pronounce.pinyin import is_hanzi, is_pinyin_for, marked, parse_pinyin
from bobao.pronounce.sounds import Reading, Sound, SoundKind

__all__ = [
    "EMPTY",
    "Entry",
    "Lexicon",
    "Reading",
    "Sound",
    "SoundKind",
    "is_hanzi",
    "is_pinyin_for",
    "marked",
    "parse_lexicon",
    "parse_pinyin",
    "pronounce",
    "syllables",
]
