"""Writing files so that nothing is ever half-written, and where bobao keeps what it can remake."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shlex
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import metadata, resources
from pathlib import Path, PureWindowsPath

from bobao.errors import refusals


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


UMASK = _umask()
"""The permissions that new files of this process do not get. Read once: asking means changing it
for a moment, and threads write at any moment."""

_ASIDE = ".aside-"
STALE_S = 3600
"""A file still aside after an hour was left by a killed run."""

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{p}{n}" for p in ("COM", "LPT") for n in range(1, 10))}
MAX_NAME_BYTES = 120
"""Longest file name we make, in UTF-8 bytes: file systems allow 255, archives and FTP less."""

STAND_INS = {"onnxruntime": ("onnxruntime-gpu", "onnxruntime-directml")}
"""Packages that may be installed in another's place."""


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it is renamed onto it, else removed.

    Raises `BobaoError` where the folder cannot be written.
    """
    aside: Path | None = None
    try:
        with refusals("cannot write", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=_ASIDE, suffix=path.suffix)
            os.close(handle)
            aside = Path(name)
            yield aside
            aside.chmod(0o666 & ~UMASK)
            aside.replace(path)
    finally:
        if aside is not None:
            aside.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what killed runs have left aside in `folder` and below it."""
    now = time.time()
    for path in folder.rglob(f"{_ASIDE}*"):
        with suppress(OSError):  # another run may be sweeping too
            if now - path.stat().st_mtime > STALE_S:
                path.unlink()


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step: a reader sees the old file or the new, never a part."""
    with written_aside(path) as aside:
        aside.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Like `write_bytes`, as UTF-8 with the newlines that `text` has."""
    write_bytes(path, text.encode("utf-8"))


def files_at_once() -> int:
    """How many files this process may have open."""
    try:
        import resource
    except ImportError:  # Windows, whose sockets are no files
        return 8192
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1 << 16 if soft == resource.RLIM_INFINITY else soft


def folder_bytes(folder: Path) -> int:
    """The bytes of all files in a folder and below it; 0 where it is not there."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal, read a piece at a time."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def installing(*packages: str) -> str:
    """The advice to install packages beside bobao, as a command that works in this environment."""
    words = [sys.executable, "-m", "pip", "install", *packages]
    return f"Install it beside bobao: {shlex.join(words)}"


def version_of(package: str) -> str:
    """The version of an installed package, or of one in its place; empty where there is none."""
    for each in (package, *STAND_INS.get(package, ())):
        with suppress(metadata.PackageNotFoundError):
            return metadata.version(each)
    return ""


def readable(name: str) -> str:
    """A file name as text: one that is not UTF-8 is taken for GB 18030, as Windows wrote it."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", errors="replace")
    return name


def safe_name(title: str, fallback: str = "untitled") -> str:
    """`title` as a file name that every system takes: one path part, at most `MAX_NAME_BYTES`.

    Forbidden, control and invisible formatting characters become a space, runs of space become
    one; a name that is reserved, empty or would be hidden gets `fallback` put before it.
    """
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"} else c for c in title)
    name = " ".join(_UNSAFE.sub(" ", kept).split()).rstrip(". ")
    while len(name.encode("utf-8")) > MAX_NAME_BYTES:
        name = name[:-1].rstrip(". ")
    if not name or name.startswith((".", "-")) or name.split(".")[0].upper() in _RESERVED:
        name = f"{fallback}{name}" if name else fallback
    return name


def stays_within(name: str) -> bool:
    """Whether a name leads to a file in or below the folder it is taken in, on every system."""
    path = PureWindowsPath(name)
    return bool(path.parts) and ".." not in path.parts and not path.anchor


def processors() -> int:
    """The processors this process may use: in a container often fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def user_cache() -> Path:
    """The folder for what bobao can remake (the prepared model, word tables).

    ``BOBAO_CACHE`` names another one. It need not be there nor be writable: then what would be kept
    there is made in every process. That is so for a user without a home, too.
    """
    named = os.environ.get("BOBAO_CACHE")
    if not named:
        import platformdirs

        named = platformdirs.user_cache_dir("bobao", appauthor=False)
    path = Path(os.path.expanduser(named))  # noqa: PTH111 - the method raises where there is no home
    return Path(os.devnull, "bobao") if str(path).startswith("~") else path


@functools.cache
def lines(package: str, name: str) -> tuple[str, ...]:
    """The lines of the table ``data/<name>`` of a package: UTF-8, without comments (#)."""
    text = resources.files(package).joinpath("data").joinpath(name).read_text("utf-8")
    return tuple(line for line in text.split("\n") if line.strip() and not line.startswith("#"))


@functools.cache
def rows(package: str, name: str) -> tuple[tuple[str, ...], ...]:
    """The lines as rows of cells; a short row has fewer cells."""
    return tuple(tuple(line.split("\t")) for line in lines(package, name))


@functools.cache
def words(package: str, name: str) -> frozenset[str]:
    """All that white space separates in the lines."""
    return frozenset(word for line in lines(package, name) for word in line.split())
