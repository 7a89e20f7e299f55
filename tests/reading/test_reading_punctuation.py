"""Marks of one width in Chinese text, and the way back to the source."""

from __future__ import annotations

import unicodedata

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.normalise import unified_forms
from bobao.reading import read_article
from bobao.reading.blocks import offsets, unified

SEED = (ROOT / "seeds" / "huajie-2021.txt").read_bytes()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("今年,花街镇坚定信心", "今年，花街镇坚定信心"),
        ("⼈⺠政府\uf914天", "人民政府樂天"),
        ("他说\x93好\x94", "他说“好”"),
        ("主持人:各位好!请看;谁来?", "主持人：各位好！请看；谁来？"),
        ("“公开日”,查看(详见图1)", "“公开日”，查看（详见图1）"),
        ("增长103%,同比多26个", "增长103%，同比多26个"),
        ("1,234人,5,678元", "1,234人，5,678元"),
        ("生产总值(GDP)和(5G+局域网)", "生产总值（GDP）和（5G+局域网）"),
        ("(一),(二)", "（一），（二）"),
        ("好的.", "好的。"),
        ('日子"红火了."他说.', '日子"红火了。"他说。'),
        ('过去"种一坡,收一瓢".近年来变了.', '过去"种一坡，收一瓢"。近年来变了。'),
        ("一粒粒小米成了宝.一斤谷子卖3块.", "一粒粒小米成了宝。一斤谷子卖3块。"),
        ("时间:2024年5月1日 8:00-9:30", "时间：2024年5月1日 8:00-9:30"),
        ("咨询电话:12345,地址:人民路", "咨询电话：12345，地址：人民路"),
        # as they are
        ("2.0版本,比分78:75", "2.0版本，比分78:75"),
        ("见 https://a.cn/b?c=1;d(2)", "见 https://a.cn/b?c=1;d(2)"),
        ("Hello, world! (ok)", "Hello, world! (ok)"),
        ("f(x)是函数", "f（x）是函数"),
        ("1.总体要求 2)重点", "1.总体要求 2)重点"),
        ("列夫.托尔斯泰", "列夫.托尔斯泰"),
        ("小明:)", "小明：)"),
        ("", ""),
    ],
)
def test_marks_between_ideographs_are_wide(text: str, wanted: str) -> None:
    assert unified(text) == wanted


@given(st.text(st.sampled_from("今年花GDP12,.;:?!()，。“” ％%\n"), max_size=40))
def test_only_the_width_changes(text: str) -> None:
    wide = unified(text)
    assert len(wide) == len(text)
    for before, after in zip(text, wide, strict=True):
        assert after == before or (before, after) in zip(
            ",.;:?!()", "，。；：？！（）", strict=True
        )


@given(st.text(st.sampled_from("GDP12,.;:?!() -/"), max_size=40))
def test_text_without_ideographs_stays(text: str) -> None:
    assert unified(text) == text


@given(
    st.lists(
        st.text(st.sampled_from("今年花街⼈⺠12,.;:?!()，。“” \u3000Aa"), max_size=30), max_size=8
    ),
    st.sampled_from(["\n", "\n\n", "\n　　"]),
    st.sampled_from(["a.txt", "a.md", "a.html"]),
)
def test_every_character_has_its_place_in_the_source(
    pieces: list[str], between: str, name: str
) -> None:
    try:
        article = read_article(between.join(["花街镇", *pieces]).encode(), name)
    except BobaoError:
        return
    for block in article.blocks:
        places = offsets(article.text, block)
        assert len(places) == len(block.text)
        known = [at for at in places if at >= 0]
        assert known == sorted(set(known))
        ranges = [at for start, end in block.source for at in range(start, end)]
        assert set(known) <= set(ranges)
        for char, at in zip(block.text, places, strict=True):
            source = article.text[at].translate(unified_forms()) if at >= 0 else " "
            narrow = unicodedata.normalize("NFKC", char).replace("。", ".")
            assert source in (char, narrow) or (char.isspace() and source.isspace())


def test_the_sample_can_be_found_again_in_its_file() -> None:
    article = read_article(SEED, "huajie-2021.txt")
    text = SEED.decode("utf-8")
    wide = 0
    for block in article.blocks:
        for char, at in zip(block.text, offsets(text, block), strict=True):
            assert at >= 0
            wide += char != text[at]
    assert wide > 100
