"""Takes as the store has them, how long each should be, and how one is found in a finished file.

Pace: how long a take should be: its syllables, by the pace of the voice that says it.

Measured on 780 takes of the eight embedded voices at rates 0.5 to 2 (lines of the sample and of the
labelled sets, 1 to 60 syllables, and 19 odd ones: letters, single words): without its pauses a take
lasts as long as its syllables and `REST` more would, each the same length, within 0.86–1.25 of the
voice's usual one from ten hanzi on, within 0.7–1.3 from three. Single syllables are drawn out to as
much as 2.3. The bounds leave a quarter more on either side.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from bobao.errors import BobaoError
from bobao.model import GRID_MS, RATE, Cue, Take
from bobao.verify.evidence import Recording
from bobao.verify.frames import WEIGHTED, Floats, Frames, decibels, frames_of, integrated, lull
from bobao.voices import shaping
from bobao.voices.engine import Samples
from bobao.voices.store import Store

REST = 1.6
"""Syllables' worth of time that every line takes besides: what is last in a clause is drawn out."""
LONG = 5
"""Syllables from which a line tells its voice's pace."""
BOUNDS = {LONG: (0.62, 1.55), 3: (0.45, 1.9), 1: (0.3, 3.0)}
"""From so many syllables on: how many times its voice's usual pace a line may have."""
FEWEST = 5
"""Lines from which a voice's usual pace is taken; else `USUAL` is."""
LEISURELY = 300.0
"""Milliseconds a syllable from which pauses are longer, too, than any at a usual pace."""
USUAL = (70.0, 600.0)
"""Milliseconds a syllable that any voice may take: the embedded ones take 165 to 235 at their own
pace, and half or twice of it at rates 2.0 and 0.5."""

_HANZI = re.compile(r"[㐀-鿿豈-﫿𠀀-𳏿〇]")
_LATIN = re.compile(r"[A-Za-z]+")
_VOWELS = re.compile(r"[aeiouy]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Syllables:
    """Of a text, at least and at most: Latin letters may be spelled out or read as a word."""

    least: float
    most: float

    @property
    def plain(self) -> bool:
        """Whether there is no doubt about the number."""
        return self.least == self.most


def syllables(text: str) -> Syllables:
    """How many syllables saying `text` takes."""
    sure = len(_HANZI.findall(text))
    words = _LATIN.findall(text)
    letters = sum(map(len, words))
    other = sum(map(str.isalnum, text)) - sure - letters  # digits, kana and the like
    spoken = sum(max(1, len(_VOWELS.findall(word))) for word in words)
    return Syllables(sure + other + spoken * 0.6, sure + other * 3 + letters * 3)


def pace(voiced_ms: int, count: float) -> float:
    """Milliseconds a syllable."""
    return voiced_ms / (count + REST)


def usual_paces(lines: Iterable[tuple[str, int, Syllables]]) -> dict[str, float]:
    """The median pace of each voice that says enough; lines are voice, milliseconds, syllables."""
    paces: dict[str, list[float]] = defaultdict(list)
    for voice, voiced_ms, count in lines:
        if count.plain and count.most >= LONG:
            paces[voice].append(pace(voiced_ms, count.most))
    return {voice: median(each) for voice, each in paces.items() if len(each) >= FEWEST}


def room(count: float) -> tuple[float, float]:
    """The bounds for a line of so many syllables."""
    return next(bounds for least, bounds in BOUNDS.items() if count >= least or least == 1)


LOUD_DB = 35.0
"""Frames this far under the loudest of a take are not compared: they are pauses."""
POWER = 0.2
WINDOW = 40
"""Frames that are compared by themselves, to find the worst place: 0.4 s, two syllables."""
LEAST_FRAMES = 12
"""Loud frames without which nothing can be said."""
MOVING = 0.05, 0.1
"""How much the shapes of a take, and those in a window, must differ from frame to frame, as the
mean of their squares, to be told from others: one steady tone looks like the next. Speech has 0.2
and more."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two sounds are, in all and at the worst place (its frame); 1 is the same."""

    whole: float
    worst: float
    worst_at: int


def likeness(take: Floats, heard: Floats) -> Likeness | None:
    """Compare the bands of a take with as many of what should be it.

    None where nothing can be told: it is too short, or one steady sound.
    """
    level = decibels(take.sum(axis=1))
    loud = np.flatnonzero(level > level.max(initial=-120.0) - LOUD_DB)
    if len(loud) < LEAST_FRAMES:
        return None
    ours, theirs = _shape(take[loud]), _shape(heard[loud])
    products = np.stack([(ours * theirs).sum(1), (ours * ours).sum(1), (theirs * theirs).sum(1)])
    sums = np.concatenate([np.zeros((3, 1)), np.cumsum(products, axis=1, dtype=np.float64)], axis=1)
    if sums[1, -1] < MOVING[0] * len(loud):
        return None
    length = min(WINDOW, len(loud))
    stretches = sums[:, length:] - sums[:, :-length]
    local = _correlation(stretches)
    local[stretches[1] < MOVING[1] * length] = 1.0
    worst = int(np.argmin(local))
    return Likeness(
        float(_correlation(sums[:, -1])), float(local[worst]), int(loud[worst + length // 2])
    )


def shift(take: Floats, heard: Floats, before: int) -> int | None:
    """By how many frames a take lies off; None where it is not to be found.

    `heard` begins `before` frames before the take should.
    """
    best, found = 0.0, None
    for at in range(len(heard) - len(take) + 1):
        alike = likeness(take, heard[at : at + len(take)])
        if alike and alike.whole > best:
            best, found = alike.whole, at - before
    return found if best > FOUND else None


FOUND = 0.85
"""What is found elsewhere is at least so alike: half a frame beside its time it still is."""


def _shape(bands: Floats) -> Floats:
    total = np.maximum(bands.sum(axis=1, keepdims=True), np.float32(1e-12))
    shape = (bands / total) ** np.float32(POWER)
    shape -= shape.mean(axis=1, keepdims=True)
    return np.asarray(shape - shape.mean(axis=0), np.float32)


def _correlation(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    both, ours, theirs = sums
    return np.asarray(both / np.sqrt(np.maximum(ours * theirs, 1e-12)))


MARK_SLACK_MS = 80
"""So far beside its sound a mark may lie before its text counts as not said."""
LEAST_GAP_MS = 80
"""Shorter silences belong to syllables (the closure of a p, t or k), longer ones are pauses."""
_FLAT_RUN = 2  # one sample has to be the highest
_CLIP_FROM = 0.1  # a softer sound is not loud enough to be clipped

_STEP_MS = 1000 * shaping.STEP // RATE


MISSING = "missing"
TakesOf = Callable[[Cue], tuple[Recording, Frames | None]]


def take_in(folder: Path, cue: Cue) -> tuple[Recording, Frames | None]:
    """What the store in `folder` has for a cue that names a take; its frames if it is usable."""
    faults = [MISSING]
    store = Store(folder, lambda path, fault: faults.append(fault))
    take = store.load(cue.take)
    if take is None:
        return Recording(fault=faults[-1]), None
    try:
        samples = store.samples(cue.take)
    except (BobaoError, RuntimeError) as error:  # RuntimeError: not a FLAC
        return Recording(fault=str(getattr(error, "what", error))), None
    if not len(samples):
        return Recording(fault="it is empty"), None
    frames = frames_of(samples, RATE)
    return examined(samples, take, cue.line.spoken, frames), frames


def examined(samples: Samples, take: Take, text: str, frames: Frames) -> Recording:
    """What can be told of a take from its sound, its marks and its text."""
    loud = shaping.loud_steps(samples)
    runs = [(a * 1000 // RATE, b * 1000 // RATE) for a, b in shaping.quiet_runs(samples)]
    pauses = sum(b - a for a, b in runs if b - a >= LEAST_GAP_MS)
    return Recording(
        samples=len(samples),
        told=take.samples,
        voiced_ms=len(samples) * 1000 // RATE - pauses,
        flat=_flat(samples),
        lull=lull(frames[:, WEIGHTED], integrated(frames[:, WEIGHTED])),
        unmarked=_unmarked(take, text),
        mute=_mute(take, text, loud),
        stray=_stray(take, text),
    )


def _flat(samples: Samples) -> int:
    """Samples side by side at exactly the peak: tops that were cut off and not coded since."""
    peak = float(np.abs(samples).max())
    if peak < _CLIP_FROM:
        return 0
    return sum(_in_runs(side * samples == peak) for side in (1, -1))


def _in_runs(flags: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= _FLAT_RUN].sum())


def _unmarked(take: Take, text: str) -> str:
    covered = {at for mark in take.marks for at in range(mark.start, mark.end)}
    return "".join(c for at, c in enumerate(text) if c.isalnum() and at not in covered)


def _stray(take: Take, text: str) -> str:
    """The text of marks where nothing is heard, … for what is after its end."""
    covered = [text[mark.start : mark.end] or "…" for mark in take.marks]
    return "".join(part for part in covered if not any(map(str.isalnum, part)))


def _mute(take: Take, text: str, loud: np.ndarray) -> str:
    """The text of marks with no sound near them, or that go on where there is none any more."""
    end = len(loud) * _STEP_MS
    sounds = np.concatenate([[0], np.cumsum(loud)])
    found = []
    for mark in take.marks:
        first = max(0, (mark.start_ms - MARK_SLACK_MS) // _STEP_MS)
        last = (mark.end_ms + MARK_SLACK_MS) // _STEP_MS + 1
        first, last = (min(at, len(loud)) for at in (first, last))
        cut_off = mark.end_ms > end + GRID_MS or mark.start_ms == mark.end_ms >= end - GRID_MS
        if cut_off or sounds[last] == sounds[first]:
            found.append(text[mark.start : mark.end])
    return "".join(found)
