"""The circuit breaker: a service that is down is left alone, and nobody waits for it in turn."""

from __future__ import annotations

import threading
from collections.abc import Callable

from bobao.errors import BobaoError
from bobao.voices.edge.limiter import Clock


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
