"""Any text in any format comes back whole, and any damage gives text or one clear error."""

from __future__ import annotations

import html
import random
from collections import Counter
from collections.abc import Callable

import pytest
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_files import FILES, docx_of, epub_of, pages_of, seed_blocks, zipped
from reading_files import PAGE as EPUB_PAGE

from bobao.errors import BobaoError
from bobao.normalise import unified_forms
from bobao.reading import read_article

XML = st.characters(
    exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufffe\uffff\u2028\u2029"
)
SCRAPS = st.sampled_from(
    [
        "一、总体要求",
        "（一）抓落实。",
        "1. 一项",
        "责任编辑：李四",
        "相关阅读",
        "首页 > 新闻 > 正文",
        "— 3 —",
        "图为活动现场。（张三 摄）",
        "今年，全镇收入增长12.6%，群众满意度进一步提高，",
        "分享到：微信 微博",
        "附件1",
        "某某市教育局",
        "2024年5月1日",
        "a  b\tc",
        "【打印本页】",
    ]
)
TEXTS = st.lists(SCRAPS | st.text(XML, max_size=14), min_size=1, max_size=14)
SETTINGS = st.sampled_from(
    [
        "",
        '<w:pStyle w:val="Title"/>',
        '<w:pStyle w:val="Heading1"/>',
        '<w:outlineLvl w:val="1"/>',
        '<w:jc w:val="center"/>',
        '<w:ind w:firstLineChars="200"/>',
    ]
)


def letters(text: str) -> Counter[str]:
    """What shows in a text, however it is spaced and whatever the width of its marks."""
    narrow = text.translate(unified_forms()).translate(
        str.maketrans("，；：？！（）。", ",;:?!().")
    )
    return Counter(char for char in narrow if char.isprintable() and not char.isspace())


def blocks_of(data: bytes, name: str) -> Counter[str] | None:
    """What shows in all blocks of a document, None where it is refused as without text."""
    try:
        article = read_article(data, name)
    except BobaoError as error:
        assert "no text" in error.what or "nothing" in error.what, error.what  # noqa: PT017
        return None
    return letters("".join(block.text for block in article.blocks))


@settings(max_examples=60)
@given(st.lists(st.tuples(SCRAPS | st.text(XML, max_size=14), SETTINGS), min_size=1, max_size=12))
def test_a_word_document_loses_nothing(pieces: list[tuple[str, str]]) -> None:
    body = "".join(
        f"<w:p><w:pPr>{props}</w:pPr><w:r><w:t>{html.escape(text)}</w:t></w:r></w:p>"
        for text, props in pieces
    )
    xml = f"<w:document {nsdecls('w')}><w:body>{body}</w:body></w:document>"
    made = blocks_of(zipped({"word/document.xml": xml}), "a.docx")
    wanted = letters("".join(text for text, _ in pieces))
    assert made is None or not wanted - made


@settings(max_examples=100)
@given(TEXTS, st.sampled_from(["p", "div", "h2", "li", "td", "span", "section", "center"]))
def test_a_page_loses_nothing(texts: list[str], tag: str) -> None:
    body = "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in texts)
    around = {"li": "ul", "td": "table"}.get(tag, "div")
    page = (
        f'<html><head><meta charset="utf-8"></head><body><{around}>{body}</{around}></body></html>'
    )
    made = blocks_of(page.encode(), "a.html")
    assert made is None or not letters("".join(texts)) - made


@settings(max_examples=60)
@given(TEXTS)
def test_a_book_loses_nothing(texts: list[str]) -> None:
    pages = [EPUB_PAGE.format(f"<p>{html.escape(text)}</p>") for text in texts]
    made = blocks_of(epub_of(pages, "书"), "a.epub")
    assert made is None or not letters("".join(texts)) - made


WHOLE: dict[str, Callable[[], bytes]] = {
    "a.docx": lambda: docx_of(seed_blocks()[:6]),
    "a.epub": lambda: epub_of(pages_of(seed_blocks()[:9]), "书"),
    "a.pdf": (FILES / "n02_notice.narrow.pdf").read_bytes,
}


def outcome(data: bytes, name: str) -> str:
    """What a damaged file gives: text, or the one sentence that refuses it."""
    try:
        return f"read {len(read_article(data, name).blocks)} blocks"
    except BobaoError as error:
        return error.what


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_cut_short_anywhere_gives_text_or_one_clear_error(name: str) -> None:
    data = WHOLE[name]()
    chance = random.Random(name)
    told = [outcome(data[: chance.randrange(len(data))], name) for _ in range(40)]
    assert all(told)
    assert sum(not said.startswith("read") for said in told) > 10


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_with_a_hole_gives_text_or_one_clear_error(name: str) -> None:
    data = WHOLE[name]()
    chance = random.Random(name)
    for _ in range(30):
        start = chance.randrange(len(data))
        assert outcome(data[:start] + data[start + chance.randrange(1, 600) :], name)
