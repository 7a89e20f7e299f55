"""The pages of a book: every word is there, and the clips tile each chapter's audio."""

from __future__ import annotations

from itertools import pairwise

import book_stuff as stuff
import pytest
from hypothesis import given, settings
from lxml import etree

from bobao.model import LineKind
from bobao.publish.book.cells import cells_of
from bobao.publish.book.clock import smil_clock
from bobao.publish.book.facts import facts
from bobao.publish.book.layout import pages, xml_text
from bobao.publish.book.render import texts
from bobao.station.config import Station

STATION = Station(name="永康播报")
OPS = "{http://www.idpf.org/2007/ops}"


def rendered(bulletin) -> dict[str, str]:
    return texts(facts(bulletin, STATION), pages(bulletin), "cover.png")


@settings(max_examples=40)
@given(stuff.bulletins)
def test_clips_tile_every_chapter_and_start_with_its_cues(bulletin):
    for chapter, page in zip(bulletin.chapters, pages(bulletin), strict=True):
        clips = [page.lead, *(each.clip for each in page.sentences())]
        clips = [clip for clip in clips if clip]
        assert clips[0].begin_ms == 0
        assert clips[-1].end_ms == page.duration_ms == chapter.end_ms - chapter.start_ms
        assert all(a.end_ms == b.begin_ms for a, b in pairwise(clips))
        assert all(clip.begin_ms < clip.end_ms for clip in clips)
        said = [
            cue.start_ms - chapter.start_ms for cue in chapter.cues if cue.end_ms > cue.start_ms
        ]
        assert [each.clip.begin_ms for each in page.sentences() if each.clip] == said


@settings(max_examples=40)
@given(stuff.bulletins)
def test_every_cue_is_shown_once_in_order(bulletin):
    for chapter, page in zip(bulletin.chapters, pages(bulletin), strict=True):
        shown = [
            xml_text(cue.line.written).strip() or xml_text(cue.line.spoken).strip()
            if cue.line.written.strip() or cue.end_ms > cue.start_ms
            else ""
            for cue in chapter.cues
        ]
        assert page.heading.text == (shown[0] or page.title)
        assert [each.text for each in page.sentences()][1:] == [text for text in shown[1:] if text]


@settings(max_examples=40)
@given(stuff.bulletins)
def test_everything_is_well_formed_and_ids_meet(bulletin):
    made = rendered(bulletin)
    trees = {
        name: etree.fromstring(text.encode()) for name, text in made.items() if name[-3:] != "css"
    }
    for page in pages(bulletin):
        leaf, overlay = (trees[f"EPUB/{page.name}.{kind}"] for kind in ("xhtml", "smil"))
        ids = leaf.xpath("//@id")
        assert len(ids) == len(set(ids))
        refs = overlay.xpath("//*[local-name()='text']/@src")
        assert [ref.split("#")[1] for ref in refs] == [
            name for name in ids if name in {ref.split("#")[1] for ref in refs}
        ], "the overlay follows the page's own order"
        assert {ref.split("#")[1] for ref in overlay.xpath("//@*[local-name()='textref']")} <= set(
            ids
        )
        for sentence in page.sentences():
            text = "".join(leaf.xpath("//*[@id=$id]//text()", id=sentence.id))
            shown = (
                "".join(sentence.cells)
                if "tr" in leaf.xpath("name(//*[@id=$id])", id=sentence.id)
                else sentence.text
            )
            assert text.removeprefix(sentence.label).split() == shown.split()


def test_structures_are_marked_for_skipping_and_leaving():
    made = rendered(stuff.sample())
    overlay = etree.fromstring(made["EPUB/chapter-02.smil"].encode())
    kinds = overlay.xpath("//*[local-name()='seq']/@*[local-name()='type']")
    assert kinds == ["figure", "table", "table"]
    opening = etree.fromstring(made["EPUB/chapter-01.smil"].encode())
    assert opening.xpath("//*[local-name()='seq']/@*[local-name()='type']") == ["aside"]


def test_subheads_are_nested_without_a_gap():
    made = rendered(stuff.sample())
    leaf = etree.fromstring(made["EPUB/chapter-02.xhtml"].encode())
    heads = leaf.xpath("//*[starts-with(local-name(), 'h') and string-length(local-name()) = 2]")
    assert [(etree.QName(h).localname, h.text) for h in heads] == [
        ("h1", "“两带三盟”助推"),
        ("h2", "城东"),
        ("h3", "细项"),
        ("h2", "城西"),
    ]
    nav = etree.fromstring(made["EPUB/nav.xhtml"].encode())
    toc = nav.xpath("//*[@role='doc-toc']/*[local-name()='ol']")[0]
    names = {"h": "http://www.w3.org/1999/xhtml"}
    assert toc.xpath("h:li/h:a/text()", namespaces=names) == ["开场", "“两带三盟”助推"]
    assert toc.xpath("h:li/h:ol/h:li/h:a/text()", namespaces=names) == ["城东", "城西"]
    assert toc.xpath("h:li/h:ol/h:li/h:ol/h:li/h:a/text()", namespaces=names) == ["细项"]


def test_a_table_is_a_table_again():
    leaf = etree.fromstring(rendered(stuff.sample())["EPUB/chapter-02.xhtml"].encode())
    grids = [
        [[cell.text or "" for cell in row] for row in grid]
        for grid in leaf.xpath("//*[local-name()='table']")
    ]
    assert grids == [
        [
            ["线路", "原走向", "人数（人）"],
            ["6路", "滨江大道", "25"],
            ["8路", "和平路", ""],
            ["9路", "", "3"],
        ],
        [["1", "2"], ["3", "4"]],
    ]
    heads = leaf.xpath("//*[local-name()='th']/@scope")
    assert heads == ["col", "col", "col", "row", "row", "row"]


def test_a_table_whose_rows_disagree_is_lines():
    rows = (
        stuff.line("甲", (" ", "，"), "乙", kind=LineKind.TABLE),
        stuff.line("丙", kind=LineKind.TABLE),
    )
    made = rendered(stuff.bulletin_of(stuff.Section(stuff.line("题"), (rows,))))
    assert "<table" not in made["EPUB/chapter-01.xhtml"]
    assert "甲 乙" in made["EPUB/chapter-01.xhtml"]


def test_sentences_meet_with_a_space_only_between_latin_words():
    leaf = etree.fromstring(rendered(stuff.sample())["EPUB/chapter-01.xhtml"].encode())
    paragraphs = ["".join(p.itertext()) for p in leaf.xpath("//*[@class='text']")]
    assert paragraphs == [
        "今年增长103%。这是第二句。",
        "下一段说Wi-Fi。 Open day is near. See you soon.",
    ]


def test_a_mark_of_direction_ends_with_its_sentence():
    made = rendered(
        stuff.bulletin_of(
            stuff.Section(stuff.line("题"), ((stuff.line("\u202e倒。"), stuff.line("正。")),))
        )
    )
    assert made["EPUB/chapter-01.xhtml"].count('dir="auto"') == 1


def test_a_chapter_in_which_nothing_is_said_still_has_its_audio():
    page = pages(stuff.bulletin_of(stuff.Section(stuff.line("……"), ((stuff.line("——"),),))))[0]
    assert page.lead is not None
    assert (page.lead.begin_ms, page.lead.end_ms) == (0, page.duration_ms)


def test_hostile_text_stays_text():
    made = rendered(stuff.hostile())
    for name, text in made.items():
        if name.endswith(("xhtml", "opf", "ncx", "smil")):
            tree = etree.fromstring(text.encode())
            assert not tree.xpath("//*[local-name()='script']"), name
    assert "alert(1)" in made["EPUB/chapter-01.xhtml"]


@pytest.mark.parametrize(
    ("spans", "cells"),
    [
        ((("甲", "甲"), (" ", "，"), ("乙", "乙")), ("甲", "乙")),
        ((("", "列名："), ("1", "一"), (" ", "；"), ("", "无数据")), ("1", "")),
        ((("", "表格完。"),), ()),
        ((("甲 乙", "甲 乙"),), ("甲 乙",)),
    ],
)
def test_cells(spans, cells):
    assert cells_of(stuff.line(*spans)) == cells


def test_sufficient_modes_follow_from_what_is_said():
    whole = stuff.bulletin_of(stuff.Section(stuff.line("题"), ((stuff.line("说。"),),)))
    assert "auditory" in facts(whole, STATION).sufficient
    assert "auditory" not in facts(stuff.sample(), STATION).sufficient


def test_the_identifier_outlives_new_editions_and_is_the_stations_own():
    one, other = (
        stuff.sample(),
        stuff.bulletin_of(
            stuff.Section(
                stuff.line("新"),
            )
        ),
    )
    assert facts(one, STATION).identifier == facts(other, STATION).identifier
    assert facts(one, STATION).identifier != facts(one, Station(name="别台")).identifier
    assert facts(one, STATION, "urn:x:1").identifier == "urn:x:1"


@pytest.mark.parametrize(
    ("ms", "smil"),
    [
        (0, "0:00:00.000"),
        (83450, "0:01:23.450"),
        (3600000, "1:00:00.000"),
        (10, "0:00:00.010"),
    ],
)
def test_clocks(ms, smil):
    assert smil_clock(ms) == smil
