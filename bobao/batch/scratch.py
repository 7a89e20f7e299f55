"""A worker process's own folder: there while the process is, gone after it."""

from __future__ import annotations

import atexit
import os
import platform
import shutil
import tempfile
from pathlib import Path

from bobao.files import safe_name, user_cache


def scratch_folder(name: str) -> Path:
    """A new, empty folder for this process in the user's cache.

    It is removed when the process ends; those of this machine's processes that were killed are
    removed first. (A home may be shared by machines: each clears only after itself.)
    """
    import psutil  # comes with distributed

    place = user_cache() / "scratch" / safe_name(platform.node(), fallback="machine")
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        place = Path(tempfile.mkdtemp(prefix="bobao-"))
    for other in place.iterdir():
        pid = other.name.rpartition("-")[2]
        if not pid.isdecimal() or not psutil.pid_exists(int(pid)):
            shutil.rmtree(other, ignore_errors=True)
    folder = place / f"{name}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
