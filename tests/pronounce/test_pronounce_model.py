"""The model, and what no table has."""

from __future__ import annotations

import pytest

from bobao.errors import BobaoError
from bobao.pronounce import parse_lexicon, pronounce, syllables
from bobao.pronounce.model import model
from bobao.pronounce.sounds import Context


def test_the_model_is_asked_only_for_what_it_is_good_at():
    text = "就业率"
    assert list(model(Context.of(text), frozenset({2}))) == []


def test_the_model_answers_for_every_place_it_is_asked_about():
    text = "卜先生与塞族人" * 3
    context = Context.of(text)
    places = frozenset(place for place, char in enumerate(text) if char in "卜塞")
    claims = list(model(context, places))
    assert [claim.start for claim in claims] == sorted(places)
    alone = {claim.start: claim for at in places for claim in model(context, frozenset({at}))}
    for claim in claims:
        assert claim.pinyin == alone[claim.start].pinyin
        assert claim.confidence == pytest.approx(alone[claim.start].confidence, abs=1e-3)


def test_a_character_without_a_reading_is_named():
    with pytest.raises(BobaoError, match="U\\+3603"):
        pronounce("成年的㘃")
    assert syllables(pronounce("成年的㘃", unknown="?"))[-1] == "?"


def test_latin_words_of_the_lexicon():
    lexicon = parse_lexicon("Open AI\t欧喷爱\nGDP\tG D P\niPhone\tài fēng\n")
    sounds = pronounce("用Open AI算GDP，买iPhone", (), lexicon)
    by_text = {sound.text: sound for sound in sounds}
    assert by_text["Open AI"].pinyin == "ou1 pen1 ai4"
    assert by_text["GDP"].said == "G D P"
    assert by_text["iPhone"].pinyin == "ai4 feng1"


def test_a_lexicon_word_is_not_taken_out_of_another():
    lexicon = parse_lexicon("人和\trén hè\n")
    assert syllables(pronounce("本人和他", (), lexicon)) == ("ben3", "ren2", "he2", "ta1")
    assert syllables(pronounce("人和镇", (), lexicon))[:2] == ("ren2", "he4")
