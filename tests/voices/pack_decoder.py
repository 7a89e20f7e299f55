"""How ``bobao/voices/kokoro/data/fast-decoder.onnx`` was made of the decoder as it was trained.

The trained one stores its large weights as float16 (26 MB); here they become int8 with a scale for
each output (13.5 MB), put back to float32 by onnxruntime when it loads the graph, so that nothing
is slower. Over eight voices the sound changes by −37 dB of itself: its log-mel distance to that of
the float16 decoder is 0.006, a thirtieth of the distance of either to the int8 model.

    python tests/voices/pack_decoder.py ../shared/voices/fast-decoder/fast-decoder.onnx OUT.onnx
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

STORED = "_f16"  # ends the names of the weights that the trained graph casts to float32
CLIPS = (1.0, 0.95, 0.9, 0.85, 0.8)
"""Shares of an output's largest weight that 127 may stand for: the one with the least error is
taken."""


def packed(model: bytes) -> bytes:
    """The graph with its float16 weights stored as int8."""
    whole = onnx.load_from_string(model)
    graph = whole.graph
    users = {name: (node, place) for node in graph.node for place, name in enumerate(node.input)}
    weights = {tensor.name: tensor for tensor in graph.initializer if tensor.name.endswith(STORED)}
    nodes, tensors = [], []
    for name, tensor in weights.items():
        cast, _ = users[name]
        values = numpy_helper.to_array(tensor).astype(np.float32)
        whole_numbers, scale = quantised(values, inputs_of(users[cast.output[0]][0], values.ndim))
        stem = name.removesuffix(STORED)
        tensors += [
            numpy_helper.from_array(whole_numbers, f"{stem}_i8"),
            numpy_helper.from_array(scale, f"{stem}_scale"),
        ]
        nodes += [
            helper.make_node("Cast", [f"{stem}_i8"], [f"{stem}_f"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{stem}_f", f"{stem}_scale"], [cast.output[0]]),
        ]
    nodes += [copy(node) for node in graph.node if node.input[:1] not in [[n] for n in weights]]
    kept = [copy(tensor) for tensor in graph.initializer if tensor.name not in weights]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept + tensors)
    onnx.checker.check_model(whole)
    return whole.SerializeToString(deterministic=True)


def inputs_of(node: onnx.NodeProto, dimensions: int) -> tuple[int, ...]:
    """The axes of a node's weight that are not its outputs."""
    if node.op_type == "MatMul":
        return (0,)
    if node.op_type == "Gemm":
        assert any(a.name == "transB" and a.i for a in node.attribute)
        return (1,)
    assert node.op_type == "Conv"
    return tuple(range(1, dimensions))


def quantised(values: np.ndarray, axes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Int8 values and the float32 scale of each output."""
    full = (np.abs(values).max(axis=axes, keepdims=True) / 127).astype(np.float32)
    options = np.stack([full * np.float32(clip) for clip in CLIPS])
    errors = np.stack([((rounded(values, s) * s - values) ** 2).sum(axis=axes) for s in options])
    best = errors.argmin(axis=0).reshape(full.shape)
    scale = np.take_along_axis(options, best[None], axis=0)[0]
    return rounded(values, scale).astype(np.int8), scale


def rounded(values: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values / scale), -127, 127)


def copy(message):
    """Its own message: clearing a field kills those that were in it."""
    return type(message).FromString(message.SerializeToString())


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_bytes(packed(source.read_bytes()))
