"""Seeded runs of the whole command against a service that misbehaves, and what became of them.

``python tests/edge/edge_storm.py 200`` prints the table. Each run is ``bobao voice`` on one script
in a fresh take store; its end is compared with what could be: a run whose every fault passes must
succeed with all of the text, by ear; one with a fault that stays must fail, in time, with advice.
"""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[i]) for i in (0, 2)]

from edge_service import LOST, REFUSALS, WAITS, WELL, Conduct, Service, first, said

from bobao import cli
from bobao.voices import registry
from bobao.voices.dry import ToneEngine
from bobao.voices.edge.engine import EdgeEngine
from bobao.voices.edge.limits import Settings
from bobao.voices.engine import Speech, Utterance

LINES = (
    "今天多云。", "最高气温二十六度。", "公园建在家门口。", "居民出门就能散步。",
    "路灯也装好了。", "明天有雨，请带伞。", "5G网络已经覆盖。",
)  # fmt: skip
SCRIPT = "---\nslug: storm\ntitle: 天气\nengine: edge\n---\n\n# 天气\n\n{}\n"
BOUND_S = 60.0
"""No run may take longer. The settings allow 40 s for a line, the machine may be busy."""
SICK = LINES[3]


@dataclass
class Plan:
    """What the service does in a run; `passes`: all of it passes, None: that cannot be told."""

    family: str
    passes: bool | None
    script: Callable[[int], Conduct] = field(default=lambda number: WELL)
    by_text: Callable[[str, int], Conduct] | None = None


@dataclass(frozen=True)
class Run:
    """How a run ended."""

    family: str
    passes: bool | None
    code: int
    lost: int  # lines without their sound, though it exited with 0
    seconds: float
    said: str


def plan(seed: int) -> Plan:
    """The plan of a seed: the families in turn, the rest by chance."""
    chance = random.Random(seed)
    return FAMILIES[seed % len(FAMILIES)](chance)


def _faults(chance: random.Random) -> list[Conduct]:
    return chance.sample([*LOST.values(), *WAITS.values()], 6)


def _passing(chance: random.Random) -> Plan:
    faults, sick = _faults(chance), {line: chance.randrange(4) for line in LINES}
    doors = {chance.randrange(1, 20): conduct for conduct in REFUSALS.values()}

    def by_text(text: str, tries: int) -> Conduct:
        return faults[(len(text) + tries) % 6] if tries < sick.get(text, 0) else WELL

    return Plan(
        "every line faulty up to 3 times, 4 refused", True, lambda n: doors.get(n, WELL), by_text
    )


def _burst(chance: random.Random) -> Plan:
    refusal = Conduct(status=chance.choice([429, 503]), retry_after=chance.choice(["", "0"]))
    return Plan(
        "a burst of 3 to 7 times 429 or 503", True, first(*[refusal] * chance.randint(3, 7))
    )


def _slow(chance: random.Random) -> Plan:
    conduct = Conduct(latency_s=chance.uniform(0.05, 0.2), pace=chance.uniform(8, 30))
    return Plan("slow: late, and in drops", True, first(then=conduct))


def _clock(chance: random.Random) -> Plan:
    skew = chance.choice([-1, 1]) * chance.uniform(400, 90_000)
    return Plan(
        "403 until the clock is allowed for", True, first(*[Conduct(status=403, skew_s=skew)] * 2)
    )


def _dead(chance: random.Random) -> Plan:
    conducts = [
        *REFUSALS.values(),
        *WAITS.values(),
        Conduct(status=403, skew_s=None),
        Conduct(status=404),
    ]
    return Plan("refuses or is silent for good", False, first(then=chance.choice(conducts)))


def _sick(chance: random.Random) -> Plan:
    fault = chance.choice(list(LOST.values()))
    return Plan(
        "one line faulty for good",
        False,
        by_text=lambda text, tries: fault if text == SICK else WELL,
    )


def _dies(chance: random.Random) -> Plan:
    alive, fault = chance.randint(1, 4), chance.choice([*LOST.values(), *REFUSALS.values()])
    return Plan("dies after some lines", False, first(*[WELL] * alive, then=fault))


def _wild(chance: random.Random) -> Plan:
    faults = [*LOST.values(), *WAITS.values(), *REFUSALS.values()]
    fates = [chance.choice(faults) if chance.random() < 0.45 else WELL for _ in range(400)]
    return Plan("every request faulty by 45 %", None, lambda number: fates[number % 400])


FAMILIES = (_passing, _burst, _slow, _clock, _dead, _sick, _dies, _wild)


class Witness(EdgeEngine):
    """Keeps what was said."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.heard: dict[str, Speech] = {}

    def speak(self, utterance: Utterance) -> Speech:
        self.heard[utterance.text] = super().speak(utterance)
        return self.heard[utterance.text]


WITNESS: list[Witness] = []


def witness() -> Witness:
    """What the registry calls for the engine `edge`."""
    return WITNESS[-1]


class Storm:
    """A workspace and a service for many runs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.service = folder, Service()
        with _silent():
            cli.run(["init", str(folder)])
        (folder / "scripts" / "storm.md").write_text(SCRIPT.format("\n".join(LINES)), "utf-8")
        for line in LINES:
            said(line)

    def run(self, seed: int) -> Run:
        """One run in an empty take store."""
        from edge_tts.drm import DRM

        DRM.clock_skew_seconds = 0.0
        planned, service = plan(seed), self.service
        service.script, service.by_text, service.doors = planned.script, planned.by_text, 0
        service.asked.clear()
        shutil.rmtree(self.folder / "audio" / "takes", ignore_errors=True)
        settings = Settings(
            url=service.url,
            idle_s=0.8,
            request_s=5.0,
            total_s=30.0,
            backoff=0.01,
            failures=40,
            failing_s=5.0,
        )
        WITNESS[:] = [Witness(settings)]
        registry.engine.cache_clear()
        old, registry.BUILT_IN["edge"] = registry.BUILT_IN["edge"], f"{__name__}:witness"
        started = time.monotonic()
        try:
            with _silent() as told:
                code = cli.run(["voice", "storm", "--workspace", str(self.folder), "--plain"])
        finally:
            registry.BUILT_IN["edge"] = old
            registry.engine.cache_clear()
        seconds = time.monotonic() - started
        lost = (
            sum(not _whole(WITNESS[-1].heard.get(line), line) for line in LINES) if code == 0 else 0
        )
        return Run(planned.family, planned.passes, code, lost, seconds, told.getvalue())


@contextlib.contextmanager
def _silent():
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        yield told


def _whole(speech: Speech | None, text: str) -> bool:
    """Whether the speech is the tones of the text, all of them, in step."""
    if speech is None:
        return False
    tone = ToneEngine().speak(Utterance(text, "tone"))
    if [(m.start, m.end) for m in speech.marks] != [(m.start, m.end) for m in tone.marks]:
        return False
    size = len(tone.samples)
    ours = speech.samples[30 * 24 :][:size]
    best = max(
        np.corrcoef(ours[100 + lag : -200], tone.samples[100 : len(ours) - 200 - lag])[0, 1]
        for lag in range(24)
    )
    return abs(len(speech.samples) - size - 60 * 24) < 30 * 24 and best > 0.9


def faults(run: Run) -> list[str]:
    """What is wrong with how a run ended."""
    return [
        fault
        for fault, found in {
            "exit 0 with missing text": run.lost > 0,
            "over its time": run.seconds > BOUND_S,
            "failed though it could succeed": run.passes is True and run.code != 0,
            "succeeded though it could not": run.passes is False and run.code == 0,
            "neither 0 nor 1": run.code not in {0, 1},
            "no advice": run.code == 1 and "error: " not in run.said,
        }.items()
        if found
    ]


def table(runs: list[Run]) -> str:
    """One row a family."""
    rows = [
        "| the service | runs | said whole | gave up | text missing, exit 0 | over its time | wrong end | longest, s |",
        "| --- |" + " ---: |" * 7,
    ]
    for family in dict.fromkeys(run.family for run in runs):
        mine = [run for run in runs if run.family == family]
        found = Counter(fault for run in mine for fault in faults(run))
        wrong = sum(
            count
            for fault, count in found.items()
            if fault not in {"exit 0 with missing text", "over its time"}
        )
        cells = [
            len(mine),
            sum(r.code == 0 for r in mine),
            sum(r.code == 1 for r in mine),
            found["exit 0 with missing text"],
            found["over its time"],
            wrong,
        ]
        rows.append(
            f"| {family} | "
            + " | ".join(map(str, cells))
            + f" | {max(r.seconds for r in mine):.1f} |"
        )
    return "\n".join(rows)


def main() -> None:
    """Run as many seeds as asked for, print the table, and fail where a run ended wrongly."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    sys.modules["edge_storm"] = sys.modules["__main__"]
    with tempfile.TemporaryDirectory() as folder:
        storm = Storm(Path(folder))
        runs = []
        for seed in range(count):
            runs.append(storm.run(seed))
            for fault in faults(runs[-1]):
                print(f"seed {seed} ({runs[-1].family}): {fault}\n{runs[-1].said}", file=sys.stderr)
        storm.service.stop()
    print(table(runs))
    sys.exit(any(faults(run) for run in runs))


if __name__ == "__main__":
    main()
