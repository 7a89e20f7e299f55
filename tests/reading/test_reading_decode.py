"""Bytes to text: the right encoding, never mojibake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.reading.decode import decode
from bobao.reading.formats import PLAIN_LIMIT, source_of

SIMPLE = "市教育局日前公布招生工作通知，今年全市计划招生3.2万人。"
TRADITIONAL = "氣象部門今天表示，颱風路徑偏北，登陸機率不高。"


@pytest.mark.parametrize("text", [SIMPLE, TRADITIONAL])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]
)
def test_what_was_encoded_is_decoded(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


def test_big5_is_read_with_the_hong_kong_characters() -> None:
    text = TRADITIONAL + "深水埗、鰂魚涌的茶餐廳"
    assert decode(text.encode("big5hkscs")) == (text, "big5hkscs")


def test_gbk_is_read_as_gb18030() -> None:
    text = SIMPLE + "镕、㐀𠮷"
    assert decode(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize("size", range(5, len(SIMPLE), 4))
def test_short_texts_are_told_apart(size: int) -> None:
    assert decode(SIMPLE[:size].encode("gb18030"))[0] == SIMPLE[:size]
    assert decode(TRADITIONAL[:size].encode("big5"))[0] == TRADITIONAL[:size]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), min_codepoint=32)))
def test_utf_8_is_itself(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode("utf-8")) == (text, "utf-8")


def test_a_lost_byte_is_a_place_to_decide_and_no_other_character():
    words = "花街镇今年建成九个公园，居民出门就能散步。" * 20
    data = words.encode()
    assert source_of(data[:101] + data[102:], "seed.txt").text.replace("\ufffd", "居") == words
    data = words.encode("gb18030")
    assert (
        source_of(data[:100] + b"\xff" + data[102:], "a.txt").text.replace("\ufffd", "个") == words
    )
    cut = data[:301] + b"<br>" + data  # in the middle of a character
    assert source_of(cut, "a.html").text.count("\ufffd") == 1


def test_damaged_text_is_no_text_of_another_language():
    data = "花街镇今年建成九个公园，居民出门就能散步。".encode("gb18030") * 20
    with pytest.raises(BobaoError, match="not text"):  # what follows would be other characters
        source_of(data[:-101] + b"\xff" + data[:101] + b"\xff\xff\xff" + data[1:], "a.txt")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no text"),
        (b" \n\t \r\n", "no text"),
        ("……\n——\n".encode(), "no text"),
        (bytes(range(256)) * 40, "not text"),
        (b"\x00\x01\x02\x03" * 500, "not text"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "picture"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"a" * (PLAIN_LIMIT + 1), "MB"),
    ],
)
def test_what_is_no_article_is_refused_with_advice(data: bytes, word: str) -> None:
    with pytest.raises(BobaoError, match=word) as caught:
        source_of(data, "seed.txt")
    assert caught.value.advice
