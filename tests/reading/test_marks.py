"""What type says by its place: raised, lowered, struck out, beside the text; in every format."""

from __future__ import annotations

import io
import zipfile

import pytest
from reading_files import PAGE, epub_of

from bobao.normalise import normalise
from bobao.reading import read_article
from bobao.script.draft import DraftOptions, draft
from bobao.script.markup import compose
from bobao.script.unread import prove

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
    (
        '是<span class="katex"><span class="katex-mathml"><math><msup><mn>2</mn><mn>5</mn></msup></math></span>'
        '<span class="katex-html" aria-hidden="true"><span>2</span><span>5</span></span></span>个。',
        "是{2|二}{⁵|的五次方}个。",
    ),
    (r"约\(10^{4}\)米。", "约{10|十}{⁴|的四次方}米。"),
]


@pytest.mark.parametrize(("body", "line"), WEB)
def test_a_web_page(body: str, line: str) -> None:
    assert web(body) == line


MARKDOWN = [
    ("约1.5×10<sup>4</sup>公里。", "约{1.5|一点五}{×|乘}{10|十}{⁴|的四次方}公里。"),
    ("约10^4^米，H~2~O。", "约{10|十}{⁴|的四次方}米，H{₂|二}O。"),
    (r"约$10^4$米，是$\frac{1}{2}$。", "约{10|十}{⁴|的四次方}米，是{1/2|二分之一}。"),
    (r"约\(10^{-3}\)米。", "约{10|十}{⁻³|的负三次方}米。"),
    ("从$5到$10，3~5天，6~8天。", "从{$5到$10|五到十美元}，{3|三}{~|到}{5|五}天，{6|六}{~|到}{8|八}天。"),
    ("~~原价~~现价。", "{（已删去：原价）|}现价。"),
    ("据县志[^甲]，桥[^1]在。", "据县志{[1]|}，桥{[2]|}在。"),
    ("甲&nbsp;乙，长3&times;5，&lt;b&gt;。", "甲 乙，长{3|三}{×|乘}{5|五}，{<| }b{>| }。"),
    ("<ruby>重庆<rt>chóng qìng</rt></ruby>的路。", "{重庆|chóng qìng}的路。"),
    ("<!-- 记得改 -->路通了。", "路通了。"),
    ("`&lt;`是代码。", "{&|和}lt；是代码。"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "line"), MARKDOWN)
def test_a_markdown_line(body: str, line: str) -> None:
    assert script(f"# 乡村公路\n\n{body}\n\n{AFTER}\n".encode(), "a.md")[0] == line


@pytest.mark.parametrize(
    "text", ["据县志记载[1]，桥在[2-3]。", "据县志〔注1〕记载，桥在。", "GDP[3]增长。"]
)
def test_marks_of_notes_in_plain_text_are_silent(text: str) -> None:
    line = script(f"乡村公路\n\n{text}\n\n{AFTER}\n".encode(), "a.txt")[0]
    assert set("一二三").isdisjoint(line)


def test_an_index_in_text_is_said() -> None:
    line = script(f"下标的写法\n\n取a[1]和list[2]相加。\n\n{AFTER}\n".encode(), "a.txt")[0]
    assert line == "取a[{1|一}]和list[{2|二}]相加。"


def test_a_paragraph_ends_before_the_mark_of_a_note() -> None:
    lines = script(f"# 乡村公路\n\n{AFTER}[^1]\n\n网址：见下。\n\n{AFTER}\n".encode(), "a.md")
    assert "网址：见下。" in lines


def test_cells_of_a_table_stand_in_all_rows_and_columns_that_they_stretch_over() -> None:
    page = (
        "<html><body><h1>户数</h1><table><tr><th>组</th><th>村</th><th>户</th></tr>"
        '<tr><td rowspan="2">一组</td><td>店园</td><td>12</td></tr><tr><td>溪口</td><td>15</td></tr>'
        f'<tr><td colspan="2">合计</td><td>27</td></tr></table><p>{AFTER}</p></body></html>'
    )
    assert "一组{ |，}{|村：}溪口{ |；}{|户：}{15|十五}{|。}" in "".join(
        script(page.encode(), "a.html")
    )
    assert "合计{ |，}{|村：}合计{ |；}{|户：}{27|二十七}" in "".join(
        script(page.encode(), "a.html")
    )


BESIDE = [
    ('<img src="a.jpg" width="600" alt="一条新修的路">', "一条新修的路"),
    ("<svg><title>路线</title><text>店园到溪口</text></svg>", "路线店园到溪口"),
    ("<object data='a.swf'>这里是一段动画。</object>", "这里是一段动画。"),
    ("<video>浏览器放不了这段视频。</video>", "浏览器放不了这段视频。"),
    ("<noscript>请打开脚本。</noscript>", "请打开脚本。"),
    ("<dialog>要收下小饼干吗？</dialog>", "要收下小饼干吗？"),
    ("<template>模板里的字。</template>", "模板里的字。"),
    ("<del><p>整段删去的话。</p></del>", "整段删去的话。"),
]


@pytest.mark.parametrize(("body", "words"), BESIDE)
def test_words_beside_the_text_are_silent_and_not_gone(body: str, words: str) -> None:
    page = f"<html><body><h1>乡村公路</h1><p>{AFTER}</p>{body}<p>{AFTER}</p></body></html>"
    lines = script(page.encode(), "a.html")
    assert [line for line in lines if words in line] == [f"> [不播] {{{words}|}}"]


SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
}
RELATED = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId9" Type="{}/aFChunk" Target="c.html"/></Relationships>'
).format(SPACES["r"])
CHUNK = "<html><body><p>约10<sup>3</sup>米的桥也通了，两岸的人都来看。</p></body></html>"


def t(text: str, props: str = "") -> str:
    return f'<w:r><w:rPr>{props}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def word(body: str) -> list[str]:
    """The script of a Word document, without its last paragraph."""
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())
    title = f'<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr>{t("乡村公路")}</w:p>'
    document = (
        f"<w:document {spaces}><w:body>{title}{body}<w:p>{t(AFTER)}</w:p></w:body></w:document>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", document)
        archive.writestr("word/_rels/document.xml.rels", RELATED)
        archive.writestr("word/c.html", CHUNK)
    return [line for line in script(made.getvalue(), "a.docx") if line not in AFTER]


UP, DOWN = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
NOTE = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
PICTURE = '<wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="x" descr="新路"/><a:blip/></wp:inline>'
OMML = (
    "<m:oMath><m:r><m:t>E=m</m:t></m:r><m:sSup><m:e><m:r><m:t>c</m:t></m:r></m:e>"
    "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
)
RUBY = "<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>".format(
    t("chóng qìng"), t("重庆")
)
WORD = [
    (t("约10") + t("-", UP) + t("3", UP) + t("米。"), ["约{10|十}{⁻³|的负三次方}米。"]),
    (t("CO") + t("2", DOWN) + t("和25m") + t("2", UP) + t("。"), ["CO{₂|二}和{25m²|二十五平方米}。"]),
    (t("据县志") + t("[1]", UP) + t("记载。"), ["据县志{[1]|}记载。"]),
    (t("路通了") + NOTE.format(5) + t("，桥通了") + NOTE.format(9) + t("。"), ["路通了{[1]|}，桥通了{[2]|}。"]),
    (t("旧", "<w:strike/>") + t("新句子。"), ["{（已删去：旧）|}新句子。"]),
    (
        f"{t('全镇')}<w:del><w:r><w:delText>五</w:delText></w:r></w:del><w:ins>{t('十')}</w:ins>{t('公里。')}",
        ["全镇十公里。", "> [不发布] {五|}"],
    ),
    (t("路通了。") + t("看不见", "<w:vanish/>"), ["路通了。", "> [不发布] {看不见|}"]),
    (RUBY + t("的路。"), ["{重庆|chóng qìng}的路。"]),
    (t("公式是") + OMML + t("。"), ["公式是E{=|等于}mc{²|的平方}。"]),
    (f"{t('甲方：')}<w:sdt><w:sdtPr/><w:sdtContent>{t('花街镇')}</w:sdtContent></w:sdt>{t('。')}", ["甲方：花街镇。"]),
    (f"{t('路通了。')}<w:r><w:drawing>{PICTURE}</w:drawing></w:r>", ["路通了。", "> [不播] {新路|}"]),
    (f'{t("选")}<w:r><w:sym w:font="Symbol" w:char="F0B1"/></w:r>{t("5。")}', ["选{±|正负}{5|五}。"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "lines"), WORD)
def test_a_word_document(body: str, lines: list[str]) -> None:
    assert word(f"<w:p>{body}</w:p>")[: len(lines)] == lines


def test_a_word_document_holds_another() -> None:
    assert word('<w:altChunk r:id="rId9"/>') == [
        "约{10|十}{³|的立方}米的桥也通了，两岸的人都来看。"
    ]


def test_a_head_that_comes_again_and_merged_cells_of_a_word_table() -> None:
    def row(*cells: tuple[str, str]) -> str:
        made = (
            f"<w:tc><w:tcPr>{props}</w:tcPr><w:p>{t(text)}</w:p></w:tc>" for props, text in cells
        )
        return f"<w:tr>{''.join(made)}</w:tr>"

    head = row(("", "组"), ("", "村"), ("", "户"))
    top = row(('<w:vMerge w:val="restart"/>', "一组"), ("", "店园"), ("", "12"))
    more = row(("<w:vMerge/>", ""), ("", "溪口"), ("", "15"))
    held = (
        f"<w:sdt><w:sdtContent>{row(('', '二组'), ('', '上坞'), ('', '9'))}</w:sdtContent></w:sdt>"
    )
    lines = word(f"<w:tbl>{head}{top}{more}{head}{held}</w:tbl>")
    assert "> [表格] 一组{ |，}{|村：}溪口{ |；}{|户：}{15|十五}{|。}" in lines
    assert "> [表格] 二组{ |，}{|村：}上坞{ |；}{|户：}{9|九}{|。}" in lines
    assert "> [不播] {组 村 户|}" in lines


def test_a_page_of_a_book() -> None:
    body = (
        "<p>约10<sup>4</sup>米，<ruby>重庆<rp>(</rp><rt>chóng qìng</rt><rp>)</rp></ruby>的路"
        '<a epub:type="noteref" href="#n1">1</a>。<del>旧句子</del>新句子，CO<sub>2</sub>少了。</p>'
    )
    book = epub_of([PAGE.format(f"<h1>修路</h1>{body}<p>{AFTER}</p>")], "乡村公路")
    lines = script(book, "a.epub")
    assert "约{10|十}{⁴|的四次方}米，{重庆|chóng qìng}的路{[1]|}。" in lines
    assert "{（已删去：旧句子）|}新句子，CO{₂|二}少了。" in lines
