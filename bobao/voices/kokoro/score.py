"""Cutting an utterance's tokens into what the model is given at once.

The model takes 510 tokens; 60–200 sound best and keep its memory small. A cut costs by what it
divides, and the cheapest set of cuts is taken: at the end of a clause for next to nothing, inside
a quotation, a number or a word only where a limit leaves no other way. Nothing is ever dropped.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bobao.errors import BobaoError
from bobao.pronounce.front import pronounce
from bobao.pronounce.lexicon import Lexicon
from bobao.pronounce.sounds import Reading, Sound, SoundKind
from bobao.voices.kokoro.phonemes import BETWEEN, Phoneme, phonemes

MAX_TOKENS = 200
"""Longest unit: about 50 syllables, 10 seconds."""
MODEL_TOKENS = 510
"""The most the model takes, its start and end not counted."""

_MARK_COSTS = {
    **dict.fromkeys("。！？.!?…", 0.0),
    **dict.fromkeys("；;：:", 4.0),
    **dict.fromkeys("，,—～~", 10.0),
    **dict.fromkeys("、", 25.0),
}
_WORD_EDGE, _QUOTED, _NUMBER, _IN_WORD = 60.0, 60.0, 300.0, 1000.0
_IN_RUN, _IN_SOUND = 2000.0, 5000.0  # between the words of a Latin run; anywhere in a sound
_UNIT = 10.0  # each unit costs the model's fixed silence, and a new start of the tune
_SMALL, _SMALL_TOKENS = 20.0, 24  # a unit this small sounds abrupt
_UNEVEN = 5.0

_OPENING, _CLOSING = frozenset("“‘「『《〈（【(["), frozenset("”’」』》〉）】)]")
_NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿两点几余多半第分之")


HEARD = (SoundKind.HANZI, SoundKind.LATIN)
Range = tuple[int, int]


def units(
    spoken: Sequence[Phoneme], sounds: Sequence[Sound], limit: int = MAX_TOKENS
) -> list[Range]:
    """Half-open ranges of `spoken` in order, none longer than `limit`, with all that is heard.

    What they leave out is silent: spaces at the edges of a unit and pause marks before its sounds.
    """
    found = []
    for start, end in cut(spoken, sounds, limit):
        if any(is_heard(phoneme, sounds) for phoneme in spoken[start:end]):
            first = next(at for at in range(start, end) if not _silent(spoken[at], sounds))
            last = max(at for at in range(first, end) if spoken[at].sound != BETWEEN)
            found.append((first, last + 1))
    return found


def cut(spoken: Sequence[Phoneme], sounds: Sequence[Sound], limit: int) -> list[Range]:
    """Half-open ranges that tile `spoken`, none longer than `limit`, cut where it costs least."""
    costs = boundary_costs(spoken, sounds)
    sizes = [_unit_cost(size, limit, len(spoken)) for size in range(limit + 1)]
    cost, found = _cheapest(costs, sizes, _NUMBER)
    if cost >= _NUMBER:  # then a single dear cut, left out so far, might do better
        _, found = _cheapest(costs, sizes, math.inf)
    return found


def _cheapest(
    costs: Sequence[float], sizes: Sequence[float], below: float
) -> tuple[float, list[Range]]:
    """The ranges with the cheapest cuts and what they cost; infinite where there are none.

    `costs` are those of a cut before each phoneme, of which only the ones `below` a cost are made;
    `sizes` those of a unit of each length there may be.
    """
    whole, limit = len(costs) - 1, len(sizes) - 1
    places = [0, *(place for place in range(1, whole) if costs[place] < below), whole]
    best = [(0.0, 0)]  # of the ranges up to each place: the cost, where the last begins
    first = 0
    for number, place in enumerate(places[1:], 1):
        while place - places[first] > limit:
            first += 1
        if first == number:
            return math.inf, []
        options = (
            (best[start][0] + sizes[place - places[start]], start) for start in range(first, number)
        )
        cost, start = min(options)
        best.append((cost + costs[place], start))
    ends = [len(places) - 1]
    while ends[-1] > 0:
        ends.append(best[ends[-1]][1])
    return best[-1][0], list(pairwise(places[end] for end in reversed(ends)))


def boundary_costs(spoken: Sequence[Phoneme], sounds: Sequence[Sound]) -> list[float]:
    """What a cut costs before each phoneme, and (0.0) at either end."""
    quoted, costs, owner = _quoted(sounds), [0.0], 0
    for left, right in pairwise(spoken):
        if left.sound != BETWEEN:
            owner = left.sound
        if right.sound == BETWEEN:
            costs.append(_IN_SOUND)  # a space stays with what is before it
        elif right.sound == owner:
            costs.append(_IN_SOUND if left.sound != BETWEEN else _IN_RUN)
        else:
            costs.append(_cost(sounds, quoted, owner, right.sound))
    return [*costs, 0.0]


def _unit_cost(length: int, limit: int, whole: int) -> float:
    small = _SMALL if length < _SMALL_TOKENS <= whole else 0.0
    return _UNIT + small + _UNEVEN * (length / limit) ** 2


def _cost(sounds: Sequence[Sound], quoted: Sequence[bool], left: int, right: int) -> float:
    between = [sounds[k] for k in range(left, right)]
    marks = "".join(sound.text for sound in between if sound.kind is SoundKind.PAUSE)
    costs = [_MARK_COSTS[mark] for mark in marks if mark in _MARK_COSTS]
    if sounds[right].kind is SoundKind.PAUSE or sounds[right].text[:1] in _CLOSING:
        return _IN_WORD  # marks and closing quotes stay with what is before them
    cost = min(costs) if costs else _joint(sounds[left], sounds[right])
    return cost + (_QUOTED if quoted[right] else 0.0)


def _joint(left: Sound, right: Sound) -> float:
    if left.text[-1:] in _OPENING:
        return _IN_WORD
    if left.text[-1:] in _NUMERALS and right.text[:1] in _NUMERALS:
        return _NUMBER
    return _IN_WORD if left.word == right.word else _WORD_EDGE


def is_heard(phoneme: Phoneme, sounds: Sequence[Sound]) -> bool:
    """Whether a phoneme is part of a syllable or a Latin word, not of a mark or a space."""
    return phoneme.sound != BETWEEN and sounds[phoneme.sound].kind in HEARD


def _silent(phoneme: Phoneme, sounds: Sequence[Sound]) -> bool:
    return phoneme.sound == BETWEEN or sounds[phoneme.sound].kind is SoundKind.PAUSE


def _quoted(sounds: Sequence[Sound]) -> list[bool]:
    """For each sound, whether it follows an opened quotation, title or bracket not yet closed.

    A mark that is never closed counts for nothing.
    """
    depth = [0] * (len(sounds) + 1)
    opened: list[int] = []
    for place, sound in enumerate(sounds):
        for char in sound.text if sound.kind is SoundKind.MUTE else "":
            if char in _OPENING:
                opened.append(place)
            elif char in _CLOSING and opened:
                depth[opened.pop() + 1] += 1
                depth[place] -= 1
    out, level = [], 0
    for change in depth[:-1]:
        level += change
        out.append(level > 0)
    return out


_KEPT = 512  # a line's is asked for when its take is looked up, and again when it is spoken


@dataclass(frozen=True, slots=True)
class Score:
    """The sounds of a text, their phonemes, and the ranges of phonemes to be given at once."""

    sounds: tuple[Sound, ...]
    spoken: tuple[Phoneme, ...]
    units: tuple[Range, ...]

    def text(self) -> str:
        """The tokens of every unit, each with the place in the text that it says.

        A pause has its marks instead of a place, what is in no mark of the speech has nothing.
        """
        return json.dumps(
            [
                [[phoneme.token, self._said(phoneme)] for phoneme in self.spoken[start:end]]
                for start, end in self.units
            ],
            ensure_ascii=False,
            separators=(",", ":"),
        )

    def _said(self, phoneme: Phoneme) -> object:
        if phoneme.sound == BETWEEN:
            return 0
        sound = self.sounds[phoneme.sound]
        if sound.kind in HEARD:
            return [sound.start, sound.end]
        return sound.text if sound.kind is SoundKind.PAUSE else 0


@functools.lru_cache(maxsize=_KEPT)
def score(text: str, readings: tuple[Reading, ...], lexicon: Lexicon) -> Score:
    """The score of an utterance's text.

    Raises `BobaoError` for what has no reading or no way to be said, and where nothing is heard.
    """
    sounds = pronounce(text, readings, lexicon)
    _check_read(sounds)
    spoken = phonemes(sounds)
    return Score(sounds, spoken, tuple(units(spoken, sounds)))


def _check_read(sounds: Sequence[Sound]) -> None:
    """Raise `BobaoError` for a sign that would be left out, or where nothing is heard at all."""
    for sound in sounds:
        unread = "".join(char for char in sound.text if char.isalnum())
        if unread and sound.kind not in HEARD:
            raise BobaoError(
                f"the voice has no way to say “{unread}”",
                advice=f"Write what should be said, as {{{unread}|…}} in the script.",
            )
    if not any(sound.kind in HEARD for sound in sounds):
        raise BobaoError("there is nothing to say")
