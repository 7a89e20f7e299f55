"""What a person may choose for one run, and how a step tells of its progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bobao.errors import BobaoError

Update = Callable[[int, int, str], None]
Progress = Callable[[str], Update]
"""Given the name of a piece of work, gives the function that tells how far it has come."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What was asked for on the command line; empty means: as the script or the settings say.

    `voice` is one voice for everything, `anchors` are several that take turns; one of the two may
    be given. `rate` is multiplied with the pace of the style.
    """

    engine: str = ""
    voice: str = ""
    anchors: tuple[str, ...] = ()
    style: str = ""
    rate: float = 0.0
    fallback: str = ""
    date: str = ""
    captions: str = ""
    signposts: bool | None = None
    simplify: bool | None = None
    stings: bool | None = None
    force: bool = False
    jobs: int = 0

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices that are asked for by name."""
        return (self.voice,) if self.voice else self.anchors


def check(choices: Choices, engine: str) -> None:
    """Raise `BobaoError` for an engine or voice that is chosen and not there.

    `engine` is the one that is used where none is chosen.
    """
    from bobao.voices import registry

    if choices.voice and choices.anchors:
        raise BobaoError("both --voice and --anchors are given", advice="Give one of the two.")
    if choices.engine or choices.voices:
        chosen = registry.engine(choices.engine or engine)
        for name in choices.voices:
            registry.voice(chosen, name)
    if choices.fallback:
        registry.engine(choices.fallback)
