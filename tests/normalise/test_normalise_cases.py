"""Our own examples, class by class, and the tables they rest on."""

from pathlib import Path

import pytest

from bobao.normalise import ReadingStyle, explain, normalise, tables

_CASES = sorted((Path(__file__).parent / "cases").glob("*.tsv"))
_TABLES = (
    "address",
    "currency",
    "emoji",
    "english",
    "festivals",
    "fold",
    "greek",
    "latin",
    "rules",
    "signs",
    "units",
)


def spoken(text, style=None):
    spans = normalise(text, style) if style else normalise(text)
    return "".join(span.spoken for span in spans)


def rows(path):
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("# "):
            yield line.split("\t")


@pytest.mark.parametrize("path", _CASES, ids=lambda path: path.stem)
def test_examples(path):
    wrong = [(row[0], spoken(row[0]), row[1]) for row in rows(path) if spoken(row[0]) != row[1]]
    assert not wrong


def test_every_reading_can_be_explained():
    rules = {change.rule for path in _CASES for row in rows(path) for change in explain(row[0])}
    assert len(rules) > 80
    assert not rules - set(tables.mapping("rules"))
    assert all(change.reason for change in explain("2021年，330国道5%"))


def test_explain_tells_where_and_why():
    (change,) = explain("在老330国道旁")
    assert (change.written, change.spoken, change.start, change.end) == ("330", "三三零", 2, 5)
    assert (change.kind, change.rule) == ("code", "code-word-after")
    assert "国道" in change.reason


@pytest.mark.parametrize(
    ("style", "text", "said"),
    [
        (ReadingStyle(yao=False), "拨打110", "拨打一一零"),
        (ReadingStyle(to="至"), "3-5天", "三至五天"),
        (ReadingStyle(to="至"), "5%-8%", "百分之五至百分之八"),
        (ReadingStyle(below_zero="负"), "气温-5℃", "气温负五摄氏度"),
        (ReadingStyle(emoji=True), "好👍", "好点赞"),
        (ReadingStyle(), "好👍", "好"),
    ],
)
def test_style(style, text, said):
    assert spoken(text, style) == said


def test_the_sample():
    said = spoken(
        "在花街镇老330国道尚仁段,该镇剩余的3个小微园超考核任务103%,采用5G+局域网,"
        "升级镇村矛盾2.0版本,金额共计620余万元。2021年,完成择基圆20余年“新居梦”,今年98.34%"
    )
    assert said == (
        "在花街镇老三三零国道尚仁段,该镇剩余的三个小微园超考核任务百分之一百零三,采用五G加局域网,"
        "升级镇村矛盾二点零版本,金额共计六百二十余万元。二零二一年,完成择基圆二十余年“新居梦”,"
        "今年百分之九十八点三四"
    )


def test_spans_keep_punctuation_and_mark_what_is_silent():
    spans = normalise("●“双11”\u200b，第2天")
    assert [(span.written, span.spoken) for span in spans] == [
        ("●", ""),
        ("“双", "“双"),
        ("11", "十一"),
        ("”", "”"),
        ("\u200b", ""),
        ("，第", "，第"),
        ("2", "二"),
        ("天", "天"),
    ]


def test_nothing_to_say():
    assert normalise("") == ()
    assert [span.spoken for span in normalise("\u200b\ufeff")] == [""]


def test_a_word_stands_once_in_the_table_of_words_after_a_number():
    seen = {}
    for group, words in tables.rows("after"):
        for word in words.split(" "):
            assert seen.setdefault(word, group) == group, word
    assert len(seen) > 600


@pytest.mark.parametrize("name", _TABLES)
def test_a_key_stands_once_in_a_table(name):
    keys = [key for row in tables.rows(name) for key in row[0].split(" ")]
    assert len(keys) == len(set(keys))
    assert all(keys)


def test_hostile_repetition_is_read_to_its_end():
    for piece in (
        *("1、", "1/", "a.", "#", "1到", "（1）", "1,111", "-", "A1-", "A1", "1 111", "1m", "5/1-"),
        *("x²-", "1'2\"", "第1、", "a>", "××", "$1k", "_a", "5.1-", "1h1", "24/25", "（前475年—"),
        *("1 000", "3—1", "图3—1", "他72年", '1"', "元/", "+1m/s", "国道", "¥9M", "截至1.1"),
    ):
        text = piece * 1000
        assert "".join(span.written for span in normalise(text)) == text
