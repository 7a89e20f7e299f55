"""Putting files into the site: only what has changed, each in one step, one publisher at a time."""

from __future__ import annotations

import filecmp
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bobao.errors import refusals
from bobao.publish.catalogue import Made, stamp_of

HIDDEN = ".bobao"
"""The folder in the output that is no part of the site: its state, and what is being made."""
_ASIDE = ("new-", ".aside-")


@contextmanager
def at_work(site: Path) -> Iterator[Path]:
    """Yield the hidden folder, held against another publisher, who waits.

    Raises `BobaoError` where the output cannot be written.
    """
    hidden = site / HIDDEN
    with refusals("cannot write", hidden):
        hidden.mkdir(parents=True, exist_ok=True)
        lock = (hidden / "lock").open("a")
    with lock:
        with suppress(ImportError):  # no such locks on this system
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        for left in hidden.iterdir():  # by a run that was killed
            if left.name.startswith(_ASIDE):
                left.unlink(missing_ok=True)
        yield hidden


def place(target: Path, make: Callable[[Path], None], hidden: Path) -> bool:
    """Let `make` write a file and put it in the place of `target`, unless it is the same.

    Gives whether anything was written. Raises `BobaoError` where it cannot be.
    """
    aside = hidden / f"new-{os.getpid()}{target.suffix}"
    try:
        with refusals("cannot write", target):
            make(aside)
            if target.is_file() and filecmp.cmp(aside, target, shallow=False):
                return False
            aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return True


def bring(
    target: Path, key: str, old: Made | None, make: Callable[[Path], None], hidden: Path
) -> tuple[Made, bool]:
    """Make a file unless it is as it was made before from the same.

    Gives what to remember of it, and whether it was written.
    """
    if old and old.key == key and old.stamp == stamp_of(target):
        return old, False
    written = place(target, make, hidden)
    return Made(key, stamp_of(target) or (0, 0)), written


def remove(folder: Path, names: Iterable[str]) -> Iterator[str]:
    """Remove files, then the folder if nothing else is in it; gives the names that were there."""
    for name in names:
        path = folder / name
        if path.is_file():
            path.unlink()
            yield name
    with suppress(OSError):  # somebody else's files are in it
        folder.rmdir()
