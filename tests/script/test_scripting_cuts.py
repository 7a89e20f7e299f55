"""Cutting a text into pieces for the voice and for captions."""

from __future__ import annotations

import unicodedata
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bobao.script.cuts import Strength, cut_into, cut_points

TEXT = "今年花街镇完成投资4.07亿元，增长103%。“好！”他说：（见图）《书名》\n5G+—…；、.!?①\u3000ab·é"
TEXT += "\u0301👍🏻"


def wide(text: str) -> float:
    """Width in em: Latin letters are half as wide."""
    return sum(0.5 if char.isascii() else 1 for char in text)


@settings(max_examples=40)
@given(
    st.one_of(st.text(max_size=60), st.text(st.sampled_from(TEXT), max_size=50)),
    st.integers(1, 30),
    st.sampled_from([len, wide]),
)
def test_pieces_join_to_the_text_and_keep_the_limit(text, limit, weigh):
    pieces = cut_into(text, limit, weigh)
    assert "".join(pieces) == text
    assert all(pieces)
    for piece in pieces:
        letters = [
            c for c in piece if not unicodedata.combining(c) and c not in "\u200d\ufe0f\ufe0e"
        ]
        assert weigh(piece) <= limit or len(letters) <= 2


@given(st.text(st.sampled_from(TEXT), max_size=50), st.integers(1, 20))
def test_with_a_weakest_place_nothing_is_cut_at_a_weaker_one(text, limit):
    pieces = cut_into(text, limit, weakest=Strength.COMMA)
    assert "".join(pieces) == text
    strong = {cut.position for cut in cut_points(text) if cut.strength >= Strength.COMMA}
    ends = list(accumulate(map(len, pieces)))
    assert set(ends[:-1]) <= strong
    for start, end in pairwise([0, *ends]):
        assert end - start <= limit or not strong & set(range(start + 1, end))


@given(st.text(st.sampled_from(TEXT), max_size=80))
def test_points_are_inside_and_in_order(text):
    places = [cut.position for cut in cut_points(text)]
    assert places == sorted(set(places))
    assert all(0 < place < len(text) for place in places)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("今天很好。明天更好", "今天很好。|明天更好"),
        ("他来了，她走了", "他来了，|她走了"),
        ("他来了,她走了", "他来了,|她走了"),
        ("一、二；三", "一、|二；|三"),
        ("他说“来。”然后", "他说“来。”|然后"),
        ("增长3.5，下降1,000", "增长3.5，|下降1,000"),
        ("8:30到9:00：开会", "8:30到9:00：|开会"),
        ("见https://a.cn/b,c，好", "见https://a.cn/b,c，|好"),
        ("“来，走”和《你，我》", "“来，走”和《你，我》"),
        ("很好（的）", "很好|（的）"),
        ("今天——明天", "今天——|明天"),
        ("好……", "好……"),
        ("", ""),
    ],
)
def test_points_at_marks(text, cut):
    at = [0, *(c.position for c in cut_points(text)), len(text)]
    assert "|".join(text[a:b] for a, b in pairwise(at)) == cut


def test_strengths_grow_with_the_pause():
    found = {c.position: c.strength for c in cut_points("甲、乙，丙；丁。戊")}
    assert list(found.values()) == [
        Strength.LIST,
        Strength.COMMA,
        Strength.CLAUSE,
        Strength.SENTENCE,
    ]


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("短", 10, ["短"]),
        ("", 10, []),
        # the better mark wins over a slightly more even cut
        (
            "今天天气很好，大家出门。明天有雨、有风。",
            13,
            ["今天天气很好，大家出门。", "明天有雨、有风。"],
        ),
        # a word is not cut, nor a number from what it counts
        ("推进供给侧结构性改革优化企业环境", 10, ["推进供给侧结构性", "改革优化企业环境"]),
        ("厂房面积达到45.5万平方米左右", 12, ["厂房面积达到", "45.5万平方米左右"]),
        ("完成年度任务百分之一百零三点五", 12, ["完成年度任务", "百分之一百零三点五"]),
        # a short quotation stays whole
        ("创新构建大联盟“两带三盟”成拳发展", 12, ["创新构建大联盟", "“两带三盟”成拳发展"]),
        # no particle at the head of a line
        ("我们共同建设的美丽乡村", 8, ["我们共同建设的", "美丽乡村"]),
        # the last resorts
        ("《关于推进政务新媒体发展的意见》", 10, ["《关于推进政务新", "媒体发展的意见》"]),
        ("aaaaaaaaaa", 4, ["aaa", "aaa", "aaaa"]),
    ],
)
def test_pieces(text, limit, pieces):
    assert list(cut_into(text, limit)) == pieces


def test_pieces_are_even():
    text = "这里有全市体量最大的小微园，" * 9
    lengths = [len(piece) for piece in cut_into(text, 60)]
    assert lengths == [42, 42, 42]


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(ValueError, match="limit"):
        cut_into("今天", 0)


@pytest.mark.parametrize("unit", ["a", "“", "今", "，", "一", "（a", " ", "甲·", "1,"])
def test_hostile_lines_are_cut_in_time(unit):
    text = unit * (4_000 // len(unit))
    pieces = cut_into(text, 20)
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= 20
