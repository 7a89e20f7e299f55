"""What this machine has for bobao, what it lacks, and what to do about it."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bobao import __version__
from bobao.cli import player
from bobao.errors import BobaoError
from bobao.files import folder_bytes, installing, user_cache, version_of

PACKAGES = ("click", "edge-tts", "jieba", "mutagen", "numpy", "onnxruntime", "pydub", "pypinyin")
ROOM_MB = 500
"""Free disk that the prepared model (about 200 MB) and an hour of takes need with some to spare."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `fine` is None for what is missing but does not stop the work."""

    name: str
    found: str
    fine: bool | None = True
    advice: str = ""


def examine(start: Path) -> tuple[Finding, ...]:
    """Look at everything; never raises for what is missing."""
    return tuple(_look(name, check, start) for name, check in CHECKS)


def _look(name: str, check: Callable[[Path], Finding], start: Path) -> Finding:
    try:
        return check(start)
    except BobaoError as error:
        return Finding(name, error.what, fine=False, advice=error.advice)
    except ImportError as error:
        return Finding(
            name, str(error), fine=False, advice="Install bobao again, as its README says."
        )


def _python(_: Path) -> Finding:
    where = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding(
        "python", where, sys.version_info >= (3, 10), "bobao needs Python 3.10 or newer."
    )


def _packages(_: Path) -> Finding:
    versions = {name: version_of(name) for name in PACKAGES}
    missing = [name for name, version in versions.items() if not version]
    found = f"bobao {__version__}; " + ", ".join(
        f"{n} {v or 'missing'}" for n, v in versions.items()
    )
    return Finding("packages", found, not missing, installing(*missing))


def _ffmpeg(_: Path) -> Finding:
    from bobao.mix.ffmpeg import find_ffmpeg

    return Finding("ffmpeg", str(find_ffmpeg()))


def _model(_: Path) -> Finding:
    from bobao.voices.kokoro import decoder, parts, sessions

    size = len(parts.joined()) // 1_000_000
    where = sessions.chosen()
    if where != sessions.CPU:
        sessions.open_session(decoder.decoder_graph(), on_card=True)  # raises if it cannot start
    found = f"Kokoro-82M, {size} MB, checksum right; its decoder runs on {where}"
    return Finding("embedded voice", found)


def _cache(_: Path) -> Finding:
    folder = user_cache()
    parent = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(parent).free // 1_000_000
    found = f"{folder} ({folder_bytes(folder) // 1_000_000} MB used, {free} MB free)"
    return Finding("cache", found, free > ROOM_MB, "Make room, or name another folder: BOBAO_CACHE")


def _sound(_: Path) -> Finding:
    found = player.find()
    advice = "Only `bobao play` needs one: install mpv."
    return Finding("player", found.name if found else "none", True if found else None, advice)


def _workspace(start: Path) -> Finding:
    from bobao.station.workspace import locate

    try:
        place = locate(start)
    except BobaoError as error:
        if "not a bobao workspace" not in error.what:
            raise
        return Finding("workspace", "not in one", None, error.advice)
    found = f"{place.root} ({len(place.scripts())} scripts, {len(place.bulletins())} bulletins)"
    return Finding("workspace", found)


CHECKS: tuple[tuple[str, Callable[[Path], Finding]], ...] = (
    ("python", _python),
    ("packages", _packages),
    ("ffmpeg", _ffmpeg),
    ("embedded voice", _model),
    ("cache", _cache),
    ("player", _sound),
    ("workspace", _workspace),
)
