"""From sounds to the model's symbols: nothing heard is ever dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.pronounce import SoundKind, pronounce
from bobao.voices.kokoro import phonemes as tables
from bobao.voices.kokoro.phonemes import BETWEEN, phonemes, syllable


def symbols(text: str) -> str:
    return "".join(p.symbol for p in phonemes(pronounce(text)))


@given(st.text(alphabet="今天重行一不啊花儿了东西，。！？“”（）、ABCdeZ5G+ ", max_size=40))
def test_every_sound_that_is_heard_has_a_token(text):
    sounds = pronounce(text.replace("5", "五").replace("+", "加"))
    made = phonemes(sounds)
    heard = {p.sound for p in made}
    for index, sound in enumerate(sounds):
        if sound.kind in (SoundKind.HANZI, SoundKind.LATIN):
            assert index in heard
    assert [p.sound for p in made if p.sound != BETWEEN] == sorted(
        p.sound for p in made if p.sound != BETWEEN
    )
    assert all(0 < p.token < 178 for p in made)


def test_all_syllables_as_the_voice_was_taught_them():
    rows = [
        row.split("\t")
        for row in Path(__file__).with_name("syllables.tsv").read_text("utf-8").splitlines()
        if not row.startswith("#")
    ]
    assert {base for base, *_ in rows} == set(tables.mapping("syllables"))
    assert [[base, *(syllable(base + tone) for tone in "12345")] for base, *_ in rows] == rows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NBA", "ˌɛnbˌiˈA"),
        ("CPUs", "sˌipˌijˈuz"),
        ("NASA", "nˈæsə"),
        ("app", "ˌApˌipˈi"),
        ("R&D", "ˈɑɹ ænd dˈi"),
        ("DeepMind", "dˈip mˈInd"),
        ("café", "kæfˈA"),
        ("brrr", "bˌiˌɑɹˌɑɹˈɑɹ"),
        ("α", "ˈælfə"),
    ],
)
def test_letters_words_and_what_no_dictionary_has(text, said):
    assert symbols(text) == said


@given(st.text(alphabet=st.characters(categories=["Ll", "Lu"]), min_size=1, max_size=12))
def test_any_letters_are_said_or_refused(text):
    refused = ""
    made = ()
    try:
        made = phonemes(pronounce(text))
    except BobaoError as error:
        refused = error.what
    assert made or "no way to say" in refused


@pytest.mark.parametrize(
    ("pinyin", "said"),
    [("huar1", "xwa→ɚ"), ("dianr3", "tja↓ɚ"), ("shir4", "ʂə↘ɚ"), ("kongr4", "kʰʊ↘ɚ")],
)
def test_erhua_colours_the_end_of_a_syllable(pinyin, said):
    assert syllable(pinyin) == said


def test_what_is_no_syllable_is_refused():
    with pytest.raises(BobaoError, match="xx9"):
        syllable("xx9")


@pytest.mark.parametrize(
    ("text", "said"),
    [("民以", "mi↗n i↓"), ("迷你", "mi↗ni↓"), ("安全", "a→nʨʰɥɛ↗n"), ("女儿", "ny↓ ɚ↗")],
)
def test_a_syllable_keeps_its_own_final(text, said):
    """Without the space 民以 would be 迷你: the arrow before n leaves its owner open."""
    sounds = pronounce(f"{text}为天" if text == "民以" else text)
    made = [p for p in phonemes(sounds) if p.sound < len(text)]
    assert "".join(p.symbol for p in made).startswith(said)
