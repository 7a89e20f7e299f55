"""The service asked for one piece of text, through the edge-tts client and a newsroom's network."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import ssl
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from contextlib import aclosing, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NamedTuple, NoReturn, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from bobao.errors import BobaoError
from bobao.files import installing
from bobao.voices.edge.faults import Fault, Kind, fault_of, installed

VARIABLE = "BOBAO_EDGE_URL"
"""Names another address than Microsoft's: a newsroom's own relay, or a service for tests."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All times are seconds.

    `url` is the address under which ``edge/v1`` and ``voices/list`` are, empty for Microsoft's.
    `at_once` bounds the requests side by side. A request may be silent for `idle_s`, and may last
    `request_s` beyond the length of the speech it asks for; all tries for one piece of text
    together are given up after `total_s`. `backoff` stretches every wait between tries. The
    service is left alone for `rest_s` once it has failed `failures` times on end, for at least
    `failing_s`.
    """

    url: str = ""
    at_once: int = 4
    connect_s: int = 10
    idle_s: float = 20.0
    request_s: float = 30.0
    total_s: float = 300.0
    backoff: float = 1.0
    failures: int = 8
    failing_s: float = 30.0
    rest_s: float = 60.0


def from_environment() -> Settings:
    """The settings with the address that the environment names; raises `BobaoError` for none."""
    url = os.environ.get(VARIABLE, "").strip().rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query):
        raise BobaoError(
            f"{VARIABLE} is not the address of a service: {url}",
            advice="It has the form https://host/path, with nothing after a question mark.",
        )
    return Settings(url=url)


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
                advice=Kind.CERTIFICATE.value.advice,
            ) from error
    return context


class Aimed(NamedTuple):
    """The client for one address: its class for speech, its function for the list of voices.

    `address` is that of the WebSocket, to look up the proxy for.
    """

    address: str
    communicate: Any
    list_voices: Any


def aimed(url: str, context: ssl.SSLContext) -> Aimed:
    """The client for the service at `url` (empty: Microsoft's), trusting `context`."""
    from edge_tts import constants

    base = url or f"https://{constants.BASE_URL}"
    token = constants.TRUSTED_CLIENT_TOKEN
    address = f"ws{base.removeprefix('http')}/edge/v1?TrustedClientToken={token}"
    communicate, voices = _copy("edge_tts.communicate"), _copy("edge_tts.voices")
    for module in (communicate, voices):
        vars(module)["_SSL_CTX"] = context
    vars(communicate)["WSS_URL"] = address
    vars(voices)["VOICE_LIST"] = f"{base}/voices/list?trustedclienttoken={token}"
    return Aimed(address, communicate.Communicate, voices.list_voices)


def _copy(name: str) -> ModuleType:
    """A module of edge-tts, executed again; what it imports from its package is shared."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise BobaoError("edge-tts is not installed as it should be", advice=installing("edge-tts"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


T = TypeVar("T")
TESTED = "7.3.1"
_COUNT = "cumulative_audio_bytes"
TICKS_PER_MS = 10_000
FAREWELL_S = 0.3
"""How long a service that has said everything may take to part; the client would wait for 10 s."""
MAX_AUDIO_BYTES = 10 * 60 * 6_000
"""The service itself cuts a request at ten minutes of 48 kbit/s."""


class Boundary(NamedTuple):
    """When the service says that it says a word."""

    start_ms: float
    end_ms: float
    text: str


class Answer(NamedTuple):
    """What came for a piece of text; `ended`: the service said itself that this is all."""

    audio: bytes
    boundaries: tuple[Boundary, ...]
    ended: bool


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
        coming = _Coming(talk)
        task = asyncio.ensure_future(coming.take())
        try:
            await coming.watch(task, self.settings.idle_s, limit_s)
        except Exception as error:  # noqa: BLE001 - raised again by `_explain`
            if not coming.ended:  # else nothing more is wanted of the connection
                _explain(error)
        finally:
            await _abandon(task)
        return Answer(bytes(coming.audio), tuple(coming.boundaries), coming.ended)

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


class _Coming:
    """An answer on its way. Raises `BobaoError` for a client that does not tell where it ends."""

    def __init__(self, talk: Any) -> None:
        self.audio, self.boundaries = bytearray(), list[Boundary]()
        self._talk, self._now = talk, asyncio.get_running_loop().time
        self._last = self._now()
        if _COUNT not in getattr(talk, "state", ()):
            raise BobaoError(
                f"edge-tts {installed()} does not tell whether speech is whole",
                advice=installing(f"edge-tts=={TESTED}"),
            )

    @property
    def ended(self) -> bool:
        """Whether the service has said that its turn is over.

        The client does not tell. But then, and only then, it adds what came to its count of bytes.
        """
        return bool(self.audio) and self._talk.state[_COUNT] == len(self.audio)

    async def take(self) -> None:
        """Collect what comes."""
        async with aclosing(self._talk.stream()) as parts:
            async for part in parts:
                self._last = self._now()
                if part["type"] == "audio":
                    self.audio += part["data"]
                    if len(self.audio) > MAX_AUDIO_BYTES:
                        raise Fault(Kind.GARBLED, "there is no end to its sound")
                else:
                    start = part["offset"] / TICKS_PER_MS
                    end = start + part["duration"] / TICKS_PER_MS
                    self.boundaries.append(Boundary(start, end, str(part["text"])))

    async def watch(self, task: asyncio.Future[None], idle_s: float, limit_s: float) -> None:
        """Wait for the end; raises `Fault` where nothing comes for long, or too slowly."""
        over = self._now() + limit_s
        while not task.done():
            wait = min(self._last + idle_s, over) - self._now()
            if wait <= 0:
                silent = f"silent for {self._now() - self._last:.0f} s"
                raise Fault(Kind.STALLED, silent if self._now() < over else f"over {limit_s:.0f} s")
            await asyncio.wait({task}, timeout=min(wait, FAREWELL_S))
            if self.ended:
                await asyncio.wait({task}, timeout=FAREWELL_S)
                return
        task.result()


def _explain(error: Exception) -> NoReturn:
    """Raise `error` as the `Fault` that it means, or as it is."""
    if isinstance(error, Fault) or (fault := fault_of(error)) is None:
        raise error
    raise fault from error


async def _abandon(task: asyncio.Future[None]) -> None:
    """Stop a request. Leaving its connection politely could take long: a second word ends that."""
    for _ in range(2):
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=0.2)
    with suppress(asyncio.CancelledError, Exception):
        task.result()
