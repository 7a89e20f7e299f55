"""Remaking a whole folder in one step: a killed run leaves the old one or the new one.

The new folder is built beside the old one, hidden, and then the two change places. Where the
system cannot exchange two folders in one step they are renamed one after the other, and the next
run puts the old one back if the run between was killed just there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bobao.errors import refusals
from bobao.files import UMASK

Mine = Callable[[str], bool]
"""Whether an entry of the old folder is one that the new one replaces or leaves out."""

_RENAME_EXCHANGE = 2  # of renameat2 (Linux) and renamex_np (macOS, where it is RENAME_SWAP)
_AT_FDCWD = -100


@contextmanager
def remade(folder: Path, mine: Mine) -> Iterator[Path]:
    """Yield an empty folder that takes the place of `folder` when the block ends without error.

    What lies in the old folder and is not `mine` is kept. Raises `BobaoError` where it cannot be
    written.
    """
    aside: Path | None = None
    try:
        with refusals("cannot write", folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
                raise NotADirectoryError(
                    errno.ENOTDIR, "something that is no folder is in its place"
                )
            tidy(folder)
            aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_prefix(folder, "new")))
            with _held(aside):
                yield aside
                aside.chmod(0o777 & ~UMASK)
                _keep(folder, aside, mine)
                _change_places(folder, aside)
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)


def tidy(folder: Path) -> None:
    """Remove what killed runs left beside `folder`; put the old folder back if one has to be."""
    hidden = sorted(folder.parent.iterdir())
    for old in (p for p in hidden if p.name.startswith(_prefix(folder, "old"))):
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(folder)
    for new in (p for p in hidden if p.name.startswith(_prefix(folder, "new"))):
        with suppress(OSError), _held(new):  # BlockingIOError: its run is still going
            shutil.rmtree(new, ignore_errors=True)


def _prefix(folder: Path, what: str) -> str:
    return f".{folder.name}.{what}-"


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder while it is being filled; `BlockingIOError` if another does.

    The lock ends with the process, whatever ends it.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on this system
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _keep(folder: Path, aside: Path, mine: Mine) -> None:
    """Give what other hands put into the old folder to the new one too."""
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        target = aside / entry.name
        if mine(entry.name) or target.exists():
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, target, symlinks=True, copy_function=_link)
        else:
            _link(entry, target)


def _link(source: os.PathLike[str] | str, target: os.PathLike[str] | str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)


def _change_places(folder: Path, aside: Path) -> None:
    """Put `aside` in the place of `folder`; what was there is at `aside` or gone."""
    if not folder.exists():
        aside.rename(folder)
    elif not _exchanged(folder, aside):
        old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_prefix(folder, "old")))
        folder.rename(old)
        aside.rename(folder)
        shutil.rmtree(old, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system or the disk cannot."""
    system: Any = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    a, b = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(system, "renamex_np"):
        return bool(system.renamex_np(a, b, _RENAME_EXCHANGE) == 0)
    if hasattr(system, "renameat2"):
        return bool(system.renameat2(_AT_FDCWD, a, _AT_FDCWD, b, _RENAME_EXCHANGE) == 0)
    return False
