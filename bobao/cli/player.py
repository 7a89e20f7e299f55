"""Playing sound through whatever the system has."""

from __future__ import annotations

import shutil
import subprocess
import time
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


AT_ONCE_S = 1.0
"""A player that is done with a longer recording after this time has not played it: some (ffplay)
report no failure where they find no sound device."""


def play(player: Player, file: Path, start_ms: int, length_ms: int) -> bool:
    """Play the `length_ms` of `file` from `start_ms`; False where there is no sound to be had."""
    started = time.monotonic()
    done = subprocess.run(command(player, file, start_ms), check=False)
    at_once = time.monotonic() - started < AT_ONCE_S < length_ms / 2000
    return done.returncode == 0 and not at_once
