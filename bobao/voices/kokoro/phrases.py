"""Where in a unit's samples its sounds are: phrases between its pauses, and times in them.

The model's durations tell when a sound starts to within a few milliseconds, but late, and later
for some sounds than for others: `onsets.tsv` has by how much. The first sound of a phrase starts
where the silence ends.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bobao.model import RATE
from bobao.pronounce.sounds import Sound, SoundKind
from bobao.voices import shaping
from bobao.voices.engine import Samples
from bobao.voices.kokoro import phonemes
from bobao.voices.kokoro.phonemes import BETWEEN, Phoneme
from bobao.voices.kokoro.units import is_heard

FRAME = RATE // 40
"""Samples of a frame of the model's durations: 25 ms."""
LATE = RATE * 60 // 1000
"""The model's boundaries come this much late where a silence is looked for: at stop consonants."""
STRESS = "ˈˌ"
KEEP = RATE * 30 // 1000
"""Quiet samples kept at either end of a phrase: the softest of an onset or a decay."""
_SHORTEST_GAP = RATE * 30 // 1000
_LEAST = RATE * 20 // 1000  # the shortest time of a sound


@dataclass(frozen=True, slots=True)
class Phrase:
    """Samples `start:end` of a unit that are to be kept, and what is heard in them.

    `starts` are the samples of the unit at which `sounds` start, the first of them where sound
    begins; `stop` is where it ends. `gap` is the silence, in samples, that the model itself made
    after it, `marks` is the punctuation there. What is kept of the silence is before and after.
    """

    start: int
    end: int
    sounds: tuple[int, ...]
    starts: tuple[int, ...]
    stop: int
    gap: int
    marks: str


def phrases(
    spoken: Sequence[Phoneme],
    durations: NDArray[np.int64],
    samples: Samples,
    sounds: Sequence[Sound],
) -> list[Phrase]:
    """The phrases of a unit, in order; together they hold every sound heard in it.

    `durations` counts frames per token, start and end included (``len(spoken) + 2``). A mark in
    the text parts two phrases only where the model did fall silent there. Empty where `samples`
    are all silent.
    """
    begins = np.cumsum(durations)[:-1] * FRAME - LATE  # of each phoneme, then of the end
    onset, last = shaping.bounds(samples, 0)
    if onset == last:
        return []
    quiet = [run for run in shaping.quiet_runs(samples) if onset < run[0] and run[1] < last]
    done: list[Phrase] = []
    waiting: list[int] = []
    lead, clauses = KEEP, _clauses(spoken, sounds)
    for number, (heard, marks) in enumerate(clauses):
        waiting += heard
        gap: Gap | None = (last, min(last + 2 * KEEP, len(samples)))
        if number + 1 < len(clauses):
            gap = _gap(quiet, spoken, begins, heard, clauses[number + 1][0])
        if gap is None or gap[0] <= onset:
            continue
        room = min(KEEP, (gap[1] - gap[0]) // 2)
        done.append(_phrase(spoken, begins, waiting, Place(onset, lead, gap, room), marks))
        waiting, onset, lead = [], gap[1], room
    return done


def late(spoken: Sequence[Phoneme], place: int) -> int:
    """How many samples late the durations put the start of a sound, its first phoneme given."""
    symbols = "".join(phoneme.symbol for phoneme in spoken[place : place + 3]).lstrip(STRESS)
    table = _late()
    return table.get(symbols[:2]) or table.get(symbols[:1]) or table["*"]


@functools.cache
def _late() -> dict[str, int]:
    return {symbol: int(ms) * RATE // 1000 for symbol, ms in phonemes.mapping("onsets").items()}


Gap = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phrase is: sound from `onset` to the `gap`, with `lead` and `tail` quiet samples."""

    onset: int
    lead: int
    gap: Gap
    tail: int


def _clauses(spoken: Sequence[Phoneme], sounds: Sequence[Sound]) -> list[tuple[list[int], str]]:
    """Runs of heard phonemes with no pause mark between them, and the marks after each."""
    clauses: list[tuple[list[int], str]] = []
    for place, phoneme in enumerate(spoken):
        if is_heard(phoneme, sounds):
            if not clauses or clauses[-1][1]:
                clauses.append(([], ""))
            clauses[-1][0].append(place)
        elif clauses and phoneme.sound != BETWEEN:
            sound = sounds[phoneme.sound]
            if sound.kind is SoundKind.PAUSE:
                clauses[-1] = (clauses[-1][0], clauses[-1][1] + sound.text)
    return clauses


def _gap(
    quiet: Sequence[Gap],
    spoken: Sequence[Phoneme],
    begins: NDArray[np.int64],
    before: Sequence[int],
    after: Sequence[int],
) -> Gap | None:
    """The longest silence near the mark between two clauses; None where there is none to speak of.

    It is looked for from the start of the last syllable before to the end of the first after.
    """
    last, first = spoken[before[-1]].sound, spoken[after[0]].sound
    start = min(place for place in before if spoken[place].sound == last)
    end = max(place for place in after if spoken[place].sound == first)
    inside = [run for run in quiet if run[0] < begins[end + 1] and run[1] > begins[start]]
    longest = max(inside, key=lambda run: run[1] - run[0], default=(0, 0))
    return longest if longest[1] - longest[0] >= _SHORTEST_GAP else None


def _phrase(
    spoken: Sequence[Phoneme],
    begins: NDArray[np.int64],
    heard: Sequence[int],
    place: Place,
    marks: str,
) -> Phrase:
    firsts: dict[int, int] = {}
    for phoneme in heard:
        if spoken[phoneme].sound not in firsts:
            moved = LATE - late(spoken, phoneme)
            firsts[spoken[phoneme].sound] = int(begins[phoneme]) + moved - place.onset
    stop, resume = place.gap
    starts = shaping.spread([0, *list(firsts.values())[1:]], stop - place.onset, _LEAST)
    return Phrase(
        start=max(0, place.onset - place.lead),
        end=stop + place.tail,
        sounds=tuple(firsts),
        starts=tuple(place.onset + start for start in starts),
        stop=stop,
        gap=resume - stop,
        marks=marks,
    )
