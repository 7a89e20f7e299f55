"""A person's decisions on single lines, and what they are asked about."""

from __future__ import annotations

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from reading_render import Style, cases, load, rendered

from bobao.errors import BobaoError
from bobao.model import Article
from bobao.reading import read_article, read_in_detail
from bobao.reading.blocks import check
from bobao.reading.decisions import KINDS, Decision, Numbers, beside, kept, parse, row_of
from bobao.reading.review import doubts, read_decided, reading_decided

SEED = (ROOT / "seeds" / "huajie-2021.txt").read_bytes()
TEXT = """花街镇绿道建设进展

今年以来，全镇新建绿道十二公里，沿线村庄的环境明显改善，群众满意度

进一步提高。

店园村的绿道

下一步，镇里将把五条绿道连成一个环。

责任编辑：张三
"""


def read(text: str, *rows: str) -> Article:
    return read_decided(text.encode(), "a.txt", parse("\n".join(rows), "d.tsv"), "d.tsv")


def kinds(article: Article) -> list[str]:
    return [f"{block.kind.value} {block.text[:4]}" for block in article.blocks]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "7\theading",
            "title 花街镇绿|lead 今年以来|heading 店园村的|paragraph 下一步，|furniture 责任编辑",
        ),
        (
            "7\tcaption",
            "title 花街镇绿|paragraph 今年以来|caption 店园村的|paragraph 下一步，|furniture 责任编辑",
        ),
        (
            "7\tparagraph",
            "title 花街镇绿|paragraph 今年以来|paragraph 店园村的|paragraph 下一步，|furniture 责任编辑",
        ),
        (
            "7\tfurniture",
            "title 花街镇绿|paragraph 今年以来|furniture 店园村的|paragraph 下一步，|furniture 责任编辑",
        ),
    ],
)
def test_a_decided_kind_is_followed(row, expected):
    assert "|".join(kinds(read(TEXT, row))) == expected


def test_a_decided_join_and_split():
    split = read(TEXT, "7\tcaption", "5\tsplit\t进一步")
    assert kinds(split)[1:3] == ["paragraph 今年以来", "paragraph 进一步提"]
    joined = read(TEXT, "7\tcaption", "9\tjoin")
    assert joined.blocks[1].text.endswith("进一步提高。下一步，镇里将把五条绿道连成一个环。")


def test_a_line_in_a_paragraph_can_be_lifted_out():
    article = read(TEXT, "5\tcaption")
    assert kinds(article)[1:3] == ["lead 今年以来", "caption 进一步提"]


def test_furniture_can_be_taken_back():
    assert read(TEXT, "11\tparagraph").blocks[-1].kind.value == "paragraph"


def test_a_decided_title_is_the_only_one():
    article = read(TEXT, "7\ttitle")
    assert article.title == "店园村的绿道"
    assert [block.kind.value for block in article.blocks].count("title") == 1
    both = read(TEXT, "1\ttitle", "7\ttitle")
    assert both.title == "花街镇绿道建设进展 店园村的绿道"


def test_the_level_of_a_heading():
    assert [b.level for b in read(TEXT, "7\theading2").blocks if b.kind.value == "heading"] == [2]


def test_a_row_finds_its_line_where_lines_were_added_above():
    article = read("编者按\n\n" + TEXT, "7\tcaption\t店园村的绿道")
    assert "caption 店园村的" in kinds(article)


def test_a_row_without_its_line_is_an_error():
    for row in ("2\theading", "99\theading", "7\theading\t没有的话"):
        with pytest.raises(BobaoError, match=r"d\.tsv:1: there is no"):
            read(TEXT, row)


@pytest.mark.parametrize("row", ["x\theading", "3\thead", "3", "heading\t3", "-1\tjoin"])
def test_a_malformed_row_is_an_error(row):
    with pytest.raises(BobaoError, match=r"d\.tsv:2: this is no decision"):
        parse(f"# line\tdecision\n{row}\n", "d.tsv")


def test_where_decisions_are_kept(tmp_path):
    path = beside(tmp_path / "a.docx")
    assert path.name == "a.decisions.tsv"
    assert kept(path) == ()
    path.write_bytes("\ufeff# line\n\n7\tcaption\t店园村\r\n".encode())
    assert kept(path) == (Decision(7, "caption", "店园村", 3),)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BobaoError, match="UTF-8"):
        kept(path)


def test_no_decisions_change_nothing():
    assert read_decided(SEED, "a.txt", (), "") == read_article(SEED, "a.txt")
    same = parse(row_of(3, "title", "锻造乡村振兴排头兵"), "")
    decided = read_decided(SEED, "a.txt", same, "").blocks
    assert [(b.kind, b.text, b.source) for b in decided] == [
        (b.kind, b.text, b.source) for b in read_article(SEED, "a.txt").blocks
    ]


MARKDOWN = "# 标题\n\n**粗体**的一句话。\n\n| 村 | 长 |\n|---|---|\n| 甲 | 3 |\n| 乙 | 5 |\n\n## 小节\n\n- 一项\n- 二项\n"


@given(
    st.sampled_from([TEXT, SEED.decode("utf-8"), MARKDOWN]),
    st.lists(st.tuples(st.integers(1, 60), st.sampled_from((*KINDS, "join", "split"))), max_size=8),
)
def test_whatever_is_decided_no_word_is_lost(text, rows):
    name = "a.md" if text == MARKDOWN else "a.txt"
    try:
        decisions = [Decision(*row) for row in rows]
        article = read_decided(text.encode(), name, decisions, "d.tsv")
    except BobaoError as error:
        assert "no text in line" in error.what  # noqa: PT017
        return
    check(article.text, article.blocks)
    plain = read_article(text.encode(), name)
    assert letters(article) == letters(plain)


def letters(article: Article) -> list[str]:
    """The letters and digits of all blocks, whatever their order."""
    return sorted(char for block in article.blocks for char in block.text if char.isalnum())


@given(st.text(alphabet="a\r\n\x0b\u2028字", max_size=30))
def test_numbers_are_those_of_an_editor(text):
    numbers = Numbers(text)
    for offset in range(len(text)):
        lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").count("\n")
        inside = text[offset - 1 : offset + 1] == "\r\n"
        assert numbers.at(offset) == lines + 1 - inside


def test_doubts_come_with_rows_that_settle_them():
    count = 0
    for path in cases()[::5]:
        data, _ = rendered(load(path), Style("blank", cut=0.6, midword=False), path.stem)
        reading = read_in_detail(data, "a.txt")
        for doubt in doubts(reading):
            assert doubt.reason
            assert len(doubt.rows) == len(doubt.others) > 0
            for row in doubt.rows:
                (decision,) = parse(row, "d.tsv")
                settled = reading_decided(data, "a.txt", [decision], "d.tsv")
                assert decision.line == doubt.line
                assert settled.article.blocks != reading.article.blocks, row
                assert doubt.line not in {other.line for other in doubts(settled)}
                count += 1
    assert count


def test_the_sample_is_asked_about_at_most_four_lines():
    assert len(doubts(read_in_detail(SEED, "a.txt"))) <= 4


def test_a_short_line_is_offered_every_kind():
    reading = read_in_detail(
        "标题在这里\n\n这是第一段话。\n小标题\n这是第二段话。\n".encode(), "a.txt"
    )
    offered = {doubt.line: {*doubt.others, doubt.decided} for doubt in doubts(reading, 2.0)}
    kinds = {"title", "heading", "paragraph", "caption", "furniture"}
    assert all(kinds <= offered[line] for line in (3, 4, 5))
    assert "join" in offered[4]
