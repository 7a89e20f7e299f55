"""Sound as a golden file: lengths and marks exactly, its level every 50 ms within half a decibel.

Samples themselves differ a little by processor, numpy and encoder, and nobody could read them.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from bobao.voices.engine import Speech

QUIET = -50.0
CLOSE = 0.5


def levels(samples: np.ndarray, rate: int = 24_000) -> list[float]:
    """The level in dBFS every 50 ms; what is softer than `QUIET` is that."""
    step = rate // 20
    padded = np.pad(np.asarray(samples, np.float64), (0, -len(samples) % step))
    power = np.mean(padded.reshape(-1, step) ** 2, axis=1)
    return [round(max(QUIET, 10 * np.log10(p + 1e-12)), 1) for p in power]


def of_speech(speech: Speech) -> dict[str, Any]:
    """What a golden file tells of speech; `bright levels` are those of its high frequencies."""
    return {
        "samples": len(speech.samples),
        "marks": [[m.start, m.end, m.start_ms, m.end_ms] for m in speech.marks],
        "levels": levels(speech.samples),
        "bright levels": levels(np.diff(speech.samples)),
    }


def text(made: dict[str, Any]) -> str:
    """As it is committed: one value a line."""
    rows = (f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in made.items())
    return "{\n" + ",\n".join(rows) + "\n}\n"


def alike(made: str, kept: str) -> None:
    """Assert that two such texts are of the same sound."""
    ours, theirs = json.loads(made), json.loads(kept)
    assert ours.keys() == theirs.keys()
    for key, value in ours.items():
        if key.endswith("levels") and len(value) == len(theirs[key]):
            assert max(abs(a - b) for a, b in zip(value, theirs[key], strict=True)) < CLOSE, key
        else:
            assert value == theirs[key], key
