"""Making files of the site: only what has changed, each in one step, one publisher at a time."""

from __future__ import annotations

import filecmp
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bobao.errors import BobaoError, refusals
from bobao.files import processors
from bobao.model import Bulletin, Product
from bobao.publish import manifest, outputs
from bobao.publish.catalogue import Made, Record, stamp_of
from bobao.publish.outputs import Material, Output, Slot, Step

HIDDEN = ".bobao"
"""The folder in the output that is no part of the site: its state, and what is being made."""
_ASIDE = ("new-", ".aside-")
MANY = 40
"""From so many stale bulletins on other processes are worth their start."""

Make = Callable[[Path], object]
"""Writes a file to a path; raises `BobaoError` where it cannot be made."""


@contextmanager
def at_work(site: Path) -> Iterator[Path]:
    """Yield the hidden folder, held against another publisher, who waits.

    Raises `BobaoError` where the output cannot be written.
    """
    hidden = site / HIDDEN
    with refusals("cannot write", hidden):
        hidden.mkdir(parents=True, exist_ok=True)
        lock = (hidden / "lock").open("a")
    with lock:
        with suppress(ImportError):  # no such locks on this system
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        for left in hidden.iterdir():  # by a run that was killed
            if left.name.startswith(_ASIDE):
                left.unlink(missing_ok=True)
        yield hidden


# ── A file ──────────────────────────────────────────────────────────────────────────────────────


def place(target: Path, make: Make, hidden: Path) -> bool:
    """Let `make` write a file and put it in the place of `target`, unless it is the same.

    Gives whether anything was written. Raises `BobaoError` where it cannot be.
    """
    aside = hidden / f"new-{os.getpid()}{target.suffix}"
    try:
        with refusals("cannot write", target):
            make(aside)
            if target.is_file() and filecmp.cmp(aside, target, shallow=False):
                return False
            aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return True


def stands(target: Path | str, key: str, made: Made | None) -> bool:
    """Whether a file is as it was made, and was made from the same."""
    return made is not None and made.key == key and made.stamp == stamp_of(target)


def bring(target: Path, key: str, old: Made | None, make: Make, hidden: Path) -> tuple[Made, bool]:
    """Make a file unless it stands; gives what to remember of it, and whether it was written."""
    if old and stands(target, key, old):
        return old, False
    written = place(target, make, hidden)
    return Made(key, *(stamp_of(target) or (0, 0))), written


def remove(folder: Path, names: Iterable[str]) -> list[str]:
    """Remove files, then the folder if nothing else is in it; gives the names that were there."""
    there = [name for name in names if (folder / name).is_file()]
    for name in there:
        (folder / name).unlink()
    with suppress(OSError):  # somebody else's files are in it
        folder.rmdir()
    return there


# ── The files of a bulletin ─────────────────────────────────────────────────────────────────────


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
            beside = (*beside, Product(name, made[name].size if name in made else 0, ""))

    def retired(self) -> list[str]:
        """What was made beside the bulletin and is in the table no more."""
        names = {output.file(self.slot.slug) for output in outputs.made(Step.SITE)}
        return [name for name in self.record.made if name not in names]

    def stale(self) -> bool:
        """Whether an output is missing or not as it would be made now. Reads no bulletin."""
        made, folder = self.record.made, str(self.slot.folder)
        return bool(self.retired()) or not all(
            stands(f"{folder}/{name}", key, made.get(name))
            for _, name, key, _ in self.outputs(made)
        )


BulletinDone = tuple[dict[str, Made], list[str], BobaoError | None]
"""What there is now of a bulletin, the files written, and the fault that ended the work."""


def fulfil(work: Sequence[BulletinWork]) -> Iterator[BulletinDone]:
    """Bring bulletins up to date, in their order; many in several processes."""
    done = 0
    workers = min(processors(), 8)
    if len(work) >= MANY and workers > 1:
        context = multiprocessing.get_context("spawn")  # the caller may have threads
        try:
            with ProcessPoolExecutor(workers, context) as pool:
                for outcome in pool.map(_make_all, work, chunksize=4):
                    yield outcome
                    done += 1
        except (BrokenExecutor, OSError, ImportError):  # no more processes: this one does the rest
            pass
    yield from map(_make_all, work[done:])


def _make_all(work: BulletinWork) -> BulletinDone:
    folder, made, written = work.slot.folder, dict(work.record.made), list[str]()

    @cache  # only if anything is to be made
    def bulletin() -> Bulletin:
        path = folder / manifest.NAME
        return manifest.load(path.read_text("utf-8"), where=str(path))

    for output, name, key, beside in work.outputs(made):

        def make(path: Path, output: Output = output, beside: tuple[Product, ...] = beside) -> None:
            output.make(Material(bulletin(), work.slot, beside), path)

        try:
            made[name], fresh = bring(folder / name, key, made.get(name), make, work.hidden)
        except BobaoError as error:
            error.where = error.where or str(folder)
            return made, written, error
        written += [name] * fresh
    retired = work.retired()
    remove(folder, retired)
    for name in retired:
        del made[name]
    return made, written, None
