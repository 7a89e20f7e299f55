"""onnxruntime sessions that behave on a shared machine and may be used from several threads.

They run on the processor, or where ``BOBAO_PROVIDER`` says: on a graphics card, if the onnxruntime
that is installed offers one (its packages: ``onnxruntime-gpu``, ``onnxruntime-directml``; the plain
one has Core ML on a Mac). The sound differs by less than rounding to 16 bits can hide or show, so
takes are the same whoever made them: the choice is no part of their names.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from bobao.errors import BobaoError

VARIABLE = "BOBAO_PROVIDER"
CPU = "CPUExecutionProvider"
PROVIDERS = {
    "cuda": "CUDAExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "cpu": CPU,
}
"""What may be asked for, and onnxruntime's names. ``auto`` is the first of them that is offered."""
AUTO = "auto"
ONE_AT_A_TIME = frozenset({"DmlExecutionProvider"})
"""Providers whose sessions may not be run by two threads at once."""


def open_session(graph: bytes) -> Any:
    """A session for an ONNX graph: one thread, no spinning, no memory plan (shapes vary).

    `run` on it is safe from several threads: lines are spoken side by side, each in one thread.
    Raises `BobaoError` where ``BOBAO_PROVIDER`` asks for what there is not.
    """
    import onnxruntime

    wanted = provider(os.environ.get(VARIABLE, ""), onnxruntime.get_available_providers())
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_mem_pattern = False
    options.log_severity_level = 3  # errors only: its warnings go to the terminal past us
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    given = list(dict.fromkeys((wanted, CPU)))  # what a card cannot do is done by the processor
    session = onnxruntime.InferenceSession(graph, options, providers=given)
    if wanted not in session.get_providers():  # onnxruntime only logs it and goes on without
        raise BobaoError(
            f"onnxruntime could not start {wanted}",
            where=VARIABLE,
            advice="Check the driver and its libraries, or unset the variable: the processor "
            "speaks too.",
        )
    return _Locked(session) if wanted in ONE_AT_A_TIME else session


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
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, RuntimeException

    try:
        return list(session.run(list(outputs), dict(inputs)))
    except (Fail, RuntimeException) as error:
        raise BobaoError(
            f"the voice model failed: {str(error).splitlines()[0]}",
            advice="Free some memory, or speak fewer lines at once, and run again.",
        ) from error
