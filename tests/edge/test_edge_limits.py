"""The limiter and the breaker, by a clock that the test moves."""

from __future__ import annotations

import threading

import pytest

from bobao.errors import BobaoError
from bobao.voices.edge.limits import Breaker, Limiter
from bobao.voices.engine import GaveUp


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_complaint_halves_the_requests_once_for_all_under_way() -> None:
    limiter = Limiter(4)
    with limiter.slot() as one, limiter.slot() as two:
        limiter.complained(one, 0)
        limiter.complained(two, 0)
    assert limiter.allowed == 2
    with limiter.slot() as later:
        limiter.complained(later, 0)
    assert limiter.allowed == 1
    with limiter.slot() as last:
        limiter.complained(last, 0)
    assert limiter.allowed == 1


def test_a_round_of_successes_allows_one_more() -> None:
    limiter = Limiter(4)
    with limiter.slot() as current:
        limiter.complained(current, 0)
    limiter.succeeded()
    limiter.succeeded()
    assert 2.8 < limiter.allowed <= 3
    for _ in range(100):
        limiter.succeeded()
    assert limiter.allowed == 4


def test_all_rest_after_a_complaint() -> None:
    clock = Clock()
    limiter = Limiter(4, clock)
    with limiter.slot() as current:
        limiter.complained(current, 30)
    assert limiter._wait() == 30
    clock.now = 31
    assert limiter._wait() is None


def broken(clock: Clock) -> Breaker:
    return Breaker(failures=3, failing_s=10, rest_s=60, clock=clock)


def test_it_opens_after_failures_that_last() -> None:
    clock = Clock()
    breaker, error = broken(clock), GaveUp("down", advice="wait")
    for _ in range(5):
        breaker.failed(error, everywhere=False)  # many, but all in a moment
    breaker.check()
    clock.now = 10
    breaker.failed(error, everywhere=False)
    with pytest.raises(GaveUp, match="down") as caught:
        breaker.check()
    assert caught.value.advice == "wait"


def test_a_success_between_keeps_it_closed() -> None:
    clock = Clock()
    breaker, error = broken(clock), BobaoError("down")
    for step in range(20):
        clock.now = step * 10
        breaker.failed(error, everywhere=False)
        if step % 2:
            breaker.succeeded()
    breaker.check()


def test_after_a_rest_one_caller_tries_for_all() -> None:
    clock = Clock()
    breaker, error = broken(clock), BobaoError("down")
    breaker.failed(error, everywhere=True)
    for now in (0.0, 59.0):
        clock.now = now
        with pytest.raises(BobaoError):
            breaker.check()
    clock.now = 61
    breaker.check()
    with pytest.raises(BobaoError):
        breaker.check()  # another caller, at the same time
    breaker.failed(error, everywhere=False)
    clock.now = 120
    with pytest.raises(BobaoError):
        breaker.check()
    clock.now = 122
    breaker.check()
    breaker.succeeded()
    breaker.check()
    breaker.check()


def test_nobody_goes_on_waiting_when_it_opens() -> None:
    breaker = broken(Clock())
    waiting = threading.Thread(target=breaker.pause, args=(60,))
    waiting.start()
    breaker.failed(BobaoError("down"), everywhere=True)
    waiting.join(10)
    assert not waiting.is_alive()
