"""A tray that is watched: what lands in it is handed out once it lies still."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

POLL_S = 1.0
"""Asking once a second works on every disk and network share; notices of the system do not."""
STILL_S = 2.0
"""A file that has not changed for so long has been copied whole, but for very slow lines: then
it changes again, and is handed out again."""

Print = tuple[int, int, int]
"""What tells that a file has changed: its size, its time, its number on the disk."""


def watched(
    look: Callable[[], dict[Path, Print]],
    wait: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[list[Path]]:
    """For ever: the files that are new or changed and have lain still since, never none.

    Each is handed out once for each of its states; an empty one waits for its text.
    """
    seen: dict[Path, tuple[Print, float]] = {}
    done: dict[Path, Print] = {}
    while True:
        found, now, ready = look(), clock(), list[Path]()
        for path, state in sorted(found.items()):
            before, since = seen.get(path, (None, now))
            if before != state:
                seen[path] = (state, now)
            elif now - since >= STILL_S and done.get(path) != state and state[0]:
                done[path] = state
                ready.append(path)
        for gone in set(seen) - set(found):
            del seen[gone]
            done.pop(gone, None)
        if ready:
            yield ready
        else:
            wait(POLL_S)


def prints(paths: Iterable[Path]) -> dict[Path, Print]:
    """The state of each file; one that has just gone is left out."""
    found: dict[Path, Print] = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found
