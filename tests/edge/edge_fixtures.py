"""What the tests of the online voice share: fixtures, and a proxy as a newsroom has one.

Each names this module in ``pytest_plugins``.
"""

from __future__ import annotations

import asyncio
import base64
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from edge_service import Service, running

from bobao.voices.edge import voicelist
from bobao.voices.edge.client import Settings
from bobao.voices.edge.engine import EdgeEngine

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ws_proxy", "wss_proxy")
QUICK: dict[str, Any] = {
    "idle_s": 3.0,
    "request_s": 10.0,
    "total_s": 60.0,
    "backoff": 0.01,
    "failures": 1000,
    "connect_s": 2,
}
"""Settings for tests: hardly a wait between tries; the breaker opens only when told."""


@pytest.fixture
def edge_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No proxy, no certificates, no list of voices, no clock skew learnt in another test."""
    from edge_tts.drm import DRM

    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setattr(voicelist, "_path", lambda: tmp_path / "edge-voices.json")
    monkeypatch.setattr(DRM, "clock_skew_seconds", 0.0)
    return monkeypatch


@pytest.fixture
def edge_service(edge_network: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service on a plain socket."""
    with running() as made:
        yield made


@pytest.fixture
def edge_engine(edge_service: Service) -> Callable[..., EdgeEngine]:
    """Make an engine that asks the service and does not wait long."""
    return lambda **settings: EdgeEngine(Settings(**{"url": edge_service.url, **QUICK, **settings}))


@pytest.fixture(scope="session")
def edge_certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """An authority that nobody knows (its PEM file), and a server's context signed by it."""
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes the certificates of this test, is not installed")
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "leaf.ext").write_text(
        "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:speech.example\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
    )
    key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    for command in (
        f"req -x509 {key} -days 2 -subj /CN=Newsroom -keyout ca.key -out ca.pem "
        "-addext keyUsage=critical,keyCertSign",
        f"req {key} -subj /CN=localhost -keyout leaf.key -out leaf.csr",
        "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out leaf.pem "
        "-extfile leaf.ext",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "leaf.pem", folder / "leaf.key")
    return folder / "ca.pem", context


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
