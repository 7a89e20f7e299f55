"""A runtime proves itself before anything is recorded; what it would have recorded is not kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bobao.errors import BobaoError
from bobao.voices import registry, shaping
from bobao.voices.delivery import Delivery, record
from bobao.voices.engine import Utterance
from bobao.voices.kokoro import runtime
from bobao.voices.kokoro.engine import KokoroEngine
from bobao.voices.kokoro.voicing import FRAME, Inputs, Sounder
from bobao.voices.store import Store

Change = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


@pytest.fixture(scope="module")
def right() -> Sounder:
    """The real voice; each line is said once."""
    said: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}
    real = registry.engine("kokoro").load()

    def sound(given: Inputs) -> tuple[np.ndarray, np.ndarray]:
        key = given["tokens"].tobytes() + given["style"].tobytes()
        if key not in said:
            said[key] = real(given)
        return said[key]

    return sound


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BOBAO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def changed(sounder: Sounder, change: Change) -> Sounder:
    return lambda given: change(*sounder(given))


def counted(sounder: Sounder) -> tuple[Sounder, list[int]]:
    calls: list[int] = []
    return lambda given: calls.append(1) or sounder(given), calls


def hushed(samples: np.ndarray, durations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As an onnxruntime of 1.22 to 1.24 makes it on a processor with AMX: −47 dB."""
    noise = np.random.default_rng(1).standard_normal(len(samples))
    return (noise * 10 ** (-47 / 20)).astype(np.float32), durations


WRONG: dict[str, Change] = {
    "almost silent": hushed,
    "half as loud": lambda s, d: (s / 2, d),
    "no numbers": lambda s, d: (s * np.float32("nan"), d),
    "too short": lambda s, d: (s[: len(s) * 4 // 5 // FRAME * FRAME], d * 0 + 1),
    "too long": lambda s, d: (np.repeat(s, 2), d * 2),
    "another length than it says": lambda s, d: (s[FRAME:], d),
    "late": lambda s, d: (np.roll(s, 5 * FRAME), d),
    "noise": lambda s, d: (hushed(s, d)[0] * 30, d),
}


@pytest.mark.speech
@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_sound_right_is_refused_each_time(right: Sounder, name: str) -> None:
    for _ in range(2):
        with pytest.raises(BobaoError, match="does not sound right") as caught:
            runtime.prove(changed(right, WRONG[name]), "x")
    assert "pip install 'onnxruntime" in caught.value.advice


@pytest.mark.speech
def test_what_is_right_is_remembered_for_its_runtime_and_graphs(
    right: Sounder, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sounder, calls = counted(right)
    done = [0]

    def proves(graphs: str = "x") -> bool:
        runtime.prove(sounder, graphs)
        done.append(len(calls))
        return done[-1] > done[-2]

    assert [proves(), proves(), proves("y")] == [True, False, True]
    monkeypatch.setattr(runtime, "_runtime", lambda: "1.99")
    assert [proves(), proves()] == [True, False]
    monkeypatch.setattr(runtime, "_processor", lambda: "another")
    assert [proves(), proves()] == [True, False]
    assert len(list((cache / "kokoro" / "proved").iterdir())) == 4


@pytest.mark.speech
def test_without_a_cache_each_process_proves_it(
    right: Sounder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("BOBAO_CACHE", str(tmp_path / "file" / "cache"))
    sounder, calls = counted(right)
    runtime.prove(sounder, "x")
    once = len(calls)
    runtime.prove(sounder, "x")
    assert len(calls) == 2 * once > 0


@pytest.fixture
def engine(cache: Path) -> KokoroEngine:
    return KokoroEngine()


@pytest.mark.speech
def test_a_faulty_runtime_records_nothing(
    engine: KokoroEngine, right: Sounder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "load", lambda: changed(right, hushed))
    delivery = Delivery((Utterance("你好。", "zf_xiaoxiao"),))
    with pytest.raises(BobaoError, match="does not sound right"):
        record([[delivery]], engine, Store(tmp_path / "takes"))
    assert not (tmp_path / "takes").exists()


@pytest.mark.speech
def test_a_line_that_comes_out_almost_silent_is_not_kept(
    engine: KokoroEngine, right: Sounder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There may be runtimes that say the lines of the proof rightly, and others not."""
    said = Utterance("你好。", "zf_xiaoxiao")
    monkeypatch.setattr(engine, "_loaded", right)
    assert shaping.level(engine.speak(said).samples) > -25
    monkeypatch.setattr(engine, "_loaded", changed(right, hushed))
    with pytest.raises(BobaoError, match="hardly any sound"):
        engine.speak(said)
