"""The proof that this machine computes rightly: lines said as they should sound."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bobao import files
from bobao.errors import BobaoError
from bobao.model import RATE
from bobao.voices.engine import Samples
from bobao.voices.kokoro import model, sessions
from bobao.voices.kokoro.voicing import FRAME, Durations, Inputs, Sounder, inputs

RIGHT = "onnxruntime>=1.25.1,<1.33 (on Python 3.10: onnxruntime==1.20.1)"
"""Versions that computed rightly on every processor that they were tried on."""
LENGTH = 0.08
"""The share of its length by which a line may differ. Six right runtimes and processors: 0.01."""
LIKENESS_DB = 3.0
"""How far a line's levels, phoneme by phoneme and band by band, may be from those it should have.
Right runtimes: 0.5; half as loud: 4.3; another voice: 5.7; almost silence: 14."""
_EDGES_HZ = (100, 300, 600, 1000, 1700, 2800, 4500, 8000)
_RANGE_DB, _HEARD_DB = 40.0, 30.0
"""So far under a line's loudest nothing is compared, and a phoneme is heard."""
OUTPUTS = ("x", "f0", "s", "durations")
"""What a front half gives."""
_TELLING = ("model name", "flags", "features", "cpu part")  # of a processor, in /proc/cpuinfo

Levels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A line as it should be: its tokens, how many frames it has, and `levels` of its tokens."""

    voice: str
    tokens: tuple[int, ...]
    frames: int
    levels: Levels

    def inputs(self) -> Inputs:
        """What the model is given for it."""
        return inputs(self.tokens, model.styles(self.voice), 1.0)

    def fault(self, samples: Samples, durations: Durations) -> str:
        """What is wrong with how it was said; empty where nothing is."""
        frames = int(durations.sum())
        if abs(frames - self.frames) > LENGTH * self.frames or len(samples) != frames * FRAME:
            return f"{len(samples) / RATE:.2f} s long instead of {self.frames * FRAME / RATE:.2f}"
        apart = unlikeness(levels(samples, durations), self.levels)
        return f"its levels are {apart:.0f} dB beside what they should be" * (
            not apart <= LIKENESS_DB  # nor a number that is none
        )


def lines() -> tuple[ReferenceLine, ...]:
    """The lines of ``data/reference.json``."""
    file = resources.files("bobao.voices.kokoro") / "data" / "reference.json"
    rows: list[dict[str, Any]] = json.loads(file.read_bytes())
    return tuple(
        ReferenceLine(
            row["voice"], tuple(row["tokens"]), row["frames"], np.array(row["levels"], float)
        )
        for row in rows
    )


def levels(samples: Samples, durations: Durations) -> Levels:
    """Of each token, start and end included, the level in seven bands, in decibels."""
    frames = samples.astype(np.float64).reshape(-1, FRAME) * np.hanning(FRAME)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    hz = np.arange(power.shape[1]) * RATE / FRAME
    cuts = np.searchsorted(hz, _EDGES_HZ)
    bands = np.add.reduceat(power[:, : cuts[-1]], cuts[:-1], axis=1)
    parts = np.split(bands, np.cumsum(durations)[:-1])
    means = [part.mean(axis=0) if len(part) else np.zeros(len(cuts) - 1) for part in parts]
    return np.asarray(10 * np.log10(np.array(means) + 1e-9))


def unlikeness(one: Levels, right: Levels) -> float:
    """The mean difference in decibels, where there is something to hear."""
    top = float(right.max())
    heard = right.max(axis=1) > top - _HEARD_DB
    ours, theirs = (np.maximum(each, top - _RANGE_DB)[heard] for each in (one, right))
    return float(np.abs(ours - theirs).mean())


def quicker(
    usual: Callable[[], bytes], other: Callable[[], bytes], graphs: str, *, runs: int = 3
) -> Any:
    """A session for the graph `other` where it computes what `usual` does, and sooner; for `usual`.

    Both must give exactly the same for the first of the lines. What was found is kept for this
    runtime and processor; `graphs` tells these graphs from others. Whichever it is, the samples are
    the same, so a clock may decide.
    """
    path = files.user_cache() / "kokoro" / "proved" / f"{_name(f'{graphs} quicker')}.txt"
    with suppress(OSError):
        return sessions.open_session(usual() if path.read_text("ascii") == "usual\n" else other())
    both = [sessions.open_session(graph()) for graph in (usual, other)]
    given = lines()[0].inputs()
    said = [sessions.run(session, OUTPUTS, given) for session in both]
    alike = all(np.array_equal(*pair) for pair in zip(*said, strict=True))
    spent = [min(_seconds(session, given) for _ in range(runs)) for session in both]
    chosen = int(alike and spent[1] < spent[0])
    with suppress(BobaoError):
        files.write_text(path, ("usual\n", "other\n")[chosen])
    return both[chosen]


def _seconds(session: Any, given: Inputs) -> float:
    start = time.thread_time()
    sessions.run(session, OUTPUTS, given)
    return time.thread_time() - start


def prove(sounder: Sounder, graphs: str) -> None:
    """Have `sounder` say the lines, unless this runtime is known to say them right.

    `graphs` tells the graphs from others. Raises `BobaoError` where it says them wrongly.
    """
    path = files.user_cache() / "kokoro" / "proved" / f"{_name(graphs)}.txt"
    with suppress(OSError):
        if path.is_file():
            return
    for line in lines():
        if fault := line.fault(*sounder(line.inputs())):
            raise BobaoError(
                f"the voice does not sound right with onnxruntime {_runtime()} on this processor: "
                f"a line that it says to prove itself is {fault}",
                advice=f"Nothing was recorded. Install another one: pip install '{RIGHT}'",
            )
    with suppress(BobaoError):  # then it is proved again next time
        files.write_text(path, f"onnxruntime {_runtime()} on {_processor()[:200]}\n")


def _name(graphs: str) -> str:
    reference = json.dumps([[line.tokens, line.levels.tolist()] for line in lines()])
    told = [_runtime(), sessions.chosen(), _processor(), graphs, reference, str(LIKENESS_DB)]
    return files.sha256("\n".join(told).encode("utf-8"))[:32]


def _runtime() -> str:
    import onnxruntime

    return str(onnxruntime.__version__)


def _processor() -> str:
    """What tells this machine's processor from others that may compute otherwise."""
    told = [platform.machine(), platform.processor()]
    with suppress(OSError):
        cores = Path("/proc/cpuinfo").read_text("utf-8", errors="replace").split("\n\n")
        rows = [row for row in cores[0].splitlines() if row.lower().startswith(_TELLING)]
        told += [" ".join(row.split()) for row in rows]
    return "; ".join(told)
