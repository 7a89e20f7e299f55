"""The front half with signed weights: the same numbers, and only where this machine has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from bobao.voices.kokoro import model, runtime
from bobao.voices.kokoro.signed import signed_front

CHANCE = np.random.default_rng(0)


def graph(kernel: int, pads: tuple[int, int], **attributes: Any) -> bytes:
    """A convolution and a product of eight-bit numbers, as the model has them."""
    weights = {
        "kernel": CHANCE.integers(0, 256, (6, 4, kernel), np.uint8),
        "kernel zero": np.array(131, np.uint8),
        "matrix": CHANCE.integers(0, 256, (6, 5), np.uint8),
        "matrix zero": CHANCE.integers(0, 256, 5, np.uint8),
        "zero": np.array(97, np.uint8),
        "turn": np.array([1, 0, 2], np.int64),
    }
    nodes = [
        helper.make_node(
            "ConvInteger", ["x", "kernel", "zero", "kernel zero"], ["c"], pads=pads, **attributes
        ),
        helper.make_node("Cast", ["c"], ["small"], to=TensorProto.UINT8),
        helper.make_node("Transpose", ["small"], ["rows"], perm=[0, 2, 1]),
        helper.make_node("MatMulInteger", ["rows", "matrix", "zero", "matrix zero"], ["y"]),
    ]
    made = helper.make_graph(
        nodes,
        "half",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [1, 4, "t"])],
        [helper.make_tensor_value_info(name, TensorProto.INT32, None) for name in ("c", "y")],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    return bytes(helper.make_model(made, opset_imports=opset, ir_version=8).SerializeToString())


def said(data: bytes, x: np.ndarray[Any, Any]) -> list[Any]:
    return list(runtime.open_session(data).run(["c", "y"], {"x": x}))


@pytest.mark.parametrize(
    ("kernel", "pads", "attributes"),
    [(1, (0, 0), {}), (3, (1, 1), {}), (5, (4, 0), {}), (3, (1, 1), {"strides": [2]})],
)
def test_signed_weights_are_the_same_numbers(kernel, pads, attributes):
    plain = graph(kernel, pads, **attributes)
    signed = signed_front(plain)
    kinds = [node.op_type for node in model_of(signed).graph.node]
    assert kinds.count("ConvInteger") == bool(attributes)  # what it cannot do it leaves
    kinds = {weight.data_type for weight in model_of(signed).graph.initializer}
    assert TensorProto.INT8 in kinds
    for length in (7, 20):
        x = CHANCE.integers(0, 256, (1, 4, length), np.uint8)
        # VNNI or not: a product of four small rows cannot saturate
        for ours, theirs in zip(said(signed, x // 8), said(plain, x // 8), strict=True):
            assert np.array_equal(ours, theirs)


def model_of(data: bytes) -> Any:
    import onnx

    return onnx.load_from_string(data)


@pytest.mark.speech
def test_a_front_that_says_something_else_is_not_taken(monkeypatch, tmp_path):
    made = {"usual": model.front_graph(), "other": model.signed_graph()}
    monkeypatch.setenv("BOBAO_CACHE", str(tmp_path))
    opened: list[str] = []
    real = runtime.open_session

    class Off:
        """A session that computes a little wrongly, and at once."""

        def __init__(self, session: Any) -> None:
            self.session = session

        def run(self, names: list[str], given: dict[str, Any]) -> list[Any]:
            return [value + 1 for value in self.session.run(names, given)]

    def open_session(data: bytes, **options: Any) -> Any:
        opened.append("usual" if data == made["usual"] else "other")
        return real(data, **options) if opened[-1] == "usual" else Off(real(data, **options))

    monkeypatch.setattr(runtime, "open_session", open_session)
    for _ in range(2):  # found once, kept
        session = runtime.quicker(lambda: made["usual"], lambda: made["other"], "test", runs=1)
        assert not isinstance(session, Off)
    assert opened == ["usual", "other", "usual"]
    (kept,) = Path(tmp_path).rglob("proved/*.txt")
    assert kept.read_text() == "usual\n"
