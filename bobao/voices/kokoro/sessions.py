"""onnxruntime sessions that behave on a shared machine and may be used from several threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bobao.errors import BobaoError


def open_session(graph: bytes) -> Any:
    """A session for an ONNX graph: one thread, no spinning, no memory plan (shapes vary).

    `run` on it is safe from several threads: lines are spoken side by side, each in one thread.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_mem_pattern = False
    options.log_severity_level = 3  # errors only: its warnings go to the terminal past us
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


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
