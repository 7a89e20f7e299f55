"""onnxruntime sessions that behave on a shared machine and may be used from several threads.

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

import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from bobao.errors import BobaoError

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
    try:  # without its own fallback, which prints and goes on by the processor
        session = onnxruntime.InferenceSession(graph, options, providers=given, enable_fallback=0)
    except Exception as error:
        if wanted == CPU:
            raise
        raise _not_started(wanted, error) from error
    if wanted not in session.get_providers():  # onnxruntime only logs it and goes on without
        raise _not_started(wanted)
    return session


def _not_started(wanted: str, error: Exception | None = None) -> BobaoError:
    # onnxruntime writes “<its own source> … <what the driver said> ; <where it was>”
    why = str(error or "").split(" ; ")[0][-90:].partition(" ")[2]
    return BobaoError(
        f"onnxruntime could not start {wanted}" + (f": …{why}" if why else ""),
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
