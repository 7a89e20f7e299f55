"""Recipes: equal where the sound is, different where it is not; and not by way of the tables."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bobao import files
from bobao.errors import BobaoError
from bobao.pronounce import front
from bobao.pronounce.lexicon import parse_lexicon
from bobao.pronounce.sounds import Reading
from bobao.voices import registry
from bobao.voices.engine import Exact, Utterance
from bobao.voices.kokoro import score as scores
from bobao.voices.kokoro import speakers
from bobao.voices.kokoro.score import score
from bobao.voices.store import key

TEXT = "花街镇很重要，“两带三盟”采用5G网络。"
SAID = Utterance(TEXT, "zf_xiaoxiao")
ENGINE = registry.engine("kokoro")
PACKAGE = Path(files.__file__).parent


def test_both_engines_are_exact_and_differ() -> None:
    recipes = []
    for name in ("kokoro", "kokoro-int8"):
        engine = registry.engine(name)
        assert isinstance(engine, Exact)
        recipes.append(engine.recipe(SAID))
    assert recipes[0] != recipes[1]


@pytest.mark.parametrize(
    "other",
    [
        replace(SAID, voice="zm_yunjian"),
        replace(SAID, rate=1.1),
        replace(SAID, text=TEXT.replace("5G", "4G")),
        replace(SAID, text=TEXT.replace("，", "。")),
        replace(SAID, text=TEXT.replace("，", "")),
        replace(SAID, text="“" + TEXT),  # sounds the same: only the places move
        replace(SAID, readings=(Reading(4, 5, ("chong2",)),)),
        replace(SAID, lexicon=parse_lexicon("花街\thuā jiè\n")),
    ],
)
def test_what_changes_sound_or_marks_changes_the_recipe(other: Utterance) -> None:
    assert ENGINE.recipe(other) != ENGINE.recipe(SAID)
    assert key(other, ENGINE) != key(SAID, ENGINE)


@pytest.mark.parametrize(
    "other",
    [
        replace(SAID, rate=1),
        replace(SAID, readings=(Reading(0, 2, ("hua1", "jie1")),)),  # as it is said anyway
        replace(SAID, lexicon=parse_lexicon("重要\tzhòng yào\n")),
        replace(SAID, text=TEXT.replace("镇", "阵")),  # another character of the same sound
    ],
)
def test_what_changes_neither_does_not(other: Utterance) -> None:
    assert ENGINE.recipe(other) == ENGINE.recipe(SAID)
    assert key(other, ENGINE) == key(SAID, ENGINE)


def test_the_recipe_holds_every_token_and_place() -> None:
    made = score(TEXT, (), SAID.lexicon)
    units = json.loads(made.text())
    tokens = [token for unit in units for token, _ in unit]
    said = [p.token for start, end in made.units for p in made.spoken[start:end]]
    assert tokens == said
    places = {tuple(place) for unit in units for _, place in unit if isinstance(place, list)}
    assert places == {(s.start, s.end) for s in made.sounds if s.kind in scores.units.HEARD}
    assert {place for unit in units for _, place in unit if isinstance(place, str)} == {"，", "。"}


@pytest.mark.parametrize("text", ["①", "，。", "\ue000"])
def test_what_cannot_be_said_has_a_recipe_and_fails_when_spoken(text: str) -> None:
    wrong = replace(SAID, text=text)
    assert ENGINE.recipe(wrong) == ENGINE.recipe(wrong) != ENGINE.recipe(SAID)
    with pytest.raises(BobaoError):
        ENGINE.speak(wrong)


def test_pronunciation_is_worked_out_once_for_recipe_and_speech(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        scores, "pronounce", lambda text, *rest: asked.append(text) or front.pronounce(text, *rest)
    )
    for _ in range(3):
        ENGINE.recipe(replace(SAID, text="小微园建设走在前列，记者来了。"))
    assert asked == ["小微园建设走在前列，记者来了。"]


@pytest.fixture
def fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """The fingerprint of a copy of the package that a test may change."""
    ignore = shutil.ignore_patterns("*.onnx", "*.npz", "__pycache__")
    copy = tmp_path / "bobao"
    for folder in ("pronounce", "voices"):
        shutil.copytree(PACKAGE / folder, copy / folder, ignore=ignore)
    shutil.copy(PACKAGE / "words.py", copy / "words.py")
    monkeypatch.setattr(files, "__file__", str(copy / "files.py"))
    return speakers.back_end.__wrapped__


def _changed(tmp_path: Path, path: str) -> None:
    with (tmp_path / "bobao" / path).open("a", encoding="utf-8") as file:
        file.write("# changed\n")


@pytest.mark.parametrize("path", speakers.BACK_END_FILES)
def test_a_change_after_the_phonemes_changes_the_version(
    fingerprint: Callable[[], str], tmp_path: Path, path: str
) -> None:
    before = fingerprint()
    assert fingerprint() == before
    assert (tmp_path / "bobao" / path).is_file()
    _changed(tmp_path, path)
    assert fingerprint() != before


@pytest.mark.parametrize(
    "path",
    [
        "words.py",
        "pronounce/front.py",
        "voices/kokoro/data/syllables.tsv",
        "voices/kokoro/phonemes.py",
        "voices/kokoro/units.py",
        "voices/store.py",
        "voices/tone.py",
    ],
)
def test_a_change_before_them_does_not(
    fingerprint: Callable[[], str], tmp_path: Path, path: str
) -> None:
    before = fingerprint()
    _changed(tmp_path, path)
    assert fingerprint() == before


def test_every_module_of_the_voice_is_on_one_side_of_the_phonemes() -> None:
    """A new module must be thought of: does it change the sound of given phonemes?"""
    before = {
        "__init__", "checks", "engine", "english", "parts", "phonemes", "score", "sessions",
        "speakers", "tables", "units",
    }  # fmt: skip
    after = {Path(path).stem for path in speakers.BACK_END_FILES if "kokoro/" in path}
    there = {path.stem for path in (PACKAGE / "voices" / "kokoro").glob("*.py")}
    assert there == before | (after - {"onsets"})
    assert not before & after
