"""The draft, as an editor reads it and as a listener hears it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from script_strategies import articles
from scripting_stubs import HERE, article, article_of, same, stub

from bobao.errors import BobaoError
from bobao.model import Block, BlockKind, LineKind, Script
from bobao.script.draft import CAPTIONS, DraftOptions, draft
from bobao.script.markup import compose, is_edited, parse
from bobao.script.plan import characters, notes, plan
from bobao.script.unread import prove, unread

SAMPLE = article_of(HERE / "seed.json")
OPTIONS = DraftOptions(
    slug="huajie-2021",
    date="2021-12-30",
    station="花街之声",
    engine="kokoro",
    voice="zf_xiaoxiao",
    source="seeds/huajie-2021.txt",
    source_sha256="0" * 64,
)
PLAIN = DraftOptions(slug="x", signposts=False, ai_label=False)
SENTENCE = "今天花街镇召开会议部署明年工作要求各村抓紧落实。"  # 24 characters


def made(*blocks, title: str = "", options: DraftOptions = PLAIN) -> Script:
    source = article(*blocks, title=title)
    script = draft(source, options, stub)
    prove(source, script)
    assert parse(compose(script)) == script
    return script


def body(script: Script) -> list[str]:
    """The composed lines without front matter and blank lines."""
    return [line for line in compose(script).split("---\n\n", 1)[1].split("\n") if line]


def said(script: Script, kind: LineKind | None = None) -> list[str]:
    return [line.spoken for line in script.lines() if kind in (None, line.kind)]


# ── The sample ──────────────────────────────────────────────────────────────────────────────────


def test_the_sample(golden):
    script = draft(SAMPLE, OPTIONS, stub)
    prove(SAMPLE, script)
    golden("huajie-2021.md", compose(script))


def test_the_sample_without_signposts_and_captions(golden):
    options = replace(OPTIONS, signposts=False, captions="silent")
    script = draft(SAMPLE, options, stub)
    prove(SAMPLE, script)
    golden("huajie-2021-bare.md", compose(script))


def test_the_sample_is_seven_sections_of_broadcast_size():
    script = draft(SAMPLE, OPTIONS, stub)
    titles = [section.title for section in script.sections]
    assert titles[1:] == [b.text for b in SAMPLE.blocks if b.kind is BlockKind.HEADING]
    found = notes(SAMPLE, script)
    assert len(found.sections) == 7
    assert all(280 <= section.characters <= 450 for section in found.sections)
    assert 550 <= found.seconds <= 600
    assert not found.long
    assert not found.doubts


def test_a_fresh_draft_is_unedited():
    assert not is_edited(draft(SAMPLE, OPTIONS, stub))


# ── The opening, the announcements, the closing ─────────────────────────────────────────────────


def chapters(count: int, *, mark: str = "") -> list[tuple[str, str]]:
    pairs = [[("heading", f"{mark}甲题"), ("paragraph", SENTENCE)] for _ in range(count)]
    return [("title", "大题"), *(block for pair in pairs for block in pair)]


def posts(script: Script) -> list[str]:
    return said(script, LineKind.SIGNPOST)


ON = DraftOptions(slug="x", date="2024-02-02", station="花街1台")


def test_no_chapter_is_not_announced():
    script = made(("title", "大题"), ("paragraph", SENTENCE), options=ON)
    assert posts(script) == [
        "二零二四年二月二日，星期五。",
        "本节目由人工智能合成语音播报。",
        "以上是花街一台本期的全部内容，感谢您的收听。",
    ]
    assert script.sections[0].heading.spoken == "您正在收听花街一台，本期播送：大题。"


def test_one_chapter_is_not_counted():
    script = made(*chapters(1), options=ON)
    assert len(posts(script)) == 3
    assert script.sections[1].heading.spoken == "甲题。"


def test_two_chapters_are_liang():
    script = made(*chapters(2), options=ON)
    assert posts(script)[2:6] == [
        "本期共两个部分。",
        "第一部分，甲题；",
        "第二部分，甲题。",
        "下面请听详细内容。",
    ]
    assert [s.heading.spoken for s in script.sections[1:]] == [
        "第一部分，甲题。",
        "第二部分，甲题。",
    ]


def test_nine_chapters_are_all_read_out_and_ten_are_not():
    assert len(posts(made(*chapters(9), options=ON))) == 2 + 1 + 9 + 1 + 1
    ten = posts(made(*chapters(10), options=ON))
    assert ten[2:-1] == [
        "本期共十个部分，前三个部分是：",
        "第一部分，甲题；",
        "第二部分，甲题；",
        "第三部分，甲题。",
        "下面请听详细内容。",
    ]


@pytest.mark.parametrize("mark", ["一、", "（二）", "(3)", "4.", "第五章 ", "第六部分：", "⑦"])
def test_a_heading_with_its_own_number_gets_no_second_one(mark):
    script = made(*chapters(2, mark=mark), options=ON)
    assert not any("第一部分，" in post for post in posts(script))
    assert not any("第一部分，" in s.heading.spoken for s in script.sections)
    assert posts(script)[2] == "本期共两个部分。"


@pytest.mark.parametrize("mark", ["一", "5G+", "2021年", "3.15", "三农", "一、二期"])
def test_what_only_looks_like_a_number_is_none(mark):
    script = made(*chapters(2, mark=mark), options=ON)
    assert script.sections[2].heading.spoken.startswith("第二部分，")


def test_an_odd_numbered_heading_among_others_is_not_doubled():
    blocks = [*chapters(3), ("heading", "四、尾声"), ("paragraph", SENTENCE)]
    script = made(*blocks, options=ON)
    assert [s.heading.spoken for s in script.sections[1:]] == [
        "第一部分，甲题。",
        "第二部分，甲题。",
        "第三部分，甲题。",
        "四、尾声。",
    ]


def test_a_question_keeps_its_mark():
    script = made(
        ("title", "怎么存、怎么领？"),
        ("heading", "怎么存？"),
        ("heading", "怎么领"),
        options=ON,
    )
    assert script.sections[0].heading.spoken == "您正在收听花街一台，本期播送：怎么存、怎么领？"
    assert posts(script)[3:5] == ["第一部分，怎么存？", "第二部分，怎么领。"]
    assert script.sections[1].heading.spoken == "第一部分，怎么存？"


def test_an_article_without_title():
    assert body(made(("paragraph", SENTENCE))) == ["# {|本期播报。}", SENTENCE]
    script = made(("paragraph", SENTENCE), options=replace(ON, date=""))
    assert script.sections[0].heading.spoken == "花街一台，本期播报。"
    assert script.header.title == SENTENCE[:-1]


def test_a_title_that_no_block_has_is_said():
    script = made(("paragraph", SENTENCE), title="网页标题")
    assert script.sections[0].title == "网页标题"


def test_signposts_off_leaves_the_article_and_the_label():
    script = made(*chapters(2), options=replace(ON, signposts=False))
    assert posts(script) == ["本节目由人工智能合成语音播报。"]
    assert said(made(*chapters(2))) == ["大题。", "甲题。", SENTENCE, "甲题。", SENTENCE]


@pytest.mark.parametrize("date", ["2021-13-01", "昨天", "2021/12/30", "2021-12-30x", "20211"])
def test_a_date_that_is_none_is_refused(date):
    with pytest.raises(BobaoError, match="date"):
        made(*chapters(1), options=replace(ON, date=date))


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2021-12-30", "二零二一年十二月三十日，星期四。"),
        ("2000-10-10T08:00:00+08:00", "二零零零年十月十日，星期二。"),
        ("2024-01", "二零二四年一月。"),
        ("2024", "二零二四年。"),
    ],
)
def test_dates(date, words):
    assert posts(made(*chapters(1), options=replace(ON, date=date)))[0] == words


def test_captions_are_announced_or_silent_and_nothing_else():
    with pytest.raises(ValueError, match="captions"):
        DraftOptions(slug="x", captions="maybe")


# ── Parts of an article without headings ────────────────────────────────────────────────────────


def long_article(paragraphs: int, *, lead: bool = False) -> list[tuple[str, str]]:
    text = [("paragraph", SENTENCE * 4)] * paragraphs  # 96 characters each
    return [("title", "大题"), *([("lead", SENTENCE)] if lead else []), *text]


def test_a_short_article_is_one_section():
    assert len(made(*long_article(6), options=ON).sections) == 1


def test_a_long_article_is_divided_at_paragraph_ends():
    script = made(*long_article(13, lead=True), options=ON)
    assert [section.title for section in script.sections] == [
        "大题",
        "第一部分",
        "第二部分",
        "第三部分",
    ]
    assert [len(section.paragraphs) for section in script.sections[1:]] == [4, 5, 5]  # and closing
    assert posts(script)[2] == "全文分三个部分播报。"
    assert body(script)[4].startswith("今天花街镇")
    assert "## {|第二部分。}" in body(script)


def test_without_signposts_nothing_is_divided_but_the_length_is_told():
    source = article(*long_article(13))
    script = draft(source, PLAIN, stub)
    assert len(script.sections) == 1
    assert [section.title for section in notes(source, script).long] == ["大题"]


def test_one_endless_paragraph_is_not_cut():
    assert len(made(("paragraph", SENTENCE * 60), options=ON).sections) == 1


def test_a_list_is_not_parted_from_its_introduction():
    items = [("item", f"{n}. {SENTENCE * 3}") for n in (1, 2, 3)]
    blocks = [("paragraph", SENTENCE * 16), ("paragraph", "通知如下："), *items]
    script = made(*blocks, ("paragraph", SENTENCE * 16), options=ON)
    for section in script.sections:
        for paragraph in section.paragraphs[:1]:
            assert not paragraph[0].written.startswith(("通知", "1", "2", "3")) or (
                paragraph[0].written.startswith("通知")
            )


def test_a_long_headed_section_is_told_and_not_cut():
    blocks = [("title", "大题"), ("heading", "长题"), ("paragraph", SENTENCE * 30)]
    source = article(*blocks)
    script = draft(source, ON, stub)
    assert len(script.sections) == 2
    assert [section.title for section in notes(source, script).long] == ["长题"]


# ── Blocks ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("blocks", "lines"),
    [
        # titles and headings
        ([("title", "甲甲 乙乙")], ["# 甲甲{ |，}乙乙{|。}"]),
        ([("title", "甲甲\u3000乙乙\n丙丙")], ["# 甲甲{ |，}乙乙{ |，}丙丙{|。}"]),
        ([("title", "Windows 11 发布")], ["# Windows {11|一一} 发布{|。}"]),
        ([("title", "张 三的故事")], ["# 张 三的故事{|。}"]),
        ([("title", "甲甲， 乙乙")], ["# 甲甲， 乙乙{|。}"]),
        ([("title", "★★")], ["# {|本期播报。}{★★|}"]),
        ([("title", "甲"), ("title", "乙")], ["# 甲{|。}", "乙{|。}"]),
        (
            [("title", "题"), ("heading", "【教育】招生公布")],
            ["# 题{|。}", "## 【教育】{|，}招生公布{|。}"],
        ),
        (
            [
                ("title", "题"),
                ("heading", "（一）目标。"),
                ("heading", "2．任务"),
                ("heading", "★"),
            ],
            ["# 题{|。}", "## {（一）|第一，}目标。", "## {2．|二、}任务{|。}", "## {★|}"],
        ),
        (
            [("title", "题"), ("heading2", "章"), ("heading3", "节"), ("heading9", "目")],
            ["# 题{|。}", "## 章{|。}", "### 节{|。}", "###### 目{|。}"],
        ),
        # running text
        ([("paragraph", "甲。乙！")], ["# {|本期播报。}", "甲。", "乙！"]),
        ([("paragraph", "各省人民政府：")], ["# {|本期播报。}", "各省人民政府："]),
        ([("paragraph", "甲 乙\n丙")], ["# {|本期播报。}", "甲 乙 丙{|。}"]),
        (
            [("paragraph", "到2021年。后来")],
            ["# {|本期播报。}", "到{2021年|二零二一年}。", "后来{|。}"],
        ),
        ([("paragraph", "本报讯 记者获悉。")], ["# {|本期播报。}", "本报讯{ |，}记者获悉。"]),
        (
            [("paragraph", "本报讯（记者 周舟）昨晚（见图1）开赛。（掌声）")],
            [
                "# {|本期播报。}",
                "本报讯{（记者 周舟）|}{|，}昨晚{（见图1）|}开赛。",
                "> [不播] {（掌声）|}",
            ],
        ),
        ([("paragraph", "※※※")], ["# {|本期播报。}", "> [不播] {※※※|}"]),
        ([("item", "• 甲；"), ("item", "- 乙")], ["# {|本期播报。}", "{• |}甲；", "{- |}乙{|。}"]),
        ([("item", "12. 甲；")], ["# {|本期播报。}", "{12. |十二、}甲；"]),
        (
            [("paragraph", "（三）各地。请照办。")],
            ["# {|本期播报。}", "{（三）|第三，}各地。", "请照办。"],
        ),
        # for the eye
        (
            [("meta", "记者 张三"), ("paragraph", "甲。"), ("furniture", "打印本页")],
            ["# {|本期播报。}", "> [不播] {记者 张三|}", "甲。", "> [不播] {打印本页|}"],
        ),
        # captions go to the end of their section
        (
            [("caption", "图1 两带三盟 区位图"), ("paragraph", "甲。"), ("caption", "乙 李四 摄")],
            [
                "# {|本期播报。}",
                "甲。",
                "> [图片] {|图片说明：}图{1|一}{ |，}两带三盟{ |，}区位图{|。}",
                "> [图片] {|另一张图片：}乙{ 李四 摄|}{|。}",
            ],
        ),
        (
            [("caption", "球员（左）突破 （图/新华社）"), ("caption", "图片说明：甲。乙。")],
            [
                "# {|本期播报。}",
                "> [图片] {|图片说明：}球员{（左）|}突破{ （图/新华社）|}{|。}",
                "> [图片] 图片说明：甲。",
                "> [图片] 乙。",
            ],
        ),
    ],
)
def test_lines(blocks, lines):
    assert body(made(*blocks)) == lines


def test_silent_captions_are_shown():
    script = made(("caption", "甲 乙"), options=replace(PLAIN, captions="silent"))
    assert body(script)[1:] == ["> [图片] {甲 乙|}"]


@pytest.mark.parametrize(
    ("table", "heard"),
    [
        (
            "线路\t走向\t时间\n甲线\t东街\t早上\n乙线\t\t—\n丙线\t西街",
            [
                "下面是一张表格，共三行、三列，各列依次是：线路、走向、时间。",
                "甲线，走向：东街；时间：早上。",
                "乙线，走向：无数据；时间：无数据。",
                "丙线，走向：西街。",
                "表格播报完毕。",
            ],
        ),
        (
            "指标\t总量（万元）\n甲\t10\n乙\t约10",
            [
                "下面是一张表格，共两行、两列，各列依次是：指标、总量。",
                "甲，总量：十万元。",
                "乙，总量：约一零。",
            ],
        ),
        (
            "年份\t人数\n1\t2",
            ["下面是一张表格，只有一行，各列依次是：年份、人数。", "年份：一；人数：二。"],
        ),
        ("1\t2\n3\t4", ["下面是一张表格，共两行、两列。", "一；二。", "三；四。"]),
        ("甲\n乙", ["下面是一张表格，共两行。", "甲。", "乙。"]),
        ("甲\t乙\n★\t√", ["下面是一张表格，只有一行，各列依次是：甲、乙。", "符号，乙：是。"]),
    ],
)
def test_tables(table, heard):
    assert said(made(("table", table)))[1:] == heard


def test_half_width_marks_stay():
    assert body(made(("paragraph", "今年,花街镇(街道)增长:快;好。")))[1:] == [
        "今年,花街镇(街道)增长:快;好。"
    ]


# ── Whatever comes ──────────────────────────────────────────────────────────────────────────────

options = st.builds(
    DraftOptions,
    slug=st.just("x"),
    date=st.sampled_from(["", "2024-05-01"]),
    station=st.sampled_from(["", "花街{0}台5★"]),
    signposts=st.booleans(),
    captions=st.sampled_from(CAPTIONS),
    ai_label=st.booleans(),
)


@settings(max_examples=80)
@given(articles, options, st.sampled_from([stub, same]))
@example(article(("title", "甲")), PLAIN, same)
@example(article(), ON, same)
def test_no_article_loses_a_character(source, how, normalise):
    script = draft(source, how, normalise)
    prove(source, script)
    assert parse(compose(script)) == script
    assert draft(source, how, normalise) == script
    assert not any(unread(line.spoken) for line in script.lines())
    assert notes(source, script).sections == plan(script)


@settings(max_examples=40)
@given(articles, options, st.randoms(use_true_random=False))
def test_a_script_that_lost_any_line_fails_the_proof(source, how, random):
    script = draft(source, how, stub)
    places = [
        (s, p, k)
        for s, section in enumerate(script.sections)
        for p, paragraph in enumerate(section.paragraphs)
        for k, line in enumerate(paragraph)
        if line.written.strip()
    ]
    for s, p, k in random.sample(places, min(4, len(places))):
        section = script.sections[s]
        paragraphs = list(section.paragraphs)
        paragraphs[p] = paragraphs[p][:k] + paragraphs[p][k + 1 :]
        sections = list(script.sections)
        sections[s] = replace(section, paragraphs=tuple(filter(None, paragraphs)))
        with pytest.raises(BobaoError, match=r"lost|does not have"):
            prove(source, replace(script, sections=tuple(sections)))


def test_the_length_counts_what_is_said():
    assert characters("五G加局域网，GDP增长，hello。") == 5 + 1 + 3 + 2 + 2


def test_doubts_and_signs_are_noted():
    source = article(
        Block(BlockKind.PARAGRAPH, "甲★乙。", reason="short", confidence=0.3),
        ("paragraph", "丙。"),
    )
    found = notes(source, draft(source, ON, stub))
    assert [(d.kind, d.text, d.reason) for d in found.doubts] == [("paragraph", "甲★乙。", "short")]
    assert found.unvoiced == ("★",)
