"""Makes Word documents and EPUB books of an article: (kind, text) pairs, as the labelled sets have."""

from __future__ import annotations

import html
import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt

from bobao.reading.blocks import unified

FILES = Path(__file__).parent / "files"
Blocks = list[tuple[str, str]]


def seed_blocks() -> Blocks:
    """The sample article as labelled, its marks as wide as they are read."""
    data = json.loads((Path(__file__).parents[1] / "script" / "seed.json").read_text("utf-8"))
    return [(block["kind"], unified(block["text"])) for block in data["blocks"]]


def photo() -> bytes:
    """A grey picture of 100 × 60 dots."""
    rows = b"".join(b"\0" + bytes((x * 2 + y) % 200 for x in range(100)) for y in range(60))

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", 100, 60, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def _font(run, size=None, name="", bold=None):
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    if name:
        run.font.name = name
        run._element.rPr.rFonts.set(qn("w:eastAsia"), name)
    return run


def _indent(paragraph, em=2):
    props = paragraph._p.get_or_add_pPr()
    node = OxmlElement("w:ind")
    node.set(qn("w:firstLineChars"), str(em * 100))
    props.append(node)


def _picture(document):
    paragraph = document.add_paragraph()
    paragraph.alignment = ALIGN.CENTER
    paragraph.add_run().add_picture(io.BytesIO(photo()), width=Inches(3))


def _table(document, text):
    rows = [row.split("\t") for row in text.split("\n")]
    table = document.add_table(rows=0, cols=max(map(len, rows)))
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=False):
            cell.text = words


def styled(document, kind, text):
    """With Word's own styles."""
    style = {"title": "Title", "heading": "Heading 1", "caption": "Caption"}.get(kind)
    document.add_paragraph(text, style=style)


def direct(document, kind, text):
    """Set by hand: bold centred headings, indented text, small centred captions."""
    paragraph = document.add_paragraph()
    if kind in ("title", "heading", "caption"):
        paragraph.alignment = ALIGN.CENTER
    else:
        _indent(paragraph)
    size = {"title": 22, "caption": 9}.get(kind, 12)
    _font(paragraph.add_run(text), size, bold=kind in ("title", "heading") or None)


def official(document, kind, text):
    """As official documents are: faces tell headings, nothing is bold."""
    paragraph = document.add_paragraph()
    if kind in ("title", "caption"):
        paragraph.alignment = ALIGN.CENTER
    elif kind == "meta":
        paragraph.alignment = ALIGN.RIGHT
    else:
        _indent(paragraph)
    face = {"title": "方正小标宋简体", "heading": "黑体"}.get(kind, "仿宋")
    _font(paragraph.add_run(text), 22 if kind == "title" else 16, face)


def docx_of(blocks: Blocks, setting=styled) -> bytes:
    """The article as a Word document."""
    document = Document()
    for kind, text in blocks:
        if kind == "table":
            _table(document, text)
            continue
        if kind == "caption":
            _picture(document)
        setting(document, kind, text)
    return saved(document)


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pasted(text: str) -> bytes:
    """Plain text pasted into Word: a paragraph a line, the blank ones too."""
    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    return saved(document)


CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PAGE = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head>
<body><section>{}</section></body></html>"""
TAGS = {
    "title": "<h1>{}</h1>",
    "heading": "<h2>{}</h2>",
    "caption": '<figure><img src="a.png" alt=""/><figcaption>{}</figcaption></figure>',
}


def pages_of(blocks: Blocks) -> list[str]:
    """The documents of a book: one up to the first heading, then one for each heading."""
    pages: list[list[str]] = [[]]
    for kind, text in blocks:
        if kind == "heading":
            pages.append([])
        if kind == "table":
            rows = "".join(
                "<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row.split("\t")) + "</tr>"
                for row in text.split("\n")
            )
            pages[-1].append(f"<table>{rows}</table>")
        else:
            pages[-1].append(TAGS.get(kind, "<p>{}</p>").format(html.escape(text)))
    return [PAGE.format("\n".join(page)) for page in pages]


def epub_of(pages: list[str], title: str, extra: dict[str, str | bytes] | None = None) -> bytes:
    """A book of `pages` with a cover and a table of contents."""
    nav = PAGE.format(
        '<nav epub:type="toc"><h1>目录</h1><ol><li><a href="p0.xhtml"/></li></ol></nav>'
    )
    items = "".join(
        f'<item id="p{n}" href="p{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(pages))
    )
    refs = "".join(f'<itemref idref="p{n}"/>' for n in range(len(pages)))
    package = f"""<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">x</dc:identifier><dc:title>{html.escape(title)}</dc:title></metadata>
<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>{items}</manifest>
<spine><itemref idref="cover" linear="no"/><itemref idref="nav"/>{refs}</spine></package>"""
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": package,
        "OEBPS/nav.xhtml": nav,
        "OEBPS/cover.xhtml": PAGE.format('<img src="cover.png" alt=""/><p>封面</p>'),
        **{f"OEBPS/p{n}.xhtml": page for n, page in enumerate(pages)},
        **(extra or {}),
    }
    return zipped(parts)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()
