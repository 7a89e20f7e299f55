"""The service asked for one piece of text, through the edge-tts client and a newsroom's network."""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from bobao.errors import BobaoError
from bobao.files import installing
from bobao.voices.edge.faults import TREATMENTS, Fault, Kind, fault_of, installed
from bobao.voices.edge.limits import Aimed, Settings, aimed

CERTIFICATES = "SSL_CERT_FILE"


def proxy_for(url: str) -> str | None:
    """The proxy that the environment (or the system) names for a host; None for a direct way.

    aiohttp looks up the proxy of ``wss`` by that name alone, which nobody sets: HTTPS_PROXY is
    meant. Raises `Fault` for a kind of proxy that there is no way through.
    """
    parts, proxies = urlsplit(url), getproxies()
    encrypted = parts.scheme in {"wss", "https"}
    names = ("wss", "https", "all") if encrypted else ("ws", "http", "all")
    proxy = next((proxies[name] for name in names if proxies.get(name)), None)
    if proxy is None or proxy_bypass(parts.netloc):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if urlsplit(proxy).scheme not in {"http", "https"} or not urlsplit(proxy).hostname:
        raise Fault(Kind.PROXY, f"it must be an HTTP proxy, not {without_password(proxy)}")
    return proxy


def without_password(proxy: str) -> str:
    """A proxy's address as it may be shown."""
    scheme, _, rest = proxy.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def trust() -> ssl.SSLContext:
    """What makes a certificate good: certifi's authorities, this system's, and SSL_CERT_FILE.

    Raises `BobaoError` where that names no file of certificates.
    """
    import certifi

    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    if named := os.environ.get(CERTIFICATES):
        try:
            context.load_verify_locations(cafile=named)
        except (OSError, ssl.SSLError) as error:
            raise BobaoError(
                f"{CERTIFICATES} names no file of certificates: {error}",
                where=named,
                advice=TREATMENTS[Kind.CERTIFICATE].advice,
            ) from error
    return context


T = TypeVar("T")
TESTED = "7.3.1"
_COUNT = "cumulative_audio_bytes"
TICKS_PER_MS = 10_000
FAREWELL_S = 0.3
"""How long a service that has said everything may take to part; the client would wait for 10 s."""
MAX_AUDIO_BYTES = 10 * 60 * 6_000
"""The service itself cuts a request at ten minutes of 48 kbit/s."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """When the service says that it says a word."""

    start_ms: float
    end_ms: float
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came for a piece of text; `ended`: the service said itself that this is all."""

    audio: bytes
    boundaries: tuple[Boundary, ...]
    ended: bool


@dataclass(slots=True)
class _Coming:
    """An answer on its way."""

    audio: bytearray = field(default_factory=bytearray)
    boundaries: list[Boundary] = field(default_factory=list)
    last: float = 0.0


class Client:
    """Asks the service, from any thread: the asking itself is done in one thread of its own.

    `stops` counts how often it was told to stop.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings, self.stops = settings, 0
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: set[Future[Any]] = set()
        self._aimed: Aimed | None = None

    def say(self, text: str, voice: str, rate: str, limit_s: float, stops: int = 0) -> Answer:
        """What the service answers within `limit_s`; it may be incomplete.

        `stops` is the count when the work began that this belongs to. Raises `Fault`, and
        `CancelledError` where it was told to stop since.
        """
        return self._run(self._said(text, voice, rate, limit_s), stops)

    def voices(self) -> list[Any]:
        """The service's list of voices, as it sent it. Raises `Fault`."""
        return self._run(self._listed(), self.stops)

    def stop(self) -> None:
        """Leave all requests that there are; who waits for one gets a `CancelledError` at once."""
        with self._lock:
            self.stops += 1
            running = tuple(self._running)
        for future in running:
            future.cancel()

    def _run(self, work: Coroutine[Any, Any, T], stops: int) -> T:
        with self._lock:
            if stops != self.stops:
                work.close()
                raise CancelledError
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="edge", daemon=True).start()
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
            self._running.add(future)
        try:
            return future.result()
        finally:
            with self._lock:
                self._running.discard(future)

    async def _said(self, text: str, voice: str, rate: str, limit_s: float) -> Answer:
        service = self._aim()
        talk = service.communicate(
            text,
            voice,
            rate=rate,
            boundary="WordBoundary",
            proxy=proxy_for(service.address),
            connect_timeout=self.settings.connect_s,
        )
        _check_countable(talk)
        coming = _Coming(last=asyncio.get_running_loop().time())
        task = asyncio.ensure_future(_take(talk, coming))
        try:
            await self._watch(task, talk, coming, limit_s)
        except Exception as error:  # noqa: BLE001 - raised again by `_explain`
            # Once the turn has ended nothing more is wanted of the connection.
            if not _ended(talk, coming):
                _explain(error)
        finally:
            await _abandon(task)
        return Answer(bytes(coming.audio), tuple(coming.boundaries), _ended(talk, coming))

    async def _watch(
        self, task: asyncio.Future[None], talk: Any, coming: _Coming, limit_s: float
    ) -> None:
        """Wait for the end; raises `Fault` where nothing comes for long, or too slowly."""
        now, idle_s = asyncio.get_running_loop().time, self.settings.idle_s
        over = now() + limit_s
        while not task.done():
            wait = min(coming.last + idle_s, over) - now()
            if wait <= 0:
                silent = now() - coming.last
                why = f"silent for {silent:.0f} s" if now() < over else f"over {limit_s:.0f} s"
                raise Fault(Kind.STALLED, why)
            await asyncio.wait({task}, timeout=min(wait, FAREWELL_S))
            if _ended(talk, coming):
                await asyncio.wait({task}, timeout=FAREWELL_S)
                return
        task.result()

    async def _listed(self) -> list[Any]:
        service = self._aim()
        try:
            asked = service.list_voices(proxy=proxy_for(service.address))
            return list(await asyncio.wait_for(asked, timeout=self.settings.idle_s))
        except Exception as error:  # noqa: BLE001 - raised again by `_explain`
            _explain(error)

    def _aim(self) -> Aimed:
        """The client for this service; made once, in the one thread that asks."""
        if self._aimed is None:
            self._aimed = aimed(self.settings.url, trust())
        return self._aimed


async def _take(talk: Any, coming: _Coming) -> None:
    now = asyncio.get_running_loop().time
    async with aclosing(talk.stream()) as parts:
        async for part in parts:
            coming.last = now()
            if part["type"] == "audio":
                coming.audio += part["data"]
                if len(coming.audio) > MAX_AUDIO_BYTES:
                    raise Fault(Kind.GARBLED, "there is no end to its sound")
            else:
                start = part["offset"] / TICKS_PER_MS
                end = start + part["duration"] / TICKS_PER_MS
                coming.boundaries.append(Boundary(start, end, str(part["text"])))


def _explain(error: Exception) -> NoReturn:
    """Raise `error` as the `Fault` that it means, or as it is."""
    if isinstance(error, Fault) or (fault := fault_of(error)) is None:
        raise error
    raise fault from error


def _ended(talk: Any, coming: _Coming) -> bool:
    """Whether the service has said that its turn is over.

    The client does not tell. But then, and only then, it adds what came to its count of bytes.
    """
    return bool(coming.audio) and talk.state[_COUNT] == len(coming.audio)


def _check_countable(talk: Any) -> None:
    """Raise `BobaoError` for a client without that count."""
    if _COUNT not in getattr(talk, "state", ()):
        raise BobaoError(
            f"edge-tts {installed()} does not tell whether speech is whole",
            advice=installing(f"edge-tts=={TESTED}"),
        )


async def _abandon(task: asyncio.Future[None]) -> None:
    """Stop a request. Leaving its connection politely could take long: a second word ends that."""
    for _ in range(2):
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=0.2)
    with suppress(asyncio.CancelledError, Exception):
        task.result()
