"""The Mandarin voices that come with bobao, and what tells versions of their sound apart."""

from __future__ import annotations

import functools
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from bobao import files
from bobao.errors import BobaoError
from bobao.voices.engine import VoiceInfo

Styles = NDArray[np.float16]

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

BACK_END_FILES = (
    "voices/shaping.py",
    "voices/kokoro/assembly.py",
    "voices/kokoro/data/onsets.tsv",
    "voices/kokoro/decoder.py",
    "voices/kokoro/phrases.py",
    "voices/kokoro/pitch.py",
    "voices/kokoro/transform.py",
    "voices/kokoro/voicing.py",
)
"""Our own code and tables that make samples and marks of phonemes, below the package's folder.

What makes phonemes of a text is not among them: the phonemes themselves are in the recipe.
"""


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


@functools.cache
def back_end() -> str:
    """A fingerprint of `BACK_END_FILES` and the voices' file: eight digits.

    The price of taking it over the code itself is that takes are recorded anew after any change,
    a comment's too.
    """
    code = files.code_fingerprint(BACK_END_FILES)
    return files.sha256(f"{code} {TABLES_SHA256}".encode("ascii"))[:8]
