"""The front half of the model with signed weights: the same numbers for less than half the work.

The published graph multiplies unsigned activations by unsigned weights, and convolves
(`ConvInteger`); processors have instructions for unsigned by signed, and onnxruntime uses them in
`MatMulInteger` alone. Weights and their zero points less 128 are the same numbers: u8 − z =
(u8 − 128) − (z − 128). A convolution of kernel K is a product of K shifted copies side by side.
A processor without such instructions may saturate on the way: `runtime.quicker` compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_HALF = 128
_END = 2**31
"""The end of a slice that goes to the end."""

Array = NDArray[Any]


def signed_front(front: bytes) -> bytes:
    """The graph `front` with every product by unsigned weights as one by signed weights."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load_from_string(front)
    graph = model.graph
    weights = {weight.name: numpy_helper.to_array(weight) for weight in graph.initializer}
    made: dict[str, Array] = {}
    nodes = [new for node in graph.node for new in _rewritten(node, weights, made)]
    used = {name for node in nodes for name in node.input}
    kept = [weight for weight in graph.initializer if weight.name in used]
    kept += [numpy_helper.from_array(values, name) for name, values in made.items()]
    for field, items in ((graph.node, nodes), (graph.initializer, kept), (graph.value_info, [])):
        copies = [type(item).FromString(item.SerializeToString()) for item in items]
        del field[:]
        field.extend(copies)
    return bytes(model.SerializeToString(deterministic=True))


def _rewritten(node: Any, weights: Mapping[str, Array], made: dict[str, Array]) -> Iterator[Any]:
    """What stands for a node; the constants that it needs are put into `made`."""
    if node.op_type == "MatMulInteger" and _unsigned(node, weights):
        yield from _product(node, weights, made)
    elif node.op_type == "ConvInteger" and _unsigned(node, weights) and _is_plain(node, weights):
        yield from _convolution(node, weights, made)
    else:
        yield node


def _unsigned(node: Any, weights: Mapping[str, Array]) -> bool:
    known = len(node.input) == 4 and all(name in weights for name in (node.input[1], node.input[3]))
    return known and weights[node.input[1]].dtype == np.uint8


def _is_plain(node: Any, weights: Mapping[str, Array]) -> bool:
    """Whether a convolution has one dimension, one group, no stride and no dilation."""
    given = {attribute.name: (attribute.i, *attribute.ints) for attribute in node.attribute}
    steps = [*given.get("strides", ())[1:], *given.get("dilations", ())[1:]]
    one_group = given.get("group", (1,))[0] == 1
    return weights[node.input[1]].ndim == 3 and one_group and all(step == 1 for step in steps)


def _less(values: Array) -> Array:
    return (values.astype(np.int16) - _HALF).astype(np.int8)


def _product(node: Any, weights: Mapping[str, Array], made: dict[str, Array]) -> Iterator[Any]:
    from onnx import helper

    names = [node.input[0], f"{node.input[1]}.signed", node.input[2], f"{node.input[3]}.signed"]
    made |= {names[n]: _less(weights[node.input[n]]) for n in (1, 3)}
    yield helper.make_node("MatMulInteger", names, list(node.output), name=node.name)


def _convolution(node: Any, weights: Mapping[str, Array], made: dict[str, Array]) -> Iterator[Any]:
    """Channels last, K shifted copies beside one another, one product, channels first again."""
    from onnx import helper

    kernel = weights[node.input[1]]  # [out, in, K]
    width, name = kernel.shape[2], node.output[0]
    pads = next((tuple(a.ints) for a in node.attribute if a.name == "pads"), (0, 0))
    flat = kernel.transpose(2, 1, 0).reshape(-1, kernel.shape[0])
    factor, zero = f"{name}.weight", f"{name}.zero"
    made |= {factor: np.ascontiguousarray(_less(flat)), zero: _less(weights[node.input[3]])}
    yield helper.make_node("Transpose", [node.input[0]], [f"{name}.last"], perm=[0, 2, 1])
    rows = f"{name}.last"
    if any(pads):
        made[f"pads {pads}"] = np.array([0, pads[0], 0, 0, pads[1], 0], np.int64)
        padded = [rows, f"pads {pads}", node.input[2]]
        rows = f"{name}.padded"
        yield helper.make_node("Pad", padded, [rows], mode="constant")
    if width > 1:
        yield from _shifted(rows, f"{name}.rows", width, made)
        rows = f"{name}.rows"
    yield helper.make_node(
        "MatMulInteger", [rows, factor, node.input[2], zero], [f"{name}.product"]
    )
    yield helper.make_node("Transpose", [f"{name}.product"], [name], perm=[0, 2, 1])


def _shifted(rows: str, name: str, width: int, made: dict[str, Array]) -> Iterator[Any]:
    """`width` copies of `rows`, each a step further, side by side."""
    from onnx import helper

    copies: Sequence[str] = [f"{name}.{n}" for n in range(width)]
    made["axis 1"] = np.array([1], np.int64)
    for n, copy in enumerate(copies):
        left = width - 1 - n
        made |= {f"from {n}": np.array([n], np.int64)}
        made |= {f"less {left}": np.array([-left if left else _END], np.int64)}
        yield helper.make_node("Slice", [rows, f"from {n}", f"less {left}", "axis 1"], [copy])
    yield helper.make_node("Concat", copies, [name], axis=2)
