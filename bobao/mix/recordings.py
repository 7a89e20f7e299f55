"""One recording for each section, as spoken: for an editor's ear, before music and mastering."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bobao.files import sha256, written_aside
from bobao.mix.timeline import Recorded, Stretch, Timeline
from bobao.model import RATE

SamplesOf = Callable[[str], NDArray[np.float32]]
"""Gives the samples of a take by its key."""


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
            f"{event.key} {event.sha256}" if isinstance(event, Recorded) else str(event.samples)
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
            if isinstance(event, Recorded):
                file.write(samples_of(event.key))
            else:
                file.write(np.zeros(event.samples, np.float32))
    return path


def _comment(path: Path) -> str:
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            return str(file.comment)
    except soundfile.LibsndfileError:  # not there, or not a sound file
        return ""
