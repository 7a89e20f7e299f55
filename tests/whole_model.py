"""The whole published model as an engine: the reference that the fast decoder is held against."""

from __future__ import annotations

import functools

from bobao.voices.kokoro import model, runtime
from bobao.voices.kokoro.engine import KokoroEngine
from bobao.voices.kokoro.voicing import Inputs, Sounder


def with_durations(graph: bytes) -> bytes:
    """An ONNX model with its token durations as a further output, ``durations``."""
    import onnx
    from onnx import TensorProto, helper

    whole = onnx.load_from_string(graph)
    source = next(name for name, ours in model.FRONT_OUTPUTS.items() if ours == "durations")
    whole.graph.node.append(helper.make_node("Identity", [source], ["durations"]))
    whole.graph.output.append(helper.make_tensor_value_info("durations", TensorProto.INT64, ["n"]))
    return bytes(whole.SerializeToString(deterministic=True))


class WholeModel(KokoroEngine):
    """Eight times the work, the same durations."""

    version = model.VERSION

    def load(self) -> Sounder:
        """One session for it all."""
        session = runtime.open_session(with_durations(model.joined()))

        def sound(given: Inputs):
            audio, durations = runtime.run(session, ("audio", "durations"), given)
            return audio.ravel(), durations.ravel()

        return sound


@functools.cache
def whole_model() -> WholeModel:
    """The engine, once for the whole process."""
    return WholeModel()
