"""The take store: every recorded line under a hash of all that decides its sound.

An entry is two files in a folder named after the key's first two digits: ``KEY.flac`` (16-bit mono
at `RATE`) and ``KEY.json`` (the key again, marks, sample count, the FLAC's SHA-256). The JSON is
written last and makes the entry count; an entry that is incomplete, damaged or another's is as good
as absent. Entries written before there was a key inside are taken at their name: to record them all
anew would cost a station hours, for a fault that nobody has had. Entries written before there was a
level inside are measured once: an onnxruntime that computed wrongly may have left them almost
silent, and no voice is.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bobao import files
from bobao.errors import BobaoError
from bobao.files import sha256_of
from bobao.model import GRID_MS, RATE, Mark, Take
from bobao.voices import shaping
from bobao.voices.engine import Engine, Exact, Samples, Speech, Utterance

FORMAT = 1
GRID = RATE * GRID_MS // 1000
"""Samples of a grid step: takes are a whole number of them long."""
NOTHING_DB, VOICE_DB = -100.0, -40.0
"""What is softer is digital silence, as the engine `silence` makes it; what is louder, a voice."""


def key(utterance: Utterance, engine: Engine) -> str:
    """The name of the take of `utterance` by `engine`: 32 hexadecimal digits.

    It covers the engine's name and its recipe for the utterance; where an engine gives none, its
    version, and text, readings, lexicon, voice and rate.
    """
    parts: list[Any]
    if isinstance(engine, Exact):
        parts = [FORMAT, engine.name, engine.recipe(utterance)]
    else:
        parts = [
            FORMAT,
            utterance.text,
            [[reading.start, reading.end, *reading.pinyin] for reading in utterance.readings],
            [[entry.word, *entry.pinyin, entry.spelling] for entry in utterance.lexicon.entries],
            utterance.voice,
            float(utterance.rate),
            engine.name,
            engine.version,
        ]
    return files.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8"))[:32]


@dataclass(frozen=True, slots=True)
class Store:
    """Takes in a folder. `damaged` is told of entries that are there but cannot be used."""

    folder: Path
    damaged: Callable[[Path, str], object] = lambda path, fault: None

    def load(self, key: str) -> Take | None:
        """The take of that name, its file checked; None where it is absent or damaged."""
        entry = self._entry(key)
        return entry[0] if entry else None

    def samples(self, key: str) -> Samples:
        """The sound of a take, `Take.samples` long.

        Raises `BobaoError` where it is absent or damaged.
        """
        entry = self._entry(key)
        if entry is None:
            raise BobaoError(
                "a recorded line is missing or damaged",
                where=str(self._path(key, ".flac")),
                advice="Run the command again: what is missing is spoken again.",
            )
        return _decoded(entry[1])

    def save(self, key: str, speech: Speech, engine: str = "") -> Take:
        """Store `speech`, padded with silence to the grid, and return its take.

        `engine` is noted beside it, for those who keep house.

        Raises `BobaoError` where there is no sound, or the folder cannot be written.
        """
        if not len(speech.samples) or not np.isfinite(speech.samples).all():
            raise BobaoError("the voice made no sound", advice="Choose another voice or engine.")
        samples = np.pad(speech.samples, (0, -len(speech.samples) % GRID))
        flac = _encoded(samples)
        take = Take(key, len(samples), speech.marks, files.sha256(flac))
        record = {
            "format": FORMAT,
            "key": key,
            "engine": engine,
            "samples": take.samples,
            "sha256": take.sha256,
            "level": round(shaping.level(samples), 1),
            "marks": [[m.start, m.end, m.start_ms, m.end_ms] for m in take.marks],
        }
        files.write_bytes(self._path(key, ".flac"), flac)
        files.write_text(self._path(key, ".json"), json.dumps(record) + "\n")
        return take

    def sound(self, key: str) -> Path:
        """The file with the sound of a take, there or not."""
        return self._path(key, ".flac")

    def _path(self, key: str, suffix: str) -> Path:
        return self.folder / key[:2] / f"{key}{suffix}"

    def _entry(self, key: str) -> tuple[Take, bytes] | None:
        path = self._path(key, ".json")
        try:
            record = json.loads(path.read_bytes())
            flac = path.with_suffix(".flac").read_bytes()
            if record["format"] != FORMAT or record["sha256"] != files.sha256(flac):
                raise ValueError("the sound is not the one that was recorded")
            if record.get("key", key) != key:
                raise ValueError("it is the recording of another line")
            samples, marks = int(record["samples"]), record["marks"]
            if samples % GRID or samples < 0:
                raise ValueError("its length is not on the grid")
            marks = tuple(Mark(*map(int, mark)) for mark in marks)
            take = Take(key, samples, marks, str(record["sha256"]))
            if "level" not in record:
                self._measure(path, record, flac)
            return take, flac
        except FileNotFoundError as error:
            if path.exists():
                self.damaged(path, f"{Path(error.filename).name} is missing")
        except (OSError, ValueError, TypeError, KeyError) as error:
            self.damaged(path, str(error))
        return None

    def _measure(self, path: Path, record: dict[str, Any], flac: bytes) -> None:
        """Note the level of an old take. Raises ValueError where it is almost silent."""
        level = round(shaping.level(_decoded(flac)), 1)
        if NOTHING_DB < level < VOICE_DB:
            raise ValueError("it is almost silent: a faulty onnxruntime recorded it")
        with suppress(BobaoError):  # where the folder cannot be written, it is measured again
            files.write_text(path, json.dumps({**record, "level": level}) + "\n")


def _encoded(samples: Samples) -> bytes:
    import soundfile

    file = io.BytesIO()
    whole = np.clip(np.rint(samples * 32768.0), -32768, 32767).astype(np.int16)
    soundfile.write(file, whole, RATE, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def _decoded(flac: bytes) -> Samples:
    import soundfile

    samples, _ = soundfile.read(io.BytesIO(flac), dtype="float32")
    return np.asarray(samples, np.float32)


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


_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([kmgt]?)i?b?", re.IGNORECASE)


def prunable(
    stored: Iterable[Stored],
    in_use: Collection[str],
    *,
    unused_since_s: float = 0.0,
    larger_than_bytes: float = math.inf,
    orphans: bool = False,
) -> tuple[Stored, ...]:
    """The takes to let go: old and unused ones, the oldest above a size, the damaged always.

    Oldest first. A take that a finished bulletin is made of (`in_use`) is never an orphan, but may
    go by age or size: the bulletin stays, and only changing it would have to record it again.
    """
    everything = sorted(stored, key=lambda each: (each.used_s, each.key))
    going = {
        each.key
        for each in everything
        if each.fault or each.used_s < unused_since_s or (orphans and each.key not in in_use)
    }
    left = [each for each in everything if each.key not in going]
    size = sum(each.bytes for each in left)
    for each in sorted(left, key=lambda each: each.key in in_use):
        if size > larger_than_bytes:
            going.add(each.key)
            size -= each.bytes
    return tuple(each for each in everything if each.key in going)


def bytes_of(text: str) -> int:
    """A size in bytes as a person writes it: ``500MB``, ``2.5 G``, ``1000``; k is a thousand.

    Raises `BobaoError` for anything else.
    """
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise BobaoError(f"“{text}” is no size", advice="Write for example 500MB or 2G.")
    return int(float(match[1]) * _UNITS[match[2].lower()])
