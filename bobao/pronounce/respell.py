"""Readings for voices that take only text: spellings in other characters that sound the same.

A reading that a person has fixed, in the script or in the lexicon, is put as characters that have
no other reading: 乐清 (yuè qīng) → 月清. Each choice is checked by our own front end on the whole
text, because neighbours decide readings too: every syllable of the result must be the wanted one.
What cannot be spelled so stays as it is written and is named as a doubt. Captions keep the written
text: that is the other half of each span.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bobao import files
from bobao.model import Span
from bobao.pronounce.front import pronounce
from bobao.pronounce.lexicon import EMPTY, Lexicon
from bobao.pronounce.phrases import candidates
from bobao.pronounce.sandhi import stem
from bobao.pronounce.sounds import Reading, Sound, SoundKind

_TRIES = 40
"""Spellings tried for one place."""
_CHOICES = 6
"""Characters tried for one syllable."""
_WORK = 60_000
"""Characters given to the front end for one text; a sentence hardly needs a hundredth."""
_SANDHI = frozenset("一不")
"""Their tone follows from what comes after, which a voice knows for these two characters alone."""
_FIXED = frozenset({"fixed", "lexicon"})
Heard = tuple[str, ...]
"""What is heard in a stretch of text: syllables after sandhi, words in Latin letters, pauses."""


@dataclass(frozen=True, slots=True)
class SpellingDoubt:
    """A fixed reading at `start:end` of the text that no spelling gives."""

    start: int
    end: int
    text: str
    pinyin: str


@dataclass(frozen=True, slots=True)
class Respelling:
    """A text in same-sound spelling: the spans' `written` join to the text, `spoken` is said."""

    spans: tuple[Span, ...]
    doubts: tuple[SpellingDoubt, ...] = ()

    @property
    def spoken(self) -> str:
        """What the voice is given."""
        return "".join(span.spoken for span in self.spans)


def respelt(text: str, readings: Sequence[Reading] = (), lexicon: Lexicon = EMPTY) -> Respelling:
    """`text` for a voice that takes only text, with its fixed readings as same-sound spellings.

    Without the readings and the lexicon our own front end hears in the result exactly what it
    hears in `text` with them, but for the doubts. Raises `BobaoError` as `pronounce` does.
    """
    pieces = _pieces(text, pronounce(text, readings, lexicon), lexicon)
    if not any(piece.fixed for piece in pieces):
        return Respelling((Span(text, text),) if text else ())
    work = _Work(pieces, {place for place, piece in enumerate(pieces) if piece.fixed}, _WORK)
    doubts = []
    for place, piece in enumerate(pieces):
        if piece.fixed and not work.settle(place):
            pinyin = " ".join(piece.heard)
            doubts.append(
                SpellingDoubt(piece.start, piece.start + len(piece.text), piece.text, pinyin)
            )
    spans = (Span(piece.text, spoken) for piece, spoken in zip(pieces, work.spoken, strict=True))
    return Respelling(tuple(spans), tuple(doubts))


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A stretch of the text: what is to be heard in it and, if a person has fixed that, its sounds.

    `spelling` is the linguist's own where the lexicon has one.
    """

    start: int
    text: str
    sounds: tuple[Sound, ...]
    fixed: bool
    spelling: str = ""

    @property
    def heard(self) -> Heard:
        return tuple(itertools.chain.from_iterable(map(_heard, self.sounds)))


def _pieces(text: str, sounds: Sequence[Sound], lexicon: Lexicon) -> list[_Spelling]:
    """The text cut where fixed readings begin and end; lexicon words also from one another."""
    pieces = []
    for fixed, group in itertools.groupby(sounds, lambda sound: sound.source in _FIXED):
        for run in _words(tuple(group), lexicon) if fixed else [tuple(group)]:
            start, end = run[0].start, run[-1].end
            entry = lexicon.get(text[start:end]) if fixed else None
            spelling = entry.spelling if entry and run[0].source == "lexicon" else ""
            pieces.append(_Spelling(start, text[start:end], run, fixed, spelling))
    return pieces


def _words(run: tuple[Sound, ...], lexicon: Lexicon) -> Iterator[tuple[Sound, ...]]:
    """A run of fixed sounds, cut into the lexicon's words as far as they can be made out."""
    longest = max(lexicon.lengths, default=0)
    while run:
        stop, word = len(run), ""
        for count, sound in enumerate(run[: longest + 1], 1):
            word += sound.text
            if run[0].source == "lexicon" and lexicon.get(word):
                stop = count
        yield run[:stop]
        run = run[stop:]


def _heard(sound: Sound) -> Heard:
    if sound.kind is SoundKind.MUTE:
        return ()
    if sound.kind is SoundKind.LATIN and not sound.pinyin:
        return tuple((sound.said or sound.text).lower().split())
    return tuple(sound.pinyin.split()) if sound.pinyin else (sound.text,)


@dataclass
class _Work:
    """A text on its way: what is said for each piece, and the pieces not settled yet."""

    pieces: Sequence[_Spelling]
    open: set[int]
    left: int
    spoken: list[str] = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.spoken = [piece.text for piece in self.pieces]
        self.size = sum(map(len, self.spoken))

    def settle(self, place: int) -> bool:
        """Give a piece the first spelling that sounds right; False, and no change, for none."""
        for spelling in itertools.islice(_spellings(self.pieces[place]), _TRIES):
            if self.left < self.size:
                break
            self.left -= self.size
            if self._sounds_right(place, spelling):
                self.spoken[place] = spelling
                self.open.discard(place)
                return True
        return False

    def _sounds_right(self, place: int, spelling: str) -> bool:
        """Whether all pieces but the other open ones sound as wanted with this spelling."""
        tried = [*self.spoken[:place], spelling, *self.spoken[place + 1 :]]
        ends = list(itertools.accumulate(map(len, tried)))
        heard: list[list[str]] = [[] for _ in tried]
        at = 0
        for sound in pronounce("".join(tried), unknown="?"):
            while sound.start >= ends[at]:
                at += 1
            heard[at] += self._wanted_form(at, sound)
        rest = self.open - {place}
        return all(
            tuple(heard[index]) == piece.heard
            for index, piece in enumerate(self.pieces)
            if index not in rest
        )

    def _wanted_form(self, place: int, sound: Sound) -> Heard:
        """What is heard, or its citation in a Latin word's place: there is no sandhi inside."""
        latin = self.pieces[place].sounds[0].kind is SoundKind.LATIN
        return (sound.citation,) if latin and sound.citation else _heard(sound)


def _spellings(piece: _Spelling) -> Iterator[str]:
    """Spellings of a piece, the most natural first; its own text last if not before."""
    first = piece.sounds[0]
    if first.kind is SoundKind.LATIN and first.said:
        yield first.said
    if piece.spelling and piece.spelling != first.said:
        yield piece.spelling
    if any(sound.citation.endswith("5") for sound in piece.sounds):
        yield piece.text  # a neutral tone belongs to the word: 笼子, not 龙子
    choices = [list(_choices(sound)) for sound in piece.sounds]
    if all(choices):
        yield from _nearest(choices)
    yield piece.text


def _nearest(choices: Sequence[Sequence[str]]) -> Iterator[str]:
    """Every first choice, then with one syllable's next choices, then with two, and so on in pairs.

    Not all products: a word of ten syllables has millions.
    """
    best = [options[0] for options in choices]
    yield "".join(best)
    for place, options in enumerate(choices):
        for other in options[1:]:
            yield "".join([*best[:place], other, *best[place + 1 :]])
    for rank in range(1, _CHOICES):
        yield "".join(options[min(rank, len(options) - 1)] for options in choices)


def _choices(sound: Sound) -> Iterator[str]:
    """Characters for one sound, the best first: its own where nothing else can be read there."""
    if sound.kind is not SoundKind.HANZI:
        if sound.kind is SoundKind.LATIN:
            yield "".join(_same_sound().get(pinyin, "")[:1] for pinyin in sound.pinyin.split())
        else:
            yield sound.text
        return
    citation, tail = _stem(sound.citation.split()[0])
    said, merged = _stem(sound.pinyin)
    tail = tail or merged
    same = dict.fromkeys(_same_sound().get(citation, "")[:_CHOICES])
    same.update(dict.fromkeys(_same_sound().get(said, "")[:_CHOICES]))
    own = sound.text[0]
    alone = own in _same_sound().get(citation, "") or candidates(own) == (citation,)
    known = alone or (own in _SANDHI and candidates(own)[0] == citation)
    if known:
        yield own + tail
    yield from (char + tail for char in same if char != own)
    if not known:
        yield own + tail


def _stem(pinyin: str) -> tuple[str, str]:
    """A syllable without the r of 儿化, and 儿 where there was one: ``huar1`` → hua1, 儿."""
    if pinyin[-2:-1] == "r" and pinyin[:-1] != "er":
        return stem(pinyin), "儿"
    return pinyin, ""


def in_hanzi(syllables: Sequence[str]) -> str:
    """Hanzi that are read as the `syllables`, or "" where one has no such hanzi."""
    found = [_same_sound().get(one, "")[:1] for one in syllables]
    return "".join(found) if all(found) else ""


@functools.cache
def _same_sound() -> Mapping[str, str]:
    return {row[0]: row[1] for row in files.rows(__package__, "same_sound.tsv")}
