"""What a line says: its words with their pinyin, and the readings that have to be checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bobao.model import Line, Span
from bobao.errors import BobaoError
from bobao.pronounce import Lexicon, Reading, Sound, SoundKind, is_hanzi, marked, parse_pinyin
from bobao.pronounce import pronounce
from bobao.pronounce.characters import candidates
from bobao.pronounce.phrases import is_word
from bobao.proofing import tables
from bobao.proofing.proof import Query, Unit, Word

DOUBTFUL = 0.8
"""A reading of less confidence is looked at more closely."""

_AROUND = 6
"""Characters shown on either side of a doubtful one."""
_OTHERS = 3
_LAST_RESORT = "usual"


class Voiced:
    """A line's sounds; `units` cuts them at the edges of its spans."""

    def __init__(self, line: Line, lexicon: Lexicon) -> None:
        self.text = line.spoken
        self.unreadable = "".join(dict.fromkeys(filter(_is_unreadable, self.text)))
        self.sounds: tuple[Sound, ...] = ()
        if not self.unreadable:
            self.sounds = pronounce(self.text, tuple(_readings(line.spans)), lexicon)
        self.asked = dict(self._asked())

    def queries(self) -> tuple[Query, ...]:
        """The readings to be checked, in order."""
        return tuple(self.asked.values())

    def words(self, start: int, end: int) -> tuple[Word, ...]:
        """The words of ``text[start:end]``; joined they are that text."""
        if not self.sounds:
            return ((Unit(self.text[start:end]),),) if start < end else ()
        inside = [sound for sound in self.sounds if sound.start < end and sound.end > start]
        return tuple(
            tuple(_merged(self._unit(sound, start, end) for sound in word))
            for _, word in groupby(inside, key=lambda sound: sound.word)
        )

    def _unit(self, sound: Sound, start: int, end: int) -> Unit:
        text = self.text[max(start, sound.start) : min(end, sound.end)]
        own = sound.kind is SoundKind.HANZI and sound.start >= start
        return Unit(text, _shown(sound) if own else "", own and sound.start in self.asked)

    def _asked(self) -> Iterator[tuple[int, Query]]:
        for _, group in groupby(self.sounds, key=lambda sound: sound.word):
            word = tuple(group)
            text = "".join(sound.text for sound in word)
            name = len(text) > 1 and all(map(is_hanzi, text)) and not is_word(text)
            for sound in word:
                if sound.kind is SoundKind.HANZI and _is_doubtful(sound, name=name):
                    yield sound.start, self._query(sound, text, name=name)

    def _query(self, sound: Sound, word: str, *, name: bool) -> Query:
        others = [c for c in candidates(sound.text[0]) if c != sound.citation]
        return Query(
            text=sound.text,
            reading=_shown(sound),
            others=tuple(dict.fromkeys(map(marked, others)))[:_OTHERS],
            source=sound.source,
            confidence=sound.confidence,
            name=name,
            word=word,
            before=self.text[max(0, sound.start - _AROUND) : sound.start],
            after=self.text[sound.end : sound.end + _AROUND],
        )


def _is_doubtful(sound: Sound, *, name: bool) -> bool:
    """Whether a person should look at a reading.

    The last resort, the character's usual reading, is asked about only where another one is alive;
    for any other layer its confidence decides.
    """
    if sound.confidence >= DOUBTFUL:
        return False
    if sound.source != _LAST_RESORT:
        return True
    char = sound.text[0]
    if char in tables.characters("polyphones"):
        return not (name and char in tables.characters("settled"))
    return name and char not in tables.characters("settled") and _is_polyphone(char)
