"""What a station decides about the sound and the tags of its bulletins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bobao.mixing.aigc import Names
from bobao.mixing.pauses import Pauses

Update = Callable[[int, int, str], None]
Progress = Callable[[str], Update]
"""Given the name of a piece of work, gives the function that is told: done, in all, a remark."""


@dataclass(frozen=True, slots=True)
class MixOptions:
    """Everything that decides a mix beside the script and its takes.

    `loudness` is LUFS of the one channel, `bitrate` kbit/s, `stings` the folder with the stings or
    None for none, `label` None for no AIGC label, `cover` a PNG or JPEG of the station or None for
    a drawn one. `workers` chapters are measured at once.
    """

    engine: str
    engine_version: str
    voice: str
    station: str = "播报"
    author: str = ""
    loudness: float = -19.0
    bitrate: int = 64
    stings: Path | None = None
    cover: Path | None = None
    label: Names | None = field(default_factory=Names)
    pauses: Pauses = field(default_factory=Pauses)
    workers: int = 2
