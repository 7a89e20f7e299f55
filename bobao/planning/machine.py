"""What work costs on this machine: measured with one sentence a voice, when it is first asked for.

Seconds are those of a processor (they hardly depend on what else the machine does), or of waiting
for a service.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from bobao.model import RATE, Header, Line, Script, Section, Span
from bobao.planning.lengths import plain_ms
from bobao.voices import registry
from bobao.voices.engine import Engine, Utterance
from bobao.voices.store import Store

T = TypeVar("T")

SENTENCE = (
    "今年以来，全县新建改建农村公路一百二十六公里，完成投资三点八亿元；"
    "未来三天以多云天气为主，请大家出门时注意行车安全。"
)
"""What a voice is measured with: figures, short and long clauses, as news has them."""

ONLINE: Mapping[str, float] = {"edge": 1.5}
"""Engines that ask a service, and about how long one request takes in seconds: supposed, and only
measured where a person allows it. Their voices read at the usual pace of news."""

START_S = 2.0
"""What starting a worker costs: Python, dictionaries, the trials of ffmpeg."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Speaking: work in seconds, for a second of speech, for each request and once at the start."""

    each_second: float
    each_request: float = 0.0
    start: float = 0.0


@dataclass(frozen=True, slots=True)
class Finishing:
    """Mixing, verifying and publishing, in seconds of work."""

    bulletin: float
    chapter: float
    second: float

    def of(self, chapters: int, seconds: float) -> float:
        """What a bulletin costs."""
        return self.bulletin + self.chapter * chapters + self.second * seconds

    def times(self, factor: float) -> Finishing:
        """The same on a machine that takes `factor` times as long."""
        return Finishing(self.bulletin * factor, self.chapter * factor, self.second * factor)


KNOWN = Finishing(0.45, 0.35, 0.02)
"""On the machine on which bobao was made. What is measured elsewhere is one mix: `KNOWN_MIX_S`."""
KNOWN_MIX_S = 0.6
"""Mixing `SENTENCE` there."""


@dataclass(slots=True)
class Machine:
    """Measures when first asked; `basis` tells what has been measured and what supposed.

    With `ask` an online service may be asked for one sentence a voice.
    """

    ask: bool = False
    basis: list[str] = field(default_factory=list)
    _paces: dict[tuple[str, str], float] = field(default_factory=dict)
    _costs: dict[str, Cost] = field(default_factory=dict)
    _finishing: Finishing | None = None

    def pace(self, engine: Engine, voice: str) -> float:
        """How many times as long as `plain_ms` a voice takes. Raises what the engine raises."""
        if (engine.name, voice) not in self._paces:
            self._hear(engine, voice)
        return self._paces[engine.name, voice]

    def cost(self, engine: Engine) -> Cost:
        """What speaking costs, by the first of its voices that was heard."""
        if engine.name not in self._costs:
            self._hear(engine, engine.voices()[0].name)
        return self._costs[engine.name]

    def start_s(self) -> float:
        """What the start of every worker costs, side by side."""
        return max((cost.start for cost in self._costs.values()), default=START_S)

    def finishing(self) -> Finishing:
        """What all the rest costs."""
        if self._finishing is None:
            spent = _mix_s()
            self._finishing = KNOWN.times(spent / KNOWN_MIX_S)
            self.basis.append(f"mixing: that sentence in {spent:.2f} s, the rest in proportion")
        return self._finishing

    def _hear(self, engine: Engine, voice: str) -> None:
        name, online = engine.name, engine.name in ONLINE
        if online and not self.ask:
            self._paces[name, voice] = 1.0
            self._costs.setdefault(name, Cost(0.02, ONLINE[name], START_S))
            self.basis.append(
                f"{name}, {voice}: supposed, not measured: the usual pace of news, "
                f"{ONLINE[name]:g} s a request; the service was not asked"
            )
            return
        start = 0.0
        if name not in self._costs and not online:
            start, _ = _measured(lambda: engine.speak(Utterance("好。", voice)))
        clock, sentence = time.monotonic(), Utterance(SENTENCE, voice)
        spent, speech = _measured(lambda: engine.speak(sentence))
        waited = time.monotonic() - clock - spent if online else 0.0
        seconds = len(speech.samples) / RATE
        self._paces[name, voice] = seconds * 1000 / plain_ms(sentence)
        cost = Cost(spent / seconds, waited, START_S + start)
        self._costs.setdefault(name, cost)
        self.basis.append(
            f"{name}, {voice}: one sentence of {seconds:.1f} s said in {spent + waited:.2f} s"
        )


def _measured(work: Callable[[], T]) -> tuple[float, T]:
    """The seconds of processor that work took, with those of programs it started."""
    before = os.times()
    made = work()
    return sum(os.times()[:4]) - sum(before[:4]), made


def _mix_s() -> float:
    """The seconds of processor for mixing one sentence; what it needs is started beforehand."""
    from bobao.mixing import encode
    from bobao.mixing.mix import mix
    from bobao.mixing.options import MixOptions

    line = Line((Span(SENTENCE, SENTENCE),))
    script = Script(Header("sentence", SENTENCE), (Section(line, ()),))
    options = MixOptions(engine="tone", engine_version="", voice="tone")
    encode.loss(options.bitrate)
    with tempfile.TemporaryDirectory(prefix="bobao-") as folder:
        store = Store(Path(folder) / "takes")
        take = store.save("0" * 32, registry.engine("tone").speak(Utterance(SENTENCE, "tone")))
        out = Path(folder) / "out"
        spent, _ = _measured(lambda: mix(script, ((take,),), store.samples, out, options))
    return spent
