"""Voices made equally loud, before mastering makes the whole so.

Mastering brings every chapter to the target, so anchors who take turns by chapter come out alike by
themselves; but within a chapter a caption or a quotation in another voice would stand out. What
counts is how loud the voices are behind tone and compressor, which do not do the same to each, so
that is measured, and the gains before them corrected.
"""

from __future__ import annotations

import math
from dataclasses import replace

from bobao.mix import ffmpeg, loudness, stream
from bobao.mix.loudness import factor
from bobao.mix.master import ONE_THREAD, PCM_IN, SPEECH_LEVEL, Mastering
from bobao.mix.stream import Sources
from bobao.mix.timeline import Recorded, Timeline

MOST_DB = 12.0
"""No voice is turned up or down further: a greater difference is a fault of its recordings."""

_CLOSE = 0.3  # LU
_ROUNDS = 3


def gains(timeline: Timeline, sources: Sources, mastering: Mastering) -> dict[str, float]:
    """The factors that make the voices of a bulletin as loud as the one that is heard first.

    Each voice is measured over all its takes end to end (LUFS, gated). Empty where no chapter has
    two voices; a voice that says too little to be measured is left as it is.
    """
    chapters = [_takes(stretch.events) for stretch in timeline.stretches]
    if all(len({take.voice for take in takes}) < 2 for takes in chapters):
        return {}
    by_voice: dict[str, list[Recorded]] = {}
    for takes in chapters:
        for take in takes:
            by_voice.setdefault(take.voice, []).append(take)
    level = _level(next(iter(by_voice.values())), sources)
    decibels = dict.fromkeys(by_voice, 0.0)
    for number in range(_ROUNDS):
        now = replace(sources, gains={voice: factor(db) for voice, db in decibels.items()})
        # Without the compressor first: what is missing there can be added as it is.
        chain = mastering.tone + (f"{mastering.compressor}," if number else "")
        errors = _errors(by_voice, now, level, f"{chain}{loudness.METER}")
        if number and max(map(abs, errors.values())) <= _CLOSE:
            break
        # The compressor takes back the most part of what is added before it, or none.
        slope = math.sqrt(mastering.ratio) if number else 1.0
        for voice, error in errors.items():
            decibels[voice] = max(-MOST_DB, min(decibels[voice] + error * slope, MOST_DB))
    return {voice: factor(db) for voice, db in decibels.items()}


def _takes(events: tuple[object, ...]) -> list[Recorded]:
    return [event for event in events if isinstance(event, Recorded)]


def _level(takes: list[Recorded], sources: Sources) -> float:
    """The factor that brings takes to the level that mastering works at."""
    meter = loudness.Meter()
    for samples in stream.takes(takes, sources):
        meter.add(samples)
    level = meter.level()
    return 1.0 if level is None else factor(SPEECH_LEVEL - level)


def _errors(
    by_voice: dict[str, list[Recorded]], sources: Sources, level: float, chain: str
) -> dict[str, float]:
    """How many LU each voice is under the first; none for one that cannot be measured."""
    measured: dict[str, float] = {}
    for voice, takes in by_voice.items():
        feed = stream.pieces(takes, sources, level)
        log = ffmpeg.run([*ONE_THREAD, *PCM_IN, "-af", chain, "-f", "null", "-"], feed)
        measured[voice] = loudness.parse(log).integrated
    heard = [lufs for lufs in measured.values() if lufs > loudness.SILENT_LUFS]
    return {
        voice: heard[0] - lufs if lufs > loudness.SILENT_LUFS else 0.0
        for voice, lufs in measured.items()
    }
