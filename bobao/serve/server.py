"""The site over HTTP: aiohttp's file responses, and pages that reload.

aiohttp comes with edge-tts. `_RangedFile` does what its file responses lack of RFC 9110.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import math
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import quote, unquote_to_bytes

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_exceptions import HttpProcessingError

from bobao.errors import BobaoError
from bobao.files import files_at_once
from bobao.publish import outputs
from bobao.serve.reload import EVENTS, reloading

CHUNK = 1 << 18
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
METHODS = "GET, HEAD, OPTIONS"
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Range, If-Range",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
}
"""Lets other sites' pages read the answer."""
_FAILURES = {302: "在这里", 404: "没有这个网页或文件", 405: "不支持的请求", 421: "这不是本站的地址"}
_DRESS = (
    ":root{color-scheme:light dark;--paper:#faf8f3;--ink:#1e1b17;--accent:#9b2c20}"
    "@media(prefers-color-scheme:dark){:root{--paper:#171513;--ink:#ece6db;--accent:#f2a08c}}"
    "body{margin:0;padding:3rem 1.25rem;background:var(--paper);color:var(--ink);"
    "font:1.0625rem/1.8 'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',system-ui,sans-serif}"
    "main{max-width:38rem;margin:0 auto}a{color:var(--accent)}"
)
"""The colours of the site's pages (publish/templates/site.css)."""
_RANGE = re.compile(
    r"bytes[ \t]*=[ \t]*(\d{0,4000})[ \t]*-[ \t]*(\d{0,4000})", re.IGNORECASE | re.ASCII
)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\:]")
"""Never in a name that we serve: controls, and what parts names or means a drive on Windows."""

_log = logging.getLogger(__name__)
_log.addFilter(lambda r: not (r.exc_info and isinstance(r.exc_info[1], HttpProcessingError)))
"""Where aiohttp reports defects, with their traceback; a request that is no HTTP is none."""


@dataclass(slots=True)
class Served:
    """What is served. `version` changes with every rebuild; empty: pages are served as they are.

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
async def serving(site: Served, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port, which is any free one where `port` is 0.

    Raises `BobaoError` where the address cannot be had.
    """
    server = _Server(site, local=is_loopback(host))
    runner = web.ServerRunner(server, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise BobaoError(
                f"port {port} is in use by another program"
                if error.errno == errno.EADDRINUSE
                else f"cannot serve here: {error.strerror or error}",
                where=f"{host}:{port}",
                advice="Choose another --port (1024 or higher; 0: any that is free) or --host "
                "(127.0.0.1 is this machine).",
            ) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


class _Server(web.Server):
    """Answers; keeps the number of connections bounded, and closes those that ask nothing."""

    def __init__(self, site: Served, *, local: bool) -> None:
        super().__init__(self._answer, access_log=None, keepalive_timeout=IDLE_S, logger=_log)
        self._site, self._local = site, local
        self._waiting: dict[object, asyncio.TimerHandle] = {}
        self._inside: set[object] = set()
        self._room = min(MOST_CONNECTIONS, max(8, files_at_once() - SPARED_FILES))

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        if len(self._inside) >= self._room:
            transport.abort()
            return
        self._inside.add(handler)
        loop = asyncio.get_running_loop()
        self._waiting[handler] = loop.call_later(FIRST_REQUEST_S, transport.abort)

    def connection_lost(
        self, handler: web.RequestHandler, exc: BaseException | None = None
    ) -> None:
        self._asked(handler)
        self._inside.discard(handler)
        super().connection_lost(handler, exc)

    def _asked(self, handler: object) -> None:
        if timer := self._waiting.pop(handler, None):
            timer.cancel()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self._asked(request.protocol)
        started, path = time.monotonic(), request.raw_path.partition("?")[0]
        response = await asyncio.to_thread(_response, self._site, request, local=self._local)
        if response is None:
            return await _events(self._site, request)
        response.headers["Server"] = "bobao"
        try:
            await response.prepare(request)
            await asyncio.wait_for(response.write_eof(), STALLED_S)
        except (
            ConnectionError,
            asyncio.TimeoutError,
        ):  # gone, or as good as gone
            if request.transport:
                request.transport.abort()
        took = round((time.monotonic() - started) * 1000)
        sent = 0 if request.method == "HEAD" else response.content_length or 0
        line = f"{request.method} {path} {response.status} {sent} {took} ms"
        self._site.log(f"{time.strftime('%H:%M:%S')} {line}")
        return response


def _response(site: Served, request: web.BaseRequest, *, local: bool) -> web.StreamResponse | None:
    """What is answered to a request; None for the stream of events."""
    path, _, query = request.raw_path.partition("#")[0].partition("?")
    host = request.headers.get("Host", "").strip()
    name = host.partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    if local and host and not is_loopback(name):
        return _failure(421)  # a page elsewhere whose name was made to point here (DNS rebinding)
    if path == EVENTS and request.method == "GET" and site.version:
        return None
    if request.method not in METHODS.split(", "):
        return _failure(405, {"Allow": METHODS})
    if request.method == "OPTIONS":
        return web.Response(status=204, headers={**_OPEN, "Allow": METHODS})
    return _found(site, path, query)


def _found(site: Served, path: str, query: str) -> web.StreamResponse:
    try:
        found = _resolve(site.root, path)
        if not found.is_dir():
            return _file(site, found)
        to = quote(f"/{found.relative_to(site.root.resolve()).as_posix()}/")
    except (OSError, ValueError, RuntimeError):
        return _failure(404)
    return _failure(302, {"Location": to + (f"?{query}" if query else "")})


def site_file(root: Path, raw_path: str) -> web.StreamResponse | None:
    """The answer to a request for a file of the site in `root`; None where there is none."""
    try:
        found = _resolve(root, raw_path)
        return None if found.is_dir() else _file(Served(root, lambda _: None), found)
    except (OSError, ValueError, RuntimeError):
        return None


def _resolve(root: Path, raw_path: str) -> Path:
    """The file or folder of the site that a URL's path names; a folder with a slash is its index.

    Raises `OSError`, `ValueError` or `RuntimeError` where nothing is to be served: not there, a
    hidden name, a name with ``..`` in any encoding, or a link that leads out of the site.
    """
    start, *names = unquote_to_bytes(raw_path).decode("utf-8").split("/")
    names = [*names[:-1], names[-1] or "index.html"] if names else [""]
    if start or any(not n or n.startswith(".") or _FORBIDDEN.search(n) for n in names):
        raise ValueError(raw_path)
    home = root.resolve(strict=True)
    real = home.joinpath(*names).resolve(strict=True)
    if any(part.startswith(".") for part in real.relative_to(home).parts):
        raise ValueError(raw_path)
    if not (real.is_file() or real.is_dir()):
        raise ValueError(raw_path)
    return real


def _file(site: Served, path: Path) -> web.StreamResponse:
    stat, media = path.stat(), outputs.media_type(path.name)
    text = media.startswith("text/") or media.endswith("xml")
    headers = {
        "Content-Type": media + "; charset=utf-8" * text,
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
        **(_OPEN if outputs.shared(path.name) else {}),
    }
    if site.version and media == "text/html":
        page = reloading(path.read_bytes(), site.version)
        return web.Response(body=page, headers={**headers, "Cache-Control": "no-store"})
    headers["ETag"] = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers["Last-Modified"] = formatdate(math.ceil(stat.st_mtime), usegmt=True)  # as aiohttp does
    return _RangedFile(path, headers=headers)


class _RangedFile(web.FileResponse):
    """A file as RFC 9110 has it, and an end to clients that stall.

    aiohttp knows no If-Range with an ETag, and answers 416 to ranges that are to be ignored
    (several, of another unit, or nonsense).
    """

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        if self.prepared:  # by `_answer`, which then logs what was sent
            return None
        if request.transport is None:
            raise ConnectionError("the client has gone")
        asked = request.headers.copy()
        wanted, condition = asked.pop("Range", None), asked.pop("If-Range", "").strip()
        asked.pop("Accept-Encoding", None)  # or it would look for x.gz beside x
        states = ("", self.headers["ETag"], self.headers["Last-Modified"])
        found = _RANGE.fullmatch(wanted.strip()) if wanted else None
        if found and request.method == "GET" and condition in states:
            first, last = found.groups()
            if first and (not last or int(first) <= int(last)):
                asked["Range"] = f"bytes={int(first)}-{last}"
            elif last and not first:
                asked["Range"] = f"bytes=-{last}" if int(last) else f"bytes={1 << 62}-"
        return await super().prepare(request.clone(headers=asked))

    async def _sendfile(
        self, request: web.BaseRequest, fobj: IO[Any], offset: int, count: int
    ) -> AbstractStreamWriter:
        writer = cast(AbstractStreamWriter, await web.StreamResponse.prepare(self, request))
        fobj.seek(offset)
        while count:
            piece = await asyncio.to_thread(fobj.read, min(CHUNK, count))
            if not piece:
                raise ConnectionError("the file has become shorter")
            await asyncio.wait_for(writer.write(piece), STALLED_S)
            count -= len(piece)
        return writer


async def _events(site: Served, request: web.BaseRequest) -> web.StreamResponse:
    """Tell an open page the version, and each new one, as server-sent events."""
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-store",
            "Server": "bobao",
        }
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


def _failure(status: int, headers: dict[str, str] | None = None) -> web.Response:
    """A short page that says what is wrong, in the listeners' language."""
    words = _FAILURES[status]
    page = (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>'
        f"{words}</title><style>{_DRESS}</style></head>"
        f'<body><main><h1>{words}</h1><p><a href="/">回首页</a></p>'
        f"<p>HTTP {status}</p></main></body></html>\n"
    )
    fixed = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    return web.Response(body=page.encode(), status=status, headers={**fixed, **(headers or {})})
