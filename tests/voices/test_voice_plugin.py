"""An engine from outside: a package with an entry point, found and used by the real command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

CODE = '''"""A voice that hums: the whole of what another package has to provide."""
import numpy as np

from bobao.errors import BobaoError
from bobao.model import RATE, Mark
from bobao.voices.engine import Speech, VoiceInfo


class Hum:
    name = "hum"
    version = "1"
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
'''
ARTICLE = "花街镇今年建成九个公园\n\n今年以来，花街镇共建成9个口袋公园，居民出门就能散步。\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package in it, as pip would lay it out."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "hum_voice.py").write_text(CODE)
    info = folder / "hum_voice-2.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hum-voice\nVersion: 2.0\n")
    (info / "entry_points.txt").write_text("[bobao.engines]\nhum = hum_voice:Hum\n")
    return folder


def bobao(*arguments: str | Path, cwd: Path, site: Path | None, code: int = 0) -> str:
    """The command's output; `site` is on its path beside bobao itself."""
    paths = [str(path) for path in (ROOT, site) if path]
    done = subprocess.run(
        [sys.executable, "-m", "bobao", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_it_is_listed(installed: Path, tmp_path: Path) -> None:
    assert "alto" in bobao("voices", "--engine", "hum", cwd=tmp_path, site=installed)
    said = bobao("voices", "--engine", "hum", cwd=tmp_path, site=None, code=1)
    assert "no voice engine “hum”" in said


def test_it_records_a_script(installed: Path, tmp_path: Path) -> None:
    import soundfile

    bobao("init", tmp_path, cwd=ROOT, site=installed)
    (tmp_path / "seeds" / "park.txt").write_text(ARTICLE, "utf-8")
    bobao("draft", "park", "--engine", "hum", cwd=tmp_path, site=installed)
    bobao("voice", "park", "--voice", "bass", cwd=tmp_path, site=installed)
    sounds = sorted((tmp_path / "audio" / "park").glob("*.flac"))
    assert sounds
    samples, rate = soundfile.read(sounds[0])
    cycles = (samples[1:] * samples[:-1] < 0).sum() / 2
    assert cycles / (abs(samples) > 0).sum() * rate == pytest.approx(110, rel=0.05)
    entries = [json.loads(path.read_text()) for path in tmp_path.rglob("audio/takes/*/*.json")]
    assert entries
    assert all(len(entry["marks"]) > 3 for entry in entries)


def test_it_makes_a_bulletin_that_is_verified_and_published(
    installed: Path, tmp_path: Path
) -> None:
    bobao("init", tmp_path, cwd=ROOT, site=installed)
    (tmp_path / "seeds" / "park.txt").write_text(ARTICLE, "utf-8")
    said = bobao("produce", "park", "--engine", "hum", "--plain", cwd=tmp_path, site=installed)
    assert "park: verified, nothing is wrong" in said
    made = json.loads((tmp_path / "output" / "park" / "bulletin.json").read_text("utf-8"))
    assert made["engine"] == {"name": "hum", "version": "1"}
    assert made["duration_ms"] > 200 * len(ARTICLE)
    assert "park/" in (tmp_path / "output" / "index.html").read_text("utf-8")
