"""onnxruntime: sessions that behave on a shared machine, and the proof that it computes rightly.

They run on the processor. Where ``BOBAO_PROVIDER`` asks for a graphics card, and the onnxruntime
that is installed offers one (its packages: ``onnxruntime-gpu``, ``onnxruntime-directml``; the plain
one has Core ML on a Mac), the fast decoder runs on it. The published model does not: it is made of
int8 operators (`DynamicQuantizeLinear`, `MatMulInteger`, `DynamicQuantizeLSTM`) that no card has.
Given to CUDA all the same it was no faster, and changed the durations of 21 of 30 sentences.

Measured on an H100 with onnxruntime 1.31: the decoder's samples are within 3e-6 of the processor's
(one 16-bit sample in 300 differs, by one), durations and marks are the same, and a second of speech
takes 0.05 s instead of 0.06: most of the time is the model's own front half.
"""

from __future__ import annotations

import functools
import json
import os
import platform
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bobao import files
from bobao.errors import BobaoError
from bobao.model import RATE
from bobao.voices.engine import Samples
from bobao.voices.kokoro import model
from bobao.voices.kokoro.voicing import FRAME, Durations, Inputs, Sounder, inputs

VARIABLE = "BOBAO_PROVIDER"
CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
PROVIDERS = {
    "cuda": CUDA,
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "cpu": CPU,
}
"""What may be asked for, and onnxruntime's names. ``auto`` is the first of them that is offered."""
AUTO = "auto"
ONE_AT_A_TIME = frozenset({"DmlExecutionProvider"})
"""Providers whose sessions may not be run by two threads at once."""
SETTINGS = {
    CUDA: {
        "use_tf32": "0",  # with it samples differ by 1e-3
        "cudnn_conv_algo_search": "HEURISTIC",  # every line has another shape: never try them all
    }
}
"""How providers are set up."""


def open_session(graph: bytes, *, on_card: bool = False) -> Any:
    """A session for an ONNX graph: one thread, no spinning, no memory plan (shapes vary).

    `run` on it is safe from several threads: lines are spoken side by side, each in one thread.
    With `on_card` it runs where ``BOBAO_PROVIDER`` says, and nowhere else: raises `BobaoError`
    where that is not there or does not start.
    """
    import onnxruntime

    wanted = chosen() if on_card else CPU
    if wanted == CUDA and hasattr(onnxruntime, "preload_dlls"):
        onnxruntime.preload_dlls()  # the libraries that come as Python packages, if they do
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_mem_pattern = False
    options.log_severity_level = 3  # errors only: its warnings go to the terminal past us
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = _started(onnxruntime, graph, options, wanted)
    return _Locked(session) if wanted in ONE_AT_A_TIME else session


def _started(onnxruntime: Any, graph: bytes, options: Any, wanted: str) -> Any:
    given = [(wanted, SETTINGS.get(wanted, {}))]
    if wanted != CPU:
        given.append((CPU, {}))  # it does what little a card cannot
    why = ""
    try:  # without its own fallback, which prints and goes on by the processor
        session = onnxruntime.InferenceSession(graph, options, providers=given, enable_fallback=0)
        if wanted in session.get_providers():  # else onnxruntime only logs it and goes on without
            return session
    except Exception as error:
        if wanted == CPU:
            raise
        # onnxruntime writes “<its own source> … <what the driver said> ; <where it was>”
        why = ": …" + str(error).split(" ; ")[0][-90:].partition(" ")[2]
    raise BobaoError(
        f"onnxruntime could not start {wanted}{why}",
        where=VARIABLE,
        advice="Check the driver and its libraries, or unset the variable: the processor speaks "
        "too.",
    )


def chosen() -> str:
    """onnxruntime's name for where ``BOBAO_PROVIDER`` says that the decoder runs.

    Raises `BobaoError` like `provider`.
    """
    asked = os.environ.get(VARIABLE, "")
    if asked.strip().lower() in ("", "cpu"):
        return CPU  # without onnxruntime, which takes a while to import
    import onnxruntime

    return provider(asked, onnxruntime.get_available_providers())


def accent() -> str:
    """What an engine adds to its version where its samples may differ by where they were made.

    Nothing for the processor and CUDA, whose samples are the same to within rounding; the others
    are not measured, and may compute in half precision. Raises `BobaoError` like `provider`.
    """
    where = chosen()
    return "" if where in (CPU, CUDA) else f"-{where.removesuffix('ExecutionProvider').lower()}"


def provider(asked: str, offered: Sequence[str]) -> str:
    """onnxruntime's name for the provider that is asked for; the processor where none is.

    Raises `BobaoError` for one that is unknown or not among those `offered`.
    """
    asked = asked.strip().lower() or "cpu"
    ours = {name: theirs for name, theirs in PROVIDERS.items() if theirs in offered}
    if asked == AUTO:
        return next(iter(ours.values()), CPU)
    if asked not in PROVIDERS:
        raise BobaoError(
            f"there is no provider “{asked}”",
            where=VARIABLE,
            advice=f"There are {', '.join((AUTO, *PROVIDERS))}.",
        )
    if asked not in ours:
        raise BobaoError(
            f"the onnxruntime installed here does not offer “{asked}”",
            where=VARIABLE,
            advice=f"It offers {', '.join(ours)}. Install the onnxruntime package made for your "
            "graphics card in place of the plain one, or unset the variable.",
        )
    return ours[asked]


class _Locked:
    """A session that is run by one thread at a time."""

    def __init__(self, session: Any) -> None:
        self._session, self._lock = session, threading.Lock()

    def run(self, outputs: list[str], inputs: dict[str, Any]) -> Any:
        """`session.run`."""
        with self._lock:
            return self._session.run(outputs, inputs)


def run(session: Any, outputs: Sequence[str], inputs: Mapping[str, Any]) -> list[Any]:
    """`session.run`, with its own kind of failure as a `BobaoError`."""
    from onnxruntime.capi.onnxruntime_pybind11_state import EPFail, Fail, RuntimeException

    try:
        return list(session.run(list(outputs), dict(inputs)))
    except (EPFail, Fail, RuntimeException) as error:
        raise BobaoError(
            f"the voice model failed: {str(error).splitlines()[0]}",
            advice="Free some memory, or speak fewer lines at once, and run again.",
        ) from error


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


@functools.cache
def _lines() -> list[dict[str, Any]]:
    """The lines as they should be: voice, tokens, how many frames, the levels of the tokens."""
    file = resources.files("bobao.voices.kokoro") / "data" / "reference.json"
    rows: list[dict[str, Any]] = json.loads(file.read_bytes())
    return rows


def _given(row: dict[str, Any]) -> Inputs:
    """What the model is given for a line."""
    return inputs(row["tokens"], model.styles(row["voice"]), 1.0)


def _fault(row: dict[str, Any], samples: Samples, durations: Durations) -> str:
    """What is wrong with how a line was said; empty where nothing is."""
    frames, wanted = int(durations.sum()), row["frames"]
    if abs(frames - wanted) > LENGTH * wanted or len(samples) != frames * FRAME:
        return f"{len(samples) / RATE:.2f} s long instead of {wanted * FRAME / RATE:.2f}"
    apart = _unlikeness(_levels(samples, durations), np.array(row["levels"], float))
    right = apart <= LIKENESS_DB  # a number that is none is not
    return "" if right else f"its levels are {apart:.0f} dB beside what they should be"


def _levels(samples: Samples, durations: Durations) -> Levels:
    """Of each token, start and end included, the level in seven bands, in decibels."""
    frames = samples.astype(np.float64).reshape(-1, FRAME) * np.hanning(FRAME)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    hz = np.arange(power.shape[1]) * RATE / FRAME
    cuts = np.searchsorted(hz, _EDGES_HZ)
    bands = np.add.reduceat(power[:, : cuts[-1]], cuts[:-1], axis=1)
    parts = np.split(bands, np.cumsum(durations)[:-1])
    means = [part.mean(axis=0) if len(part) else np.zeros(len(cuts) - 1) for part in parts]
    return np.asarray(10 * np.log10(np.array(means) + 1e-9))


def _unlikeness(one: Levels, right: Levels) -> float:
    """The mean difference in decibels, where there is something to hear."""
    top = float(right.max())
    heard = right.max(axis=1) > top - _HEARD_DB
    ours, theirs = (np.maximum(each, top - _RANGE_DB)[heard] for each in (one, right))
    return float(np.abs(ours - theirs).mean())


def _known(graphs: str) -> Path:
    """Where it is kept what is known of this runtime and processor with these graphs."""
    rows = [[row["tokens"], np.array(row["levels"], float).tolist()] for row in _lines()]
    about = [_runtime(), chosen(), _processor(), graphs, json.dumps(rows), str(LIKENESS_DB)]
    name = files.sha256("\n".join(about).encode("utf-8"))[:32]
    return files.user_cache() / "kokoro" / "proved" / f"{name}.txt"


def quicker(
    usual: Callable[[], bytes], other: Callable[[], bytes], graphs: str, *, runs: int = 3
) -> Any:
    """A session for the graph `other` where it computes what `usual` does, and sooner; for `usual`.

    Both must give exactly the same for the first of the lines. What was found is kept for this
    runtime and processor; `graphs` tells these graphs from others. Whichever it is, the samples are
    the same, so a clock may decide.
    """
    path, given = _known(f"{graphs} quicker"), _given(_lines()[0])
    with suppress(OSError):
        return open_session(usual() if path.read_text("ascii") == "usual\n" else other())
    both = [open_session(graph()) for graph in (usual, other)]
    said = [run(session, OUTPUTS, given) for session in both]
    alike = all(np.array_equal(*pair) for pair in zip(*said, strict=True))
    spent = [min(_seconds(session, given) for _ in range(runs)) for session in both]
    better = int(alike and spent[1] < spent[0])
    with suppress(BobaoError):
        files.write_text(path, ("usual\n", "other\n")[better])
    return both[better]


def _seconds(session: Any, given: Inputs) -> float:
    start = time.thread_time()
    run(session, OUTPUTS, given)
    return time.thread_time() - start


def prove(sounder: Sounder, graphs: str) -> None:
    """Have `sounder` say the lines, unless this runtime is known to say them right.

    `graphs` tells versions of what it runs apart. Raises `BobaoError` where a line is wrong.
    """
    path = _known(graphs)
    with suppress(OSError):
        if path.is_file():
            return
    for row in _lines():
        if fault := _fault(row, *sounder(_given(row))):
            raise BobaoError(
                f"the voice does not sound right with onnxruntime {_runtime()} on this processor: "
                f"a line that it says to prove itself is {fault}",
                advice=f"Nothing was recorded. Install another one: pip install '{RIGHT}'",
            )
    with suppress(BobaoError):  # then it is proved again next time
        files.write_text(path, f"onnxruntime {_runtime()} on {_processor()[:200]}\n")


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
