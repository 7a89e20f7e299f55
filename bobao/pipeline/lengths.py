"""What lines will come to: their length before there is sound, and requests to a service.

Where there is no take, a line is as long as the engine `silence` makes it, at the usual pace of
the embedded voice: the eight voices are within an eighth of it. Between the lines stand the pauses
of the mix.
"""

from __future__ import annotations

from collections.abc import Mapping

from bobao.mix.timeline import Timeline, build
from bobao.model import GRID_MS, RATE, Mark, Take
from bobao.pipeline import Studio
from bobao.voices.delivery import Delivery
from bobao.voices.silence import SilenceEngine

_PLAIN = SilenceEngine()
_STEP = RATE * GRID_MS // 1000


def spoken_ms(delivery: Delivery) -> float:
    """How long the take of a line will be at its rate, its rests included, in milliseconds."""
    samples = sum(len(_PLAIN.speak(piece).samples) for piece in delivery.pieces)
    return delivery.rest_ms * (len(delivery.pieces) - 1) + samples * 1000 / RATE


def supposed(key: str, delivery: Delivery) -> Take:
    """A take as it will be, for a line that is not recorded."""
    steps = max(1, round(spoken_ms(delivery) / GRID_MS))
    mark = Mark(0, len(delivery.text), 0, steps * GRID_MS)
    return Take(key, steps * _STEP, (mark,))


def requests(engine: str, delivery: Delivery) -> int:
    """The requests to a service that saying a line takes, as the engine itself cuts it."""
    if engine != "edge":
        return 0
    from bobao.voices.edge.engine import respelling_of
    from bobao.voices.edge.pieces import pieces

    return sum(len(pieces(respelling_of(said).spoken)) for said in delivery.pieces)


def laid_out(
    place: Studio, takes: Mapping[str, Take], stings: Mapping[str, int], *, keys: list[list[str]]
) -> Timeline:
    """The timeline of a bulletin.

    `keys` has the name of each line's take, none for a silent one; `stings` are lengths in samples.
    """
    rows = [[takes[key] if key else None for key in row] for row in keys]
    return build(place.script, rows, stings, place.style.pauses)
