"""A tray that is watched: what lands in it is handed out once it lies still."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

POLL_S = 1.0
"""Asking once a second works on every disk and network share; notices of the system do not."""
STILL_S = 2.0
"""A file that has not changed for so long has been copied whole, but for very slow lines: then
it changes again, and is handed out again."""

Print = tuple[int, int, int]
"""What tells that a file has changed: its size, its time, its number on the disk."""


@dataclass(slots=True)
class Tray:
    """Remembers what has been seen of a tray's files."""

    still_s: float = STILL_S
    _seen: dict[Path, tuple[Print, float]] = field(default_factory=dict)
    _done: dict[Path, Print] = field(default_factory=dict)

    def settled(self, files: dict[Path, Print], now: float) -> list[Path]:
        """Those of `files` that are new or changed and have been as they are for long enough.

        `now` is in seconds of any steady clock. Each is told once for each of its states.
        """
        ready: list[Path] = []
        for path, state in sorted(files.items()):
            before, since = self._seen.get(path, (None, now))
            if before != state:
                self._seen[path] = (state, now)
            elif now - since >= self.still_s and self._done.get(path) != state and state[0]:
                self._done[path] = state
                ready.append(path)
        for gone in set(self._seen) - set(files):
            del self._seen[gone]
            self._done.pop(gone, None)
        return ready


def watched(
    look: Callable[[], dict[Path, Print]],
    wait: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[list[Path]]:
    """For ever: the files that have settled since the last time, never none."""
    tray = Tray()
    while True:
        if ready := tray.settled(look(), clock()):
            yield ready
        else:
            wait(POLL_S)


def prints(paths: Iterator[Path]) -> dict[Path, Print]:
    """The state of each file; one that has just gone is left out."""
    found: dict[Path, Print] = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found
