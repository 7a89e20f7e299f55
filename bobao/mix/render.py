"""Every MP3 of a bulletin written, tagged and checked, again where a peak passes the limit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bobao.errors import BobaoError
from bobao.mix import encode, ffmpeg, levels, master, tags
from bobao.mix.encode import Decoded
from bobao.mix.levels import Dip
from bobao.mix.stream import Sources
from bobao.mix.styles import MixOptions, Progress
from bobao.mix.timeline import Stretch, Timeline
from bobao.model import Bulletin, Script
from bobao.station.journal import span


@dataclass(frozen=True, slots=True)
class Job:
    """What stays the same while a bulletin is mixed."""

    script: Script
    timeline: Timeline
    sources: Sources
    options: MixOptions
    progress: Progress


@dataclass(frozen=True, slots=True)
class _File:
    """An MP3 and what it must be: its tags, where it begins in the bulletin, and its length."""

    path: Path
    tag: tags.Tags
    start_ms: int
    length_ms: int

    @property
    def start(self) -> int:
        """Its first sample in the bulletin."""
        return self.start_ms * ffmpeg.OUT_RATE // 1000


def render(
    job: Job, bulletin: Bulletin, folder: Path, tagged: Sequence[tags.Tags]
) -> tuple[Decoded, ...]:
    """Write all MP3s into `folder`, the whole first; gives what each decodes to.

    `tagged` are the tags of the whole, then of each chapter. Where the finished sound passes
    `levels.LIMIT`, those places are turned down, or all of it where there are many, and what they
    are in is encoded again. Raises `BobaoError` where a file cannot be written or is not as long
    as it must be.
    """
    files = list(_files(job, bulletin, folder, tagged))
    apart = _apart(files)
    lost = encode.loss(job.options.bitrate)
    ceiling, dips, again = master.CEILING, tuple[Dip, ...](), apart
    settings = _settings(job, lost, ceiling)
    sounds: dict[Path, Decoded] = {}
    for _ in range(levels.ROUNDS):
        _encode(job, files, again, settings, dips)
        sounds.update(_checked(job, again))
        found = [dip for each in again for dip in _over(each, sounds[each.path])]
        if not found:
            break
        if len(found) * levels.CROWD_S * 1000 > sum(each.length_ms for each in again):
            ceiling -= max(dip.decibels for dip in found)
            settings, again = _settings(job, lost, ceiling), apart
        else:
            dips = (*dips, *levels.merged(found))
            again = [files[0], *(each for each in apart[1:] if _touched(each, found))]
    return tuple(sounds.get(each.path, sounds[files[0].path]) for each in files)


def _files(
    job: Job, bulletin: Bulletin, folder: Path, tagged: Sequence[tags.Tags]
) -> Sequence[_File]:
    whole = folder / f"{bulletin.header.slug}.mp3"
    places = [(whole, 0, job.timeline.duration_ms)]
    places += [(folder / c.file, c.start_ms, c.end_ms - c.start_ms) for c in bulletin.chapters]
    return [
        _File(path, tag, start, length)
        for (path, start, length), tag in zip(places, tagged, strict=True)
    ]


def _apart(files: Sequence[_File]) -> Sequence[_File]:
    """The files that differ in sound: a bulletin's only chapter is the whole under other tags."""
    return files[:1] if len(files) == 2 else files


def _over(file: _File, sound: Decoded) -> Sequence[Dip]:
    """The places of a file that are too high."""
    return levels.find(file.path, file.start) if sound.loudness.true_peak > levels.LIMIT else ()


def _touched(file: _File, dips: Sequence[Dip]) -> bool:
    end = file.start + file.length_ms * ffmpeg.OUT_RATE // 1000
    return any(dip.touches(file.start, end) for dip in dips)


def _encode(
    job: Job,
    files: Sequence[_File],
    again: Sequence[_File],
    settings: Sequence[master.Setting],
    dips: Sequence[Dip],
) -> None:
    """Write the whole, and those chapters that are to be written `again`; copy what is the same."""
    paths = [each.path if each in again else None for each in files[1:]]
    length, count = job.timeline.duration_ms, len(again)
    with Progressing(job.progress, length, "encode") as meter, span("encode", files=count):
        encode.encode(
            list(zip(job.timeline.stretches, settings, paths, strict=True)),
            files[0].path,
            job.sources,
            bitrate=job.options.bitrate,
            advance=meter.reach,
            dips=dips,
        )
    copies = [each for each in files if each not in _apart(files)]
    for each in copies:
        shutil.copyfile(files[0].path, each.path)
    for each in (*again, *copies):
        tags.write(each.path, each.tag)


def _settings(job: Job, lost: float, ceiling: float) -> list[master.Setting]:
    """How each chapter is mastered: `lost` decibels above what is wanted after encoding."""
    target, mastering = job.options.target, job.options.style.mastering

    def adjust(stretch: Stretch) -> master.Setting:
        return master.adjust(stretch, job.sources, target - lost, ceiling - lost, mastering)

    spans = [c.end_ms - c.start_ms for c in job.timeline.chapters]
    with Progressing(job.progress, job.timeline.duration_ms, "level") as meter, span("level"):
        return side_by_side(adjust, job.timeline.stretches, spans, job.options.workers, meter)


def _checked(job: Job, files: Sequence[_File]) -> dict[Path, Decoded]:
    """Decode files; raises `BobaoError` for one that is not as long as the timeline says."""
    paths, lengths = [each.path for each in files], [each.length_ms for each in files]
    with Progressing(job.progress, sum(lengths), "check") as meter, span("check", files=len(paths)):
        sounds = side_by_side(encode.check, paths, lengths, job.options.workers, meter)
    for path, sound, ms in zip(paths, sounds, lengths, strict=True):
        if abs(sound.samples - ms * ffmpeg.OUT_RATE // 1000) > encode.FRAME:
            raise BobaoError(
                f"an MP3 decodes to {sound.samples} samples instead of {ms} ms",
                where=path.name,
                advice="This ffmpeg encodes wrongly: try another, see `bobao doctor`.",
            )
    return dict(zip(paths, sounds, strict=True))


T = TypeVar("T")


class Progressing:
    """Turns milliseconds of sound into progress in seconds, told no oftener than that."""

    def __init__(self, progress: Progress, length_ms: int, name: str) -> None:
        self._update = progress(name)
        self._total = max(1, length_ms // 1000)
        self._ms, self._told = 0, 0

    def __enter__(self) -> Progressing:
        self._update(0, self._total, "")
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None and self._told < self._total:
            self._update(self._total, self._total, "")

    def add(self, ms: int) -> None:
        """Count more milliseconds."""
        self.reach(self._ms + ms)

    def reach(self, ms: int) -> None:
        """Tell how many milliseconds are done."""
        self._ms = ms
        seconds = min(ms // 1000, self._total)
        if seconds > self._told:
            self._told = seconds
            self._update(seconds, self._total, "")


def side_by_side(
    work: Callable[..., T],
    items: Iterable[object],
    spans: list[int],
    workers: int,
    meter: Progressing,
) -> list[T]:
    """`work` of every item, `workers` at once, in order; each done counts its span for `meter`."""
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="mix") as pool:
        futures = {pool.submit(work, item): i for i, item in enumerate(items)}
        try:
            for future in as_completed(futures):
                future.result()
                meter.add(spans[futures[future]])
        except BaseException:  # Ctrl-C too: what has not begun is dropped, then it goes on up
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]
