"""The driver: keeps the workers of an executor busy with the work of a board."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bobao.batch import tasks
from bobao.batch.board import Board, Stage, Work
from bobao.batch.executors import LocalPool
from bobao.batch.report import Answer, Row
from bobao.batch.site import LocalSite, Site
from bobao.errors import BobaoError
from bobao.pipeline import Choices, is_others, script_source
from bobao.station import journal
from bobao.station.workspace import Workspace, slug_of

LOOK_S, DESERTED_S = 10.0, 300.0
"""How often it is looked whether there are workers at all, and how long none is waited for."""
MAX_DEATHS = 3
"""So many workers may die over a piece of work before its article is given up."""


class Executor(Protocol):
    """What the driver needs of a pool of workers: that of `concurrent.futures`, or of a cluster.

    `workers` is how many tasks they can do at once, at this moment, and `depth` how many each
    should have at hand with the one it does, lest it wait for the next.
    """

    @property
    def workers(self) -> int:
        """How many tasks can be done at once."""
        ...

    @property
    def depth(self) -> int:
        """How many tasks to give out for each that can be done at once."""
        ...

    def submit(self, function: Callable[..., Answer], /, *arguments: Any) -> Future[Answer]:
        """Have a function of `tasks` run by a worker."""
        ...


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to be made: seeds as the site's workers know them, and the choices for all."""

    seeds: Iterable[str]
    choices: Choices
    today: str


def run(orders: Orders, site: Site, executor: Executor) -> Iterator[Row]:
    """Make the bulletins of many articles, and yield each one's row as it is finished.

    No more tasks are given out than keep the workers busy: what is given out has lost its place in
    the order, and neither this process nor a scheduler holds more than it must. Closing the
    iterator gives out no more work.
    """
    board, given = Board(), _Given(executor, site, orders)
    coming = enumerate(orders.seeds)
    while True:
        given.fill(board, coming)
        yield from board.rows()
        if not given.out:
            return
        for work, future in given.done():
            _answered(board, work, future)
        yield from board.rows()


def _answered(board: Board, work: Work, future: Future[Answer]) -> None:
    try:
        answer = future.result()
    except _deaths() as error:
        work.deaths += 1
        if work.deaths < MAX_DEATHS:
            board.again(work)
        else:
            board.fail(work, f"{work.deaths} workers died over it ({type(error).__name__})")
    else:
        for span in answer.spans:
            journal.tell(span)
        board.answer(work, answer.value)


def _deaths() -> tuple[type[BaseException], ...]:
    """What is raised where a worker died over its task, by a pool or (if one is in use) by Dask."""
    dask = sys.modules.get("distributed.scheduler")
    return (BrokenExecutor, CancelledError, *((dask.KilledWorker,) if dask else ()))


class _Given:
    """The work that is given out."""

    def __init__(self, executor: Executor, site: Site, orders: Orders) -> None:
        self.executor, self.site, self.orders = executor, site, orders
        self.out: dict[Future[Answer], Work] = {}

    def fill(self, board: Board, coming: Iterator[tuple[int, str]]) -> None:
        """Give out work, beginning articles only where there is none for those begun.

        After a worker has died, work over which one died before is given out alone, so that only
        the guilty piece is blamed.
        """
        limit = self.executor.depth * max(1, self.executor.workers)
        while len(self.out) < limit:
            work = board.next()
            if work is None:
                following = next(coming, None)
                if following is None:
                    return
                board.admit(*following)
                continue
            if self.out and (work.deaths or any(each.deaths for each in self.out.values())):
                board.again(work)
                return
            self.out[self._submit(work)] = work

    def _submit(self, work: Work) -> Future[Answer]:
        submit, site, choices = self.executor.submit, self.site, self.orders.choices
        drafted = work.article.drafted
        if work.stage is Stage.DRAFT or drafted is None:
            return submit(tasks.draft, site, work.article.seed, choices, self.orders.today)
        if work.stage is Stage.SPEAK:
            return submit(tasks.speak, site, drafted.engine, work.chunk, choices.fallback)
        return submit(tasks.mix, site, drafted.slug, choices)

    def done(self) -> list[tuple[Work, Future[Answer]]]:
        """Wait for at least one piece of work to be done; it is no longer given out.

        Raises `BobaoError` where no worker is left and none comes for `DESERTED_S`.
        """
        deserted = time.monotonic()
        while not (finished := wait(self.out, LOOK_S, return_when=FIRST_COMPLETED).done):
            if self.executor.workers:
                deserted = time.monotonic()
            elif time.monotonic() - deserted > DESERTED_S:
                raise BobaoError(
                    "no worker is left",
                    advice="Start workers, and run it again: what is finished is kept.",
                )
        return [(self.out.pop(future), future) for future in finished]


_TOGETHER = 32
"""So many seeds are taken in at once: a store far away is asked for several at a time."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Workers and the place they work in."""

    executor: Executor
    site: Site

    def produce(
        self, workspace: Workspace, seeds: Sequence[Path], choices: Choices, today: str
    ) -> Iterator[Row]:
        """Make the bulletins of articles of a workspace, and yield the row of each when done.

        Of articles that would be filed under one name the one whose script is there is made, or
        else the first, and the others fail.
        """
        seeds, others = _apart(workspace, seeds)
        yield from others
        names = self._taken_in(workspace, seeds)
        for row in run(Orders(names, choices, today), self.site, self.executor):
            if row.slug and not row.error:
                self.site.give_back(workspace, row.slug)
            yield row

    def _taken_in(self, workspace: Workspace, seeds: Sequence[Path]) -> Iterator[str]:
        """The workers' names for seeds, which are taken in as the work comes to them.

        An archive is not sent to its store before the first bulletin is begun.
        """
        for start in range(0, len(seeds), _TOGETHER):
            yield from self.site.take_in(workspace, seeds[start : start + _TOGETHER])


def _apart(workspace: Workspace, seeds: Sequence[Path]) -> tuple[list[Path], list[Row]]:
    """The seeds that have a name of their own, and the rows of those that have another's.

    Letters count as one whether large or small: on some disks and web servers they are.
    """
    named: dict[str, list[Path]] = {}
    for seed in seeds:
        named.setdefault(slug_of(seed).casefold(), []).append(seed)
    kept, rows = list[Path](), list[Row]()
    for group in named.values():
        sources = {seed: script_source(workspace, slug_of(seed)) for seed in group}
        own = [seed for seed in group if not is_others(workspace, seed, sources[seed])]
        kept += own[:1]
        for seed in group:
            if seed not in own[:1]:
                other = own[0] if own else sources[seed]
                rows.append(_refused(seed, other))
    return kept, rows


def _refused(seed: Path, other: Path | str) -> Row:
    slug = slug_of(seed)
    error = f"it would be filed under the name “{slug}”, as {other} is: rename one"
    return Row(str(seed), slug, error=error)


@contextmanager
def local_crew(workspace: Workspace, jobs: int) -> Iterator[Crew]:
    """`jobs` processes of this machine, in the workspace itself."""
    with LocalPool(jobs) as pool:
        yield Crew(pool, LocalSite(workspace.root))


@contextmanager
def cluster_crew(workspace: Workspace, scheduler: str, store: str, engine: str) -> Iterator[Crew]:
    """The workers of a Dask scheduler, at a shared store.

    Raises `BobaoError` where the scheduler or the store cannot be reached, or no worker fits.
    """
    from bobao.batch.executors import Cluster
    from bobao.batch.shared import site

    place = site(store, workspace)
    with Cluster(scheduler, engine) as cluster:
        yield Crew(cluster, place)
