"""The small parts of scripting: spans, numbers, asides, unread signs, the proof."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from script_strategies import spans as any_span
from scripting_stubs import article, same, stub

from bobao.errors import BobaoError
from bobao.model import Line, LineKind, Span
from bobao.script.draft import DraftOptions, draft
from bobao.script.outline import list_mark, numbered
from bobao.script.signposts import counted
from bobao.script.spans import cut, plain, spoken, tidy, written
from bobao.script.unread import is_unread, prove, swept, unread
from bobao.script.wording import hushed

ASIDES = (
    "（见图1）|（如图所示）|（详见附件2）|（下转第3版）|（扫描二维码）|（图/张三）|（王五 摄）"
    "|（研究团队供图）|（记者 李四）|（掌声）|（笑）|（左二）|（资料图）|（完）|（受访者提供）"
    "|（組圖）"
)
WORDS = (
    "浙江省四星级乡镇(街道)食安办|出国（境）定居|（上海）|免费午餐（由政府提供）|（全程拍摄）"
    "|（互联网协议第六版）|花街纪事（上）|（记者会）|（图书）"
)


def test_two_before_a_measure_word_is_liang():
    assert [counted(n) for n in (1, 2, 3, 12, 22)] == ["一", "两", "三", "十二", "二十二"]


@given(st.lists(any_span, max_size=6).map(tidy), st.data())
def test_cutting_spans_keeps_what_is_in_the_ranges(line, data):
    text = written(line)
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    ranges = list(pairwise(edges))
    pieces = cut(line, ranges)
    if not ranges:
        assert pieces == ()
        return
    inside = "".join(text[a:b] for a, b in ranges)
    assert inside in "".join(map(written, pieces)) or any(not s.plain for s in line)
    marked = [span for span in line if not span.plain]
    assert [span for piece in pieces for span in piece if not span.plain] == marked
    if edges[0] == 0 and edges[-1] == len(text):
        assert "".join(map(written, pieces)) == text
        assert "".join(map(spoken, pieces)) == spoken(line)


def test_a_span_is_never_cut_through():
    line = (Span("在", "在"), Span("4.5。6亿", "四亿"), Span("元。好", "元。好"), Span("", "的"))
    pieces = cut(line, [(0, 5), (5, 9), (9, 10)])
    assert [written(piece) for piece in pieces] == ["在4.5。6亿元。", "好"]
    assert spoken(pieces[1]) == "好的"


@pytest.mark.parametrize(
    ("text", "written_mark", "said"),
    [
        ("（一）甲", "（一）", "第一，"),
        ("(12)、 甲", "(12)、 ", "第十二，"),
        ("1.甲", "1.", "一、"),
        ("1、甲", "1、", "一、"),
        ("10) 甲", "10) ", "十、"),
        ("一．甲", "一．", "一、"),
        ("③甲", "③", "三、"),
        ("㈡甲", "㈡", "第二，"),
        ("● 甲", "● ", ""),
        ("- 甲", "- ", ""),
        ("一、甲", "", ""),
        ("1.5亿", "", ""),
        ("5、6月", "", ""),
        ("2021.甲", "", ""),
        ("-5度", "", ""),
        ("①", "", ""),
        ("三.八节", "", ""),
        ("（一个）甲", "", ""),
    ],
)
def test_marks(text, written_mark, said):
    spans, rest = list_mark(text)
    assert (written(spans), spoken(spans), rest) == (written_mark, said, text[len(written_mark) :])


def test_headings_that_say_their_number():
    own = [
        "一、甲",
        "（一）甲",
        "第三章 甲",
        "第十部分 甲",
        "1. 甲",
        "Part 2 甲",
        "【一、甲】",
        "第一，甲",
    ]
    none = ["甲", "一个甲", "第一次甲", "2021年甲", "三、四月间", "第三产业甲", "第一节"[:2]]
    assert all(map(numbered, own))
    assert not any(map(numbered, none))


@pytest.mark.parametrize(
    "aside",
    ASIDES.split("|"),
)
def test_asides_are_silent(aside):
    line = hushed(plain(f"今天{aside}开会"))
    assert spoken(line) == "今天开会"
    assert written(line) == f"今天{aside}开会"


@pytest.mark.parametrize(
    "text",
    WORDS.split("|"),
)
def test_words_in_brackets_are_said(text):
    assert spoken(hushed(plain(text))) == text


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("老构件被编号 本报记者 摄", " 本报记者 摄"),
        ("老构件被编号 张三 摄", " 张三 摄"),
        ("老构件 供图：李四", " 供图：李四"),
        ("孩子们正在 拍摄", ""),
        ("两带三盟 区位示意图", ""),
    ],
)
def test_credits_at_the_end_of_a_caption(text, tail):
    line = hushed(plain(text), caption=True)
    assert spoken(line) == text.removesuffix(tail)
    assert spoken(hushed(plain(text))) == text


def test_an_aside_hides_what_was_normalised_in_it():
    line = (*plain("甲（见图"), Span("1", "一"), Span("", "号"), *plain("）乙"))
    assert [s.spoken for s in hushed(line)] == ["甲", "", "乙"]


@given(st.lists(any_span, max_size=4).map(tidy))
def test_nothing_unread_is_left_and_nothing_written_changes(line):
    clean = swept(line)
    assert not unread(spoken(clean))
    assert written(clean) == written(line)


def test_what_is_swept():
    assert spoken(swept(plain("5①★%½五〇Ⅻ"))) == "五一五〇十二"
    assert not any(map(is_unread, "五a，。“”（）—…·〇é"))
    assert all(map(is_unread, "5①Ⅻ%+★_\n\u200b"))


# ── The proof ───────────────────────────────────────────────────────────────────────────────────

SOURCE = article(
    ("title", "题"), ("paragraph", "甲。乙。"), ("paragraph", "丙。"), ("paragraph", "丙。")
)
SCRIPT = draft(SOURCE, DraftOptions(slug="x"), same)


def changed(paragraph: int, *lines: Line):
    opening = SCRIPT.sections[0]
    paragraphs = list(opening.paragraphs)
    paragraphs[paragraph] = lines
    return replace(SCRIPT, sections=(replace(opening, paragraphs=tuple(paragraphs)),))


@pytest.mark.parametrize(
    ("script", "where", "what"),
    [
        (changed(1, Line(plain("甲。"))), "block 2 (paragraph)", "lost “甲。乙。”"),
        (changed(2), "block 4 (paragraph)", "lost “丙。”"),
        (changed(1, Line(plain("甲。乙。乙。"))), "block 2 (paragraph)", "lost “甲。乙。”"),
        (changed(4, Line(plain("丁。"))), "section 1", "does not have “丁。”"),
        (changed(0, Line((Span("", "5个"),))), "“5个”", "“5” is left"),
        (changed(0, Line((Span("", "——"),))), "“——”", "nothing to hear"),
    ],
)
def test_what_the_proof_finds(script, where, what):
    prove(SOURCE, SCRIPT)
    with pytest.raises(BobaoError) as error:
        prove(SOURCE, script)
    assert error.value.where == where
    assert what in error.value.what


def test_order_is_free_and_silence_is_no_loss():
    opening = SCRIPT.sections[0]
    quiet = Line((Span("丙。", ""),), LineKind.SILENT)
    turned = replace(
        opening, paragraphs=((quiet,), *opening.paragraphs[:2], *opening.paragraphs[3:])
    )
    prove(SOURCE, replace(SCRIPT, sections=(turned,)))


def test_a_title_no_block_has_must_be_there():
    source = article(("paragraph", "甲。"), title="题")
    script = draft(source, DraftOptions(slug="x"), stub)
    prove(source, script)
    with pytest.raises(BobaoError, match="lost “题”"):
        prove(source, draft(replace(source, title=""), DraftOptions(slug="x"), stub))
