"""Engines by name, ours and others'."""

import sys
from pathlib import Path

import pytest

from bobao.errors import BobaoError
from bobao.voices import registry

PLUGIN = """
import numpy as np
from bobao.voices.engine import Speech, VoiceInfo


class Fourth:
    name = "{name}"
    version = "7"
    at_once = 1

    def voices(self):
        return (VoiceInfo("one", "none"), VoiceInfo("two", "none"))

    def speak(self, utterance):
        return Speech(np.zeros(240, np.float32), ())


class Half:
    name, version, voices = "{name}", "7", ()
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a package with an entry point on the path, as pip would."""

    def put(entry: str, target: str, name: str) -> None:
        (tmp_path / "fourth_voice.py").write_text(PLUGIN.format(name=name))
        info = tmp_path / "fourth_voice-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fourth-voice\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{entry} = {target}\n")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "fourth_voice", raising=False)
        registry.engine.cache_clear()

    yield put
    registry.engine.cache_clear()


def test_our_engines_are_there_and_load_nothing_heavy() -> None:
    assert registry.names()[:3] == ("kokoro", "edge", "silence")
    assert "tone" not in registry.names()
    for name in registry.BUILT_IN:
        made = registry.engine(name)
        assert made.name == name
        assert made.voices()
        assert registry.engine(name) is made


def test_a_version_names_model_and_decoder() -> None:
    assert registry.engine("kokoro").version.startswith("6e742170-1-95aa3d62-")


def test_an_engine_from_another_package(install) -> None:
    install("fourth", "fourth_voice:Fourth", "fourth")
    assert "fourth" in registry.names()
    made = registry.engine("fourth")
    assert made.version == "7"
    assert registry.voice(made).name == "one"
    assert registry.voice(made, "two").name == "two"
    with pytest.raises(BobaoError, match="no voice “three”") as caught:
        registry.voice(made, "three")
    assert "one, two" in caught.value.advice


def test_ours_cannot_be_replaced(install) -> None:
    install("silence", "fourth_voice:Fourth", "silence")
    assert registry.engine("silence").version == "1"
    assert registry.names().count("silence") == 1


def test_an_unknown_engine_lists_those_there_are(install) -> None:
    install("fourth", "fourth_voice:Fourth", "fourth")
    with pytest.raises(BobaoError, match="no voice engine “fifth”") as caught:
        registry.engine("fifth")
    assert "kokoro, edge, silence" in caught.value.advice
    assert "fourth" in caught.value.advice


@pytest.mark.parametrize("target", ["fourth_voice:Missing", "no_such_module_here:Fourth"])
def test_an_engine_that_cannot_be_loaded(install, target: str) -> None:
    install("fourth", target, "fourth")
    with pytest.raises(BobaoError, match="cannot be loaded"):
        registry.engine("fourth")


def test_an_engine_under_a_wrong_name(install) -> None:
    install("fourth", "fourth_voice:Fourth", "other")
    with pytest.raises(BobaoError, match="calls itself “other”"):
        registry.engine("fourth")


def test_what_is_no_engine_is_told_so(install) -> None:
    install("fourth", "fourth_voice:Half", "fourth")
    with pytest.raises(BobaoError, match="it has no at_once and no speak"):
        registry.engine("fourth")
