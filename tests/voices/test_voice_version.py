"""The front end's fingerprint: part of every take's key, so it must follow every change."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bobao import files
from bobao.voices.kokoro import speakers

PACKAGE = Path(files.__file__).parent


@pytest.fixture
def fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """The fingerprint of a copy of the package that a test may change."""
    ignore = shutil.ignore_patterns("*.onnx", "*.npz", "__pycache__")
    copy = tmp_path / "bobao"
    for folder in ("pronounce", "voices"):
        shutil.copytree(PACKAGE / folder, copy / folder, ignore=ignore)
    shutil.copy(PACKAGE / "words.py", copy / "words.py")
    monkeypatch.setattr(files, "__file__", str(copy / "files.py"))
    return speakers.front_end.__wrapped__


def test_a_copy_has_the_same(fingerprint: Callable[[], str]) -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 8


@pytest.mark.parametrize(
    "path",
    [
        "words.py",
        "voices/shaping.py",
        "voices/kokoro/assembly.py",
        "voices/kokoro/data/syllables.tsv",
        "pronounce/front.py",
    ],
)
def test_any_change_to_what_decides_the_sound_changes_it(
    fingerprint: Callable[[], str], tmp_path: Path, path: str
) -> None:
    before = fingerprint()
    with (tmp_path / "bobao" / path).open("a") as file:
        file.write("# changed\n")
    assert fingerprint() != before


def test_a_change_to_the_store_or_the_tones_does_not(
    fingerprint: Callable[[], str], tmp_path: Path
) -> None:
    before = fingerprint()
    (tmp_path / "bobao" / "voices" / "tone.py").write_text("")
    (tmp_path / "bobao" / "voices" / "store.py").write_text("")
    assert fingerprint() == before
