"""How many requests an online engine makes for a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bobao.voices.delivery import Delivery
from bobao.voices.engine import Utterance


def _edge(utterance: Utterance) -> int:
    from bobao.voices.edge.engine import respelling_of
    from bobao.voices.edge.pieces import pieces

    return len(pieces(respelling_of(utterance).spoken))


_BY_ENGINE: Mapping[str, Callable[[Utterance], int]] = {"edge": _edge}


def requests(engine: str, delivery: Delivery) -> int:
    """The requests that saying a line takes, as the engine itself cuts it; 0 for one of ours."""
    count = _BY_ENGINE.get(engine)
    return sum(map(count, delivery.pieces)) if count else 0
