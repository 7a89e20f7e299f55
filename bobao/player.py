"""Playing sound through whatever the system has."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Player:
    """A program that plays a file: its arguments, with ``{file}`` and ``{start}`` (seconds)."""

    name: str
    arguments: tuple[str, ...]


# In the order of preference: those that seek exactly and end with the sound come first.
PLAYERS = (
    Player("mpv", ("--no-video", "--really-quiet", "--start={start}", "--", "{file}")),
    Player("ffplay", ("-nodisp", "-autoexit", "-loglevel", "error", "-ss", "{start}", "{file}")),
    Player("vlc", ("-I", "dummy", "--play-and-exit", "--start-time={start}", "{file}")),
    Player("mplayer", ("-really-quiet", "-ss", "{start}", "{file}")),
)
# These play from the start only; a piece is cut for them first.
SIMPLE_PLAYERS = (
    Player("afplay", ("{file}",)),
    Player("paplay", ("{file}",)),
    Player("pw-play", ("{file}",)),
    Player("aplay", ("-q", "{file}")),
)


def find() -> Player | None:
    """Find the first player that is installed, or None."""
    found = (player for player in (*PLAYERS, *SIMPLE_PLAYERS) if shutil.which(player.name))
    return next(found, None)


def command(player: Player, file: Path, start_ms: int = 0) -> list[str]:
    """Spell out the program's argument list; `file` is absolute, so never taken for an option."""
    values = {"file": str(file.resolve()), "start": f"{start_ms / 1000:.3f}"}
    return [player.name, *(argument.format(**values) for argument in player.arguments)]


def play(player: Player, file: Path, start_ms: int = 0) -> bool:
    """Play `file` from `start_ms` to its end; False where the player finds no sound system."""
    return subprocess.run(command(player, file, start_ms), check=False).returncode == 0
