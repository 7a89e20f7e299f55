"""What a person may choose for one run, and how a step tells of its progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bobao.errors import BobaoError

Update = Callable[[int, int, str], None]
Progress = Callable[[str], Update]
"""Given the name of a piece of work, gives the function that tells how far it has come."""


YES, NO = "yes", "no"
DRAFTING = ("signposts", "captions", "simplify")
"""The choices that decide what is in a draft; a script's header keeps those that were made."""


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

    def drafting(self) -> dict[str, str]:
        """The choices of `DRAFTING` that were made, as a script's header keeps them."""
        given = {name: getattr(self, name) for name in DRAFTING}
        words = {True: YES, False: NO, None: ""}
        told = {name: words.get(value, str(value)) for name, value in given.items()}
        return {name: word for name, word in told.items() if word}


def option_of(name: str, asked: str) -> str:
    """A choice of `DRAFTING` as it is given on the command line, without the hyphens before it."""
    return {YES: name, NO: f"no-{name}"}.get(asked, f"{name} {asked}")


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
