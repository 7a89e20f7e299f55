"""Recipes: equal where the sound is, different where it is not; and not by way of the tables."""

import json
from dataclasses import replace

import pytest

from bobao.errors import BobaoError
from bobao.pronounce import front
from bobao.pronounce.lexicon import parse_lexicon
from bobao.pronounce.sounds import Reading
from bobao.voices import registry
from bobao.voices.engine import Utterance
from bobao.voices.kokoro import score as scores
from bobao.voices.kokoro.score import score
from bobao.voices.store import key

TEXT = "花街镇很重要，“两带三盟”采用5G网络。"
SAID = Utterance(TEXT, "zf_xiaoxiao")
ENGINE = registry.engine("kokoro")


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
    assert places == {(s.start, s.end) for s in made.sounds if s.kind in scores.HEARD}
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
