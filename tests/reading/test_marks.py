"""What type says by its place: raised, lowered, struck out, beside the text; in every format."""

from __future__ import annotations

import pytest

from bobao.normalise import normalise
from bobao.reading import read_article
from bobao.scripting.draft import DraftOptions, draft
from bobao.scripting.markup import compose
from bobao.scripting.proof import prove

OPTIONS = DraftOptions(slug="x", signposts=False, ai_label=False)
AFTER = "村里的路修好了，大家都说方便。合作社的账本放在桌上，一页一页地翻给大家看。"


def script(data: bytes, name: str) -> list[str]:
    """The lines of the script of an article, without its title."""
    article = read_article(data, name)
    made = draft(article, OPTIONS, normalise)
    prove(article, made)
    body = compose(made).split("---\n", 2)[2]
    return [line for line in body.splitlines()[3:] if line and line != "."]


def web(body: str) -> str:
    """The script of the first paragraph of a web page."""
    page = f"<html><body><h1>乡村公路</h1><p>{body}</p><p>{AFTER}</p></body></html>"
    return script(page.encode(), "a.html")[0]


WEB = [
    ("约1.5×10<sup>4</sup>公里。", "约{1.5|一点五}{×|乘}{10|十}{⁴|的四次方}公里。"),
    ("长10<sup>-6</sup>米。", "长{10|十}{⁻⁶|的负六次方}米。"),
    ("长10<sup>−6</sup>米。", "长{10|十}{⁻⁶|的负六次方}米。"),
    ("共3m<sup>3</sup>水。", "共{3m³|三立方米}水。"),
    ("占地5 km<sup>2</sup>。", "占地{5 km²|五平方千米}。"),
    ("减排CO<sub>2</sub>和SO<sub>2</sub>。", "减排CO{₂|二}和SO{₂|二}。"),
    ("每亩2<sup>10</sup>株。", "每亩{2|二}{¹⁰|的十次方}株。"),
    ("是x<sup>n+1</sup>倍。", "是x{ⁿ⁺¹|的n加一次方}倍。"),
    ("是x<sup>½</sup>倍。", "是x{^（½）|的二分之一次方}倍。"),
    ("是10<sup>4.5</sup>倍。", "是{10|十}{⁴.⁵|的四点五次方}倍。"),
    ("浓度PM<sub>2.5</sub>下降。", "浓度PM{₂.₅|二点五}下降。"),
    ("含Ca<sup>2+</sup>和SO<sub>4</sub><sup>2−</sup>。", "含Ca{²⁺|二正}和SO{₄|四}{²⁻|二负}。"),
    ("用<sup>14</sup>C测年。", "用{¹⁴|十四}C测年。"),
    ("第1<sup>st</sup>名。", "第{1st|first}名。"),
    ("用Windows<sup>®</sup>和iPad<sup>TM</sup>。", "用Windows{®| }和iPad{™| }。"),
    ("约30米<sup>2</sup>。", "约{30米²|三十平方米}。"),
    ("气温37<sup>o</sup>C。", "气温{37ᵒC|三十七摄氏度}。"),
    ("据县志<sup>[1]</sup>记载。", "据县志{[1]|}记载。"),
    ('建于清代<sup><a href="#n2">2</a></sup>。', "建于清代{[2]|}。"),
    ('在GDP<a href="#fn1"><sup>1</sup></a>里。', "在GDP{[1]|}里。"),
    ('有<a role="doc-noteref" href="n.xhtml#n1">3</a>座桥。', "有{[3]|}座桥。"),
    ("据县志<sup>①</sup>记载。", "据县志{[①]|}记载。"),
    ("据县志<sup>1</sup>记载。", "据县志{¹|}记载。"),
    ("<del>原价99元</del>现价<ins>59元</ins>。", "{（已删去：原价99元）|}现价{59|五十九}元。"),
    ('<span style="text-decoration:line-through">旧</span>新句子。', "{（已删去：旧）|}新句子。"),
    ("<ruby>重庆<rt>chóng qìng</rt></ruby>的路。", "{重庆|chóng qìng}的路。"),
    ("<ruby>重<rt>chóng</rt>庆<rt>qìng</rt></ruby>的路。", "{重|chóng}{庆|qìng}的路。"),
    ("<ruby><rb>重</rb><rb>庆</rb><rt>chóng</rt><rt>qìng</rt></ruby>。", "{重|chóng}{庆|qìng}。"),
    ("字<ruby>彧<rp>（</rp><rt>yu4</rt><rp>）</rp></ruby>少见。", "字{彧|yù}少见。"),
    ("字<ruby>彧<rt>ㄩˋ</rt></ruby>少见。", "字{彧|yù}少见。"),
    ("用<ruby>人工智能<rt>AI</rt></ruby>。", "用人工智能（AI）。"),
    ("去<ruby>東京<rt>とうきょう</rt></ruby>。", "去東京{（とうきょう）|}。"),
    ("他说<q>路通了</q>。", "他说“路通了”。"),
    ("长3&times;5米&nbsp;&#x2014;&#8212;甲&amp;乙。", "长{3|三}{×|乘}{5|五}米 ——甲{&|和}乙。"),
    (
        "E=mc<math><msup><mi></mi><mn>2</mn></msup><annotation>x</annotation></math>。",
        "E{=|等于}mc{²|的平方}。",
    ),
    (r"约\(10^{4}\)米。", "约{10|十}{⁴|的四次方}米。"),
]


@pytest.mark.parametrize(("body", "line"), WEB)
def test_a_web_page(body: str, line: str) -> None:
    assert web(body) == line
