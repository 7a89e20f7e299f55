"""How long a bulletin will be: real takes where they are, else the pace of its voice.

The lengths of clauses and of the pauses at their marks are those of the engine `silence`, which
keeps the embedded voice's own; a voice is so many times as slow. Between the lines stand the
pauses of the mix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bobao.mixing.timeline import Timeline, build
from bobao.model import GRID_MS, RATE, Mark, Take
from bobao.produce import Studio
from bobao.voices.delivery import Delivery
from bobao.voices.engine import Utterance
from bobao.voices.silence import SilenceEngine

Pace = Callable[[str], float]
"""From a voice to how many times as long as `plain_ms` it takes."""

_PLAIN = SilenceEngine()
_STEP = RATE * GRID_MS // 1000


def plain_ms(utterance: Utterance) -> float:
    """How long an utterance takes at the usual pace times its rate, in milliseconds."""
    return len(_PLAIN.speak(utterance).samples) * 1000 / RATE


def spoken_ms(delivery: Delivery, pace: Pace) -> float:
    """How long the take of a line will be, its rests included, in milliseconds."""
    rests = delivery.rest_ms * (len(delivery.pieces) - 1)
    return rests + sum(plain_ms(piece) * pace(piece.voice) for piece in delivery.pieces)


def supposed(key: str, delivery: Delivery, pace: Pace) -> Take:
    """A take as it will be, for a line that is not recorded."""
    steps = max(1, round(spoken_ms(delivery, pace) / GRID_MS))
    mark = Mark(0, len(delivery.text), 0, steps * GRID_MS)
    return Take(key, steps * _STEP, (mark,))


def laid_out(
    place: Studio, takes: Mapping[str, Take], stings: Mapping[str, int], *, keys: list[list[str]]
) -> Timeline:
    """The timeline of a bulletin.

    `keys` has the name of each line's take, none for a silent one; `stings` are lengths in samples.
    """
    rows = [[takes[key] if key else None for key in row] for row in keys]
    return build(place.script, rows, stings, place.style.pauses)
