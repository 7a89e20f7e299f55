"""What must hold of any text whatever."""

import unicodedata
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bobao.model import LOST
from bobao.normalise import ReadingStyle, explain, normalise

_PIECES = st.sampled_from(
    [
        *[
            "2021",
            "3-0",
            "3:2",
            "19:35",
            "-5",
            "℃",
            "%",
            "‰",
            "1/2",
            "+86",
            "13812345678",
            "0571-87660000",
            "G1234",
            "次",
            "CA1831",
            "航班",
            "330",
            "国道",
            "5G",
            "+",
            "#",
            "@",
            "&",
            "→",
            "～",
            "—",
            "-",
            ".",
            ",",
            "：",
            "／",
            "*",
            "×",
            "÷",
            "±",
            "=",
            "<",
            ">",
            "≥",
            "≤",
            "①",
            "⑩",
            "Ⅳ",
            "½",
            "²",
            "₂",
            "〇",
            "○",
            "α",
            "μ",
            "km/h",
            "kg",
            "m²",
            "¥",
            "$",
            "€",
            "万",
            "亿",
            "元",
            "个",
            "年",
            "月",
            "日",
            "号",
            "第",
            "第2",
            "2",
            "0",
            "00",
            "05",
            "10",
            "100",
            "2000",
            "1,234",
            "１２",
            "３．５",
            "年代",
            "后",
            "II",
            "III",
            "级",
            "期",
            "No.",
            "www.",
            ".com",
            "people.cn",
            "a@b.cc",
            "http://",
            "://",
            "●",
            "★",
            "※",
            "■",
            "👍",
            "1️⃣",
            "“",
            "”",
            "（",
            "）",
            "〔",
            "〕",
            "《",
            "》",
            "、",
            "。",
            "，",
            "；",
            "！",
            "？",
            "…",
            "·",
            "|",
            "^",
            "_",
            "~",
            "`",
            "甲",
            "比",
            "分",
            "到",
            "至",
            "胜",
            "队",
            "iPhone",
            "O2O",
            "ISO9001",
            "GB/T",
            "K123+400",
            "浙A·12345",
            "x",
            "X",
            "歼-20",
            "*ST",
            "'",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "百分之",
            "零下",
            "二",
            "两",
            "十",
            "一",
            "٣",
            "५",
            "Ａ",
            "Ⓑ",
            "𝟗",
            "𝐀",
        ],
        "\u200b",
        "\ufeff",
        "\xad",
        "\\",
        '"',
    ]
)
_MIXED = st.lists(st.one_of(_PIECES, st.text(max_size=3)), max_size=12).map("".join)
_ANY = st.one_of(st.text(max_size=60), _MIXED)

_UNREAD = frozenset("%‰‱℃°+=×÷±<>≥≤≠≈→←↑↓&@#$¥£€§№~/*^_|\\©®™√∞")


def spoken(text: str) -> str:
    return "".join(span.spoken for span in normalise(text))


@given(_ANY)
@example("\ufeff2021")
@example("1\u200b2")
@example("Ⅱ\u200bI级")
@settings(max_examples=200, deadline=None)
def test_written_joins_back_to_the_text(text):
    assert "".join(span.written for span in normalise(text)) == text


@given(_ANY)
@example("5-●3")
@example("I●I级")
@example("people●.com")
@settings(max_examples=400, deadline=None)
def test_a_reading_is_read_as_it_is(text):
    once = spoken(text)
    assert spoken(once) == once


@given(_ANY)
@settings(max_examples=150, deadline=None)
def test_no_figure_and_no_unread_sign_is_left(text):
    for sign in spoken(text).replace(LOST, ""):
        category = unicodedata.category(sign)
        assert category[0] not in "NS", (sign, category)
        assert category not in ("Cc", "Cf", "Co", "Cs") or sign in "\t\n\r", (sign, category)
        assert sign not in _UNREAD


@given(_ANY)
@settings(max_examples=150, deadline=None)
def test_adjacent_plain_spans_are_one(text):
    spans = normalise(text)
    for first, second in pairwise(spans):
        assert not (first.plain and second.plain)


@given(_ANY)
@settings(max_examples=150, deadline=None)
def test_changes_stand_where_they_say(text):
    for change in explain(text):
        assert text[change.start : change.end] == change.written
        assert change.written != change.spoken
        assert change.kind
        assert change.rule


@given(
    st.text(
        alphabet="春风又绿江南岸，明月何时照我还？“一二三”百分之五（甲）《乙》……丙·丁、ABC xyz\n",
        min_size=1,
    )
)
@settings(max_examples=150, deadline=None)
def test_text_with_nothing_to_read_is_one_plain_span(text):
    (span,) = normalise(text)
    assert span.written == span.spoken == text


@given(_MIXED)
@settings(max_examples=150, deadline=None)
def test_without_yao_no_yao_is_said(text):
    said = "".join(span.spoken for span in normalise(text, ReadingStyle(yao=False)))
    assert said.count("幺") <= text.count("幺")
