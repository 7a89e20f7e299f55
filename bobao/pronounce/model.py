"""A small model for single characters of several readings that nothing else has decided.

The weights are g2pM's (data/NOTICE.md): an LSTM from the left and one from the right read up to the
character, two layers turn both states into a reading. It is right about rare readings, but was
taught on an encyclopaedia; `model_characters` names the characters it may be asked for.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from bobao.pronounce.pinyin import readings_in
from bobao.pronounce.sounds import Claim, Context

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_WINDOW = 7
"""Characters read on either side; more costs time and makes no answer better."""
_SURE = 0.55
"""Below it the model does not know: the usual reading, its first, is said, and doubted."""

_PAD, _UNKNOWN, _BEGIN, _END = 0, 1, 2, 3


def model(context: Context, undecided: Set[int]) -> Iterator[Claim]:
    """Claims for the undecided characters that the model knows and is good at."""
    known = readings_in("model_characters")
    asked = [position for position in sorted(undecided) if context.text[position] in known]
    if not asked:
        return
    for position, scores in zip(asked, _scores(context.text, asked), strict=True):
        readings, rows = _askable()[context.text[position]]
        chances = _softmax(scores[list(rows)])
        best = int(chances.argmax()) if chances.max() >= _SURE else 0
        yield Claim(position, (readings[best],), "model", round(float(chances[best]) * 0.9, 3))


@dataclass(frozen=True)
class _Net:
    index: dict[str, int]
    classes: tuple[str, ...]
    weights: dict[str, Array]


@functools.cache
def _net() -> _Net:
    import numpy as np

    path = resources.files(__package__).joinpath("data").joinpath("polyphones.npz")
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        index = {str(char): number for number, char in enumerate(stored["characters"])}
        classes = tuple(map(str, stored["classes"]))
        weights = {
            name: stored[name].astype(np.float32)
            for name in stored.files
            if name not in {"characters", "classes"}
        }
    return _Net(index, classes, _prepared(weights))


@functools.cache
def _askable() -> dict[str, tuple[tuple[str, ...], tuple[int, ...]]]:
    """For every character that may be asked for, its readings and their rows in the answer."""
    rows = {pinyin: row for row, pinyin in enumerate(_net().classes)}
    return {
        char: (readings, tuple(rows[pinyin] for pinyin in readings))
        for char, readings in readings_in("model_characters").items()
    }


def _scores(text: str, positions: Sequence[int]) -> Array:
    """The model's answer for each position, one column per class."""
    import numpy as np

    net = _net()
    ids = [_BEGIN, *(net.index.get(char, _UNKNOWN) for char in text), _END]
    left = [ids[max(0, at + 1 - _WINDOW) : at + 2] for at in positions]
    right = [ids[at + 1 : at + 2 + _WINDOW][::-1] for at in positions]
    states = _read(net.weights, (left, right))
    weights = net.weights
    hidden = np.maximum(np.hstack(list(states)) @ weights["hidden"] + weights["hidden_bias"], 0)
    return np.asarray(hidden @ weights["out"] + weights["out_bias"])


def _read(weights: dict[str, Array], sides: Sequence[Sequence[list[int]]]) -> Array:
    """The states of both LSTMs after reading their rows of character ids: [side, row, unit].

    `_prepared` has halved the weights of the three gates that are sigmoids, so that one tanh does
    for all: sigmoid(x) = (1 + tanh(x / 2)) / 2.
    """
    import numpy as np

    steps = max(len(row) for rows in sides for row in rows)
    ids = np.array([[[_PAD] * (steps - len(row)) + row for row in rows] for rows in sides])
    inputs = weights["embedding"][ids] @ weights["input"][:, None] + weights["bias"][:, None, None]
    size = weights["state"].shape[1]
    state = cell = np.zeros((*ids.shape[:2], size), np.float32)
    begun = (ids != _PAD)[..., None]  # before its row begins nothing is remembered
    for step in range(steps):
        gates = state @ weights["state"]
        gates += inputs[:, :, step]
        np.tanh(gates, gates)
        opened = gates * 0.5
        opened += 0.5
        cell = opened[..., size : 2 * size] * cell
        cell += opened[..., :size] * gates[..., 2 * size : 3 * size]
        cell *= begun[:, :, step]
        state = opened[..., 3 * size :] * np.tanh(cell)
    return np.asarray(state)


def _prepared(stored: dict[str, Array]) -> dict[str, Array]:
    """The stored weights with both sides stacked, the sigmoid gates' share halved."""
    import numpy as np

    size = stored["left_state"].shape[0]
    scale = np.full(4 * size, 0.5, np.float32)
    scale[2 * size : 3 * size] = 1
    both = {
        name: np.stack([stored[f"{side}_{name}"] * scale for side in ("left", "right")])
        for name in ("input", "state", "bias")
    }
    return stored | both


def _softmax(values: Array) -> Array:
    import numpy as np

    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum())
