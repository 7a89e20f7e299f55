"""Everything that the checks look at: what a bulletin says of itself, and what was found.

`bobao.verify.gather` fills it in. Nothing in here grows with the sound but one entry for each
sentence, and one number for each 10 ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bobao.model import Bulletin, Cue, Loudness, Product, Script
from bobao.verify.hearing.verdicts import SentenceVerdict


@dataclass(frozen=True, slots=True)
class Where:
    """A time in the bulletin, a line of the script's file, a file's name in the workspace.

    None or empty for what a fault has not.
    """

    at_ms: int | None = None
    line: int | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault: `message` names its text in ``data/messages.tsv``, `values` fill that in.

    `check` is put in by the table of checks.
    """

    message: str
    where: Where = Where()
    values: Mapping[str, str] = field(default_factory=dict)
    check: str = ""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A silence or a lull: where it begins and how long it is, in milliseconds."""

    start_ms: int = 0
    length_ms: int = 0


@dataclass(frozen=True, slots=True)
class Recording:
    """A take as it lies in the store.

    `fault` is empty where it can be used. `samples` are those it has, `told` those its entry tells
    of. `voiced_ms` is its length without pauses. `flat` is how many samples are cut off at its
    peak. `lull` is its longest (`bobao.verify.frames.lull`). `unmarked` are audible characters
    of the line that no mark covers, `mute` those whose marks lie in silence or after its end,
    `stray` what marks cover that is not heard at all or lies after the line's end.
    """

    fault: str = ""
    samples: int = 0
    told: int = 0
    voiced_ms: int = 0
    flat: int = 0
    lull: Quiet = Quiet()
    unmarked: str = ""
    mute: str = ""
    stray: str = ""


@dataclass(frozen=True, slots=True)
class Hearing:
    """How a take stands in the finished file.

    `alike` and `worst` are those of `bobao.verify.takes`, None where the take is too short
    to tell; `worst_ms` is where. `shift_ms` is where else it was found, None if nowhere. `loudness`
    is that of the sentence in LUFS, `lull` the longest in it.
    """

    alike: float | None
    worst: float | None
    worst_ms: int
    shift_ms: int | None
    loudness: float
    lull: Quiet = Quiet()


@dataclass(frozen=True, slots=True)
class FileSound:
    """What an MP3 is, by its frames and as it was decoded.

    `told` is the length in samples that its header tells, −1 where it tells none. `frames_lost`
    counts those that are in the header and not there, `junk` is the byte after which no frames
    come (−1: none). `fault` says why it could not be decoded. `difference` is the greatest between
    a chapter's own file and the bulletin's, in dB, and where.
    """

    fault: str = ""
    samples: int = 0
    told: int = -1
    frames_lost: int = 0
    junk: int = -1
    loudness: Loudness | None = None
    difference: float = 0.0
    difference_ms: int = 0


@dataclass(frozen=True, slots=True)
class Whole:
    """What was heard in the bulletin's own file.

    `recordings` and `hearings` have an entry for each cue in order: None for a line that is silent
    and, of `hearings`, where the sound ends before it. `silences` are half a second and longer,
    `noises` the times of sound in pauses, `chapters` the loudness of each; `level` is that of each
    step in dB.
    """

    sound: FileSound
    recordings: tuple[Recording | None, ...]
    hearings: tuple[Hearing | None, ...]
    silences: tuple[Quiet, ...]
    noises: tuple[int, ...]
    chapters: tuple[float, ...]
    level: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Written:
    """The script as it stands now: `lines` are the lines in its file, one for each of `Script`.

    `script` is None where it cannot be read; `fault` says why.
    """

    name: str
    script: Script | None = None
    lines: tuple[int, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it.

    `parts` are the chapters' own files, `files` what is there of each product: −1 bytes where
    nothing is. `beside` is what was found where texts, tags, book and feeds were compared with what
    they should be (`bobao.verify.beside`). `target` is the loudness that the station's settings ask
    for, in LUFS. `heard` is None where nobody listened.
    """

    bulletin: Bulletin
    name: str
    written: Written
    whole: Whole
    parts: tuple[FileSound, ...]
    files: tuple[Product, ...]
    beside: tuple[Finding, ...]
    target: float
    heard: tuple[SentenceVerdict, ...] | None = None

    def cues(self) -> Iterator[tuple[Cue, int | None]]:
        """Every cue with the line of the script's file it was made from, where that is plain."""
        cues = list(self.bulletin.cues())
        lines = self.written.lines if len(self.written.lines) == len(cues) else [None] * len(cues)
        return zip(cues, lines, strict=True)
