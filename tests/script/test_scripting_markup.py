"""The script file: what is written is what is read, and nothing is lost in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from script_strategies import character, scripts

from bobao.errors import BobaoError
from bobao.model import Header, Line, LineKind, Script, Section, Span
from bobao.script.markup import MAX_CHARACTERS, compose, fingerprint, is_edited, parse, sealed

HEAD = "---\nslug: s\ntitle: t\n---\n\n"
CANONICAL = """---
slug: huajie-2021
title: 锻造乡村振兴排头兵 争创共同富裕先行镇
date: 2021-12-30
source: seeds/huajie-2021.txt
voice: zf_xiaoxiao
editor: "李四: 初审"
empty: ""
---

# 锻造乡村振兴排头兵{ |，}争创共同富裕先行镇{|。}

> [路标] {|本节目由人工智能合成语音播报。}
> [路标] {|本期共两个部分。}

今年完成投资{4.07亿元|四点零七亿元}{（见图1）|}。
\\#话题# 用 \\{ \\} \\| \\\\ 四个符号{|下面看详细内容。}
{重|chóng}建，{重庆|chóng qìng}。

> [不播] {责任编辑：张三|}

## {|第二部分，}小微园建设走在全市前列{|。}

### 进度

\\u3000行首有空格，行末也有\\u0020

> [图片] {|图片说明：}两带三盟{ |，}区位示意图{|。}

## 没有正文的部分
"""


def body(*lines: Line) -> Script:
    return Script(Header("s", "t"), (Section(Line((Span("题", "题"),)), (lines,)),))


@settings(max_examples=60)
@given(scripts)
@example(body(Line((Span("重", "chóng"),))))
@example(body(Line((Span("花儿", "huār"),))))
@example(body(Line((Span("# 不是标题", "# 不是标题"),))))
@example(body(Line((Span(" ", " "),))))
def test_what_is_composed_is_read_back(script):
    assert parse(compose(script)) == script


@settings(max_examples=20)
@given(scripts)
def test_layout_an_editor_changes_does_not_matter(script):
    text = compose(script)
    messy = "\ufeff" + text.replace("\n\n", "  \n \n\n").replace("\n", "\r\n").rstrip()
    assert parse(messy) == script
    assert fingerprint(parse(messy)) == fingerprint(script)


def test_canonical_text_is_kept_to_the_byte():
    assert compose(parse(CANONICAL)) == CANONICAL


def test_spans_and_kinds_of_the_example():
    script = parse(CANONICAL)
    opening, second, third = script.sections
    assert opening.title == "锻造乡村振兴排头兵 争创共同富裕先行镇"
    assert opening.heading.spoken == "锻造乡村振兴排头兵，争创共同富裕先行镇。"
    assert [[line.kind.value for line in p] for p in opening.paragraphs] == [
        ["signpost", "signpost"],
        ["text", "text", "text"],
        ["silent"],
    ]
    money, signs, reading = opening.paragraphs[1]
    assert money.written == "今年完成投资4.07亿元（见图1）。"
    assert money.spoken == "今年完成投资四点零七亿元。"
    assert signs.written == "#话题# 用 { } | \\ 四个符号"
    assert reading.spans[0] == Span("重", "重", "chóng")
    assert reading.spans[2] == Span("重庆", "重庆", "chóng qìng")
    assert second.paragraphs[0][0].level == 3
    assert second.paragraphs[1][0].written == "\u3000行首有空格，行末也有 "
    assert third.paragraphs == ()
    assert script.header.extra == (("editor", "李四: 初审"), ("empty", ""))


@given(st.text(character, max_size=80))
@example("---\n---\n# a")
@example('---\na: "\\ud800"\n---\n# a')
def test_any_text_is_read_or_refused_and_what_is_read_can_be_written(text):
    try:
        script = parse(text)
    except BobaoError:
        return
    assert parse(compose(script)) == script


@given(st.text(st.sampled_from("{}|\\a重 \nù1#>[]图片不播u0"), max_size=40))
def test_the_same_below_a_title(text):
    test_any_text_is_read_or_refused_and_what_is_read_can_be_written.hypothesis.inner_test(
        f"# 题\n\n{text}"
    )


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("# 题\n\n今年{4亿|四亿\n", 3, "not closed"),
        ("# 题\n今年{4亿{a|b}|四亿}", 2, "not closed"),
        ("# 题\n今年{4亿}。", 2, "without a “|”"),
        ("# 题\n今年{4|5|6}。", 2, "two “|”"),
        ("# 题\n今年4亿}。", 2, "no “{” before"),
        ("# 题\n今年4亿|四亿。", 2, "outside braces"),
        ("# 题\nC:\\新闻", 2, "means nothing"),
        ("# 题\n行末\\", 2, "ends in a backslash"),
        ("# 题\n\\ud800", 2, "half a character"),
        ("# 题\n{重庆|chóng}", 2, "does not fit"),
        ("# 题\n{花儿|huār}", 2, "does not fit"),
        ("正文\n# 题", 1, "before the title"),
        ("## 一\n# 题", 1, "before the title"),
        ("# 题\n# 题", 2, "second title"),
        ("#  \n正文", 1, "empty heading"),
        ("# 题\n##", 2, "empty heading"),
        ("# 题\n##二", 2, "no blank"),
        ("# 题\n####### 深", 2, "7 levels"),
        ("# 题\n> [照片] 甲", 2, "“照片” is not known"),
        ("# 题\n> 甲", 2, "needs a label"),
        ("# 题\n> [图片]", 2, "shows and says nothing"),
        ("# 题\n{|}", 2, "shows and says nothing"),
        ("# 题\n> [不播] {a|b}", 2, "something to say"),
        ("---\nslug: a\nslug: b\n---\n# 题", 3, "given twice"),
        ("---\nslug a\n---\n# 题", 2, "not “key: value”"),
        ("---\n- 甲: 乙\n---\n# 题", 2, "not “key: value”"),
        ('---\nslug: "a\n---\n# 题', 2, "not well formed"),
        ("---\nslug: a\n", 1, "not closed"),
        ("# 题\n半\ud83d", 2, "half a character"),
    ],
)
def test_what_would_lose_words_is_refused_at_its_line(text, line, what):
    with pytest.raises(BobaoError) as error:
        parse(text, "scripts/a.md")
    assert error.value.where == f"scripts/a.md:{line}"
    assert what in error.value.what
    assert error.value.advice


@pytest.mark.parametrize("text", ["", "\n \n", HEAD])
def test_an_empty_script_is_refused(text):
    with pytest.raises(BobaoError, match="empty"):
        parse(text, "a.md")


def test_a_script_of_hostile_length_is_refused_at_once():
    with pytest.raises(BobaoError, match="too long"):
        parse("# 题\n" + "{" * MAX_CHARACTERS)


@pytest.mark.parametrize("unit", ["{", "{a|", "\\", "[", "> [", "{a|b}", "'", "#"])
def test_reading_takes_time_in_proportion_to_length(unit):
    text = "# 题\n" + unit * (60_000 // len(unit))
    if unit in ("[", "{a|b}", "'", "\\"):
        assert parse(compose(parse(text))) == parse(text)
    else:
        with pytest.raises(BobaoError):
            parse(text)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("a{重|chong2}b", (Span("a", "a"), Span("重", "重", "chong2"), Span("b", "b"))),
        ("{重|Chóng}", (Span("重", "重", "chóng"),)),
        ("{重庆| chóng  qìng }", (Span("重庆", "重庆", "chóng qìng"),)),
        ("{歌|song}", (Span("歌", "song"),)),
        ("{重|\\u0063hóng}", (Span("重", "chóng"),)),
        ("{5G|五G}", (Span("5G", "五G"),)),
        ("{a|a}b", (Span("ab", "ab"),)),
        ("{|}a", (Span("a", "a"),)),
        ("\\*重\\*", (Span("*重*", "*重*"),)),
        ("｛重｜chóng｝", (Span("｛重｜chóng｝", "｛重｜chóng｝"),)),
        ("{\\{|左括号}", (Span("{", "左括号"),)),
        ("{\\||竖线}", (Span("|", "竖线"),)),
    ],
)
def test_spans(text, spans):
    assert parse(f"# 题\n{text}").sections[0].paragraphs[0][0].spans == spans


def test_a_silent_line_needs_no_braces():
    line = parse("# 题\n> [不播] 责任编辑：{张|zhāng}三").sections[0].paragraphs[0][0]
    assert (line.written, line.spoken) == ("责任编辑：张三", "")


def test_without_front_matter_the_title_is_that_of_the_opening():
    assert parse("# {|欢迎收听，}题{|。}").header == Header("", "题")


def test_quoted_values_of_other_tools_are_read():
    script = parse("---\nslug: 'it''s'\ntitle: \"\\u4e00\\n二\"\n\nx:y\n---\n# 题")
    assert script.header == Header("it's", "一\n二", extra=(("x", "y"),))


def test_a_lone_surrogate_cannot_be_written():
    for script in (body(Line((Span("\ud800", ""),))), replace(body(), header=Header("\udc00", ""))):
        whole = replace(script, sections=(Section(Line((Span("题", "题"),)), ()), *script.sections))
        sections = tuple(s for s in whole.sections if all(s.paragraphs))
        with pytest.raises(BobaoError, match="half a character"):
            compose(replace(whole, sections=sections))


@pytest.mark.parametrize(
    "script",
    [
        Script(Header("s", "t"), ()),
        body(),
        body(Line(())),
        body(Line((Span("a", "a"),), level=3)),
        body(Line((Span("a", "a"),), LineKind.SUBHEAD)),
        body(Line((Span("a", "a"),), LineKind.SUBHEAD, 3), Line((Span("a", "a"),))),
        body(Line((Span("a", "b"),), LineKind.SILENT)),
        body(Line((Span("a", "a", "a1"),))),
        body(Line((Span("重", "重", "Chóng"),))),
        replace(parse("# 题"), header=Header("", "", extra=(("slug", "x"),))),
        replace(parse("# 题"), header=Header("", "", extra=(("a b", "x"),))),
    ],
)
def test_what_is_no_script_cannot_be_written(script):
    with pytest.raises(ValueError, match=r"script|paragraph|line|keys"):
        compose(script)


def test_an_editors_change_is_noticed():
    script = sealed(parse(CANONICAL))
    assert not is_edited(script)
    text = compose(script)
    assert not is_edited(parse(text.replace("\n\n", "\n\n\n")))
    assert not is_edited(parse(text.replace("zf_xiaoxiao", "zm_yunxi")))
    assert is_edited(parse(text.replace("{|第二部分，}", "")))
    assert is_edited(parse(text.replace("title: 锻造", "title: 打造")))
    assert is_edited(parse(text.replace("李四", "王五")))
    assert is_edited(parse("# 手写的稿子"))
