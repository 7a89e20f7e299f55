"""The server: HTTP by aiohttp (which edge-tts brings along), answers by `bobao.serving.answer`.

aiohttp's own file responses are not used: they take an If-Range with an ETag for met whatever it
says, and answer 416 to ranges that have to be ignored (several, or of another unit).
"""

from __future__ import annotations

import asyncio
import errno
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bobao.errors import BobaoError
from bobao.files import files_at_once
from bobao.serving.answer import Answer, Asked, Part, answer, failure
from bobao.serving.reload import EVENTS, reloading

if TYPE_CHECKING:
    from aiohttp import web

CHUNK = 1 << 18
THREADS = 8
MOST_CONNECTIONS = 1000
SPARED_FILES = 100
"""Of the files that the process may have open, so many are not for connections."""
FIRST_REQUEST_S = 20.0
"""A connection on which nothing whole was asked by then is closed."""
IDLE_S = 75.0
"""Between two requests on one connection."""
STALLED_S = 120.0
"""A client that takes nothing for so long is gone; a player that was paused asks again."""
HEARTBEAT_S = 15.0
NAME = {"Server": "bobao"}
"""In place of the versions that aiohttp would tell."""


@dataclass(slots=True)
class Site:
    """What is served. `version` changes with every rebuild; empty: pages are served as they lie.

    `log` is given a line for each request.
    """

    root: Path
    log: Callable[[str], None]
    version: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def renew(self, version: str) -> None:
        """Tell every open page of a new version. Only from the server's own loop."""
        self.version = version
        self.changed.set()
        self.changed = asyncio.Event()


def is_loopback(host: str) -> bool:
    """Whether an address or name reaches this machine alone."""
    host = host.strip("[]").rstrip(".").lower()
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@asynccontextmanager
async def serving(site: Site, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port, which is any free one where `port` is 0.

    Raises `BobaoError` where the address cannot be had.
    """
    from aiohttp import web

    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "serve"))
    doorman = _Doorman()
    local = is_loopback(host)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        doorman.seen(request.protocol)
        return await _respond(site, request, local=local)

    class Server(web.Server):
        def connection_made(
            self, handler: web.RequestHandler, transport: asyncio.Transport
        ) -> None:
            super().connection_made(handler, transport)
            doorman.arrived(handler, transport)

        def connection_lost(
            self, handler: web.RequestHandler, exc: BaseException | None = None
        ) -> None:
            doorman.left(handler)
            super().connection_lost(handler, exc)

    runner = web.ServerRunner(
        Server(handle, access_log=None, keepalive_timeout=IDLE_S, logger=_journal()),
        shutdown_timeout=1.0,
    )
    await runner.setup()
    try:
        place = web.TCPSite(runner, host, port)
        try:
            await place.start()
        except OSError as error:
            raise _refused(error, host, port) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _journal() -> logging.Logger:
    """Where aiohttp tells of defects, with their traceback; not of requests that are no HTTP."""
    from aiohttp.http_exceptions import HttpProcessingError

    def ours(record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))

    journal = logging.getLogger(f"{__name__}.http")
    if not journal.filters:
        journal.addFilter(ours)
    return journal


def _refused(error: OSError, host: str, port: int) -> BobaoError:
    if error.errno == errno.EADDRINUSE:
        return BobaoError(
            f"port {port} is in use by another program",
            where=f"{host}:{port}",
            advice=f"Stop that program, or take another port: `bobao serve --port {port + 1}` "
            "(0: any that is free).",
        )
    reason = error.strerror or error
    return BobaoError(
        f"cannot serve here: {reason}",
        where=f"{host}:{port}",
        advice="Choose another --port (1024 or higher) or --host (127.0.0.1 is this machine).",
    )


class _Doorman:
    """Keeps the number of connections bounded, and closes those on which nothing is asked."""

    def __init__(self) -> None:
        self._waiting: dict[object, asyncio.TimerHandle] = {}
        self._inside: set[object] = set()
        self._room = min(MOST_CONNECTIONS, max(8, files_at_once() - SPARED_FILES))

    def arrived(self, handler: object, transport: asyncio.Transport) -> None:
        if len(self._inside) >= self._room:
            transport.abort()
            return
        self._inside.add(handler)
        loop = asyncio.get_running_loop()
        self._waiting[handler] = loop.call_later(FIRST_REQUEST_S, transport.abort)

    def seen(self, handler: object) -> None:
        if timer := self._waiting.pop(handler, None):
            timer.cancel()

    def left(self, handler: object) -> None:
        self.seen(handler)
        self._inside.discard(handler)


async def _respond(site: Site, request: web.BaseRequest, *, local: bool) -> web.StreamResponse:
    started = time.monotonic()
    path, _, query = request.raw_path.partition("#")[0].partition("?")
    host = request.headers.get("Host", "").strip()
    if local and host and not is_loopback(_name_of(host)):
        # A page elsewhere whose name was made to point at this machine (DNS rebinding).
        given = failure(421)
    elif path == EVENTS and request.method == "GET" and site.version:
        return await _events(site, request)
    else:
        asked = Asked(
            request.method, path, query, {k.lower(): v for k, v in request.headers.items()}
        )
        rewrite = partial(reloading, version=site.version) if site.version else None
        given = await asyncio.to_thread(answer, site.root, asked, rewrite, site.version)
    response = await _send(request, given)
    sent = 0 if request.method == "HEAD" else given.length
    took = round((time.monotonic() - started) * 1000)
    site.log(f"{time.strftime('%H:%M:%S')} {request.method} {path} {given.status} {sent} {took} ms")
    return response


def _name_of(host: str) -> str:
    """The name in a Host header, without the port."""
    return host.partition("]")[0] if host.startswith("[") else host.partition(":")[0]


async def _send(request: web.BaseRequest, given: Answer) -> web.StreamResponse:
    from aiohttp import web

    try:
        source = await asyncio.to_thread(_source, given.body)
    except OSError:  # taken away since it was found
        given = failure(404)
        source = _source(given.body)
    response = web.StreamResponse(status=given.status, headers={**given.headers, **NAME})
    if given.status not in {204, 304}:
        response.content_length = given.length
    try:
        await response.prepare(request)
        if request.method != "HEAD":
            await _pour(source, given.length, response)
        await response.write_eof()
    except (ConnectionError, asyncio.TimeoutError):  # the client has gone, or might as well have
        if request.transport:
            request.transport.abort()
    finally:
        source.close()
    return response


def _source(body: bytes | Part) -> BinaryIO:
    """A body as a file that is to be read from where it stands."""
    if isinstance(body, bytes):
        return BytesIO(body)
    file = body.path.open("rb")
    file.seek(body.start)
    return file


async def _pour(source: BinaryIO, left: int, response: web.StreamResponse) -> None:
    """Send so many bytes, a piece at a time, as fast as the client takes them."""
    while left:
        piece = await asyncio.to_thread(source.read, min(CHUNK, left))
        if not piece:
            raise ConnectionError("the file has become shorter")
        await asyncio.wait_for(response.write(piece), STALLED_S)
        left -= len(piece)


async def _events(site: Site, request: web.BaseRequest) -> web.StreamResponse:
    """Tell an open page the version, and each new one, as server-sent events."""
    from aiohttp import web

    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", **NAME}
    )
    await response.prepare(request)
    with suppress(ConnectionError):
        await response.write(f"retry: 1000\ndata: {site.version}\n\n".encode())
        while True:
            changed = site.changed
            try:
                await asyncio.wait_for(changed.wait(), HEARTBEAT_S)
                await response.write(f"data: {site.version}\n\n".encode())
            except asyncio.TimeoutError:
                await response.write(b": still here\n\n")
    return response
