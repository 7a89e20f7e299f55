"""Who does the work: processes of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

from bobao.batch.depot import versions
from bobao.batch.report import Answer
from bobao.errors import BobaoError
from bobao.files import installing

if TYPE_CHECKING:
    from distributed import Worker


class LocalPool:
    """An executor of `workers` processes that is made anew when one of them has died.

    Processes and not threads: reading, normalising and levelling hold Python's lock. One thread all
    the same where the system lets processes share nothing (Linux without ``/dev/shm``).
    """

    depth = 1
    """The next task reaches a process of this machine in a millisecond."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = self._made()

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is not None:  # Ctrl-C among them: every file is written aside, so they may die
            for process in multiprocessing.active_children():
                process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, function: Callable[..., Answer], /, *arguments: Any) -> Future[Answer]:
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
            return ProcessPoolExecutor(self.workers, context, initializer=_begin)
        except (OSError, ImportError):
            self.workers = 1
            return ThreadPoolExecutor(self.workers)


def _begin() -> None:
    """In a worker: leave Ctrl-C to the driver, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_driver, daemon=True).start()


def _end_with_driver() -> None:
    driver = multiprocessing.parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)


CONNECT_S = 15
"""How long to wait for a scheduler, in seconds."""

PROFILER = ("profile", "profile-cycle")
"""What a Dask worker calls its profiler's clocks."""

_log = logging.getLogger("distributed.worker")


class SameVersions:
    """A Dask worker plug-in that closes a worker whose bobao, model or packages differ.

    In the others it ends Dask's own profiler, which keeps what it saw for an hour: hundreds of
    megabytes by then.
    """

    name = "bobao-versions"

    def __init__(self, engine: str, wanted: str) -> None:
        self.engine, self.wanted = engine, wanted

    def setup(self, worker: Worker) -> None:
        """Refuse to work where the versions differ."""
        mine = versions(self.engine)
        if mine != self.wanted:
            _log.error("refused: this worker has %s, the orders are for %s", mine, self.wanted)
            worker.loop.add_callback(worker.close, reason="bobao-versions-differ")
        for name in PROFILER:
            if callback := worker.periodic_callbacks.pop(name, None):
                callback.stop()


class Cluster:
    """An executor of the workers that a Dask scheduler has at `address`.

    Raises `BobaoError` where it does not answer, or has no worker with the same versions.
    """

    depth = 2
    """A task takes its time over the network."""

    def __init__(self, address: str, engine: str) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise BobaoError(
                "no cluster without Dask", advice=installing("distributed", "fsspec")
            ) from error
        try:
            connect: Any = Client  # untyped, as is all that it gives
            self._client = connect(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise BobaoError(
                f"the scheduler does not answer: {error}",
                where=address,
                advice="Start one (`dask scheduler`), or check the address: tcp://host:8786.",
            ) from error
        self._address, self._engine, self._wanted = address, engine, versions(engine)
        self._join(address)
        # Tasks are never to be taken for equal, nor tried again where they raise: only Dask's own
        # repetition, of what a lost worker had in progress, is wanted.
        self._executor = self._client.get_executor(pure=False, retries=0)

    def _join(self, address: str) -> None:
        """Part with workers of other versions; those that come later are asked as they come."""
        engine, wanted = self._engine, self._wanted
        there = self._client.run(_there, engine, on_error="return")
        refused = {name: has for name, has in there.items() if has != wanted}
        if refused and len(refused) == len(there):
            self._client.close()
            raise BobaoError(
                f"every worker was refused; one has: {next(iter(refused.values()))}",
                where=address,
                advice=f"Install the same on all machines: {wanted}.",
            )
        if refused:
            self._client.retire_workers(list(refused), close_workers=True)
        self._client.register_plugin(_plugin(engine, wanted))

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._executor.shutdown(wait=False)
        self._client.close()

    @property
    def workers(self) -> int:
        """How many tasks the workers can do at once, at this moment."""
        with _reaching(self._address):
            return int(sum(self._client.nthreads().values()))

    def submit(self, function: Callable[..., Answer], /, *arguments: Any) -> Future[Answer]:
        """Have a function run by a worker."""
        order = (as_agreed, self._engine, self._wanted, function, *arguments)
        with _reaching(self._address):
            future: Future[Answer] = self._executor.submit(*order)
        return future


@contextmanager
def _reaching(address: str) -> Iterator[None]:
    """Raise `BobaoError` where the scheduler that was there is gone."""
    try:
        yield
    except (OSError, asyncio.TimeoutError, RuntimeError) as error:
        raise BobaoError(
            f"the scheduler answers no more: {error or type(error).__name__}",
            where=address,
            advice="Look why it ended, start it and its workers, and run it again: what is "
            "finished is kept.",
        ) from error


def as_agreed(engine: str, wanted: str, function: Callable[..., Answer], *arguments: Any) -> Answer:
    """Run a function, unless this worker has other versions: then it goes to another one.

    A worker that comes late may be given work before it has been refused.
    """
    if not _has(engine, wanted):
        from distributed import Reschedule

        raise Reschedule
    return function(*arguments)


def _has(engine: str, wanted: str) -> bool:
    """Whether this worker has the versions that are wanted; one that lacks a part has not."""
    try:
        return versions(engine) == wanted
    except (BobaoError, ImportError):  # PackageNotFoundError is one
        return False


def _there(engine: str) -> str:
    """What a worker has; a function of this module, so that it is the worker's own that runs."""
    return versions(engine)


def _plugin(engine: str, wanted: str) -> Any:
    """The plug-in, as the class that Dask asks for: its base is known only where Dask is."""
    from distributed import WorkerPlugin

    return type("Versions", (SameVersions, WorkerPlugin), {})(engine, wanted)
