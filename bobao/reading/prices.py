"""What signs cost, from ``data/costs.tsv``."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from bobao.reading.tablefiles import rows

Signs = list[str]
"""Names of rows of ``data/costs.tsv`` that hold of a line or a break, the first its default."""


@functools.cache
def _table() -> dict[str, tuple[float, str]]:
    return {sign: (float(cost), reason) for sign, cost, reason in rows("costs.tsv")}


@functools.cache
def price(sign: str) -> float:
    """The cost of one sign in nats."""
    return _table()[sign][0]


@functools.lru_cache(maxsize=16_384)
def total(signs: tuple[str, ...]) -> float:
    """The cost of several signs."""
    return sum(map(price, signs))


def strongest(signs: Sequence[str]) -> str:
    """The reason of the sign that says most for what was chosen, else that of the first."""
    best = min(signs[1:], key=price, default=signs[0])
    return _table()[best if price(best) < 0 else signs[0]][1]


def dearest(signs: Sequence[str]) -> str:
    """The reason of the sign that says most against what was not chosen."""
    return _table()[max(signs, key=price)][1]
