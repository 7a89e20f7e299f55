"""Engines by name, ours and others': a package with an entry point, found and used by the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from conftest import ROOT

from bobao.errors import BobaoError
from bobao.voices import registry

CODE = '''"""A voice that hums: the whole of what another package has to provide."""
import numpy as np

from bobao.errors import BobaoError
from bobao.model import RATE, Mark
from bobao.voices.engine import Speech, VoiceInfo


class Hum:
    name = "hum"
    version = "7"
    at_once = 2

    def voices(self):
        return (VoiceInfo("alto", "female", note="hums"), VoiceInfo("bass", "male"))

    def speak(self, utterance):
        heard = [i for i, char in enumerate(utterance.text) if char.isalnum()]
        if not heard:
            raise BobaoError("there is nothing to hum")
        step = round(200 / utterance.rate)
        marks = tuple(Mark(i, i + 1, n * step, (n + 1) * step) for n, i in enumerate(heard))
        times = np.arange(len(heard) * step * RATE // 1000) / RATE
        pitch = {"alto": 220.0, "bass": 110.0}[utterance.voice]
        return Speech((0.2 * np.sin(6.2832 * pitch * times)).astype(np.float32), marks)


class Half:
    name, version, voices = "hum", "7", ()
'''
ARTICLE = "花街镇今年建成九个公园\n\n今年以来，花街镇共建成9个口袋公园，居民出门就能散步。\n"
Install = Callable[[str, str], Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a package with an entry point on the path, as pip would."""

    def put(entry: str = "hum", target: str = "Hum") -> Path:
        site = tmp_path / "site"
        info = site / "hum_voice-2.0.dist-info"
        info.mkdir(parents=True)
        (site / "hum_voice.py").write_text(CODE)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hum-voice\nVersion: 2.0\n")
        target = target if ":" in target else f"hum_voice:{target}"
        (info / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{entry} = {target}\n")
        monkeypatch.syspath_prepend(site)
        monkeypatch.delitem(sys.modules, "hum_voice", raising=False)
        registry.engine.cache_clear()
        return site

    return put


def test_ours_are_there_and_import_nothing_heavy() -> None:
    assert registry.names()[:3] == ("kokoro", "edge", "silence")
    assert "tone" not in registry.names()
    for name in registry.BUILT_IN:
        made = registry.engine(name)
        assert made.name == name
        assert made.voices()
        assert registry.engine(name) is made
    assert registry.engine("kokoro").version.startswith("6e742170-1-95aa3d62-")


def test_an_engine_from_another_package(install: Install) -> None:
    install()
    assert "hum" in registry.names()
    made = registry.engine("hum")
    assert made.version == "7"
    assert registry.voice(made).name == "alto"
    assert registry.voice(made, "bass").name == "bass"
    with pytest.raises(BobaoError, match="no voice “three”") as caught:
        registry.voice(made, "three")
    assert "alto, bass" in caught.value.advice
    with pytest.raises(BobaoError, match="no voice engine “fifth”") as caught:
        registry.engine("fifth")
    assert "kokoro, edge, silence, hum" in caught.value.advice


def test_ours_cannot_be_replaced(install: Install) -> None:
    install("silence")
    assert registry.engine("silence").version == "1"
    assert registry.names().count("silence") == 1


@pytest.mark.parametrize(
    ("entry", "target", "fault"),
    [
        ("hum", "Missing", "cannot be loaded"),
        ("hum", "no_such_module_here:Hum", "cannot be loaded"),
        ("other", "Hum", "calls itself “hum”"),
        ("hum", "Half", "it has no at_once and no speak"),
    ],
)
def test_what_is_no_engine_is_told_so(
    install: Install, entry: str, target: str, fault: str
) -> None:
    install(entry, target)
    with pytest.raises(BobaoError, match=fault):
        registry.engine(entry)


def test_the_command_makes_a_bulletin_with_it(install: Install, tmp_path: Path) -> None:
    paths = [str(ROOT), str(install())]

    def bobao(*arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "bobao", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    bobao("init", str(tmp_path))
    (tmp_path / "seeds" / "park.txt").write_text(ARTICLE, "utf-8")
    assert "alto" in bobao("voices", "--engine", "hum")
    said = bobao("produce", "park", "--engine", "hum", "--voice", "bass", "--plain")
    assert "park: verified, nothing is wrong" in said
    samples, rate = soundfile.read(min((tmp_path / "audio" / "park").glob("*.flac")))
    cycles = (samples[1:] * samples[:-1] < 0).sum() / 2
    assert cycles / (abs(samples) > 0).sum() * rate == pytest.approx(110, rel=0.05)
    entries = [json.loads(path.read_text()) for path in tmp_path.rglob("audio/takes/*/*.json")]
    assert entries
    assert all(len(entry["marks"]) > 3 for entry in entries)
    made = json.loads((tmp_path / "output" / "park" / "bulletin.json").read_text("utf-8"))
    assert made["engine"] == {"name": "hum", "version": "7"}
    assert made["duration_ms"] > 200 * len(ARTICLE)
    assert "park/" in (tmp_path / "output" / "index.html").read_text("utf-8")
    paths.pop()
    assert "no voice engine “hum”" in bobao("voices", "--engine", "hum", code=1)
