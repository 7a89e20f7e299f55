"""Word documents: made by python-docx, read back."""

from __future__ import annotations

import io
import zipfile

import pytest
from conftest import ROOT
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_files import (
    direct,
    docx_of,
    official,
    pasted,
    photo,
    saved,
    seed_blocks,
    styled,
    zipped,
)

from bobao.errors import BobaoError
from bobao.reading import read_article
from bobao.reading.archive import TOTAL_LIMIT
from bobao.reading.docxstyles import Numbering

BODY = "今年以来，全镇新建绿道十二公里，沿线村庄的环境明显改善，群众满意度进一步提高。"
SEED = (ROOT / "seeds" / "huajie-2021.txt").read_bytes()


def read(data: bytes, name: str = "a.docx") -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_article(data, name).blocks]


def spoken(data: bytes) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in read(data) if kind != "furniture"]


@pytest.mark.parametrize("setting", [styled, direct, official], ids=lambda f: f.__name__)
def test_the_sample_reads_as_its_text_does(setting):
    assert read(docx_of(seed_blocks(), setting)) == read(SEED, "seed.txt")


def test_text_pasted_into_word_is_mended_as_text_is():
    assert read(pasted(SEED.decode("utf-8"))) == read(SEED, "seed.txt")


@pytest.mark.parametrize("setting", [styled, direct], ids=lambda f: f.__name__)
def test_tables_lists_and_meta_stay_in_their_place(setting):
    blocks = [
        ("title", "花街镇绿道建设进展"),
        ("meta", "2024年9月3日 来源：江州日报"),
        ("lead", BODY),
        ("heading", "绿道串起三个村"),
        ("paragraph", BODY),
        ("table", "村名\t长度\t投资\n店园\t3公里\t120万元\n金杜\t5公里\t210万元"),
        ("paragraph", BODY),
        ("heading", "下一步打算"),
        ("paragraph", BODY),
    ]
    assert read(docx_of(blocks, setting)) == blocks


def numbered(document, text, number=1, level=0):
    """A paragraph of the list `number` at `level`."""
    paragraph = document.add_paragraph(text)
    props = paragraph._p.get_or_add_pPr()
    props.append(
        parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        )
    )
    return paragraph


LEVELS = """<w:numbering {}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="3"/><w:numFmt w:val="decimalEnclosedCircle"/><w:lvlText w:val="%4"/></w:lvl>
<w:lvl w:ilvl="4"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1-%5"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num>
</w:numbering>""".format(nsdecls("w"))  # fmt: skip


@pytest.mark.parametrize(
    ("calls", "labels"),
    [
        ([("1", 0)] * 3, ["一、", "二、", "三、"]),
        ([("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1)], ["一、", "1.", "2.", "二、", "1."]),
        ([("1", 0), ("2", 0), ("2", 0), ("1", 0)], ["一、", "九、", "十、", "十一、"]),
        ([("1", 2), ("1", 3), ("1", 3), ("1", 4)], ["", "③ ", "④ ", "一-I "]),
        ([("7", 0), ("1", 8)], ["", ""]),
    ],
)
def test_numbers_are_those_that_word_prints(calls, labels):
    numbers = Numbering(parse_xml(LEVELS))
    assert [numbers.label(name, level)[0] for name, level in calls] == labels


def test_numbers_are_part_of_the_text():
    document = Document()
    document.add_paragraph("花街镇绿道建设进展", style="Title")
    document.part.numbering_part._element = parse_xml(LEVELS)
    numbered(document, "绿道串起三个村").runs[0].bold = True
    document.add_paragraph(BODY)
    for text in ("店园村新建三公里，投资一百二十万元。", "金杜村新建五公里，投资二百一十万元。"):
        numbered(document, text, level=1)
    numbered(document, "各村自己管护", level=2)
    numbered(document, "下一步打算").runs[0].bold = True
    document.add_paragraph(BODY)
    blocks = read_article(saved(document), "a.docx").blocks
    assert [block.text for block in blocks if block.kind.value == "heading"] == [
        "一、绿道串起三个村",
        "二、下一步打算",
    ]
    items = [block.text for block in blocks if block.list]
    assert items[:2] == [
        "1.店园村新建三公里，投资一百二十万元。",
        "2.金杜村新建五公里，投资二百一十万元。",
    ]
    assert items[2] == "各村自己管护"


def test_heading_levels_come_from_the_styles():
    document = Document()
    document.add_paragraph("总报告", style="Title")
    for level, text in [(1, "第一部分"), (2, "产业"), (2, "文化"), (1, "第二部分"), (3, "小结")]:
        document.add_heading(text, level)
        document.add_paragraph(BODY)
    heads = [b for b in read_article(saved(document), "a.docx").blocks if b.kind.value == "heading"]
    assert [(b.text, b.level) for b in heads] == [
        ("第一部分", 1),
        ("产业", 2),
        ("文化", 2),
        ("第二部分", 1),
        ("小结", 3),
    ]


def test_the_only_first_level_heading_on_top_is_the_title():
    document = Document()
    document.add_heading("总报告", 1)
    document.add_paragraph(BODY)
    for text in ("产业", "文化"):
        document.add_heading(text, 2)
        document.add_paragraph(BODY)
    article = read_article(saved(document), "a.docx")
    assert article.title == "总报告"
    assert [b.level for b in article.blocks if b.kind.value == "heading"] == [1, 1]


def test_text_in_a_headings_style_is_text():
    document = Document()
    document.add_paragraph("花街镇绿道建设进展", style="Title")
    document.add_heading(BODY + BODY, 1)
    document.add_paragraph(BODY)
    assert [kind for kind, _ in read(saved(document))] == ["title", "paragraph", "paragraph"]


def changed(paragraph, tag, text):
    """Put `text` into `paragraph` as a tracked change."""
    inner = "delText" if tag in ("del", "moveFrom") else "t"
    paragraph._p.append(
        parse_xml(
            f'<w:{tag} {nsdecls("w")} w:id="1" w:author="x"><w:r><w:{inner} xml:space="preserve">'
            f"{text}</w:{inner}></w:r></w:{tag}>"
        )
    )


def test_tracked_changes_are_read_as_if_accepted():
    document = Document()
    document.add_paragraph("绿道建设进展", style="Title")
    paragraph = document.add_paragraph("全镇新建绿道")
    changed(paragraph, "del", "五")
    changed(paragraph, "ins", "十二")
    changed(paragraph, "moveFrom", "不要")
    changed(paragraph, "moveTo", "公里，")
    paragraph.add_run("群众满意度进一步提高。")
    assert read(saved(document))[1] == ("paragraph", "全镇新建绿道十二公里，群众满意度进一步提高。")


def test_a_deleted_paragraph_end_joins():
    document = Document()
    document.add_paragraph("绿道建设进展", style="Title")
    first = document.add_paragraph("全镇新建绿道")
    mark = parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="2" w:author="x"/></w:rPr>')
    first._p.get_or_add_pPr().append(mark)
    document.add_paragraph("十二公里，群众满意度进一步提高。")
    assert read(saved(document))[1:] == [
        ("paragraph", "全镇新建绿道十二公里，群众满意度进一步提高。")
    ]


def test_hidden_text_is_silent_and_codes_of_fields_are_no_text():
    document = Document()
    document.add_paragraph("绿道建设进展", style="Title")
    paragraph = document.add_paragraph(BODY)
    paragraph.add_run("看不见的字").font.hidden = True
    paragraph._p.append(
        parse_xml(f"<w:r {nsdecls('w')}><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r>")
    )
    paragraph._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')}><w:ruby><w:rt><w:r><w:t>chóng</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>重庆也来了。</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        )
    )
    assert read(saved(document))[1:] == [
        ("paragraph", BODY + "重庆也来了。（chóng）"),
        ("furniture", "看不见的字"),
    ]


def test_heads_feet_and_footnotes_are_not_spoken():
    document = Document()
    document.sections[0].header.paragraphs[0].text = "花街镇人民政府简报"
    document.sections[0].footer.paragraphs[0].text = "内部资料"
    for kind, text in seed_blocks()[:6]:
        styled(document, kind, text)
    blocks = read(saved(document))
    assert blocks[-2:] == [("furniture", "花街镇人民政府简报"), ("furniture", "内部资料")]
    assert blocks[:-2] == read(docx_of(seed_blocks()[:6]))


NOTES = f"""<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t>数据来自镇统计站。</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def with_part(data: bytes, name: str, part: str, kind: str) -> bytes:
    """`data` with one more part that the document refers to."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    rel = (
        '<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{kind}" Target="{name}"/></Relationships>'
    )
    rels = "word/_rels/document.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", rel.encode())
    return zipped({**parts, f"word/{name}": part})


def test_footnotes_are_kept_outside():
    document = Document()
    document.add_paragraph("绿道建设进展", style="Title")
    paragraph = document.add_paragraph(BODY)
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'))
    data = with_part(saved(document), "footnotes.xml", NOTES, "footnotes")
    assert read(data)[1:] == [("paragraph", f"{BODY}[1]"), ("furniture", "数据来自镇统计站。")]


def test_line_breaks_and_captions_under_pictures():
    document = Document()
    document.add_paragraph("绿道建设进展", style="Title")
    document.add_paragraph(BODY)
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run().add_picture(io.BytesIO(photo()), width=Pt(200))
    paragraph.add_run().add_break(WD_BREAK.LINE)
    paragraph.add_run("店园村的绿道上跑步的人")
    document.add_paragraph(BODY)
    lines = document.add_paragraph("第一条绿道全长三公里，沿溪而建，今年五月完工。")
    lines.add_run().add_break(WD_BREAK.LINE)
    lines.add_run("第二条绿道全长五公里，穿村而过，今年十月完工。")
    assert read(saved(document))[2:] == [
        ("caption", "店园村的绿道上跑步的人"),
        ("paragraph", BODY),
        ("paragraph", "第一条绿道全长三公里，沿溪而建，今年五月完工。"),
        ("paragraph", "第二条绿道全长五公里，穿村而过，今年十月完工。"),
    ]


BOX = """<w:r {}><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
<mc:Choice Requires="wps"><w:drawing><w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>
<mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback>
</mc:AlternateContent></w:r>"""


def test_a_text_box_is_read_once_after_its_paragraph():
    document = Document()
    document.add_paragraph("绿道建设进展", style="Title")
    text = "框里的话也是文章的一部分，只读一遍。"
    document.add_paragraph(BODY)._p.append(parse_xml(BOX.format(nsdecls("w"), text, text)))
    assert read(saved(document))[1:] == [("paragraph", BODY), ("paragraph", text)]


def test_a_table_that_lays_out_the_page_is_text():
    document = Document()
    document.add_paragraph("绿道建设进展", style="Title")
    document.add_paragraph(BODY)
    table = document.add_table(rows=2, cols=1)
    table.cell(0, 0).paragraphs[0].add_run().add_picture(io.BytesIO(photo()), width=Pt(200))
    table.cell(1, 0).text = "店园村的绿道"
    document.add_paragraph(BODY)
    assert [text for _, text in spoken(saved(document))[1:]] == [BODY, "店园村的绿道", BODY]


def test_a_table_of_contents_is_not_spoken():
    document = Document()
    document.add_paragraph("绿道建设进展", style="Title")
    style = document.styles.add_style("toc 1", 1)
    document.add_paragraph("一、绿道串起三个村\t3", style=style)
    document.add_paragraph(BODY)
    assert read(saved(document))[1][0] == "furniture"


# ── what can't be read ──────────────────────────────────────────────────────────────────────────


def refusal(data: bytes, name: str = "a.docx") -> str:
    with pytest.raises(BobaoError) as raised:
        read_article(data, name)
    assert raised.value.advice
    return raised.value.what


def test_broken_documents_are_refused_in_one_sentence():
    data = docx_of(seed_blocks()[:3])
    assert "cut short or damaged" in refusal(data[: len(data) // 2])
    assert "missing" in refusal(zipped({"word/styles.xml": "<x/>"}))
    assert "not well-formed" in refusal(zipped({"word/document.xml": "<w:document><w:body>"}))
    assert "no text" in refusal(saved(Document()))


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"xl/workbook.xml": "", "[Content_Types].xml": "", "_rels/.rels": ""}, "Excel"),
        ({"ppt/presentation.xml": "", "[Content_Types].xml": "", "_rels/.rels": ""}, "slides"),
        ({"content.xml": "", "mimetype": "application/vnd.oasis.opendocument.text"}, "OpenDoc"),
        ({"文章.txt": "字"}, "zip archive"),
    ],
)
def test_other_archives_are_named(parts, what):
    assert what in refusal(zipped(parts))


def test_locked_and_old_documents_are_named():
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "password" in refusal(magic + "EncryptedPackage".encode("utf-16-le"))
    assert "old Word document" in refusal(magic)
    assert "old Word document" in refusal(magic, "a.doc")


def test_a_bomb_is_refused_before_it_goes_off():
    body = "<w:p><w:r><w:t>" + "字" * 9 + "</w:t></w:r></w:p>"
    xml = f"<w:document {nsdecls('w')}><w:body>{body * 500_000}</w:body></w:document>"
    assert "no ordinary document" in refusal(zipped({"word/document.xml": xml}))


def test_what_a_part_says_of_its_size_is_not_trusted():
    data = bytearray(zipped({"word/document.xml": "字" * 4_000_000}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    assert refusal(bytes(data))


def test_many_parts_are_refused():
    assert "parts" in refusal(zipped({f"word/{n}": "" for n in range(20_001)}))


def test_entities_are_not_expanded():
    xml = (
        '<!DOCTYPE x [<!ENTITY a "字字字字字字字字"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        f"<w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>真的字&b;</w:t></w:r></w:p></w:body>"
        "</w:document>"
    )
    assert read(zipped({"word/document.xml": xml})) == [("paragraph", "真的字")]
    assert TOTAL_LIMIT < 100_000_000


@settings(max_examples=60)
@given(st.data())
def test_damage_gives_text_or_one_clear_error(data):
    whole = bytearray(docx_of(seed_blocks()[:4]))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read_article(bytes(whole), "a.docx").blocks
    except BobaoError as error:
        said = error.what
    else:
        said = "read"
    assert said


def test_a_table_in_a_table_is_read_once():
    """Read once a level more, sixty of them would take longer than anyone lives."""
    document = Document()
    cell = document.add_table(1, 1).cell(0, 0)
    for _ in range(59):
        cell = cell.add_table(1, 1).cell(0, 0)
    cell.add_paragraph("今年以来，花街镇共建成9个口袋公园。")
    file = io.BytesIO()
    document.save(file)
    words = [block.text for block in read_article(file.getvalue(), "a.docx").blocks]
    assert words == ["今年以来，花街镇共建成9个口袋公园。"]
