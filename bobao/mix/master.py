"""Mastering: how loud each chapter's speech is, and the gain and filters that bring it to target.

Speech is first set to one level, so that the compressor does the same for every voice; then come
the tone that a style asks for, a compressor (a gentle one for the news: gain alone would leave the
limiter too much to do), the chapter's own gain, and a limiter. The gain is found by measuring what
comes out and correcting.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bobao.mix import ffmpeg, levels, stream
from bobao.mix.ffmpeg import ONE_THREAD, OUT_RATE, PCM_IN
from bobao.mix.levels import factor
from bobao.mix.stream import Sources
from bobao.mix.timeline import Event, Stretch, Timeline
from bobao.model import RATE

SPEECH_LEVEL = -23.0
"""dBFS that speech is set to before the compressor (`levels.Meter`)."""
CEILING = -2.5
"""dBFS that the limiter lets through: what MP3 adds comes on top and must stay under −1 dBTP (what
is over it nevertheless is turned down by `bobao.mix.levels`)."""

_CLOSE = 0.15  # LU: the summary of ebur128 has one decimal
_SURE = 1.5  # LU: a smaller correction comes out within `_CLOSE` without measuring again
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Mastering:
    """What is done to speech at `SPEECH_LEVEL`.

    `tone` are filters of ffmpeg before the compressor, with a comma at the end, or none.
    `threshold` is in dBFS, attack and release in milliseconds; `gain` is the decibels that speech
    usually needs after it to reach −19 LUFS: a good guess saves measuring twice.
    """

    tone: str = ""
    threshold: float = -18.0
    ratio: float = 3.0
    attack: int = 6
    release: int = 160
    gain: float = 6.6

    @property
    def compressor(self) -> str:
        """The compressor's filter."""
        return (
            f"acompressor=threshold={factor(self.threshold):.6f}:ratio={self.ratio:g}:knee=4:"
            f"attack={self.attack}:release={self.release}:detection=rms"
        )


GENTLE = Mastering()
"""The news."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a chapter is mastered: factor for its takes, then decibels of gain and of ceiling."""

    level: float = 1.0
    gain: float = 0.0
    ceiling: float = CEILING
    mastering: Mastering = GENTLE

    @property
    def filters(self) -> str:
        """The chain for ffmpeg at `RATE`; it keeps length and time.

        The limiter works at four times the rate, where it sees the peaks between samples.
        """
        return f"{self._dynamics},aresample={4 * RATE},{self._limiter}"

    @property
    def quick(self) -> str:
        """The chain as far as loudness goes: half the work, 0.1 LU beside it at most."""
        return f"{self._dynamics},{self._limiter}"

    @property
    def _dynamics(self) -> str:
        chain = f"{self.mastering.tone}{self.mastering.compressor}"
        return f"{chain},volume={self.gain:.3f}dB"

    @property
    def _limiter(self) -> str:
        limit = factor(min(self.ceiling, 0.0))
        return f"alimiter=limit={limit:.6f}:attack=5:release=60:level=0:latency=1"


def out_samples(samples: int) -> int:
    """How many samples at `OUT_RATE` as many at `RATE` are; exact, as all are on the grid."""
    count, rest = divmod(samples * OUT_RATE, RATE)
    if rest:
        raise ValueError(f"{samples} samples are not on the grid")
    return count


def adjust(
    stretch: Stretch,
    sources: Sources,
    target: float,
    ceiling: float = CEILING,
    mastering: Mastering = GENTLE,
) -> Setting:
    """Find the setting that brings a chapter, its sting included, to `target` LUFS.

    A chapter without speech is left at the usual gain. Raises `BobaoError` for damaged takes.
    """
    level = _level(stretch.events, sources)
    setting = Setting(level or 1.0, mastering.gain + target + 19.0, ceiling, mastering)
    for _ in range(_TRIES if level else 0):
        measured = _loudness(stretch.events, sources, setting.level, f"{setting.quick},")
        if measured < levels.SILENT_LUFS:
            break
        error = target - measured
        # The limiter takes back a part of what is added: a little more comes out right.
        setting = replace(setting, gain=setting.gain + error * (1.1 if error > 0 else 1.0))
        if abs(error) <= _SURE:
            break
    return setting


MOST_DB = 12.0
"""No voice is turned up or down further: a greater difference is a fault of its recordings."""

_EQUAL = 0.3  # LU
_ROUNDS = 3


def gains(timeline: Timeline, sources: Sources, mastering: Mastering) -> dict[str, float]:
    """The factors that make the voices of a bulletin as loud as the one that is heard first.

    Each voice is measured over all its takes end to end (LUFS, gated). Empty where no chapter has
    two voices; a voice that says too little to be measured is left as it is.
    """
    chapters = [[each for each in stretch.events if each.take] for stretch in timeline.stretches]
    if all(len({take.voice for take in takes}) < 2 for takes in chapters):
        return {}
    by_voice: dict[str, list[Event]] = {}
    for takes in chapters:
        for take in takes:
            by_voice.setdefault(take.voice, []).append(take)
    level = _level(next(iter(by_voice.values())), sources) or 1.0
    decibels = dict.fromkeys(by_voice, 0.0)
    for number in range(_ROUNDS):
        now = replace(sources, gains={voice: factor(db) for voice, db in decibels.items()})
        # Without the compressor first: what is missing there can be added as it is.
        chain = mastering.tone + (f"{mastering.compressor}," if number else "")
        errors = _errors(by_voice, now, level, chain)
        if number and max(map(abs, errors.values())) <= _EQUAL:
            break
        # The compressor takes back the most part of what is added before it, or none.
        slope = math.sqrt(mastering.ratio) if number else 1.0
        for voice, error in errors.items():
            decibels[voice] = max(-MOST_DB, min(decibels[voice] + error * slope, MOST_DB))
    return {voice: factor(db) for voice, db in decibels.items()}


def _level(events: Sequence[Event], sources: Sources) -> float | None:
    """The factor that brings takes to the level that mastering works at; None where none speaks."""
    meter = levels.Meter()
    for samples in stream.takes(events, sources):
        meter.add(samples)
    level = meter.level()
    return None if level is None else factor(SPEECH_LEVEL - level)


def _loudness(events: Sequence[Event], sources: Sources, level: float, chain: str) -> float:
    """LUFS of events, their takes brought to `level`, after a chain of filters."""
    feed = stream.pieces(events, sources, level)
    options = [*ONE_THREAD, *PCM_IN, "-af", f"{chain}{levels.METER}", "-f", "null", "-"]
    return levels.parse(ffmpeg.run(options, feed)).integrated


def _errors(
    by_voice: dict[str, list[Event]], sources: Sources, level: float, chain: str
) -> dict[str, float]:
    """How many LU each voice is under the first; none for one that cannot be measured."""
    measured = {v: _loudness(takes, sources, level, chain) for v, takes in by_voice.items()}
    heard = [lufs for lufs in measured.values() if lufs > levels.SILENT_LUFS]
    return {
        voice: heard[0] - lufs if lufs > levels.SILENT_LUFS else 0.0
        for voice, lufs in measured.items()
    }
