"""A take looked at by itself: whether all of its text is in it, without holes or clipping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bobao.errors import BobaoError
from bobao.model import GRID_MS, RATE, Cue, Take
from bobao.verify.evidence import Recording
from bobao.verify.frames import Frames, frames_of
from bobao.verify.loudness import integrated, lull
from bobao.voices import shaping
from bobao.voices.engine import Samples
from bobao.voices.store import Store

MARK_SLACK_MS = 80
"""So far beside its sound a mark may lie before its text counts as not said."""
LEAST_GAP_MS = 80
"""Shorter silences belong to syllables (the closure of a p, t or k), longer ones are pauses."""
_FLAT_RUN = 2  # one sample has to be the highest
_CLIP_FROM = 0.1  # a softer sound is not loud enough to be clipped

_STEP_MS = 1000 * shaping.STEP // RATE


@dataclass(frozen=True, slots=True)
class Takes:
    """The takes of a store, by the cues of a bulletin."""

    folder: Path
    _faults: dict[str, str] = field(default_factory=dict)

    def of(self, cue: Cue) -> tuple[Recording, Frames | None]:
        """What the store has for a cue that names a take, and its frames where it is usable."""
        store = Store(self.folder, self._note)
        take = store.load(cue.take)
        if take is None:
            return Recording(fault=self._faults.get(cue.take, MISSING)), None
        try:
            samples = store.samples(cue.take)
        except (BobaoError, RuntimeError) as error:  # RuntimeError: not a FLAC
            return Recording(fault=str(getattr(error, "what", error))), None
        if not len(samples):
            return Recording(fault="it is empty"), None
        frames = frames_of(samples, RATE)
        return examined(samples, take, cue.line.spoken, frames), frames

    def _note(self, path: Path, fault: str) -> None:
        self._faults[path.stem] = fault


MISSING = "missing"
TakesOf = Callable[[Cue], tuple[Recording, Frames | None]]


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
        lull=lull(frames.weighted, integrated(frames.weighted)),
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
