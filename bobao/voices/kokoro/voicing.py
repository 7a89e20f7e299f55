"""Where in a unit's samples its sounds are: phrases between its pauses, and times in them.

The model's durations tell when a sound starts to within a few milliseconds, but late, and later
for some sounds than for others: `onsets.tsv` has by how much. The first sound of a phrase starts
where the silence ends.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bobao.model import RATE, Mark
from bobao.pronounce.sounds import Sound, SoundKind
from bobao.voices import shaping
from bobao.voices.engine import Samples, Speech
from bobao.voices.kokoro import phonemes
from bobao.voices.kokoro.model import Styles
from bobao.voices.kokoro.phonemes import BETWEEN, Phoneme
from bobao.voices.kokoro.score import MODEL_TOKENS, is_heard

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
    """The `samples` of a unit from `start` on that are to be kept, and what is heard in them.

    `starts` are the samples of the unit at which `sounds` start, the first of them where sound
    begins; `stop` is where it ends. `gap` is the silence, in samples, that the model itself made
    after it, `marks` is the punctuation there. What is kept of the silence is before and after.
    """

    start: int
    samples: Samples
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
        stop, resume = gap
        tail = min(KEEP, (resume - stop) // 2)
        firsts: dict[int, int] = {}
        for place in waiting:
            if spoken[place].sound not in firsts:
                moved = LATE - late(spoken, place)
                firsts[spoken[place].sound] = int(begins[place]) + moved - onset
        starts = shaping.spread([0, *list(firsts.values())[1:]], stop - onset, _LEAST)
        done.append(
            Phrase(
                start=max(0, onset - lead),
                samples=samples[max(0, onset - lead) : stop + tail],
                sounds=tuple(firsts),
                starts=tuple(onset + start for start in starts),
                stop=stop,
                gap=resume - stop,
                marks=marks,
            )
        )
        waiting, onset, lead = [], resume, tail
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


JOINT_MS = 60
"""Silence where a unit ends without a mark."""


def assembled(phrases: Iterable[Phrase], sounds: Sequence[Sound], rate: float) -> Speech:
    """The phrases one after another, silences lengthened to what their marks ask for.

    The result starts and ends with the little silence that its first and last phrase keep.
    """
    pieces: list[Samples] = []
    times: dict[int, tuple[int, int]] = {}  # of a sound; two units may share a long Latin run
    length, owed = 0, 0
    for phrase in phrases:
        rest = max(0, owed - (phrase.starts[0] - phrase.start)) if pieces else 0
        pieces += [np.zeros(rest, np.float32), shaping.faded(phrase.samples)]
        shift = length + rest - phrase.start
        ends = [*phrase.starts[1:], phrase.stop]
        for sound, start, end in zip(phrase.sounds, phrase.starts, ends, strict=True):
            times[sound] = (times.get(sound, (start + shift, 0))[0], end + shift)
        length += rest + len(phrase.samples)
        ms = max((shaping.PAUSES_MS.get(mark, JOINT_MS) for mark in phrase.marks), default=JOINT_MS)
        silence = max(phrase.gap, round(ms / rate) * RATE // 1000)
        owed = silence - (phrase.start + len(phrase.samples) - phrase.stop)
    samples = shaping.limited(np.concatenate(pieces)) if pieces else np.zeros(0, np.float32)
    marks = (
        Mark(sounds[sound].start, sounds[sound].end, start * 1000 // RATE, end * 1000 // RATE)
        for sound, (start, end) in times.items()
    )
    return Speech(samples, tuple(marks))


Durations = NDArray[np.int64]
Inputs = dict[str, NDArray[Any]]
Sounder = Callable[[Inputs], tuple[Samples, Durations]]
"""From the model's inputs to samples and the frames of 25 ms of each token, both ends included."""


LEAST_FRAMES = 50
"""What the model makes of fewer frames (1.25 s, the silence at its ends included) is spoilt from
the edges inwards: a noise there, a faint voice or none. Measured over eight voices, thirteen texts
of one to three syllables, rates of 0.6 to 2.0: from 48 frames on nine in ten are at most 3 dB
softer than at the voice's own pace; of those with 36 to 40 frames one in ten is over 13 dB softer,
under 32 over 30 dB."""
LEAST_RATE = 0.8
"""No line is slowed beyond this for the sake of `LEAST_FRAMES`, but where it was asked for."""


def voiced(
    sounder: Sounder,
    spoken: Sequence[Phoneme],
    sounds: Sequence[Sound],
    styles: Styles,
    rate: float,
) -> list[Phrase]:
    """The phrases of a unit said at `rate`, or as near to it as the model can: see `LEAST_FRAMES`.

    Raises `BobaoError` where the model fails.
    """
    tokens = [phoneme.token for phoneme in spoken]
    samples, durations = sounder(inputs(tokens, styles, rate))
    slower = unhurried(rate, int(durations.sum()))
    if slower < rate:
        samples, durations = sounder(inputs(tokens, styles, slower))
    return phrases(spoken, durations, samples, sounds)


def unhurried(rate: float, frames: int) -> float:
    """The rate for what takes `frames` at `rate`: slower where they are too few for the model."""
    return max(min(rate, LEAST_RATE), rate * min(1.0, frames / LEAST_FRAMES))


def inputs(tokens: Sequence[int], styles: Styles, rate: float) -> Inputs:
    """What the model is given: tokens between two 0, the style for as many, the pace."""
    assert len(tokens) <= MODEL_TOKENS  # noqa: S101 - the model would cut the rest off
    return {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": styles[len(tokens), None].astype(np.float32),
        "speed": np.array([rate], np.float32),
    }
