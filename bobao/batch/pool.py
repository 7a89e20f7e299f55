"""The workers of this machine: processes, each with the models loaded once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from types import TracebackType
from typing import Any

from bobao.batch.values import Answer


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
