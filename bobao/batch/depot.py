"""The door to a shared store: files by their names below an fsspec URL, never seen half written."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from bobao.errors import BobaoError
from bobao.files import installing

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
