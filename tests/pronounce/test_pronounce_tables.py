"""The language tables: what a linguist could mistype is found here."""

from __future__ import annotations

import re

import pytest

from bobao.pronounce import is_hanzi
from bobao.pronounce.pinyin import readings_in, syllable, table_rows

WORD_TABLES = ("phrases", "neutral", "places", "people")
CHARACTER_TABLES = ("characters", "model_characters")


@pytest.mark.parametrize("name", WORD_TABLES)
def test_every_word_has_a_syllable_for_each_character(name):
    for word, pinyin, *_ in table_rows(name):
        assert all(map(is_hanzi, word)), word
        assert [syllable(each) for each in pinyin.split()] == pinyin.split(), word
        assert len(word) == len(pinyin.split()), word


@pytest.mark.parametrize("name", [*WORD_TABLES, *CHARACTER_TABLES])
def test_no_word_is_listed_twice(name):
    words = [row[0] for row in table_rows(name)]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("name", CHARACTER_TABLES)
def test_characters_have_readings(name):
    for char, pinyin in readings_in(name).items():
        assert len(char) == 1
        assert is_hanzi(char)
        assert pinyin
        assert all(syllable(each) == each for each in pinyin), char


def test_only_known_kinds_of_place_follow_a_place():
    kinds = set(readings_in("place_kinds"))
    for name, _, *suffixes in table_rows("places"):
        assert kinds.issuperset("".join(suffixes)), name


def test_neutral_words_have_a_neutral_tone():
    for word, pinyin in readings_in("neutral").items():
        assert any(each.endswith("5") for each in pinyin), word


def test_surnames_are_of_a_known_class():
    for surname, pinyin, kind in table_rows("surnames"):
        assert len(surname) == len(pinyin.split())
        assert kind in {"sure", "name", "wary", "rare"}


def test_senses_are_patterns_that_cannot_run_away():
    """No group that repeats without limit: the work on hostile text stays bounded."""
    for word, pinyin, *patterns in table_rows("senses"):
        assert len(word) == len(pinyin.split()), word
        assert len(patterns) <= 2
        for pattern in patterns:
            re.compile(pattern)
            assert not re.search(r"\)[*+]|\*|\+\)*[*+]", pattern), pattern
