"""What the pronunciation front end hands to a voice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class SoundKind(str, Enum):
    """What a stretch of spoken text is to a voice."""

    HANZI = "hanzi"  # one character, one syllable (or, with 儿, the two characters of 花儿)
    LATIN = "latin"  # a run of Latin letters: a word, or letters said by name
    PAUSE = "pause"  # punctuation that is heard as a pause or a tune
    MUTE = "mute"  # quotes, brackets, spaces: kept for the offsets, not heard


@dataclass(frozen=True, slots=True)
class Reading:
    """A pronunciation fixed beforehand: pinyin syllables for the hanzi at `start:end` of a text."""

    start: int
    end: int
    pinyin: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sound:
    """One stretch `start:end` of a spoken text; together the sounds tile the text in order.

    For HANZI `citation` is the dictionary reading and `pinyin` what is said after sandhi, both
    with a tone digit, 5 for neutral and ``v`` for ü (``zhong4``, ``nv3``, ``huar1``). `word` counts
    the words from 0. `source` names the layer that chose the reading, `confidence` is 0–1.

    For LATIN the lexicon may have fixed `pinyin` (syllables separated by a space) or `said`,
    letters or words to say in place of `text`.
    """

    kind: SoundKind
    text: str
    start: int
    end: int
    word: int
    pinyin: str = ""
    citation: str = ""
    source: str = ""
    confidence: float = 1.0
    said: str = ""
