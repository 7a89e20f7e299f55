"""What is heard in finished files: sentences beside their takes, chapters beside the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from bobao.mix.ffmpeg import OUT_RATE
from bobao.model import GRID_MS, Bulletin, Chapter, Cue
from bobao.verify.evidence import FileSound, Hearing, Quiet, Recording, Whole
from bobao.verify.frames import (
    BANDS,
    PER_SECOND,
    WEIGHTED,
    Floats,
    Frames,
    decibels,
    integrated,
    levels,
)
from bobao.verify.frames import lull as lull_in
from bobao.verify.mp3 import Played, Reel
from bobao.verify.takes import TakesOf, likeness, shift

SAME = 0.87
"""A sentence less like its take is not its take, or lies 20 ms and more beside its time."""
SEARCH = PER_SECOND
"""So many frames before and after its time a sentence is looked for that is not there."""
SEARCHES = 20
"""No more sentences are looked for: where so many are wrong, one cause has moved them all."""
SILENT_DB = 40.0
"""Steps this far under the bulletin's loudness are silence."""
NOISE_DB = 30.0
"""Steps that are less far under it are sound; what MP3 leaves of a pause is 60 under."""
NOISE_STEPS, EDGE_MS = 3, 60
"""So many steps of sound are noise in a pause; nearer to a sentence they are its pre-echo."""
SHORTEST_MS = 500
"""Shorter silences are not noted."""
WINDOW = 40
"""Steps over which a chapter's file is compared with the bulletin: 0.4 s."""
FLOOR_DB = -60.0
"""Levels under this are all the same when files are compared: what MP3 leaves of a silence."""

Advance = Callable[[int], None]
"""Told how many milliseconds of the bulletin have been heard."""


def hear_whole(path: Path, bulletin: Bulletin, takes: TakesOf, advance: Advance) -> Whole:
    """Hear a bulletin and compare every sentence with its take.

    A file that cannot be decoded is no error: what was not heard is missing in what comes back.
    """
    reel = Reel(path)
    recordings: list[Recording | None] = []
    hearings: list[Hearing | None] = []
    searches = 0
    for cue in bulletin.cues():
        recording, ours = takes(cue) if cue.take else (None, None)
        hearing = _heard(reel, cue, ours, searches < SEARCHES) if recording else None
        searches += hearing is not None and (hearing.alike or 1.0) < SAME
        recordings.append(recording)
        hearings.append(hearing)
        advance(cue.end_ms)
    sound, level, weighted = reel.to_the_end()
    usual = integrated(weighted)
    return Whole(
        sound,
        tuple(recordings),
        tuple(hearings),
        _silences(level, usual - SILENT_DB),
        tuple(_noises(level, usual - NOISE_DB, bulletin)),
        tuple(
            integrated(weighted[c.start_ms // GRID_MS : c.end_ms // GRID_MS])
            for c in bulletin.chapters
        ),
        level,
    )


def hear_part(path: Path, chapter: Chapter, whole: Floats) -> FileSound:
    """Hear a chapter's own file and compare its level, step by step, with the bulletin's."""
    played = Played(path)
    steps = [decibels(level) for level in levels(played, OUT_RATE)]
    own = np.concatenate([*steps, np.zeros(0, np.float32)])
    their = whole[chapter.start_ms // GRID_MS : chapter.end_ms // GRID_MS]
    difference, at = _difference(own, their)
    place = chapter.start_ms + at * GRID_MS
    return replace(played.sound(0.0), difference=difference, difference_ms=place)


def _heard(reel: Reel, cue: Cue, ours: Frames | None, search: bool) -> Hearing | None:
    start, end = cue.start_ms // GRID_MS, cue.end_ms // GRID_MS
    reel.reach(end + SEARCH, keep_from=start - SEARCH)
    theirs = reel.between(start, end)
    if not len(theirs) or len(theirs) < end - start:
        return None
    level = integrated(theirs[:, WEIGHTED])
    lull = lull_in(theirs[:, WEIGHTED], level)
    # The first frame reaches back into the pause, where another sound may end.
    alike = None
    if ours is not None and len(ours) == len(theirs):
        alike = likeness(ours[1:, BANDS], theirs[1:, BANDS])
    if ours is None or alike is None:
        return Hearing(None, None, cue.start_ms, None, level, lull)
    moved = None
    if search and alike.whole < SAME:
        first = max(0, start - SEARCH)
        around = reel.between(first, end + SEARCH)
        moved = shift(ours[1:, BANDS], around[1:, BANDS], start - first)
    return Hearing(
        alike.whole,
        alike.worst,
        cue.start_ms + alike.worst_at * GRID_MS,
        None if moved is None else moved * GRID_MS,
        level,
        lull,
    )


def _silences(level: Floats, limit: float) -> tuple[Quiet, ...]:
    quiet = np.concatenate([[False], level < limit, [False]])
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8))) * GRID_MS
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return tuple(Quiet(a, b - a) for a, b in runs if b - a >= SHORTEST_MS)


def _noises(level: Floats, limit: float, bulletin: Bulletin) -> Iterator[int]:
    """The times of sound between two sentences of a chapter, where no sting is ever played."""
    for chapter in bulletin.chapters:
        for before, after in pairwise(cue for cue in chapter.cues if cue.take):
            start, end = before.end_ms + EDGE_MS, after.start_ms - EDGE_MS
            loud = np.flatnonzero(level[start // GRID_MS : end // GRID_MS] > limit)
            if end > start and len(loud) >= NOISE_STEPS:
                yield start + int(loud[0]) * GRID_MS


def _difference(own: Floats, their: Floats) -> tuple[float, int]:
    """The greatest mean difference of two levels over a window, in dB, and its middle."""
    count = min(len(own), len(their))
    if not count:
        return 0.0, 0
    apart = np.abs(np.maximum(own[:count], FLOOR_DB) - np.maximum(their[:count], FLOOR_DB))
    sums = np.concatenate([[0.0], np.cumsum(apart, dtype=np.float64)])
    length = min(WINDOW, count)
    means = (sums[length:] - sums[:-length]) / length
    worst = int(np.argmax(means))
    return float(means[worst]), worst + length // 2
