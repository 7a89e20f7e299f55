"""What a station decides about the sound and the tags of its bulletins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bobao.mix.aigc import Names
from bobao.mix.styles import NEWS, Style

Update = Callable[[int, int, str], None]
Progress = Callable[[str], Update]
"""Given the name of a piece of work, gives the function that is told: done, in all, a remark."""
LOUDEST = -14.0
"""LUFS of the one channel: nothing is made louder, whatever style and settings add up to."""


@dataclass(frozen=True, slots=True)
class MixOptions:
    """Everything that decides a mix beside the script and its takes.

    `loudness` is LUFS of the one channel, to which the style adds its own; `bitrate` is kbit/s,
    `stings` the folder with the stings or None for none, `label` None for no AIGC label, `cover` a
    PNG or JPEG of the station or None for a drawn one. `instead_of` names the engine that was asked
    for and gave up. `workers` chapters are measured at once.
    """

    engine: str
    engine_version: str
    voice: str
    instead_of: str = ""
    style: Style = NEWS
    station: str = "播报"
    author: str = ""
    loudness: float = -19.0
    bitrate: int = 64
    stings: Path | None = None
    cover: Path | None = None
    label: Names | None = field(default_factory=Names)
    workers: int = 2

    @property
    def target(self) -> float:
        """How loud the bulletin and each of its chapters shall be: LUFS of the one channel."""
        return target(self.loudness, self.style)


def target(loudness: float, style: Style) -> float:
    """How loud a bulletin of a style is made where the settings ask for `loudness`; in LUFS."""
    return min(loudness + style.louder, LOUDEST)
