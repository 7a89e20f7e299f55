"""Readings: our labelled set of news sentences, sandhi, and what holds for any text."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.pronounce import (
    Reading,
    SoundKind,
    is_hanzi,
    is_pinyin_for,
    parse_lexicon,
    parse_pinyin,
    pronounce,
    syllables,
)

HERE = Path(__file__).parent
LEAST = 0.985
"""Share of the labelled words that must be right."""


def surface(text: str) -> str:
    return " ".join(syllables(pronounce(text), surface=True))


def citation(text: str) -> str:
    return " ".join(syllables(pronounce(text)))


def labelled() -> list[dict[str, str]]:
    with (HERE / "news_poly_dev.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def is_right(row: dict[str, str]) -> bool:
    """Whether the target word is read as one of the accepted readings, with or without sandhi."""
    sentence, target = row["sentence"], row["target"]
    sounds = pronounce(sentence)
    at = len([c for c in sentence[: sentence.index(target)] if is_hanzi(c)])
    count = len([c for c in target if is_hanzi(c)])
    said = {
        " ".join(syllables(sounds, surface=each)[at : at + count]).replace("r5", "er5")
        for each in (False, True)
    }
    return any(alternative.strip() in said for alternative in row["accepted"].split("|"))


def test_the_labelled_news_sentences():
    rows = labelled()
    wrong = [(row["id"], row["target"]) for row in rows if not is_right(row)]
    assert len(rows) == 307
    assert len(wrong) <= (1 - LEAST) * len(rows), wrong


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("一定", "yi2 ding4"),
        ("一天", "yi4 tian1"),
        ("一起", "yi4 qi3"),
        ("第一", "di4 yi1"),
        ("统一", "tong3 yi1"),
        ("不是", "bu2 shi4"),
        ("不来", "bu4 lai2"),
        ("你好", "ni2 hao3"),
        ("展览馆", "zhan2 lan2 guan3"),
        ("二零一一年", "er4 ling2 yi1 yi1 nian2"),
    ],
)
def test_sandhi(text, said):
    assert surface(text) == said


@given(st.text())
def test_the_sounds_tile_any_text(text):
    try:
        sounds = pronounce(text)
    except BobaoError as error:
        assume("no reading is known" not in error.what)
        raise
    assert "".join(sound.text for sound in sounds) == text
    position = 0
    for sound in sounds:
        assert (sound.start, sound.end) == (position, position + len(sound.text))
        position = sound.end


@given(st.text(alphabet="春风又绿江南岸明月何时照我还一不啊儿重行长的了着，。“”A1 ", max_size=40))
def test_every_hanzi_has_one_syllable(text):
    hanzi = [c for c in text if is_hanzi(c)]
    for each in (False, True):
        made = syllables(pronounce(text), surface=each)
        assert len(made) == len(hanzi)
    assert all(s.pinyin[-1] in "12345" for s in pronounce(text) if s.kind is SoundKind.HANZI)


def test_an_editors_reading_wins():
    text = "重庆"
    sounds = pronounce(text, (Reading(0, 1, ("zhong4",)),))
    assert syllables(sounds)[0] == "zhong4"


def test_the_station_lexicon_wins_over_the_dictionary():
    lexicon = parse_lexicon("# 本台\n乐清\tyuè qīng\t地名\n银行\tyín xíng\n")
    assert syllables(pronounce("乐清的银行", (), lexicon)) == (
        "yue4", "qing1", "de5", "yin2", "xing2",
    )  # fmt: skip


@pytest.mark.parametrize("line", ["乐清", "乐清\t", "乐清\tyuè", "乐清\tyuè qīng shì", "\tyuè"])
def test_a_broken_lexicon_line_is_named(line):
    with pytest.raises(BobaoError) as error:
        parse_lexicon(f"# 本台\n{line}\n", "scripts/lexicon.tsv")
    assert error.value.where == "scripts/lexicon.tsv:2"


@pytest.mark.parametrize(
    ("marked", "digits"),
    [("chóng", ("chong2",)), ("lǜ sè", ("lv4", "se4")), ("ma", ("ma5",)), ("nv3", ("nv3",))],
)
def test_pinyin_with_marks_or_digits(marked, digits):
    assert parse_pinyin(marked) == digits


@pytest.mark.parametrize(
    ("written", "text", "fits"),
    [
        ("重", "chóng", True),
        ("重庆", "chóng qìng", True),
        ("重", "chong", False),
        ("重", "chóng qìng", False),
        ("AI", "ēi", False),
        ("重", "重", False),
    ],
)
def test_what_is_a_reading_in_a_script(written, text, fits):
    assert is_pinyin_for(written, text) is fits


@pytest.mark.parametrize("name", ["names", "real", "senses"])
def test_the_sentences_of_a_table(name):
    lines = (HERE / f"cases/{name}.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    wrong = []
    for sentence, target, pinyin in rows:
        at = sum(map(is_hanzi, sentence[: sentence.index(target)]))
        said = syllables(pronounce(sentence))[at : at + len(pinyin.split())]
        if list(said) != pinyin.split():
            wrong.append((sentence, said))
    assert not wrong
