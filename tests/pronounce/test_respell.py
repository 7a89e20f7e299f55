"""Same-sound spellings sound exactly as the fixed readings; what is written never changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bobao import files
from bobao.pronounce import EMPTY, Reading, SoundKind, is_hanzi, parse_lexicon, pronounce
from bobao.pronounce.pinyin import syllable
from bobao.pronounce.respell import Respelling, respelt

LEXICON = parse_lexicon(
    "乐清\tyuè qīng\n台州\ttāi zhōu\nAIGC\tA I G C\n永康\t咏康\n味儿\twèi er\n"
    "明白\tmíng bai\nKPI\tkāi pī āi\n朝阳\tzhāo yáng\n柏林\tbó lín\n洪洞\thóng tóng\n"
)
SENTENCES = (
    "记者从乐清、台州和AIGC中心获悉，永康味儿足，大家都明白KPI了。",
    "朝阳下的乐清人，从台州赶往洪洞。",
    "柏林和洪洞签约，乐清市也派了人。",
    "他重新当上了银行行长，还很好学。",
)


def heard(text, readings=(), lexicon=EMPTY) -> list[str]:
    """Every syllable said, and the letters of Latin words."""
    found = []
    for sound in pronounce(text, readings, lexicon):
        if sound.pinyin:
            found += sound.pinyin.split()
        elif sound.kind is SoundKind.LATIN:
            found += (sound.said or sound.text).lower().split()
    return found


@pytest.mark.parametrize(
    ("text", "readings", "wanted"),
    [
        ("乐清的路", (), "月清的路"),
        ("AIGC中心", (), "A I G C中心"),
        ("永康人", (), "咏康人"),
        ("味儿足", (), "味儿足"),
        ("明白了", (), "明白了"),
        ("在重庆", (Reading(1, 3, ("chong2", "qing4")),), "在崇庆"),
        ("笼子里", (Reading(0, 2, ("long2", "zi5")),), "笼子里"),
        ("一个", (Reading(0, 1, ("yi1",)),), "一个"),
    ],
)
def test_spelling(text, readings, wanted):
    made = respelt(text, readings, LEXICON)
    assert made.spoken == wanted
    assert made.doubts == ()


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_of_the_lexicon_are_spelled_without_doubt(text):
    made = respelt(text, (), LEXICON)
    assert made.doubts == ()
    assert heard(made.spoken) == heard(text, (), LEXICON)
    assert "".join(span.written for span in made.spans) == text


def test_nothing_fixed_nothing_changed():
    assert respelt("今天天气很好。").spoken == "今天天气很好。"
    assert respelt("") == Respelling(())


def test_what_cannot_be_spelled_is_left_and_doubted():
    made = respelt("这是嗯的话", (Reading(2, 3, ("hng5",)),))
    assert made.spoken == "这是嗯的话"
    [doubt] = made.doubts
    assert (doubt.start, doubt.end, doubt.text, doubt.pinyin) == (2, 3, "嗯", "hng5")


def test_work_is_bounded():
    text = "朝阳和乐清。" * 3_000
    made = respelt(text, (), LEXICON)
    assert made.doubts
    assert "".join(span.written for span in made.spans) == text


ROWS = {row[0]: row[1] for row in files.rows("bobao.pronounce", "same_sound.tsv")}
PLAIN = sorted(key for key in ROWS if not key.endswith("5"))


@settings(max_examples=60)
@given(st.sampled_from(SENTENCES), st.data())
def test_without_a_doubt_it_sounds_as_fixed(text, data):
    hanzi = [place for place, char in enumerate(text) if is_hanzi(char)]
    places = data.draw(st.lists(st.sampled_from(hanzi), unique=True, max_size=3))
    readings = [Reading(p, p + 1, (data.draw(st.sampled_from(PLAIN)),)) for p in places]
    made = respelt(text, readings, LEXICON)
    assert "".join(span.written for span in made.spans) == text
    if not made.doubts:
        said, wanted = heard(made.spoken), heard(text, readings, LEXICON)
        assert said == wanted
    assert respelt(text, readings, LEXICON) == made


def test_the_table_is_sound():
    assert len(ROWS) > 1200
    for key, chars in ROWS.items():
        assert syllable(key) == key
        assert chars
        assert all(map(is_hanzi, chars))
        assert len(set(chars)) == len(chars)
        assert not set(chars) & set("一不")
