"""A server over a folder, on loopback, in a thread of its own."""

from __future__ import annotations

import asyncio
import http.client
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bobao.serve.server import Served, serving

SOUND = bytes(os.urandom(100_000))
PAGE = (
    """<!DOCTYPE html><html><head>
<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-x&#39;">
</head><body><p>"""
    + "花街镇" * 500
    + "</p></body></html>\n"
)


@dataclass
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass
class Running:
    """A server that runs: its port, its lines of log, and a way to ask it."""

    port: int
    site: Served
    loop: asyncio.AbstractEventLoop
    lines: list[str] = field(default_factory=list)

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """Ask for exactly this path. Header names are given with ``_`` for ``-``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(
                method, path, skip_accept_encoding=True, skip_host="Host" in headers
            )
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            reply = connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read())
        finally:
            connection.close()


@contextmanager
def running(root: Path, version: str = "") -> Iterator[Running]:
    ready, ends = threading.Event(), []
    made: list[Running] = []
    lines: list[str] = []

    async def serve() -> None:
        stop = asyncio.Event()
        site = Served(root, lines.append, version)
        async with serving(site, "127.0.0.1", 0) as port:
            loop = asyncio.get_running_loop()
            ends.append(lambda: loop.call_soon_threadsafe(stop.set))
            made.append(Running(port, site, loop, lines))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    while not ready.wait(0.01):
        assert thread.is_alive()
    try:
        yield made[0]
    finally:
        ends[0]()
        thread.join(20)
        assert not thread.is_alive()


def make_site(root: Path) -> Path:
    """A small site with something outside it, links, and hidden files."""
    site = root / "output"
    files = {
        "index.html": PAGE.encode(),
        "feed.xml": b"<rss/>",
        "台 风/index.html": b"<p>taifeng",
        "台 风/台 风.mp3": SOUND,
        "台 风/台 风.vtt": b"WEBVTT\n\n" + b"00:00.000 --> 00:01.000\nx\n\n" * 99,
        "台 风/chapters.json": b'{"version": "1.2.0"}',
        "empty.txt": b"",
        ".bobao/state.json": b"secret",
        "bare/file.txt": b"bare",
        "a:b.txt": b"colon",
        "back\\slash.txt": b"backslash",
    }
    for name, data in files.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (root / "secret.txt").write_bytes(b"secret")
    (root / "output-secret").mkdir()
    (root / "output-secret" / "x.txt").write_bytes(b"secret")
    (site / "out.txt").symlink_to(root / "secret.txt")
    (site / "outside").symlink_to(root)
    (site / "sibling").symlink_to(root / "output-secret")
    (site / "veiled.json").symlink_to(site / ".bobao" / "state.json")
    (site / "loop").symlink_to(site / "loop")
    (site / "inside.txt").symlink_to(site / "bare" / "file.txt")
    return site
