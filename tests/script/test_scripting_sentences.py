"""A text cut into sentences: nothing lost, and no cut where a newsreader would not stop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bobao.script.sentences import LONG, LONGEST, Pair, pairs, sentence_ranges, sentences

TALK = "好天气适合出门走一走看一看"
LONG_TALK = "，".join([TALK] * 4)
SIGNS = '今年花a1.。！？!?…；;，：“”‘’「」（）()《》" \n—'

CASES = [
    # plain ends
    ("今天很好。明天更好！后天呢？", ["今天很好。", "明天更好！", "后天呢？"]),
    ("真的吗？！是的。", ["真的吗？！", "是的。"]),
    ("没有句号", ["没有句号"]),
    ("", []),
    (" \n\t", []),
    ("第一句。\n 第二句。 ", ["第一句。", "第二句。"]),
    ("半角|!今天?是的。".replace("|", ""), ["半角!", "今天?", "是的。"]),
    ("全文用半角句号. 今年很好. 明年", ["全文用半角句号.", "今年很好.", "明年"]),
    # numbers, addresses, abbreviations, Latin words
    ("圆周率是3.14，增长2.0倍。", ["圆周率是3.14，增长2.0倍。"]),
    ("见https://a.cn/b?x=1!2.html。好。", ["见https://a.cn/b?x=1!2.html。", "好。"]),
    ("Dr. Wang和U.S. Steel公司都来了。", ["Dr. Wang和U.S. Steel公司都来了。"]),
    ("He came. She left. 他们说。", ["He came.", "She left.", "他们说。"]),
    ("Yahoo!日本公司很大。", ["Yahoo!", "日本公司很大。"]),
    ("1. 立即转移；", ["1. 立即转移；"]),
    ("版本2.0。", ["版本2.0。"]),
    # dots
    ("他想了想……然后走了。", ["他想了想……然后走了。"]),
    ("他想了想……", ["他想了想……"]),
    ("他走了……“真的？”", ["他走了……", "“真的？”"]),
    # quotations
    ("他说：“来。”她走了。", ["他说：“来。”", "她走了。"]),
    ("“来。”他说。她走了。", ["“来。”他说。", "她走了。"]),
    ("“来。”“不来。”", ["“来。”", "“不来。”"]),
    ("围绕“谁来干？”这个问题，大家谈了。", ["围绕“谁来干？”这个问题，大家谈了。"]),
    ("他说，“来。”随后关了门。", ["他说，“来。”", "随后关了门。"]),
    ("「颱風離開。」預報員說。", ["「颱風離開。」預報員說。"]),
    ('他说:"来。走。"她走了。', ['他说:"来。走。"', "她走了。"]),
    ("他说：“他喊‘来！’我没动。”", ["他说：“他喊‘来！’我没动。”"]),
    (f"他说：“{LONG_TALK}。{LONG_TALK}。”", [f"他说：“{LONG_TALK}。", f"{LONG_TALK}。”"]),
    (
        f"实现“天天都是公开日”,查看村务不出户”的目标。{TALK}。",
        ["实现“天天都是公开日”,查看村务不出户”的目标。", f"{TALK}。"],
    ),
    ("“没有合上。第二句。", ["“没有合上。", "第二句。"]),
    # brackets and titles
    ("他（她说。是的。）走了。", ["他（她说。是的。）走了。"]),
    ("他走了。（记者 张三）", ["他走了。", "（记者 张三）"]),
    ("《何去何从？》一文说。好。", ["《何去何从？》一文说。", "好。"]),
    ("（未合上。第二句。", ["（未合上。", "第二句。"]),
    # what has no word goes with what has
    ("。。。今天", ["。。。今天"]),
    ("今天。——", ["今天。——"]),
    # semicolons only where the sentence is long
    ("一是来；二是走。", ["一是来；二是走。"]),
    (f"{LONG_TALK}；{LONG_TALK}。", [f"{LONG_TALK}；", f"{LONG_TALK}。"]),
    (f"{LONG_TALK};2021年{LONG_TALK}。", [f"{LONG_TALK};", f"2021年{LONG_TALK}。"]),
    (f"来；{LONG_TALK}{LONG_TALK}。", [f"来；{LONG_TALK}{LONG_TALK}。"]),
    (f"“{TALK}；{TALK}”{LONG_TALK}。", [f"“{TALK}；{TALK}”{LONG_TALK}。"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text, expected):
    assert list(sentences(text)) == expected


@given(st.one_of(st.text(), st.text(st.sampled_from(SIGNS), max_size=120)))
def test_nothing_is_lost(text):
    ranges = sentence_ranges(text)
    at = 0
    for start, end in ranges:
        assert not text[at:start].strip()
        assert start < end
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(st.text(st.sampled_from(SIGNS), max_size=120))
def test_every_sentence_but_a_lone_one_has_a_word(text):
    made = sentences(text)
    assert len(made) <= 1 or all(any(c.isalnum() for c in s) for s in made)


@given(st.lists(st.sampled_from(["今天很好。", "他来了！", "“真的？”她问。", "涨了3.5%。"])))
def test_whole_sentences_are_found_again(parts):
    assert list(sentences("".join(parts))) == parts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a“b”c", [(1, 3)]),
        ("“a”b”", [(0, 2)]),
        ("“a（b”c）", [(0, 4)]),
        ("（a（b）", [(2, 4)]),
        ('"a""b"', [(0, 2), (3, 5)]),
        ('"a"b"', []),
        ("《a》", [(0, 2)]),
        (f"“{'a' * LONGEST}”", []),
    ],
)
def test_pairs(text, found):
    assert [(p.start, p.end) for p in pairs(text)] == found


@given(st.text(st.sampled_from(SIGNS), max_size=60))
def test_pairs_nest_or_stand_apart(text):
    found = pairs(text)
    for one in found:
        for other in found:
            assert not one.start < other.start < one.end < other.end
    assert all(isinstance(pair, Pair) and pair.start < pair.end for pair in found)


def test_long_means_what_the_cases_take_it_for():
    assert len(TALK) < 16 <= len(LONG_TALK) < LONG < 2 * len(LONG_TALK)
