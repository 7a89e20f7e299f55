"""Serving a workspace and rebuilding what is affected by a change, until told to stop."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from bobao.errors import BobaoError
from bobao.serve.server import Site, serving
from bobao.serve.watch import EVERY_S, SHARE, Change, Watcher, snapshot
from bobao.station.workspace import Workspace

Rebuild = Callable[[tuple[Change, ...]], None]
"""Makes the bulletins of these changes again, and the site; raises `BobaoError` if it cannot."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for. `rebuild` is None where the site is only to be served."""

    host: str
    port: int
    rebuild: Rebuild | None
    log: Callable[[str], None]
    note: Callable[[str], None]
    ready: Callable[[int], None]


def serve(workspace: Workspace, order: Order, stop: asyncio.Event | None = None) -> None:
    """Serve the workspace's site until `stop` is set, or for ever.

    Raises `BobaoError` where the address cannot be had.
    """
    asyncio.run(_serve(workspace, order, stop))


async def _serve(workspace: Workspace, order: Order, stop: asyncio.Event | None) -> None:
    site, watcher = Site(workspace.site, order.log), None
    if order.rebuild is not None:
        site.version = _version(0)
        watcher = await asyncio.to_thread(Watcher, partial(snapshot, workspace), time.monotonic)
    stop = stop or asyncio.Event()
    with suppress(NotImplementedError, ValueError, RuntimeError):  # Windows; not the main thread
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with serving(site, order.host, order.port) as port:
        order.ready(port)
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(stop.wait())]
        if watcher is not None and order.rebuild is not None:
            tasks.append(asyncio.create_task(_watch(watcher, site, order, order.rebuild)))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()


def _version(count: int) -> str:
    """Another one for each run of the server and each rebuild."""
    return f"{time.time_ns():x}-{count}"


async def _watch(watcher: Watcher, site: Site, order: Order, rebuild: Rebuild) -> None:
    count, looked = 0, 0.0
    while True:
        await asyncio.sleep(max(EVERY_S, SHARE * looked))
        started = time.monotonic()
        found = await asyncio.to_thread(watcher.poll)
        looked = time.monotonic() - started
        if not found:
            continue
        for change in found:
            order.note(f"changed: {change.cause.value} of {change.slug}; making it again")
        try:
            await _aside(partial(rebuild, found))
        except BobaoError as error:
            order.note(f"not made again: {error}")
            continue
        finally:
            await asyncio.to_thread(watcher.made, [change.slug for change in found])
        count += 1
        site.renew(_version(count))
        order.note("made again; open pages reload")


async def _aside(work: Callable[[], None]) -> None:
    """Run long work in a thread that does not hold up the end of the program."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def settle(error: BaseException | None) -> None:
        if not done.done():
            done.set_exception(error) if error else done.set_result(None)

    def run() -> None:
        error: BaseException | None = None
        try:
            work()
        except BaseException as raised:  # noqa: BLE001 - handed on to who awaits it
            error = raised
        with suppress(RuntimeError):  # the server has ended meanwhile
            loop.call_soon_threadsafe(settle, error)

    threading.Thread(target=run, name="rebuild", daemon=True).start()
    await done
