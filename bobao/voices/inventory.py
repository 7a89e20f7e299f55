"""What is stored: every take with its size, age and engine, and which takes bulletins use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

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
