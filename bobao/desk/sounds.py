"""What a line says: its words with their pinyin, and the readings that have to be checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from bobao.desk.proof import Query, Syllable, Word, characters
from bobao.model import Line, Span
from bobao.pronounce import (
    Lexicon,
    Reading,
    Sound,
    SoundKind,
    is_hanzi,
    marked,
    parse_pinyin,
    pronounce,
)
from bobao.pronounce.phrases import candidates, is_word
from bobao.pronounce.pinyin import readings_in

DOUBTFUL = 0.8
"""A reading of less confidence is looked at more closely."""

_AROUND = 6
"""Characters shown on either side of a doubtful one."""
_LAST_RESORT = "usual"


class Voiced:
    """A line's sounds: `words` gives those of one of its spans, `queries` what is doubtful.

    A line with a hanzi that no table can read has none.
    """

    def __init__(self, line: Line, lexicon: Lexicon) -> None:
        self.text = line.spoken
        self.sounds: tuple[Sound, ...] = ()
        if not any(map(_is_unreadable, self.text)):
            self.sounds = pronounce(self.text, tuple(_readings(line.spans)), lexicon)
        self.asked = dict(self._doubtful())

    def queries(self) -> tuple[Query, ...]:
        """The readings to be checked, in order."""
        return tuple(self.asked.values())

    def words(self, start: int, end: int) -> tuple[Word, ...]:
        """The words of ``text[start:end]``; joined they are that text."""
        if not self.sounds:
            return ((Syllable(self.text[start:end]),),) if start < end else ()
        inside = [sound for sound in self.sounds if sound.start < end and sound.end > start]
        return tuple(
            _merged([self._unit(sound, start, end) for sound in word])
            for _, word in groupby(inside, key=lambda sound: sound.word)
        )

    def _unit(self, sound: Sound, start: int, end: int) -> Syllable:
        text = self.text[max(start, sound.start) : min(end, sound.end)]
        own = _is_syllable(sound) and sound.start >= start
        return Syllable(text, _shown(sound) if own else "", own and sound.start in self.asked)

    def _doubtful(self) -> Iterator[tuple[int, Query]]:
        for _, group in groupby(self.sounds, key=lambda sound: sound.word):
            word = tuple(group)
            text = "".join(sound.text for sound in word)
            name = len(text) > 1 and all(map(is_hanzi, text)) and not is_word(text)
            for sound in word:
                if _is_doubtful(sound, name=name):
                    yield sound.start, self._query(sound, text, name=name)

    def _query(self, sound: Sound, word: str, *, name: bool) -> Query:
        others = [reading for reading in _alive(sound.text[0]) if reading != sound.citation]
        return Query(
            text=sound.text,
            reading=_shown(sound),
            others=tuple(map(marked, others)),
            source=sound.source,
            confidence=sound.confidence,
            name=name,
            word=word if name else "",
            before=self.text[max(0, sound.start - _AROUND) : sound.start],
            after=self.text[sound.end : sound.end + _AROUND],
        )


def choices_in(line: Line, lexicon: Lexicon) -> list[dict[str, Any]]:
    """The words that a line says: where each stands in it, its pinyin, and what else it could be.

    ``readings`` has for each hanzi of the word the readings that are in use, the one taken first.
    Words without a hanzi are left out.
    """
    voiced = Voiced(line, lexicon)
    found = []
    for _, group in groupby(voiced.sounds, key=lambda sound: sound.word):
        word = tuple(group)
        syllables = [sound for sound in word if _is_syllable(sound)]
        if not syllables:
            continue
        start, end = syllables[0].start, syllables[-1].end
        readings = [
            list(dict.fromkeys([_shown(sound), *map(marked, _alive(sound.text[0]))]))
            for sound in syllables
        ]
        doubtful = any(sound.start in voiced.asked for sound in syllables)
        pinyin = " ".join(map(_shown, syllables))
        facts = {"text": voiced.text[start:end], "pinyin": pinyin, "doubtful": doubtful}
        found.append({"start": start, "end": end, **facts, "readings": readings})
    return found


def _is_doubtful(sound: Sound, *, name: bool) -> bool:
    """Whether a person should look at a reading.

    It must be one of several that are in use, or none of them. A character's usual reading, the
    last resort, is asked about only where nothing else would have caught another one: in running
    text for ``polyphones``, in a word that no dictionary has (as a rule a name) for any character
    that is not ``settled``. For other layers the confidence decides.
    """
    if sound.confidence >= DOUBTFUL or not _is_syllable(sound):
        return False
    char = sound.text[0]
    if _alive(char) == (sound.citation,):
        return False
    if sound.source != _LAST_RESORT:
        return True
    if name:
        return char not in characters("settled")
    return char in characters("polyphones")


def _is_syllable(sound: Sound) -> bool:
    return sound.kind is SoundKind.HANZI and is_hanzi(sound.text[0])


def _alive(char: str) -> tuple[str, ...]:
    """The readings of a character that are in use, the usual one first."""
    return readings_in("characters").get(char) or candidates(char)[:1]


def _is_unreadable(char: str) -> bool:
    return is_hanzi(char) and not candidates(char)


def _shown(sound: Sound) -> str:
    """The dictionary's reading with its tone mark, as editors know it; 花儿 is one syllable."""
    return marked(sound.pinyin if len(sound.text) > 1 else sound.citation)


def _merged(units: Sequence[Syllable]) -> Word:
    """A word with what has no pinyin in one unit."""
    done: list[Syllable] = []
    for unit in units:
        if done and not unit.pinyin and not done[-1].pinyin:
            done[-1] = Syllable(done[-1].text + unit.text)
        else:
            done.append(unit)
    return tuple(done)


def _readings(spans: Iterable[Span]) -> Iterator[Reading]:
    """An editor's readings, at their offsets in what is said."""
    start = 0
    for span in spans:
        if span.reading:
            yield Reading(start, start + len(span.spoken), parse_pinyin(span.reading))
        start += len(span.spoken)
