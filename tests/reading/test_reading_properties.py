"""Whatever the text: nothing is lost, repeated or invented."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.normalise import unified_forms
from bobao.reading import read_article

SCRAPS = st.sampled_from(
    [
        "一、总体要求",
        "（一）抓落实。",
        "今年，全镇收入增长12.6%。",
        "记者走进村里看到，",
        "村民在田里采摘",
        "图为活动现场。（张三 摄）",
        "▲资料图",
        "— 3 —",
        "责任编辑：李四",
        "相关阅读",
        "目录",
        "01",
        "记者：怎么办？",
        "2024年5月1日",
        "【打印本页】",
        "a\tb\tc",
        "指标    总量    增长",
        "|甲|乙|",
        "|---|---|",
        "# 标题",
        "**加粗**",
        "- 条目",
        "> 引文",
        "![图](a.png)",
        "[链接](http://x.y)",
        "```",
        "---",
        "<p>段落</p>",
        "<table><tr><td>甲</td><td>乙</td></tr></table>",
        "<html>",
        "<!--",
        "　　缩进",
        "\u3000",
        "\ufeff",
        "\x00",
        "\x0c",
        "\u2028",
        "\r",
        "\n",
        "\n\n\n\n",
    ]
)
MARKED = re.compile(r"\*\*|^#|\]\(|&\w+;", re.MULTILINE)
"""What may make a text Markdown, whose marks are no words."""
NARROW = str.maketrans("，；：？！（）。", ",;:?!().")
TEXTS = st.lists(SCRAPS | st.text(max_size=12), max_size=25).flatmap(
    lambda scraps: st.sampled_from(["\n", "\n\n", "", "\r\n", "\n　　"]).map(
        lambda between: between.join(scraps)
    )
)


def shows(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf")


@settings(max_examples=300)
@given(TEXTS, st.sampled_from(["a.txt", "a.md", "", "a.html"]))
def test_every_character_is_in_one_block(text: str, name: str) -> None:
    try:
        article = read_article(text.encode("utf-8", "replace"), name)
    except BobaoError:
        return
    seen = [0] * len(article.text)
    for block in article.blocks:
        for start, end in block.source:
            for at in range(start, end):
                seen[at] += 1
    assert all(count <= 1 for count in seen)
    assert all(seen[at] == 1 for at, char in enumerate(article.text) if shows(char))


@settings(max_examples=150)
@given(TEXTS)
def test_plain_text_comes_back_word_for_word(text: str) -> None:
    try:
        article = read_article(text.encode("utf-8", "replace"), "a.txt")
    except BobaoError:
        return
    if article.encoding != "utf-8" or "<" in text or MARKED.search(text):
        return
    for block in article.blocks:
        source = "".join(article.text[a:b] for a, b in block.source)
        kept = [char for char in block.text.translate(NARROW) if shows(char)]
        source = source.translate(unified_forms()).translate(NARROW)
        if block.kind.value == "table":
            kept = [char for char in kept if char != "|"]
            source = source.replace("|", "")
        assert kept == [char for char in source if shows(char)]


@settings(max_examples=200)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a", "a.htm"]))
def test_any_bytes_are_an_article_or_a_clear_error(data: bytes, name: str) -> None:
    try:
        article = read_article(data, name)
    except BobaoError:
        return
    assert article.blocks
    assert all(0 <= block.confidence <= 1 and block.reason for block in article.blocks)


@given(TEXTS)
def test_reading_is_a_function_of_the_bytes(text: str) -> None:
    def result() -> object:
        try:
            return read_article(text.encode("utf-8", "replace"), "a.txt")
        except BobaoError as error:
            return str(error)

    assert result() == result()
