"""The driver: keeps workers busy with the work of a board, on this machine or on many."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bobao.batch import tasks
from bobao.batch.board import Board, Row, Stage, TaskAnswer, Work
from bobao.batch.site import LocalSite, Site
from bobao.errors import BobaoError
from bobao.pipeline import Choices, is_others, script_header
from bobao.station import journal
from bobao.station.workspace import Workspace, slug_of

LOOK_S, DESERTED_S = 10.0, 300.0
"""How often it is looked whether there are workers at all, and how long none is waited for."""
MAX_DEATHS = 3
"""So many workers may die over a piece of work before its article is given up."""
_TOGETHER = 32
"""So many seeds are taken in at once: a store far away is asked for several at a time."""


class Workers(Protocol):
    """An executor as in `concurrent.futures` that has `room` for so many tasks at this moment.

    That is as many as keep its workers busy; none where there are no workers.
    """

    @property
    def room(self) -> int:
        """How many tasks to give out at a time."""
        ...

    def submit(self, function: Callable[..., TaskAnswer], /, *arguments: Any) -> Future[TaskAnswer]:
        """Have a function of `tasks` run by a worker."""
        ...


@dataclass(frozen=True, slots=True)
class Crew:
    """Workers and the place they work in."""

    workers: Workers
    site: Site

    def produce(
        self, workspace: Workspace, seeds: Sequence[Path], choices: Choices, today: str
    ) -> Iterator[Row]:
        """Make the bulletins of articles of a workspace, and yield the row of each when done.

        Of articles that would be filed under one name the one whose script is there is made, or
        else the first, and the others fail. An archive is not sent to its store before the first
        bulletin is begun.
        """
        seeds, others = _apart(workspace, seeds)
        yield from others
        runs = (seeds[start : start + _TOGETHER] for start in range(0, len(seeds), _TOGETHER))
        names = (name for run in runs for name in self.site.take_in(workspace, run))
        for row in self.run(names, choices, today):
            if row.slug and not row.error:
                self.site.give_back(workspace, row.slug)
            yield row

    def run(self, names: Iterable[str], choices: Choices, today: str) -> Iterator[Row]:
        """Make the bulletins of seeds as the site's workers know them.

        No more tasks are given out than keep the workers busy: what is given out has lost its place
        in the order, and neither this process nor a scheduler holds more than it must. Closing the
        iterator gives out no more work.
        """
        board, coming, out = Board(), enumerate(names), dict[Future[TaskAnswer], Work]()
        while True:
            while len(out) < max(1, self.workers.room) and (work := _next(board, coming, out)):
                out[self._submit(work, choices, today)] = work
            yield from board.rows()
            if not out:
                return
            for future in self._done(out):
                _note(board, out.pop(future), future)
            yield from board.rows()

    def _submit(self, work: Work, choices: Choices, today: str) -> Future[TaskAnswer]:
        submit, site, article = self.workers.submit, self.site, work.article
        if work.stage is Stage.DRAFT:
            return submit(tasks.draft, site, article.row.seed, choices, today)
        if work.stage is Stage.SPEAK:
            return submit(tasks.speak, site, article.engine, work.chunk, choices.fallback)
        return submit(tasks.mix, site, article.row.slug, choices)

    def _done(self, out: Iterable[Future[TaskAnswer]]) -> Iterable[Future[TaskAnswer]]:
        """Wait for at least one task to be done.

        Raises `BobaoError` where no worker is left and none comes for `DESERTED_S`.
        """
        deserted = time.monotonic()
        while not (finished := wait(out, LOOK_S, return_when=FIRST_COMPLETED).done):
            if self.workers.room:
                deserted = time.monotonic()
            elif time.monotonic() - deserted > DESERTED_S:
                raise BobaoError(
                    "no worker is left",
                    advice="Start workers, and run it again: what is finished is kept.",
                )
        return finished


def _next(
    board: Board, coming: Iterator[tuple[int, str]], out: dict[Future[TaskAnswer], Work]
) -> Work | None:
    """The next work to give out; articles are begun only where there is none for those begun.

    After a worker has died, work over which one died before is given out alone, so that only the
    guilty piece is blamed.
    """
    while (work := board.next()) is None:
        if (following := next(coming, None)) is None:
            return None
        board.admit(*following)
    if out and (work.deaths or any(each.deaths for each in out.values())):
        board.put(work)
        return None
    return work


def _note(board: Board, work: Work, future: Future[TaskAnswer]) -> None:
    try:
        answer = future.result()
    except _deaths() as error:
        work.deaths += 1
        if work.deaths < MAX_DEATHS:
            board.put(work)
        else:
            board.fail(work, f"{work.deaths} workers died over it ({type(error).__name__})")
    else:
        for span in answer.spans:
            journal.tell(span)
        board.answer(work, answer)


def _deaths() -> tuple[type[BaseException], ...]:
    """What is raised where a worker died over its task, by a pool or (if one is in use) by Dask."""
    dask = sys.modules.get("distributed.scheduler")
    return (BrokenExecutor, CancelledError, *((dask.KilledWorker,) if dask else ()))


def _apart(workspace: Workspace, seeds: Sequence[Path]) -> tuple[list[Path], list[Row]]:
    """The seeds that have a name of their own, and the rows of those that have another's.

    Letters count as one whether large or small: on some disks and web servers they are.
    """
    named: dict[str, list[Path]] = {}
    for seed in seeds:
        named.setdefault(slug_of(seed).casefold(), []).append(seed)
    kept, rows = list[Path](), list[Row]()
    for group in named.values():
        sources = {seed: script_header(workspace, slug_of(seed)).source for seed in group}
        own = [seed for seed in group if not is_others(workspace, seed, sources[seed])][:1]
        kept += own
        for seed in group:
            if seed not in own:
                slug, other = slug_of(seed), own[0] if own else sources[seed]
                error = f"it would be filed under the name “{slug}”, as {other} is: rename one"
                rows.append(Row(str(seed), slug, error=error))
    return kept, rows


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
    from bobao.batch.cluster import Cluster
    from bobao.batch.site import shared

    place = shared(store, workspace)
    with Cluster(scheduler, engine) as cluster:
        yield Crew(cluster, place)


class LocalPool:
    """Processes of this machine, started again when one of them has died.

    Processes and not threads: reading, normalising and levelling hold Python's lock. One thread all
    the same where the system lets processes share nothing (Linux without ``/dev/shm``).
    """

    def __init__(self, workers: int) -> None:
        self.room = workers
        self._pool = self._made()

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(self, *error: object) -> None:
        if any(error):  # Ctrl-C among them: every file is written aside, so they may die
            for process in multiprocessing.active_children():
                process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, function: Callable[..., TaskAnswer], /, *arguments: Any) -> Future[TaskAnswer]:
        """Have a function run by one of the processes.

        Where a process dies, its task and the others in progress end in `BrokenExecutor`.
        """
        try:
            return self._pool.submit(function, *arguments)
        except BrokenExecutor:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = self._made()
            return self._pool.submit(function, *arguments)

    def _made(self) -> Executor:
        context = multiprocessing.get_context("spawn")
        try:
            return ProcessPoolExecutor(self.room, context, initializer=_begin)
        except (OSError, ImportError):
            self.room = 1
            return ThreadPoolExecutor(1)


def _begin() -> None:
    """In a worker: leave Ctrl-C to the driver, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_driver, daemon=True).start()


def _end_with_driver() -> None:
    driver = multiprocessing.parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)
