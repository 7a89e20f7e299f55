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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bobao import files
from bobao.errors import BobaoError
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
    told = [FORMAT, engine.name, engine.recipe(utterance)] if isinstance(engine, Exact) else None
    parts = told or _all(utterance, engine)
    return files.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8"))[:32]


def _all(utterance: Utterance, engine: Engine) -> list[Any]:
    return [
        FORMAT,
        utterance.text,
        [[reading.start, reading.end, *reading.pinyin] for reading in utterance.readings],
        [[entry.word, *entry.pinyin, entry.spelling] for entry in utterance.lexicon.entries],
        utterance.voice,
        float(utterance.rate),
        engine.name,
        engine.version,
    ]


def _ignored(path: Path, fault: str) -> None:
    """Take no notice of a damaged entry."""


@dataclass(frozen=True, slots=True)
class Store:
    """Takes in a folder. `damaged` is told of entries that are there but cannot be used."""

    folder: Path
    damaged: Callable[[Path, str], None] = _ignored

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
            take = _take(key, record)
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


def _take(key: str, record: dict[str, Any]) -> Take:
    """The take in a record. Raises TypeError, ValueError or KeyError where it makes no sense."""
    marks = tuple(Mark(*map(int, mark)) for mark in record["marks"])
    samples = int(record["samples"])
    if samples % GRID or samples < 0:
        raise ValueError("its length is not on the grid")
    return Take(key, samples, marks, str(record["sha256"]))


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
