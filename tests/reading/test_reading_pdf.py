"""PDF documents: typeset by a real typesetter (``files/``), and drawn by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_files import FILES, seed_blocks
from reading_pdf import Paper, folded
from reading_render import CASES, Style, load, truth

from bobao.errors import BobaoError
from bobao.reading import read_article
from bobao.reading.pdfchars import Face
from bobao.reading.pdfcolumns import regions
from bobao.reading.pdfpage import PdfStretch

ONE = "今年以来，全镇新建绿道十二公里，沿线村庄的环境明显改善，群众满意度进一步提高。"
TWO = "店园村党支部书记介绍，绿道建成以后，周末来骑行的人比去年同期多了三成，农家乐也热闹起来。"
THREE = "下一步，镇里将把五条绿道连成一个环，并在沿途设驿站八处，由各村自己管护。"
TITLE = "花街镇绿道建设进展情况"


def _alone() -> bytes:
    """A line in a font that the file does not hold, and a character by itself."""
    paper = Paper()
    paper.text(100, 700, ONE)
    paper.text(100, 600, "绿")
    return paper.data()


def _has_font() -> bool:
    try:
        return bool(read_article(_alone(), "a.pdf"))
    except BobaoError:
        return False


HAS_FONT = _has_font()


def blocks_of(data: bytes) -> list[tuple[str, str]]:
    if not HAS_FONT and data.count(b"/STSong-Light"):
        pytest.skip("there is no Chinese font here for PDFs that do not hold theirs")
    return [(block.kind.value, block.text) for block in read_article(data, "a.pdf").blocks]


def spoken(data: bytes) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in blocks_of(data) if kind != "furniture"]


def dropped(data: bytes) -> list[str]:
    return [text for kind, text in blocks_of(data) if kind == "furniture"]


def test_the_sample_in_two_columns_reads_as_its_text_does():
    seed = (ROOT / "seeds" / "huajie-2021.txt").read_bytes()
    text = read_article(seed, "huajie-2021.txt")
    pdf = (FILES / "huajie-columns.pdf").read_bytes()
    assert spoken(pdf) == [(block.kind.value, block.text) for block in text.blocks]
    assert spoken(pdf) == seed_blocks()
    heads = dropped(pdf)
    assert len(heads) == 2 * heads.count("江州播报　2021年第12期") == 4


@pytest.mark.parametrize("path", sorted(FILES.glob("*.*.pdf")), ids=lambda path: path.stem)
def test_typeset_files_read_as_they_were_written(path: Path):
    case = load(CASES / f"{path.name.split('.')[0]}.case")
    written = [(kind, text) for kind, text in truth(case, Style()) if kind != "furniture"]
    read = [
        ("paragraph" if kind == "lead" else kind, text) for kind, text in spoken(path.read_bytes())
    ]
    assert read == [("paragraph" if kind == "lead" else kind, text) for kind, text in written]


def test_no_character_is_lost_for_want_of_a_font():
    """pdfium leaves it out where neither the file nor the machine has the font."""
    if HAS_FONT:
        assert "绿" in [text for _, text in blocks_of(_alone())]
    else:
        with pytest.raises(BobaoError, match="does not hold its fonts"):
            read_article(_alone(), "a.pdf")


# ── columns ─────────────────────────────────────────────────────────────────────────────────────


def two_columns(left: list[str], right: list[str]) -> Paper:
    paper = Paper()
    paper.text(100, 800, TITLE, 20, "hei")
    paper.lines(50, 760, left)
    paper.lines(300, 760, right)
    return paper


def test_two_columns_are_read_one_after_the_other():
    rows = folded(ONE + TWO + THREE, 20)
    paper = two_columns(rows[:3], rows[3:])
    assert spoken(paper.data()) == [("title", TITLE), ("paragraph", ONE + TWO + THREE)]


def test_columns_whose_rows_are_not_level():
    rows = folded(ONE + TWO + THREE, 20)
    paper = Paper()
    paper.text(100, 800, TITLE, 20, "hei")
    paper.lines(50, 760, rows[:3])
    paper.lines(300, 753, rows[3:])
    assert spoken(paper.data())[1:] == [("paragraph", ONE + TWO + THREE)]


def test_text_over_both_columns_comes_before_and_after_them():
    paper = Paper()
    paper.lines(50, 800, folded(ONE, 45))
    rows = folded(TWO + THREE, 20)
    paper.lines(50, 740, rows[:3])
    paper.lines(300, 740, rows[3:])
    paper.lines(50, 660, folded(ONE, 45))
    assert [text for _, text in spoken(paper.data())] == [ONE, TWO + THREE, ONE]


def test_rows_of_a_table_without_rules_stay_together():
    paper = Paper()
    y = paper.lines(50, 800, folded(ONE, 40))
    for cells in (
        "村名 长度 投资",
        "店园 3公里 120万元",
        "金杜 5公里 210万元",
        "卉川 4公里 180万元",
    ):
        for n, cell in enumerate(cells.split()):
            paper.text(60 + n * 120, y - 10, cell)
        y -= 18
    paper.lines(50, y - 20, folded(THREE, 40))
    found = spoken(paper.data())
    assert [kind for kind, _ in found] == ["paragraph", "table", "paragraph"]
    assert found[1][1].splitlines()[1] == "店园\t3公里\t120万元"


def test_a_ruled_table_is_rows_of_cells_even_where_a_cell_has_two_rows():
    paper = Paper()
    y = paper.lines(50, 800, folded(ONE, 40)) - 10
    for x in (50, 150, 300, 400):
        paper.rule(x, y, x, y - 70)
    for at in (y, y - 20, y - 50, y - 70):
        paper.rule(50, at, 400, at)
    for x, at, words in [
        (55, 14, "村名"), (155, 14, "内容"), (305, 14, "投资"),
        (55, 34, "店园"), (155, 32, "新建绿道三公里"), (155, 45, "驿站两处"), (305, 34, "120万元"),
        (55, 64, "金杜"), (155, 64, "新建绿道五公里"), (305, 64, "210万元"),
    ]:  # fmt: skip
        paper.text(x, y - at, words)
    paper.lines(50, y - 100, folded(THREE, 40))
    assert spoken(paper.data())[1:] == [
        (
            "table",
            "村名\t内容\t投资\n店园\t新建绿道三公里驿站两处\t120万元\n金杜\t新建绿道五公里\t210万元",
        ),
        ("paragraph", THREE),
    ]


stretches = st.lists(
    st.builds(
        lambda x, y, w: PdfStretch("字" * w, Face(10.0), x, x + 10.0 * w, y),
        st.integers(0, 500),
        st.integers(0, 60).map(lambda n: n * 13.0),
        st.integers(1, 30),
    ),
    max_size=40,
)


@given(stretches)
def test_every_stretch_is_read_once(found):
    chars = sum(len(stretch.text) for stretch in found)
    read = [row.text.replace(" ", "") for region in regions(found, 10.0) for row in region.rows]
    assert sum(map(len, read)) == chars


# ── rows and paragraphs ─────────────────────────────────────────────────────────────────────────


def test_indents_and_short_rows_part_paragraphs():
    paper = Paper()
    paper.text(100, 800, TITLE, 20, "hei")
    y = 760.0
    for text in (ONE, TWO, THREE):
        y = paper.lines(50, y, folded(text, 30))
    assert spoken(paper.data())[1:] == [("paragraph", text) for text in (ONE, TWO, THREE)]


def test_white_parts_paragraphs_where_none_is_indented():
    paper = Paper()
    paper.text(100, 800, TITLE, 20, "hei")
    y = 760.0
    for text in (ONE + TWO, TWO + THREE, THREE + ONE):
        y = paper.lines(50, y, folded(text, 30, 0)) - 10
    assert spoken(paper.data())[1:] == [
        ("paragraph", text) for text in (ONE + TWO, TWO + THREE, THREE + ONE)
    ]


def test_hyphens_at_row_ends_go_and_spaces_between_latin_words_come():
    paper = Paper()
    rows = [
        "The town built a network of green-",
        "ways along the river, and the num-",
        "ber of visitors rose by a third in",
        "one year; state-of-the-art stations",
        "were added.",
    ]
    for n, row in enumerate(rows):
        paper.text(50, 800 - 14 * n, row, 11, "helvetica")
    article = read_article(paper.data(), "a.pdf")
    assert article.blocks[0].text == (
        "The town built a network of greenways along the river, and the number of visitors rose by a"
        " third in one year; state-of-the-art stations were added."
    )


def test_a_heading_is_what_stands_out():
    paper = Paper()
    paper.text(100, 800, TITLE, 20, "hei")
    y = paper.lines(50, 760, folded(ONE + TWO, 30))
    paper.text(50, y - 6, "绿道串起三个村", 12, "hei")
    y = paper.lines(50, y - 28, folded(TWO + THREE, 30))
    paper.text(50, y - 6, "下一步连成环", 12, "hei")
    paper.lines(50, y - 28, folded(THREE + ONE, 30))
    assert [kind for kind, _ in spoken(paper.data())] == [
        "title", "lead", "heading", "paragraph", "heading", "paragraph",
    ]  # fmt: skip


def test_a_caption_in_a_cut_paragraph_is_lifted_out():
    paper = Paper()
    rows = folded(ONE + TWO + THREE, 30)
    y = paper.lines(50, 800, rows[:2])
    paper.picture(100, y - 90, 150, 80)
    paper.text(130, y - 104, "店园村的绿道上", 8)
    paper.lines(50, y - 130, rows[2:])
    assert spoken(paper.data()) == [
        ("paragraph", ONE + TWO + THREE),
        ("caption", "店园村的绿道上"),
    ]


def test_footnotes_are_not_spoken():
    paper = Paper()
    y = paper.lines(50, 800, folded(ONE + TWO, 30))
    y = paper.lines(50, y, folded(THREE + ONE, 30))
    paper.text(50, y - 30, "① 数据来自镇统计站。", 7)
    paper.text(50, y - 40, "② 含在建的两条。", 7)
    assert [text for _, text in spoken(paper.data())] == [ONE + TWO, THREE + ONE]
    assert len(dropped(paper.data())) == 1


def test_running_heads_and_page_numbers_are_not_spoken_nor_cut_a_paragraph():
    paper = Paper()
    rows = folded(ONE + TWO + THREE + ONE + TWO, 30)
    for n in range(3):
        if n:
            paper.page()
        paper.text(50, 810, f"花街镇简报　第{n + 1}期", 8)
        paper.text(290, 30, f"- {n + 1} -", 9)
        paper.lines(50, 760, rows[3 * n : 3 * n + 3])
    assert spoken(paper.data()) == [("paragraph", ONE + TWO + THREE + ONE + TWO)]
    assert len(dropped(paper.data())) == 6


TURNS = {90: b"0 1 -1 0 595 0 cm", 180: b"-1 0 0 -1 595 842 cm", 270: b"0 -1 1 0 0 842 cm"}


@pytest.mark.parametrize("rotate", TURNS)
def test_a_turned_page_is_read_as_it_is_shown(rotate):
    paper = Paper([[TURNS[rotate]]], rotate)
    paper.text(100, 500, TITLE, 20, "hei")
    y = paper.lines(60, 460, folded(ONE + TWO, 30))
    paper.lines(60, y, folded(THREE, 30))
    assert spoken(paper.data()) == [
        ("title", TITLE),
        ("paragraph", ONE + TWO),
        ("paragraph", THREE),
    ]


def test_vertical_lines_are_refused():
    paper = Paper(rotate=90)
    paper.lines(100, 500, folded(ONE + TWO, 30))
    assert "vertical" in refusal(paper.data()).what


def test_text_printed_twice_is_read_once():
    paper = Paper()
    for shift in (0, 0.3):
        paper.lines(50 + shift, 800, folded(ONE, 30))
    assert [text for _, text in spoken(paper.data())] == [ONE]


# ── what can't be read ──────────────────────────────────────────────────────────────────────────


def refusal(data: bytes) -> BobaoError:
    with pytest.raises(BobaoError) as raised:
        read_article(data, "a.pdf")
    assert raised.value.advice
    return raised.value


def test_a_locked_file_is_refused():
    assert "password" in refusal((FILES / "locked.pdf").read_bytes()).what


def test_a_scanned_file_is_refused_and_ocr_named():
    paper = Paper()
    paper.picture(0, 0, 595, 842)
    assert "no text" in refusal(paper.data()).what
    assert "OCR" in refusal(paper.data()).advice


def test_a_damaged_file_is_refused():
    data = (FILES / "huajie-columns.pdf").read_bytes()
    assert "damaged" in refusal(b"%PDF-1.7\n" + bytes(3000)).what
    assert "damaged" in refusal(data[:2000]).what


def test_too_large_and_too_long_files_are_refused(monkeypatch):
    assert "MB" in refusal(b"%PDF-" + bytes(50_000_001)).what
    paper = Paper()
    paper.lines(50, 800, folded(ONE, 30))
    monkeypatch.setattr("bobao.reading.pdf._PAGES", 0)
    assert "pages" in refusal(paper.data()).what
    monkeypatch.setattr("bobao.reading.pdf._PAGES", 9)
    monkeypatch.setattr("bobao.reading.pdf.CHARS", 20)
    assert "characters" in refusal(paper.data()).what


@settings(max_examples=40)
@given(st.data())
def test_damage_gives_text_or_one_clear_error(data):
    whole = bytearray(two_columns(folded(ONE, 20), folded(TWO, 20)).data())
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read_article(bytes(whole), "a.pdf").blocks
    except BobaoError as error:
        said = error.what
    else:
        said = "read"
    assert said
