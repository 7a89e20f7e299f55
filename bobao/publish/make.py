"""Making each bulletin's part of the site: only what is missing or stale, several at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bobao.errors import BobaoError
from bobao.files import processors
from bobao.model import Bulletin, Product
from bobao.publish import manifest
from bobao.publish.catalogue import Made, Record, stamp_of
from bobao.publish.files import bring, remove
from bobao.publish.products import OUTPUTS, Job, Output, Setting

MANY = 40
"""From so many stale bulletins on other processes are worth their start."""


@dataclass(frozen=True, slots=True)
class Order:
    """A bulletin whose outputs are wanted."""

    folder: Path
    record: Record
    setting: Setting
    hidden: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order: what is there now, the files written, or the fault that ended it."""

    slug: str
    made: dict[str, Made]
    written: tuple[str, ...] = ()
    fault: BobaoError | None = None


def stale(order: Order) -> bool:
    """Whether an output is missing or not as it would be made now. Reads no bulletin."""
    beside: tuple[Product, ...] = ()
    folder = str(order.folder)
    if _retired(order):
        return True
    for output in OUTPUTS:
        name = output.name.replace("{slug}", order.setting.slug)
        old = order.record.made.get(name)
        key = output.key(order.record.sha256, order.setting, beside)
        if old is None or old.key != key or old.stamp != stamp_of(f"{folder}/{name}"):
            return True
        beside = (*beside, Product(name, old.stamp[0], ""))
    return False


def fulfil(orders: Sequence[Order]) -> Iterator[Outcome]:
    """Carry out orders, in their order; many of them in several processes."""
    done = 0
    workers = min(processors(), 8)
    if len(orders) >= MANY and workers > 1:
        context = multiprocessing.get_context("spawn")  # the caller may have threads
        try:
            with ProcessPoolExecutor(workers, context) as pool:
                for outcome in pool.map(make_all, orders, chunksize=4):
                    yield outcome
                    done += 1
        except (BrokenExecutor, OSError, ImportError):  # no more processes: this one does the rest
            pass
    yield from map(make_all, orders[done:])


def make_all(order: Order) -> Outcome:
    """Bring every output of a bulletin up to date."""
    reader, setting = _Reader(order.folder), order.setting
    made, written = dict(order.record.made), list[str]()
    beside: tuple[Product, ...] = ()
    for output in OUTPUTS:
        name = output.name.replace("{slug}", setting.slug)
        key = output.key(order.record.sha256, setting, beside)

        def make(path: Path, output: Output = output, beside: tuple[Product, ...] = beside) -> None:
            output.make(Job(reader.bulletin(), order.folder, setting, beside), path)

        target = order.folder / name
        try:
            made[name], fresh = bring(target, key, made.get(name), make, order.hidden)
        except BobaoError as error:
            return Outcome(setting.slug, made, tuple(written), _placed(error, order.folder))
        if fresh:
            written.append(name)
        beside = (*beside, Product(name, made[name].stamp[0], ""))
    for name in remove(order.folder, _retired(order)):
        del made[name]
    return Outcome(setting.slug, made, tuple(written))


def _retired(order: Order) -> list[str]:
    """What an older bobao made beside the bulletin, and this one does not make."""
    slug = order.setting.slug
    names = {output.name.replace("{slug}", slug) for output in OUTPUTS}
    return [name for name in order.record.made if name not in names]


def _placed(error: BobaoError, folder: Path) -> BobaoError:
    """A fault that says where it is."""
    return BobaoError(error.what, where=error.where or str(folder), advice=error.advice)


@dataclass(slots=True)
class _Reader:
    """Reads the bulletin of a folder when it is first needed."""

    folder: Path
    _bulletin: Bulletin | None = None

    def bulletin(self) -> Bulletin:
        """The bulletin."""
        if self._bulletin is None:
            path = self.folder / manifest.NAME
            self._bulletin = manifest.load(path.read_text("utf-8"), where=str(path))
        return self._bulletin
