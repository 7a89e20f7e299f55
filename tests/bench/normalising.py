"""Normalising: bobao against WeTextProcessing's runtime and PaddleSpeech's rules, as packaged.

The peers are in the extra ``bench``; one that is not installed is named and passed over. All read
the lines of our labelled cases, dense with figures and each another, a process each, start-up taken
off; a slow peer reads fewer of them, and where they are read again their figures are others.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

CASES = Path(__file__).resolve().parent.parent / "normalise" / "cases"
CHARACTERS = 1_000_000
CODE = """
from pathlib import Path
{prepare}
files = sorted(Path({cases!r}).glob("*.tsv"))
rows = [row for file in files for row in file.read_text("utf-8").splitlines() if row[:1] != "#"]
lines = [row.split("\t")[0] for row in rows]
read(lines[0])
for copy in range({copies}):
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
    rows = [row for file in CASES.glob("*.tsv") for row in file.read_text("utf-8").splitlines()]
    length = sum(len(row.split("\t")[0]) for row in rows if row[:1] != "#")
    copies = max(1, round(characters / length))
    spent = [
        cost(CODE.format(prepare=prepare, cases=str(CASES), copies=count)).cpu
        for count in (copies, 0)
    ]
    return copies * length / max(spent[0] - spent[1], 0.01)
