"""Markdown and web pages: marks are left out, words are kept, what is outside is not spoken."""

from __future__ import annotations

import pytest

from bobao.errors import BobaoError
from bobao.reading import read_article
from bobao.reading.marks import content_pieces

P1 = "水稻成熟后遇上连阴雨，稻穗还没收割就在田里发芽，农民称之为穗发芽。"
P2 = "研究团队收集了来自二十六个国家的水稻材料，利用基因组分析找到了位点。"


def read(text: str, name: str) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_article(text.encode(), name).blocks]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("利用**关联分析**找到`SD6`和*位点*", "利用关联分析找到SD6和位点"),
        ('见[项目主页](https://a.b/c "主页")下载', "见项目主页下载"),
        ("见[项目主页][1]和<https://a.b>", "见项目主页和https://a.b"),
        ("3*4*5和a_b_c不是强调", "345和a_b_c不是强调"),
        ("单个*星号和_下划线", "单个*星号和_下划线"),
        (r"\*不是强调\*", "*不是强调*"),
        ("`**代码**`里没有强调", "**代码**里没有强调"),
        ("换行<br>和<b>标签</b>", "换行和标签"),
        ("脚注[^1]在此", "脚注在此"),
        ("![图一](a.png)后面", "图一后面"),
        ("[**粗**链接](x)", "粗链接"),
    ],
)
def test_marks_are_left_out(line: str, words: str) -> None:
    assert "".join(line[a:b] for a, b in content_pieces(line, 0, len(line))) == words


def test_a_markdown_article() -> None:
    text = f"""---
title: 稻种研究
date: 2024-01-01
---
# 稻种研究

*来源：科技观察*

{P1}

## 丰收前的隐患

![图1 发芽的稻穗](a.jpg)

{P2[:15]}
{P2[15:]}

- 田间**试验**
- 合作[改良](x)

1. 第一步
2. 第二步

| 项 | 值 |
|---|---:|
| 甲 | 1 |
| 乙 | 2 |

> {P1}

```
代码一行
```
"""
    made = [pair for pair in read(text, "a.md") if pair[0] != "furniture"]
    assert made == [
        ("title", "稻种研究"),
        ("meta", "来源：科技观察"),
        ("lead", P1),
        ("heading", "丰收前的隐患"),
        ("caption", "图1 发芽的稻穗"),
        ("paragraph", P2),
        ("paragraph", "田间试验"),
        ("paragraph", "合作改良"),
        ("paragraph", "1. 第一步"),
        ("paragraph", "2. 第二步"),
        ("table", "项\t值\n甲\t1\n乙\t2"),
        ("paragraph", P1),
        ("paragraph", "代码一行"),
    ]


def test_front_matter_is_the_title_where_no_heading_is() -> None:
    article = read_article(f'---\ntitle: "好消息"\n---\n\n{P1}\n'.encode(), "a.md")
    assert article.title == "好消息"


def test_setext_headings_and_bold_lines() -> None:
    text = f"大标题\n======\n\n{P1}\n\n小标题\n------\n\n{P2}\n\n**也是小标题**\n\n{P1}\n"
    kinds = [kind for kind, _ in read(text, "a.md") if kind != "furniture"]
    assert kinds == ["title", "lead", "heading", "paragraph", "heading", "paragraph"]


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>稻种研究_江州新闻</title>
<style>p{{}}</style><script>var x = "<p>不要读</p>";</script></head><body>
<div class="nav"><a href=/>首页</a><a href=/>新闻</a></div>
{body}
<div class="related"><h3>相关阅读</h3><ul><li><a href=#>别的新闻</a></li></ul></div>
<div class="comments"><p>网友：写得真好，我很喜欢，希望多写一些。</p></div>
<div id="footer">版权所有 江州新闻</div></body></html>"""


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>稻种研究</h1><p>{P1}</p><h2>隐患</h2><p>{P2}</p>"
        "<figure><img src=a><figcaption>发芽的稻穗</figcaption></figure></article>",
        f"<div id=c><h1>稻种研究</h1><div id=zoom><p>　　{P1}</p><p><strong>隐患</strong></p>"
        f"<p>　　{P2}</p><p align=center><img src=a></p><p align=center>发芽的稻穗</p></div></div>",
        f"<table><tr><td><h1>稻种研究</h1></td></tr><tr><td>　　{P1}<br><br><b>隐患</b><br><br>"
        f"　　{P2}<br><img src=a><br>发芽的稻穗</td></tr></table>",
        f"<div><div class=title>稻种研究</div><p>{P1}</p><h3>隐患</h3><p>{P2}</p>"
        "<p><img src=a></p><p class='img-desc'>发芽的稻穗</p></div>",
    ],
    ids=["semantic", "cms", "tables", "no-h1"],
)
@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_web_page(body: str, charset: str) -> None:
    data = PAGE.format(charset=charset, body=body).encode(
        "gb18030" if charset != "utf-8" else charset
    )
    article = read_article(data, "page.html")
    made = [(b.kind.value, b.text) for b in article.blocks if b.kind.value != "furniture"]
    assert made == [
        ("title", "稻种研究"),
        ("lead", P1),
        ("heading", "隐患"),
        ("paragraph", P2),
        ("caption", "发芽的稻穗"),
    ]
    assert "不要读" not in article.text


def test_a_page_without_a_shown_title_takes_its_name() -> None:
    article = read_article(
        PAGE.format(charset="utf-8", body=f"<div><p>{P1}</p></div>").encode(), ""
    )
    assert article.title == "稻种研究"


def test_the_numbers_of_a_list_are_those_that_a_browser_shows() -> None:
    items = "".join(
        (
            "<ol start=3><li>到窗口取号，等候叫号。</li><li><p>提交材料，核对信息。</p><p>不全的当天补齐。</p></li>",
            "<li><img src=a.png></li><li value=9>9、领取证件，妥善保管。</li><li>评价服务。</li></ol>",
            "<ul><li>周末不办理。</li></ul><ol style='list-style: none'><li>咨询电话全天开通。</li></ol>",
        )
    )
    page = f"<title>指南</title><h1>办证指南</h1><p>群众办证请按以下步骤，工作日都能办。</p>{items}"
    article = read_article(page.encode(), "a.html")
    assert [block.text for block in article.blocks if block.list] == [
        "3. 到窗口取号，等候叫号。",
        "4. 提交材料，核对信息。",
        "不全的当天补齐。",
        "9、领取证件，妥善保管。",
        "10. 评价服务。",
        "周末不办理。",
        "咨询电话全天开通。",
    ]


def test_data_tables_and_lists_of_a_page() -> None:
    body = (
        f"<article><h1>稻种研究</h1><p>{P1}</p><table><tr><th>项<th>值<tr><td>甲<td>1</table>"
        f"<ul><li>其一</li><li>其二</li></ul><p>{P2}</p></article>"
    )
    made = read(PAGE.format(charset="utf-8", body=body), "a.html")
    assert ("table", "项\t值\n甲\t1") in made
    assert [pair for pair in made if pair[1] in ("其一", "其二")] == [
        ("paragraph", "其一"),
        ("paragraph", "其二"),
    ]


@pytest.mark.parametrize(
    ("page", "word"),
    [
        ("<html><body><script>load()</script></body></html>", "no text"),
        ("<html><body>" + "<div>x" * 4000, "nested"),
        ("<html><body><nav><a href=/>首页</a></nav></body></html>", "no text"),
    ],
)
def test_a_page_without_an_article_is_refused(page: str, word: str) -> None:
    with pytest.raises(BobaoError, match=word):
        read_article(page.encode(), "a.html")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_character_that_was_cut_does_no_harm(encoding):
    words = "连日来，全市持续高温，最高气温突破39度，气象台预计未来三天高温仍将持续。" * 3
    head = f'<html><head><meta charset="{encoding}"><meta name="description" content="连日'
    rest = f'"></head><body><h1>高温</h1><p>{words}</p><p>好'
    data = head.encode(encoding)[:-1] + rest.encode(encoding)
    page = data + "字。</p></body></html>".encode(encoding)
    article = read_article(page, "a.html")
    assert article.title == "高温"
    assert words in [block.text for block in article.blocks]
    page = data + b"\xff</p></body></html>"
    assert read_article(page, "a.html").blocks[-1].text.startswith("好\ufffd")
