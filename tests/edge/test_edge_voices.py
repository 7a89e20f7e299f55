"""The list of voices: from the service, from the cache with its age, from our table."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from edge_service import VOICES, Conduct, Service

from bobao.errors import BobaoError
from bobao.voices import registry
from bobao.voices.edge.engine import EdgeEngine
from bobao.voices.engine import Utterance, VoiceInfo

pytest_plugins = ["edge_fixtures"]
Make = Callable[..., EdgeEngine]
CHINESE = [name for name in VOICES if name.startswith("zh-")]


def test_the_service_is_asked_and_its_answer_kept(edge_service: Service, edge_engine: Make) -> None:
    engine = edge_engine()
    assert engine.update_voices() == "the list is what the service tells now"
    assert [voice.name for voice in engine.voices()] == CHINESE
    assert engine.voices()[0] == VoiceInfo(CHINESE[0], "male", "zh-CN", "News, Reliable")
    assert "told a minute ago; --refresh asks again" in edge_engine().update_voices()
    assert edge_service.lists == 1
    edge_engine().update_voices(now=True)
    assert edge_service.lists == 2


def test_an_old_answer_is_asked_for_again(
    edge_service: Service, edge_engine: Make, tmp_path
) -> None:
    old = {"name": "zh-CN-OldNeural", "gender": "male"}
    record = {"format": 1, "asked": time.time() - 3 * 86400, "voices": [old]}
    (tmp_path / "edge-voices.json").write_text(json.dumps(record))
    assert edge_engine().voices()[0].name == "zh-CN-OldNeural"
    edge_service.list_conduct = Conduct(status=503)
    told = edge_engine().update_voices()
    assert "too busy (503" in told
    assert "what it told 3 days ago" in told
    assert edge_engine().voices()[0].name == "zh-CN-OldNeural"
    edge_service.list_conduct = Conduct(latency_s=30)
    assert "stopped answering" in edge_engine(idle_s=0.2).update_voices()
    edge_service.list_conduct = Conduct()
    edge_engine().update_voices()
    assert edge_engine().voices()[0].name == CHINESE[0]


@pytest.mark.parametrize(
    "listed", [[], {}, ["x"], [{"ShortName": "zh-CN-X"}], 7, [{"ShortName": "en-US-A", "Gender": "Male"}],
               [{"ShortName": "zh-CN-A", "Gender": "Male", "VoiceTag": 3}]]
)  # fmt: skip
def test_an_answer_that_is_no_list(
    listed: object, edge_service: Service, edge_engine: Make
) -> None:
    edge_service.listed = listed  # type: ignore[assignment]
    assert "the list is a built-in table" in edge_engine().update_voices()
    assert len(edge_engine().voices()) == 14


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": 0}', '{"format": 1, "asked": 0, "voices": [{"x": 1}]}']
)
def test_a_damaged_cache_counts_for_nothing(content: str, edge_network, tmp_path) -> None:
    (tmp_path / "edge-voices.json").write_text(content)
    voices = EdgeEngine().voices()  # then those of our table
    assert voices[0].name == "zh-CN-YunyangNeural"
    assert len({voice.name for voice in voices}) == len(voices) == 14
    assert {voice.gender for voice in voices} == {"female", "male"}
    assert "zh-CN-liaoning" in {voice.language for voice in voices}


def test_speaking_asks_for_no_list(edge_service: Service, edge_engine: Make) -> None:
    engine = edge_engine()
    voice = registry.voice(engine)
    engine.speak(Utterance("今天多云。", voice.name))
    assert edge_service.lists == 0
    with pytest.raises(BobaoError, match="no voice “zh-CN-XiaochenNeural”"):
        registry.voice(engine, "zh-CN-XiaochenNeural")


def voices_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bobao", "voices", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_the_command(edge_service: Service, edge_network, tmp_path: Path) -> None:
    edge_network.setenv("BOBAO_CACHE", str(tmp_path))
    edge_network.setenv("BOBAO_EDGE_URL", edge_service.url)
    everything = voices_command("--json")
    assert edge_service.lists == 0
    engines = {entry["engine"] for entry in json.loads(everything.stdout)}
    assert engines >= {"edge", "kokoro", "silence"}
    done = voices_command("--engine", "edge")
    assert "edge: the list is what the service tells now" in done.stderr
    assert [line.split()[1] for line in done.stdout.splitlines()[1:]] == CHINESE
    edge_service.list_conduct = Conduct(status=500)
    done = voices_command("--engine", "edge", "--refresh")
    assert "out of order (500" in done.stderr
    assert "what it told a minute ago" in done.stderr
    assert [line.split()[1] for line in done.stdout.splitlines()[1:]] == CHINESE
