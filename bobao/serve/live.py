"""Serving a workspace and rebuilding what is affected by a change, until it is stopped."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bobao.errors import BobaoError
from bobao.serve.server import Served, serving
from bobao.station.workspace import Workspace

EVERY_S = 0.7
"""How often to look for changes, where that is quick …"""
SHARE = 20
"""… and else so many times as long as it took: a site of thousands costs a twentieth at most."""
SETTLED_S = 1.0
"""An editor that saves in several steps is given this long before work begins."""

# ── What has changed ────────────────────────────────────────────────────────────────────────────

SCRIPT, BULLETIN = "script", "bulletin"
Changes = Mapping[str, str]
"""The bulletins that are affected, by slug, and what of each has changed."""

FileStamp = tuple[int, int]
Snapshot = dict[str, tuple[tuple[FileStamp | None, ...], FileStamp | None]]
"""Modification time and size of each bulletin's texts, and of its `bulletin.json`.

Looked at again and again: the system's notices differ between systems, are lost on network drives
and in containers, and a look at a thousand bulletins takes a tenth of a second.
"""


def snapshot(workspace: Workspace) -> Snapshot:
    """How the files of every finished bulletin are now.

    A script without a bulletin is not part of the site yet.
    """
    found: Snapshot = {}
    for slug in workspace.bulletins():
        texts = (workspace.script(slug), workspace.article_lexicon(slug), workspace.lexicon)
        manifest = workspace.bulletin(slug) / "bulletin.json"
        found[slug] = (tuple(map(_stamp, texts)), _stamp(manifest))
    return found


def _stamp(path: Path) -> FileStamp | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size)


def changes(before: Snapshot, after: Snapshot) -> Changes:
    """What is to be done: once for a bulletin, its script first, since that makes both.

    A bulletin that was not there before has to be published; one that is gone, too.
    """
    found = {}
    for slug in sorted({*before, *after}):
        old, new = before.get(slug), after.get(slug)
        if old != new:
            found[slug] = SCRIPT if old and new and old[0] != new[0] else BULLETIN
    return found


class Watcher:
    """Tells what has changed since it was last handled, once that has settled.

    `look` gives the files' state, `clock` the time in seconds.
    """

    def __init__(self, look: Callable[[], Snapshot], clock: Callable[[], float]) -> None:
        self._look, self._clock = look, clock
        self._last = look()
        self._handled = dict(self._last)
        self._since = clock()

    def poll(self) -> Changes:
        """Look once: nothing, or, once nothing moves any more, all that has changed."""
        now = self._look()
        if now != self._last:
            self._last, self._since = now, self._clock()
        if now == self._handled or self._clock() - self._since < SETTLED_S:
            return {}
        found, self._handled = changes(self._handled, now), dict(now)
        return found

    def made(self, slugs: Iterable[str]) -> None:
        """Take the bulletins that we made just now as handled; a script edited meanwhile is not."""
        now = self._look()
        for slug in slugs:
            if slug in now and slug in self._handled:
                self._handled[slug] = (self._handled[slug][0], now[slug][1])


# ── Serving ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for.

    `rebuild` makes the bulletins of changes again, and the site; it raises `BobaoError` if it
    cannot, and is None where the site is only to be served.
    """

    host: str
    port: int
    rebuild: Callable[[Changes], None] | None
    log: Callable[[str], None]
    note: Callable[[str], None]
    ready: Callable[[int], None]


def serve(workspace: Workspace, order: Order, stop: asyncio.Event | None = None) -> None:
    """Serve the workspace's site until `stop` is set, or for ever.

    Raises `BobaoError` where the address cannot be had.
    """
    asyncio.run(_serve(workspace, order, stop or asyncio.Event()))


async def _serve(workspace: Workspace, order: Order, stop: asyncio.Event) -> None:
    site = Served(workspace.site, order.log, _version() if order.rebuild else "")
    with suppress(NotImplementedError, ValueError, RuntimeError):  # Windows; not the main thread
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    tasks: list[asyncio.Task[Any]] = [asyncio.create_task(stop.wait())]
    if order.rebuild:
        watcher = await asyncio.to_thread(Watcher, partial(snapshot, workspace), time.monotonic)
    async with serving(site, order.host, order.port) as port:
        order.ready(port)
        if order.rebuild:
            tasks.append(asyncio.create_task(_watch(watcher, site, order, order.rebuild)))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()


def _version() -> str:
    """Another one for each run of the server and each rebuild."""
    return f"{time.time_ns():x}"


async def _watch(
    watcher: Watcher, site: Served, order: Order, rebuild: Callable[[Changes], None]
) -> None:
    looked = 0.0
    while True:
        await asyncio.sleep(max(EVERY_S, SHARE * looked))
        started = time.monotonic()
        found = await asyncio.to_thread(watcher.poll)
        looked = time.monotonic() - started
        if not found:
            continue
        for slug, cause in found.items():
            order.note(f"changed: {cause} of {slug}; making it again")
        try:
            await _aside(partial(rebuild, found))
        except BobaoError as error:
            order.note(f"not made again: {error}")
        else:
            site.renew(_version())
            order.note("made again; open pages reload")
        await asyncio.to_thread(watcher.made, found)


async def _aside(work: Callable[[], None]) -> None:
    """Run long work in a thread that does not hold up the end of the program."""
    done: Future[None] = Future()
    done.set_running_or_notify_cancel()  # it cannot be stopped

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed on to who awaits it
            done.set_exception(error)
        else:
            done.set_result(None)

    threading.Thread(target=run, name="rebuild", daemon=True).start()
    await asyncio.wrap_future(done)
