"""Each bulletin's part of the site: found, judged, and made where it is missing or stale."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from bobao.errors import BobaoError
from bobao.files import processors
from bobao.model import Bulletin, Product
from bobao.publish import catalogue, manifest, outputs, verdict
from bobao.publish.catalogue import Catalogue, Made, Record, stamp_of
from bobao.publish.files import bring, remove
from bobao.publish.outputs import Output, Step
from bobao.publish.site import Material, Slot
from bobao.station.workspace import Workspace

MANY = 40
"""From so many stale bulletins on other processes are worth their start."""


@dataclass(frozen=True, slots=True)
class Held:
    """A bulletin that is not published: faults were found in it as it is now, the first in words.

    `report` is the page that has them all. One without faults says nothing, being a dry run. So
    many of the faults as `doubts` are those of a recogniser.
    """

    slug: str
    faults: int
    first: str
    report: str
    doubts: int = 0


def survey(workspace: Workspace, old: Catalogue) -> tuple[dict[str, Record], list[BobaoError]]:
    """The record of every bulletin, by slug, and what is wrong with those that have none.

    One at a time: what is in memory are a few facts of each.
    """
    records: dict[str, Record] = {}
    faults: list[BobaoError] = []
    for slug in workspace.bulletins():
        try:
            record = catalogue.look(workspace.bulletin(slug), old.records.get(slug))
        except BobaoError as error:
            faults.append(error)
            continue
        if record:
            records[slug] = record
    return records, faults


def sorted_out(
    workspace: Workspace, records: Mapping[str, Record]
) -> tuple[dict[str, Record], tuple[Held, ...]]:
    """The records of what may be published, and what is held back.

    Held back is a bulletin in which the last verification found faults, or nothing that is said, if
    it is the one that was verified; one that was never verified may be published.
    """
    good, held = dict(records), list[Held]()
    for slug, record in records.items():
        found = verdict.last(workspace, slug)
        if found and found.first and found.sha256 == record.sha256:
            report = workspace.relative(workspace.report(slug)) if found.faults else ""
            held.append(Held(slug, found.faults, found.first, report, len(found.doubts)))
            del good[slug]
    return good, tuple(held)


@dataclass(frozen=True, slots=True)
class BulletinWork:
    """A bulletin whose outputs are wanted."""

    record: Record
    slot: Slot
    hidden: Path

    def outputs(
        self, made: Mapping[str, Made]
    ) -> Iterator[tuple[Output, str, str, tuple[Product, ...]]]:
        """Each output with its file name, its key now, and what is made before it.

        `made` is what there is, filled while this goes on.
        """
        beside: tuple[Product, ...] = ()
        for output in outputs.made(Step.SITE):
            name = output.file(self.slot.slug)
            yield output, name, output.key(self.record.sha256, self.slot, beside), beside
            size = made[name].stamp[0] if name in made else 0
            beside = (*beside, Product(name, size, ""))

    def retired(self) -> list[str]:
        """What was made beside the bulletin and is in the table no more."""
        names = {output.file(self.slot.slug) for output in outputs.made(Step.SITE)}
        return [name for name in self.record.made if name not in names]

    def stale(self) -> bool:
        """Whether an output is missing or not as it would be made now. Reads no bulletin."""
        made, folder = self.record.made, str(self.slot.folder)
        return bool(self.retired()) or any(
            name not in made
            or made[name].key != key
            or made[name].stamp != stamp_of(f"{folder}/{name}")
            for _, name, key, _ in self.outputs(made)
        )


@dataclass(frozen=True, slots=True)
class BulletinDone:
    """What became of the work: what is there now, the files written, or the fault that ended it."""

    slug: str
    made: dict[str, Made]
    written: tuple[str, ...] = ()
    fault: BobaoError | None = None


def fulfil(work: Sequence[BulletinWork]) -> Iterator[BulletinDone]:
    """Do the work, in its order; much of it in several processes."""
    done = 0
    workers = min(processors(), 8)
    if len(work) >= MANY and workers > 1:
        context = multiprocessing.get_context("spawn")  # the caller may have threads
        try:
            with ProcessPoolExecutor(workers, context) as pool:
                for outcome in pool.map(make_all, work, chunksize=4):
                    yield outcome
                    done += 1
        except (BrokenExecutor, OSError, ImportError):  # no more processes: this one does the rest
            pass
    yield from map(make_all, work[done:])


def make_all(work: BulletinWork) -> BulletinDone:
    """Bring every output of a bulletin up to date."""
    slug, folder = work.slot.slug, work.slot.folder
    made, written = dict(work.record.made), list[str]()
    bulletin = cache(partial(_read, folder))  # only if anything is to be made
    for output, name, key, beside in work.outputs(made):

        def make(path: Path, output: Output = output, beside: tuple[Product, ...] = beside) -> None:
            output.make(Material(bulletin(), work.slot, beside), path)

        try:
            made[name], fresh = bring(folder / name, key, made.get(name), make, work.hidden)
        except BobaoError as error:
            placed = BobaoError(error.what, where=error.where or str(folder), advice=error.advice)
            return BulletinDone(slug, made, tuple(written), placed)
        written += [name] * fresh
    for name in remove(folder, work.retired()):
        del made[name]
    return BulletinDone(slug, made, tuple(written))


def _read(folder: Path) -> Bulletin:
    path = folder / manifest.NAME
    return manifest.load(path.read_text("utf-8"), where=str(path))
