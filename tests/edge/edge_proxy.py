"""A proxy that tunnels, as a newsroom has one: CONNECT only, with a password if one is set."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Proxy:
    """The proxy in a thread of its own. It resolves every name to this machine."""

    def __init__(self, password: str = "", status: int = 0, date: bool = True) -> None:
        self.password, self.status, self.date = password, status, date
        self.tunnels: list[str] = []
        self._loop, self._ready = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._ready.wait()

    def _serve(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.split(" ", 2)
        allowed = "Basic " + base64.b64encode(self.password.encode()).decode()
        refusal = self.status or (407 if self.password and allowed not in head else 0)
        if method != "CONNECT" or refusal:
            writer.write(f"HTTP/1.1 {refusal or 405} No\r\nContent-Length: 0\r\n\r\n".encode())
            writer.close()
            return
        self.tunnels.append(target)
        there = await asyncio.open_connection("127.0.0.1", int(target.rpartition(":")[2]))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(_pipe(reader, there[1]), _pipe(there[0], writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, asyncio.CancelledError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def proxy(**options: object) -> Iterator[Proxy]:
    running = Proxy(**options)  # type: ignore[arg-type]
    try:
        yield running
    finally:
        running.stop()
