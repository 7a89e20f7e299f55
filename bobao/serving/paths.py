"""From the path of a request to a file of the site, and to nothing outside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

INDEX = "index.html"

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\:]")
"""Never in a name that we serve: controls, and what parts names or means a drive on Windows."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the site."""

    path: Path


@dataclass(frozen=True, slots=True)
class Moved:
    """A folder asked for without the slash at its end; `to` is its path as it should be."""

    to: str


def resolve(root: Path, raw_path: str) -> Found | Moved | None:
    """Find what the path of a URL, still percent-encoded and without its query, names below `root`.

    A folder stands for its index.html. None where there is nothing to be served: no such file,
    a hidden name, a name with ``..`` in any encoding, or a link that leads out of the site.
    """
    parts = _parts(raw_path)
    if parts is None:
        return None
    folder = parts[-1] == ""
    names = parts[:-1] if folder else parts
    real = _inside(root, names)
    if real is None:
        return None
    if real.is_dir() and not folder:
        return Moved("/" + "/".join(map(quote, names)) + "/")
    if folder:
        real = _inside(root, [*names, INDEX])
    return Found(real) if real and real.is_file() else None


def _inside(root: Path, names: list[str]) -> Path | None:
    """The real path of what is named, if it is there, below `root`, and nowhere hidden."""
    if not all(map(_servable, names)):
        return None
    try:
        real, home = root.joinpath(*names).resolve(strict=True), root.resolve(strict=True)
        below = real.relative_to(home).parts
    except (OSError, ValueError, RuntimeError):  # not there; too long; outside; a link to itself
        return None
    return None if any(part.startswith(".") for part in below) else real


def _parts(raw_path: str) -> list[str] | None:
    """The decoded segments after the first slash; the last is empty for a folder."""
    if not raw_path.startswith("/"):
        return None
    try:
        return unquote_to_bytes(raw_path)[1:].decode("utf-8").split("/")
    except UnicodeDecodeError:
        return None


def _servable(name: str) -> bool:
    return name != "" and not name.startswith(".") and not _FORBIDDEN.search(name)
