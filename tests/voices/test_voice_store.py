"""The take store: whole entries or none, whatever happens."""

import hashlib
import json
import multiprocessing
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.model import Take
from bobao.pronounce.sounds import Reading
from bobao.voices import store as takes
from bobao.voices.dry import ToneEngine
from bobao.voices.engine import Speech, Utterance
from bobao.voices.store import Store

ENGINE = ToneEngine()
SAID = Utterance("花街镇", "tone")
KEY = takes.key(SAID, ENGINE)
SPEECH = ENGINE.speak(SAID)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.load(KEY) is None
    take = store.save(KEY, SPEECH)
    assert take == store.load(KEY)
    flac = (tmp_path / KEY[:2] / f"{KEY}.flac").read_bytes()
    assert take == Take(KEY, len(SPEECH.samples), SPEECH.marks, hashlib.sha256(flac).hexdigest())
    assert np.abs(store.samples(KEY) - SPEECH.samples).max() <= 0.5 / 32768
    names = [str(path.relative_to(tmp_path)) for path in files_in(tmp_path)]
    assert names == [f"{KEY[:2]}/{KEY}.flac", f"{KEY[:2]}/{KEY}.json"]
    info = soundfile.info(tmp_path / KEY[:2] / f"{KEY}.flac")
    assert (info.samplerate, info.channels, info.subtype) == (24000, 1, "PCM_16")


@pytest.mark.parametrize(("gain", "kept"), [(1.0, True), (0.0, True), (0.02, False)])
def test_an_old_take_is_measured_once_and_spoken_again_if_almost_silent(
    tmp_path: Path, gain: float, kept: bool
) -> None:
    damaged: list[str] = []
    store = Store(tmp_path, lambda path, fault: damaged.append(fault))
    take = store.save(KEY, Speech(SPEECH.samples * np.float32(gain), SPEECH.marks))
    path = tmp_path / KEY[:2] / f"{KEY}.json"
    record = json.loads(path.read_bytes())
    del record["level"]
    path.write_text(json.dumps(record))
    assert store.load(KEY) == (take if kept else None)
    assert ("level" in json.loads(path.read_bytes())) == kept
    assert damaged == ([] if kept else ["it is almost silent: a faulty onnxruntime recorded it"])


@settings(max_examples=20)
@given(st.integers(1, 2000))
def test_takes_are_padded_to_the_grid(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    take = store.save("ab" * 16, Speech(np.full(size, 0.25, np.float32), ()))
    samples = store.samples("ab" * 16)
    assert take.samples == len(samples) == -(-size // 240) * 240
    assert (samples[:size] == 0.25).all()
    assert not samples[size:].any()
    store.save(KEY, Speech(np.array([1.0, -1.0, 1.5, -1.5] * 60, np.float32), ()))  # none wraps
    assert store.samples(KEY)[:4].tolist() == [32767 / 32768, -1.0, 32767 / 32768, -1.0]


@pytest.mark.parametrize("samples", [[], [0.1, float("nan")], [float("inf")]])
def test_what_is_no_sound_is_not_stored(tmp_path: Path, samples: list[float]) -> None:
    with pytest.raises(BobaoError, match="no sound"):
        Store(tmp_path).save(KEY, Speech(np.array(samples, np.float32), ()))
    assert not files_in(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(BobaoError, match="cannot write"):
        Store(tmp_path / "file").save(KEY, SPEECH)


def test_the_key_covers_all_that_decides_the_sound() -> None:
    def engine(name: str, version: str) -> ToneEngine:
        made = ToneEngine()
        made.name, made.version = name, version
        return made

    said = [
        SAID,
        replace(SAID, text="花街"),
        replace(SAID, voice="other"),
        replace(SAID, rate=1.1),
        replace(SAID, readings=(Reading(0, 1, ("hua1",)),)),
        replace(SAID, readings=(Reading(1, 2, ("hua1",)),)),
    ]
    keys = [takes.key(each, ENGINE) for each in said]
    keys += [takes.key(SAID, engine("tone", "2")), takes.key(SAID, engine("bell", "1"))]
    assert len(set(keys)) == len(keys)
    assert takes.key(replace(SAID, rate=1), ENGINE) == KEY == "82e77fe24ddf5358ee3b953acc7cf4a8"
    assert all(len(key) == 32 and set(key) <= set("0123456789abcdef") for key in keys)


DAMAGES = {
    "sound gone": lambda flac, record: flac.unlink(),
    "sound cut": lambda flac, record: flac.write_bytes(flac.read_bytes()[:-9]),
    "sound empty": lambda flac, record: flac.write_bytes(b""),
    "sound flipped": lambda flac, record: flac.write_bytes(flac.read_bytes()[:-1] + b"\0"),
    "record cut": lambda flac, record: record.write_bytes(record.read_bytes()[:-9]),
    "record empty": lambda flac, record: record.write_bytes(b""),
    "record binary": lambda flac, record: record.write_bytes(b"\xff\0\xfe"),
    "record a list": lambda flac, record: record.write_text("[1, 2]"),
    "record without marks": lambda flac, record: edit(record, "marks"),
    "record with wrong marks": lambda flac, record: edit(record, "marks", [[1, 2]]),
    "record off the grid": lambda flac, record: edit(record, "samples", 241),
    "record of another format": lambda flac, record: edit(record, "format", 99),
    "record of another line": lambda flac, record: edit(record, "key", "ab" * 16),
}


def edit(record: Path, name: str, value: object = None) -> None:
    data = json.loads(record.read_text())
    data.pop(name)
    if value is not None:
        data[name] = value
    record.write_text(json.dumps(data))


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_entry_is_absent_told_of_and_remade(tmp_path: Path, damage) -> None:
    told: list[Path] = []
    store = Store(tmp_path, damaged=lambda path, fault: told.append(path))
    take = store.save(KEY, SPEECH)
    damage(tmp_path / KEY[:2] / f"{KEY}.flac", tmp_path / KEY[:2] / f"{KEY}.json")
    assert store.load(KEY) is None
    assert len(told) == 1
    with pytest.raises(BobaoError, match="missing or damaged"):
        store.samples(KEY)
    assert store.save(KEY, SPEECH) == take == store.load(KEY)


def test_an_entry_of_before_there_was_a_key_in_it_is_taken_at_its_name(tmp_path: Path) -> None:
    store = Store(tmp_path, damaged=lambda path, fault: pytest.fail(fault))
    take = store.save(KEY, SPEECH)
    record = tmp_path / KEY[:2] / f"{KEY}.json"
    edit(record, "key")
    assert store.load(KEY) == take
    record.unlink()  # one that was never finished is absent without a word
    assert store.load(KEY) is None


def _write_for_ever(folder: Path) -> None:
    store, number = Store(folder), 0
    while True:
        said = Utterance("花街镇" * (1 + number % 5), "tone", 1 + number % 7 / 10)
        store.save(takes.key(said, ENGINE), ENGINE.speak(said))
        number += 1


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("after_s", [0.02, 0.05, 0.11])
def test_killed_at_any_moment_every_entry_is_whole_or_absent(
    tmp_path: Path, after_s: float
) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_for_ever, args=(tmp_path,)) for _ in range(2)]
    for writer in writers:
        writer.start()
    while not any(tmp_path.rglob("*.json")):
        time.sleep(0.01)
    time.sleep(after_s)
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
    told: list[Path] = []
    store = Store(tmp_path, damaged=lambda path, fault: told.append(path))
    found = [path.stem for path in tmp_path.rglob("*.json") if not path.name.startswith(".")]
    assert found
    for key in found:
        take = store.load(key)
        assert take is not None
        assert len(store.samples(key)) == take.samples
    assert told == []
