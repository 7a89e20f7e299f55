"""What is stored: every take with its size, age and engine, and which takes bulletins use."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bobao.errors import BobaoError
from bobao.files import sha256_of

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stored:
    """A take in the store: both files' bytes, when it was last written or used (s since 1970)."""

    key: str
    path: Path  # its JSON
    bytes: int
    used_s: float
    engine: str = UNKNOWN
    ms: int = 0
    fault: str = ""


def stored(takes: Path, *, listen: bool = False) -> Iterator[Stored]:
    """Every take in a store, in the order of the keys.

    With `listen` its sound is compared with its digest; else only its JSON is read. An entry that
    cannot be used has a `fault`; a sound without a JSON, left by a killed run, is one too.
    """
    for folder in sorted(path for path in takes.glob("??") if path.is_dir()):
        names = {path.stem for path in folder.iterdir() if path.suffix in {".json", ".flac"}}
        for key in sorted(names):
            if not key.startswith("."):
                yield _stored(folder / f"{key}.json", listen=listen)


def _stored(path: Path, *, listen: bool) -> Stored:
    sound = path.with_suffix(".flac")
    parts = [part.stat() for part in (path, sound) if part.is_file()]
    size, used = sum(part.st_size for part in parts), max(part.st_mtime for part in parts)
    try:
        record = json.loads(path.read_bytes())
        engine, ms = str(record.get("engine", UNKNOWN)), int(record["samples"]) // 24
        fault = "" if sound.is_file() else "its sound is missing"
        if not fault and record.get("key", path.stem) != path.stem:
            fault = "it is the recording of another line"
        if not fault and listen and sha256_of(sound) != record["sha256"]:
            fault = "the sound is not the one that was recorded"
    except FileNotFoundError:
        return Stored(path.stem, path, size, used, fault="only the sound is there")
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        return Stored(path.stem, path, size, used, fault=f"its record cannot be read: {error}")
    return Stored(path.stem, path, size, used, engine, ms, fault)


def in_use(manifests: Iterable[Path]) -> frozenset[str]:
    """The keys of the takes that finished bulletins are made of.

    Raises OSError, ValueError, KeyError or TypeError for a manifest that cannot be read: what it
    uses is then not known, and nothing may be taken for unused.
    """
    keys: set[str] = set()
    for path in manifests:
        tree = json.loads(path.read_bytes())
        for chapter in tree["chapters"]:
            keys.update(sentence["take"] for sentence in chapter["sentences"] if sentence["take"])
    return frozenset(keys)


DAY_S = 86_400
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([kmgt]?)i?b?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is to go: takes older than so many days, unused ones, the oldest above a size."""

    older_than_days: float | None = None
    larger_than_bytes: int | None = None
    orphans: bool = False


def chosen(
    stored: Iterable[Stored], limits: Limits, in_use: Collection[str], now_s: float
) -> tuple[Stored, ...]:
    """The takes that `limits` let go, those that have a fault always; oldest first.

    A take that a finished bulletin is made of (`in_use`) is an orphan never, but may go by age or
    size: the bulletin stays, and only changing it would have to record it anew.
    """
    everything = sorted(stored, key=lambda each: (each.used_s, each.key))
    going = {each.key: each for each in everything if _goes(each, limits, in_use, now_s)}
    if limits.larger_than_bytes is not None:
        over = sum(each.bytes for each in everything if each.key not in going)
        for each in sorted(everything, key=lambda e: (e.key in in_use, e.used_s, e.key)):
            if over <= limits.larger_than_bytes:
                break
            if each.key not in going:
                going[each.key] = each
                over -= each.bytes
    return tuple(sorted(going.values(), key=lambda each: (each.used_s, each.key)))


def _goes(each: Stored, limits: Limits, in_use: Collection[str], now_s: float) -> bool:
    days = limits.older_than_days
    old = days is not None and now_s - each.used_s > days * DAY_S
    return bool(each.fault) or old or (limits.orphans and each.key not in in_use)


def size(text: str) -> int:
    """A size in bytes as a person writes it: ``500MB``, ``2.5 G``, ``1000``; k is a thousand.

    Raises `BobaoError` for anything else.
    """
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise BobaoError(f"“{text}” is no size", advice="Write for example 500MB or 2G.")
    return int(float(match[1]) * _UNITS[match[2].lower()])
