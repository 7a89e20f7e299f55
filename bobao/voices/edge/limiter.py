"""How many requests there may be at a time: fewer when the service complains, slowly more again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
