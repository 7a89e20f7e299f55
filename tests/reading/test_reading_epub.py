"""EPUB books, zipped by hand."""

from __future__ import annotations

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_files import CONTAINER, PAGE, epub_of, pages_of, seed_blocks, zipped

from bobao.errors import BobaoError
from bobao.reading import read_article

BODY = "今年以来，全镇新建绿道十二公里，沿线村庄的环境明显改善，群众满意度进一步提高。"
TITLE = seed_blocks()[0][1]


def read(data: bytes, name: str = "a.epub") -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_article(data, name).blocks]


def spoken(data: bytes) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in read(data) if kind != "furniture"]


def test_the_sample_reads_as_its_text_does():
    book = epub_of(pages_of(seed_blocks()), TITLE)
    seed = (ROOT / "seeds" / "huajie-2021.txt").read_bytes()
    assert spoken(book) == read(seed, "seed.txt")
    assert read_article(book, "a.epub").title == TITLE


def test_a_book_is_known_without_its_ending():
    book = epub_of(pages_of(seed_blocks()), TITLE)
    assert read(book, "-") == read(book)
    assert read(book, "wrong.docx") == read(book)


def test_cover_and_contents_are_not_spoken():
    kinds = {text: kind for kind, text in read(epub_of(pages_of(seed_blocks()), TITLE))}
    assert kinds["封面"] == kinds["目录"] == "furniture"


def test_chapters_are_headings_of_the_first_level():
    pages = [
        PAGE.format(f"<h2>第{n}章 春天</h2><p>{BODY}</p><h3>小节</h3><p>{BODY}</p>") for n in "一二"
    ]
    blocks = read_article(epub_of(pages, "四季"), "a.epub").blocks
    assert [
        (b.kind.value, b.text, b.level) for b in blocks if b.level or b.kind.value == "title"
    ] == [
        ("title", "四季", 0),
        ("heading", "第一章 春天", 1),
        ("heading", "小节", 2),
        ("heading", "第二章 春天", 1),
        ("heading", "小节", 2),
    ]


NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>
<navPoint><navLabel><text>春天</text></navLabel><content src="p0.xhtml"/></navPoint>
<navPoint><navLabel><text>夏天</text></navLabel><content src="p1.xhtml#x"/></navPoint></navMap></ncx>"""


def test_the_contents_name_chapters_that_have_no_heading():
    pages = [PAGE.format(f"<p>春天</p><p>{BODY}</p>"), PAGE.format(f"<p>{BODY}</p>")]
    book = epub_of(pages, "四季", {"OEBPS/toc.ncx": NCX})
    book = repacked(
        book,
        "OEBPS/book.opf",
        '<item id="nav"',
        '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/><item id="x"',
    )
    assert spoken(book) == [
        ("title", "四季"),
        ("heading", "春天"),
        ("paragraph", BODY),
        ("heading", "夏天"),
        ("paragraph", BODY),
    ]


def repacked(book: bytes, name: str, old: str, new: str) -> bytes:
    """`book` with a change in one part."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    assert old in parts[name].decode("utf-8")
    return zipped({**parts, name: parts[name].decode("utf-8").replace(old, new)})


def test_marks_of_footnotes_and_closed_tags_do_no_harm():
    note = '<a epub:type="noteref" href="#n1">1</a>'
    page = PAGE.format(
        f'<h2 id="x"/><p>{BODY[:-1]}<sup>{note}</sup>。<a id="y"/>还有一句话。</p>'
        '<aside epub:type="footnote" id="n1"><p>数据来自镇统计站。</p></aside>'
    )
    assert spoken(epub_of([page], "四季"))[1:] == [("paragraph", BODY[:-1] + "[1]。还有一句话。")]


def test_parts_that_say_they_are_beside_the_text_are_not_spoken():
    page = PAGE.replace("<body>", '<body epub:type="copyright-page">').format("<p>版权页的话。</p>")
    book = epub_of([PAGE.format(f"<p>{BODY}</p>"), page], "四季")
    assert spoken(book) == [("title", "四季"), ("paragraph", BODY)]
    assert ("furniture", "版权页的话。") in read(book)


# ── what can't be read ──────────────────────────────────────────────────────────────────────────


def refusal(data: bytes, name: str = "a.epub") -> str:
    with pytest.raises(BobaoError) as raised:
        read_article(data, name)
    assert raised.value.advice
    return raised.value.what


LOCK = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>"""


def test_a_locked_book_is_refused_and_scrambled_fonts_are_not():
    pages = pages_of(seed_blocks()[:3])
    aes = LOCK.format("http://www.w3.org/2001/04/xmlenc#aes256-cbc")
    font = LOCK.format("http://www.idpf.org/2008/embedding")
    assert "DRM" in refusal(epub_of(pages, TITLE, {"META-INF/encryption.xml": aes}))
    assert spoken(epub_of(pages, TITLE, {"META-INF/encryption.xml": font}))


def test_broken_books_are_refused():
    book = epub_of(pages_of(seed_blocks()[:3]), TITLE)
    assert "damaged" in refusal(book[:400])
    assert "package" in refusal(zipped({"META-INF/container.xml": "<container/>"}))
    assert "missing" in refusal(zipped({"META-INF/container.xml": CONTAINER}))
    assert "chapters" in refusal(repacked(book, "OEBPS/book.opf", "idref=", "id="))
    assert "missing" in refusal(repacked(book, "OEBPS/book.opf", 'href="p0.xhtml"', 'href="q"'))
    assert "no text" in refusal(epub_of([PAGE.format('<img src="x.png"/>')], ""))


def test_a_bomb_is_refused():
    book = epub_of([PAGE.format("<p>" + "字" * 12_000_000 + "</p>")], "四季")
    assert "no ordinary document" in refusal(book)


def test_a_part_outside_the_book_is_not_looked_for(tmp_path):
    (tmp_path / "secret.xhtml").write_text("<p>秘密</p>", "utf-8")
    book = epub_of([PAGE.format(f"<p>{BODY}</p>")], "四季")
    outside = f"../../../../../../{tmp_path}/secret.xhtml"
    assert "missing" in refusal(
        repacked(book, "OEBPS/book.opf", 'href="p0.xhtml"', f'href="{outside}"')
    )


@settings(max_examples=60)
@given(st.data())
def test_damage_gives_text_or_one_clear_error(data):
    whole = bytearray(epub_of(pages_of(seed_blocks()[:4]), TITLE))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read_article(bytes(whole), "a.epub").blocks
    except BobaoError as error:
        assert error.what  # noqa: PT017
