"""Normalising: bobao against WeTextProcessing's runtime and PaddleSpeech's rules, as packaged.

The peers are in the extra ``bench``; one that is not installed is named and passed over. All read
the sample article line by line, a process each, start-up (with one line read) taken off; a slow
peer reads fewer copies of it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

SAMPLE = Path(__file__).resolve().parent.parent.parent / "seeds" / "huajie-2021.txt"
CHARACTERS = 1_000_000
CODE = """
from pathlib import Path
{prepare}
lines = [line for line in Path({sample!r}).read_text("utf-8").splitlines() if line.strip()]
for copy in range({copies} + 1):
    figures = str.maketrans("3456789", str(3456789 + 7919 * copy)[-7:])
    for line in lines:
        read(line.translate(figures))
"""
OURS = "from bobao.normalise import normalise as read"
PEERS = {
    "wetext": (
        "from wetext import Normalizer\nread = Normalizer(lang='zh', operator='tn').normalize",
        CHARACTERS // 20,
    ),
    "zh-normalization": (
        "from zh_normalization import TextNormalizer\nread = TextNormalizer().normalize",
        CHARACTERS,
    ),
}


class Spent(Protocol):
    """What a measurement tells of a process."""

    @property
    def cpu(self) -> float: ...


def normalising(cost: Callable[[str], Spent]) -> None:
    """Characters of written text a second of CPU, ours against each peer that is installed."""
    ours = _speed(OURS, CHARACTERS, cost)
    print(f"normalising, characters a CPU second: bobao {ours:,.0f}", flush=True)
    for name, (prepare, characters) in PEERS.items():
        if find_spec(name.replace("-", "_")) is None:
            print(f"  {name}: not installed (pip install -e '.[bench]')", flush=True)
            continue
        theirs = _speed(prepare, characters, cost)
        print(f"  {name} {theirs:,.0f}; bobao × {ours / theirs:.2f}", flush=True)


def _speed(prepare: str, characters: int, cost: Callable[[str], Spent]) -> float:
    text = SAMPLE.read_text("utf-8")
    copies = max(1, round(characters / len(text)))
    spent = [
        cost(CODE.format(prepare=prepare, sample=str(SAMPLE), copies=count)).cpu
        for count in (copies, 0)
    ]
    return copies * len(text) / max(spent[0] - spent[1], 0.01)
