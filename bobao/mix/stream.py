"""The sound of a stretch of the timeline as a stream: little is held, however long it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bobao.errors import BobaoError
from bobao.files import sha256, written_aside
from bobao.mix.timeline import Event, Stretch, Timeline
from bobao.model import RATE
from bobao.voices.engine import Samples

SamplesOf = Callable[[str], Samples]
"""Gives the sound of a take by its key. Called from one thread at a time for one stretch, but from
several at once for several."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where sound comes from: takes by key, stings by name.

    `gains` are the factors that make voices equally loud; a voice without one stays as it is.
    """

    samples_of: SamplesOf
    stings: Mapping[str, Samples] = field(default_factory=dict)
    gains: Mapping[str, float] = field(default_factory=dict)


_BLOCK = RATE // 2  # no piece that is handed on is longer
_EDGE = RATE * 3 // 1000  # 3 ms: long enough that a joint does not click, too short for a syllable


def takes(events: Iterable[Event], sources: Sources) -> Iterator[Samples]:
    """The takes among events, each voice with its gain.

    Raises `BobaoError` for one that is not what was recorded.
    """
    return (_take(event, sources) for event in events if event.take)


def pieces(events: Iterable[Event], sources: Sources, gain: float = 1.0) -> Iterator[bytes]:
    """Events as little-endian float32 samples at `RATE`; takes are multiplied by `gain`.

    Raises `BobaoError` like `takes`.
    """
    for event in events:
        if event.take:
            sound = _joint(_take(event, sources), gain)
        else:
            sound = sources.stings[event.sting] if event.sting else _silence(event.samples)
        for start in range(0, len(sound), _BLOCK):
            yield _bytes(sound[start : start + _BLOCK])


def _take(event: Event, sources: Sources) -> Samples:
    samples = sources.samples_of(event.take)
    if samples.shape != (event.samples,) or not np.isfinite(samples).all():
        raise BobaoError(
            f"a recording is damaged: {samples.size} samples instead of {event.samples}",
            where=event.take,
            advice="Record it again: bobao voice.",
        )
    gain = sources.gains.get(event.voice, 1.0)
    return samples if gain == 1.0 else np.asarray(samples * np.float32(gain), np.float32)


def _joint(samples: Samples, gain: float) -> Samples:
    """`samples` with its gain and a short fade at both ends."""
    out = np.asarray(samples * np.float32(gain), np.float32)
    count = min(_EDGE, len(out) // 2)
    ramp = (np.arange(count, dtype=np.float32) + np.float32(0.5)) / np.float32(max(count, 1))
    out[:count] *= ramp
    out[len(out) - count :] *= ramp[::-1]
    return out


def _silence(samples: int) -> Samples:
    return np.zeros(samples, np.float32)


def _bytes(samples: Samples) -> bytes:
    return samples.astype("<f4", copy=False).tobytes()


def write_recordings(timeline: Timeline, samples_of: SamplesOf, folder: Path) -> tuple[Path, ...]:
    """Write each stretch of `timeline` into `folder` as 16-bit FLAC, named as its chapter's file.

    A file that holds the same takes already is left alone; files of earlier runs are removed.
    `timeline` must have no stings. Raises `BobaoError` where the folder cannot be written.
    """
    made = tuple(_write(stretch, samples_of, folder) for stretch in timeline.stretches)
    for old in set(folder.glob("[!.]*.flac")) - set(made):  # hidden: what another run is writing
        old.unlink(missing_ok=True)
    return made


def _write(stretch: Stretch, samples_of: SamplesOf, folder: Path) -> Path:
    import soundfile

    path = folder / f"{Path(stretch.chapter.file).stem}.flac"
    contents = sha256(
        " ".join(
            f"{event.take} {event.sha256}" if event.take else str(event.samples)
            for event in stretch.events
        ).encode("ascii")
    )
    if _comment(path) == contents:
        return path
    with (
        written_aside(path) as aside,
        soundfile.SoundFile(aside, "w", RATE, 1, "PCM_16", format="FLAC") as file,
    ):
        file.comment = contents
        for event in stretch.events:
            file.write(samples_of(event.take) if event.take else _silence(event.samples))
    return path


def _comment(path: Path) -> str:
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            return str(file.comment)
    except soundfile.LibsndfileError:  # not there, or not a sound file
        return ""
