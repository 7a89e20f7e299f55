"""Readings that hang on what stands beside the word, and what no table has."""

from __future__ import annotations

import pytest

from bobao.errors import BobaoError
from bobao.pronounce import is_hanzi, parse_lexicon, pronounce, syllables
from bobao.pronounce.context import Context
from bobao.pronounce.model import model


def reading(text: str, word: str) -> str:
    at = len([c for c in text[: text.index(word)] if is_hanzi(c)])
    return " ".join(syllables(pronounce(text))[at : at + len(word)])


@pytest.mark.parametrize(
    ("text", "word", "pinyin"),
    [
        ("地方政府和企业", "地方", "di4 fang1"),
        ("这个地方很美", "地方", "di4 fang5"),
        ("买了不少东西", "东西", "dong1 xi5"),
        ("东西部协作", "东西", "dong1 xi1"),
        ("地道的四川火锅", "地道", "di4 dao5"),
        ("挖了一条地道", "地道", "di4 dao4"),
        ("应总统邀请，他访华", "应", "ying4"),
        ("企业应按要求整改", "应", "ying1"),
        ("以人民为中心", "为", "wei2"),
        ("医院为患者提供服务", "为", "wei4"),
        ("下了一场大雪", "一场", "yi1 chang2"),
        ("举行了一场比赛", "一场", "yi1 chang3"),
        ("朝阳产业", "朝阳", "zhao1 yang2"),
        ("北京市朝阳区", "朝阳", "chao2 yang2"),
        ("出门还得带伞", "得", "dei3"),
        ("跑得很快", "得", "de5"),
        ("认真地学习", "地", "de5"),
        ("沪苏两地合作", "地", "di4"),
        ("年轻人的首选", "选", "xuan3"),
        ("更正确的做法", "更", "geng4"),
        ("在大选中获胜", "中", "zhong1"),
        ("活动中都有奖品", "都", "dou1"),
        ("每年都会举办", "都会", "dou1 hui4"),
        ("警务处长王某", "处长", "chu4 zhang3"),
    ],
)
def test_the_neighbours_decide(text, word, pinyin):
    assert reading(text, word) == pinyin


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
