"""The engine `edge`: Microsoft's online neural voices, asked for and proved piece by piece."""

from __future__ import annotations

import functools
import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bobao.errors import BobaoError
from bobao.model import Span, audible
from bobao.pronounce.respell import Respelling, respelt
from bobao.station import versions
from bobao.voices.edge import voicelist
from bobao.voices.edge.answer import Proved, proved
from bobao.voices.edge.assembly import assembled, pieces
from bobao.voices.edge.client import Client, Settings, from_environment
from bobao.voices.edge.faults import Fault, Kind, final
from bobao.voices.engine import Speech, Utterance, VoiceInfo

RATES = (0.5, 2.0)
"""What the service takes: from half its pace (−50 %) to twice (+100 %)."""
LONGEST_WAIT_S = 20.0
SLOWEST_CHARACTER_S = 0.4
"""A generous length for one character, from which follows how long a request may last."""
_VOICE = re.compile(r"[a-z]{2,3}-[A-Z]{2}-[A-Za-z-]+Neural\Z")


class Gate:
    """How many requests the service gets at a time, and whether it gets any.

    Additive increase, multiplicative decrease: a complaint halves the number at a time, once for
    all the requests that were under way together; a round of successes raises it by one. The gate
    is shut after so many failures on end that took so long, or when told; after a rest one caller
    may try: success opens it, failure shuts it again.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.allowed = float(settings.at_once)
        self._settings, self._clock, self._change = settings, clock, threading.Condition()
        self._busy = self._round = self._failed = 0
        self._rest_until = self._since = self._shut_until = 0.0
        self._error: BobaoError | None = None

    @contextmanager
    def turn(self, over: Callable[[], bool] = lambda: False) -> Iterator[int]:
        """Wait for a turn and hold it; yields the round, which `complained` wants back.

        Once it is `over` nobody has to wait. Raises the error that shut the gate while it is shut.
        """
        with self._change:
            while (wait := self._wait()) is not None and not over():
                self._change.wait(wait or None)
            if self._error:
                if self._clock() < self._shut_until:
                    raise type(self._error)(self._error.what, advice=self._error.advice)
                self._shut_until = self._clock() + self._settings.rest_s  # this one tries for all
            self._busy += 1
            current = self._round
        try:
            yield current
        finally:
            with self._change:
                self._busy -= 1
                self._change.notify_all()

    def _wait(self) -> float | None:
        """How long to wait: 0 for a turn to be given back, None not at all."""
        if self._busy >= int(self.allowed):
            return 0.0
        rest = self._rest_until - self._clock()
        return rest if rest > 0 else None

    def pause(self, seconds: float, over: Callable[[], bool] = lambda: False) -> None:
        """Wait before another try; no longer than the gate is open, or than until it is `over`."""
        with self._change:
            self._change.wait_for(lambda: self._error is not None or over(), timeout=seconds)

    def wake(self) -> None:
        """Have those who wait see whether it is over."""
        with self._change:
            self._change.notify_all()

    def succeeded(self) -> None:
        """Tell that a request went well."""
        with self._change:
            self.allowed = min(self._settings.at_once, self.allowed + 1 / self.allowed)
            self._failed, self._error = 0, None
            self._change.notify_all()

    def complained(self, current: int, rest_s: float) -> None:
        """Tell that the service wants less, of a request of round `current`; all rest `rest_s`."""
        with self._change:
            self._rest_until = max(self._rest_until, self._clock() + rest_s)
            if current == self._round:
                self._round += 1
                self.allowed = max(1.0, self.allowed / 2)

    def failed(self, error: BobaoError, *, everywhere: bool) -> None:
        """Tell of a failed try; `everywhere`: no other would fare better, so it shuts at once."""
        with self._change:
            if not self._failed:
                self._since = self._clock()
            self._failed += 1
            lasting = self._clock() - self._since >= self._settings.failing_s
            many = self._failed >= self._settings.failures and lasting
            if everywhere or many or self._error:
                self._error, self._shut_until = error, self._clock() + self._settings.rest_s
                self._change.notify_all()


class EdgeEngine:
    """Speaks through the service. All waiting, trying again and giving up is done in `speak`."""

    name = "edge"
    at_once = 8  # more than the requests at a time: while some wait, others prove and store

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or from_environment()
        self._client = Client(self.settings)
        self._gate = Gate(self.settings)

    version = versions.named(name)  # of what we do to text and sound: the service tells no own

    def recipe(self, utterance: Utterance) -> str:
        """What is sent for an utterance, and what in its text the parts of that stand for.

        Raises `BobaoError` where `speak` would.
        """
        _check(utterance)
        spans = [[span.written, span.spoken] for span in _respelt(utterance).spans]
        parts = [self.version, utterance.voice, _percent(utterance.rate), spans]
        return json.dumps(parts, ensure_ascii=False)

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The Chinese voices, as the service last told, else as in our table. Asks nobody."""
        return voicelist.voices()

    def update_voices(self, *, now: bool = False) -> str:
        """Ask the service for its voices unless that was done today; `now`: in any case.

        Returns, in words, where the list of `voices` is from: a service that cannot be reached is
        no error here.
        """
        return voicelist.updated(self._client.voices, time.time(), now=now)

    def speak(self, utterance: Utterance) -> Speech:
        """Say the whole of an utterance.

        Raises `GaveUp` where the service cannot be made to, and `BobaoError` for a rate or voice
        there is not, for nothing to say, and for a reading that no spelling gives: the service
        takes nothing but text.
        """
        _check(utterance)
        respelling, began = _respelt(utterance), self._client.stops
        spoken = respelling.spoken
        ranges = pieces(spoken)
        parts = [self._said(spoken[start:end], utterance, began) for start, end in ranges]
        return assembled(respelling, ranges, parts, utterance.rate)

    def stop(self) -> None:
        """Have every `speak` that is under way end at once, with `CancelledError`."""
        self._client.stop()
        self._gate.wake()

    def _said(self, text: str, utterance: Utterance, began: int) -> Proved:
        """One piece, tried as often as its faults are worth it."""
        over, tries = time.monotonic() + self.settings.total_s, Counter[Kind]()
        while True:
            try:
                return self._tried(text, utterance, began)
            except Fault as fault:  # noqa: PERF203 - each round is a request
                treatment = fault.treatment
                tries[fault.kind] += 1
                # Full jitter: anything up to a time that doubles, after what the service asked for.
                longest = min(treatment.wait_s * 2.0 ** tries[fault.kind], LONGEST_WAIT_S)
                jitter = random.uniform(0, longest * self.settings.backoff)  # noqa: S311
                delay = fault.retry_after + jitter
                last = tries[fault.kind] >= treatment.tries or time.monotonic() + delay > over
                error = final(fault, tries.total())
                self._gate.failed(error, everywhere=last and treatment.everywhere)
                if last:
                    raise error from fault
                self._gate.pause(delay, lambda: self._client.stops != began)

    def _tried(self, text: str, utterance: Utterance, began: int) -> Proved:
        settings, rate = self.settings, utterance.rate
        limit_s = settings.request_s + len(text) * SLOWEST_CHARACTER_S / rate
        with self._gate.turn(lambda: self._client.stops != began) as current:
            try:
                answer = self._client.say(text, utterance.voice, _percent(rate), limit_s, began)
            except Fault as fault:
                if fault.treatment.slows:
                    rest = fault.retry_after or fault.treatment.wait_s * settings.backoff / 2
                    self._gate.complained(current, rest)
                known = {info.name for info in self.voices()}
                if fault.kind is Kind.NO_AUDIO and utterance.voice not in known:
                    raise Fault(Kind.VOICE, utterance.voice) from fault
                raise
        sound = proved(answer, text, rate)
        self._gate.succeeded()
        return sound


def _check(utterance: Utterance) -> None:
    slowest, fastest = RATES
    if not slowest <= utterance.rate <= fastest:
        raise BobaoError(
            f"the online voice cannot speak at {utterance.rate:g} times its pace",
            advice=f"Choose a rate from {slowest:g} to {fastest:g}.",
        )
    if not audible(utterance.text):
        raise BobaoError("there is nothing to say", where=f"“{utterance.text}”")
    if not _VOICE.match(utterance.voice):
        raise BobaoError(
            f"the engine “edge” has no voice “{utterance.voice}”",
            advice=Kind.VOICE.value.advice,
        )


def respelling_of(utterance: Utterance) -> Respelling:
    """The text as it is sent, in same-sound spelling where a reading is fixed."""
    text, readings, lexicon = utterance.text, utterance.readings, utterance.lexicon
    if not readings and not lexicon.entries:
        return Respelling((Span(text, text),))
    return respelt(text, readings, lexicon)


@functools.lru_cache(maxsize=1024)
def _respelt(utterance: Utterance) -> Respelling:
    """The text as it is sent; raises `BobaoError` where it cannot be sent as it has to be read."""
    found = respelling_of(utterance)
    for doubt in found.doubts:
        raise BobaoError(
            f"the online voice cannot be made to say “{doubt.text}” as {doubt.pinyin}: "
            "no other characters sound like it",
            where=f"“{utterance.text}”",
            advice=f"Write what should be said, as {{{doubt.text}|…}} in the script, or use the "
            "built-in voice: --engine kokoro.",
        )
    return found


def _percent(rate: float) -> str:
    return f"{round((rate - 1) * 100):+d}%"
