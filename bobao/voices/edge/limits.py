"""Where the service is, and how long and how often it is asked."""

from __future__ import annotations

import importlib.util
import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from bobao.errors import BobaoError
from bobao.files import installing

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


@dataclass(frozen=True, slots=True)
class Aimed:
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
    """A module of edge-tts, executed anew; what it imports from its package is shared."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise BobaoError("edge-tts is not installed as it should be", advice=installing("edge-tts"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Clock = Callable[[], float]


class Limiter:
    """Gives out slots, at most `most` at a time and at least one.

    Additive increase, multiplicative decrease: a complaint halves the number, once for all the
    requests that were under way together; a whole round of successes raises it by one.
    """

    def __init__(self, most: int, clock: Clock = time.monotonic) -> None:
        self.most, self.allowed = most, float(most)
        self._clock, self._turn = clock, threading.Condition()
        self._busy, self._round, self._rest_until = 0, 0, 0.0

    @contextmanager
    def slot(self, over: Callable[[], bool] = lambda: False) -> Iterator[int]:
        """Wait for a slot and hold it; yields the round, which `complained` wants back.

        Once it is `over` nobody has to wait.
        """
        with self._turn:
            while (wait := self._wait()) is not None and not over():
                self._turn.wait(wait or None)
            self._busy += 1
            current = self._round
        try:
            yield current
        finally:
            with self._turn:
                self._busy -= 1
                self._turn.notify_all()

    def wake(self) -> None:
        """Have those who wait see whether it is over."""
        with self._turn:
            self._turn.notify_all()

    def succeeded(self) -> None:
        """Tell that a request went well."""
        with self._turn:
            self.allowed = min(self.most, self.allowed + 1 / self.allowed)
            self._turn.notify_all()

    def complained(self, current: int, rest_s: float) -> None:
        """Tell that the service wants less, of a request of round `current`; all rest `rest_s`."""
        with self._turn:
            self._rest_until = max(self._rest_until, self._clock() + rest_s)
            if current == self._round:
                self._round += 1
                self.allowed = max(1.0, self.allowed / 2)

    def _wait(self) -> float | None:
        """How long to wait: 0 for a slot to be given back, None not at all."""
        if self._busy >= int(self.allowed):
            return 0.0
        rest = self._rest_until - self._clock()
        return rest if rest > 0 else None


class Breaker:
    """Open after `failures` on end that took at least `failing_s`, or when told; for `rest_s`.

    Then one caller may try: success closes it, failure opens it again.
    """

    def __init__(self, failures: int, failing_s: float, rest_s: float, clock: Clock) -> None:
        self._failures, self._failing_s, self._rest_s = failures, failing_s, rest_s
        self._clock, self._change = clock, threading.Condition()
        self._count, self._since, self._open_until = 0, 0.0, 0.0
        self._error: BobaoError | None = None

    def check(self) -> None:
        """Raise the error that it was opened with while it is open."""
        with self._change:
            if self._error is None:
                return
            if self._clock() < self._open_until:
                raise type(self._error)(self._error.what, advice=self._error.advice)
            self._open_until = self._clock() + self._rest_s  # this caller tries for all

    def pause(self, seconds: float, over: Callable[[], bool] = lambda: False) -> None:
        """Wait before another try; no longer than it stays closed, or than until it is `over`."""
        with self._change:
            self._change.wait_for(lambda: self._error is not None or over(), timeout=seconds)

    def wake(self) -> None:
        """Have those who wait see whether it is over."""
        with self._change:
            self._change.notify_all()

    def succeeded(self) -> None:
        """Tell that a request went well."""
        with self._change:
            self._count, self._error = 0, None

    def failed(self, error: BobaoError, *, everywhere: bool) -> None:
        """Tell of a failed try; `everywhere`: no other would fare better, so it opens at once."""
        with self._change:
            if not self._count:
                self._since = self._clock()
            self._count += 1
            lasting = self._clock() - self._since >= self._failing_s
            if everywhere or (self._count >= self._failures and lasting) or self._error:
                self._error, self._open_until = error, self._clock() + self._rest_s
                self._change.notify_all()
