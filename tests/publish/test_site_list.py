"""The station's page, the texts beside a bulletin, and what they are made with."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from site_stuff import HOSTILE, SITE, bulletin
from test_site_page import without_assets

from bobao.publish.site import (
    Entry,
    Site,
    entry_of,
    formats,
    render_index,
    render_text,
    render_transcript,
    safe,
)
from bobao.publish.site.passages import passages

ENTRIES = (
    Entry("a/index.html", "去年的一期", "2025-12-31", 61_000, 1, "摘要。"),
    Entry("b/index.html", "最新的一期", "2026-11-22", 598_540, 7, "这里有全市。", "b/cover.png"),
    Entry("c/index.html", "没有日期的一期", "", 3_725_000),
    Entry("d/index.html", "同月的一期", "2026-11-01", 5_000),
    Entry("e/index.html", "日期写坏的一期", "去年冬天", 5_000),
)


def test_the_list_stays_as_it_is(golden):
    golden("index.html", without_assets(render_index(SITE, ENTRIES)))


def test_the_newest_comes_first_and_the_others_by_year_and_month():
    tree = html.fromstring(render_index(SITE, ENTRIES))
    titles = [a.text_content() for a in tree.xpath("//article//a | //a[@class='title']")]
    assert titles == [
        "最新的一期",
        "同月的一期",
        "去年的一期",
        "没有日期的一期",
        "日期写坏的一期",
    ]
    assert [h.text for h in tree.xpath("//section[@class='year']/h2")] == [
        "2026 年",
        "2025 年",
        "未注明日期",
    ]


def test_a_thousand_bulletins_are_one_page():
    entries = [
        Entry(f"{n}/index.html", f"第{n}期", f"{2020 + n % 6}-{1 + n % 12:02}-{1 + n % 28:02}")
        for n in range(1000)
    ]
    tree = html.fromstring(render_index(SITE, entries))
    assert len(tree.xpath("//a[@class='title']")) == 999
    assert len(tree.xpath("//nav[@class='years']//a")) == 6
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_an_empty_station_says_so():
    assert "还没有节目" in render_index(Site("播报"), [])


def test_hostile_entries_are_only_text():
    made = render_index(SITE, [Entry("../../x?a#b", HOSTILE, HOSTILE, summary=HOSTILE)] * 3)
    tree = html.fromstring(made)
    assert len(tree.xpath("//script")) == 2
    assert set(tree.xpath("//main//a[contains(@href, 'x')]/@href")) == {
        "feed.xml",
        "../../x%3Fa%23b",
    }
    assert not re.search("[\u202a-\u202e\x00\u2028]", made)


def test_an_entry_is_made_from_its_bulletin():
    made = entry_of(bulletin(), "yangli/index.html")
    assert (made.title, made.date, made.chapters) == (
        "锻造振兴排头兵 花街镇交出答卷",
        "2026-11-22",
        3,
    )
    assert made.duration_ms == bulletin().duration_ms
    assert made.summary


def test_the_text_to_take_along_stays_as_it_is(golden):
    golden("yangli.txt", render_text(bulletin()))


def test_the_transcript_stays_as_it_is(golden):
    golden("transcript.html", without_assets(render_transcript(bulletin(), SITE)))


@pytest.mark.parametrize(
    ("ms", "clock", "length", "iso"),
    [
        (0, "0:00", "0 秒", "PT0S"),
        (999, "0:00", "0 秒", "PT0.999S"),
        (83_460, "1:23", "1 分 23 秒", "PT83.46S"),
        (120_000, "2:00", "2 分", "PT120S"),
        (3_725_000, "1:02:05", "1 小时 2 分", "PT3725S"),
        (36_000_000, "10:00:00", "10 小时", "PT36000S"),
    ],
)
def test_times_are_written_for_people_and_machines(ms, clock, length, iso):
    assert (formats.clock(ms), formats.length(ms), formats.iso_time(ms)) == (clock, length, iso)


def test_days_and_sizes():
    assert formats.written_day("2026-11-22T08:00:00+08:00") == "2026年11月22日 星期日"
    assert formats.written_day("2026-13-40") == "2026-13-40"
    assert [formats.size(n) for n in (0, 999, 13_400, 4_916_698)] == [
        "1 KB",
        "1 KB",
        "13 KB",
        "4.9 MB",
    ]


@given(st.text())
def test_a_path_is_a_relative_address_whatever_its_name(name):
    made = urlsplit(safe.url(name))
    assert not made.scheme
    assert not made.netloc
    assert not made.query
    assert not made.fragment
    kept = name.encode("utf-8", "replace").decode()
    assert unquote(made.path) == "/".join(part for part in kept.split("/") if part)


@given(st.text())
def test_passages_join_to_the_text(text):
    assert "".join(piece for _, piece in passages(text)) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("用WPS Office打开5G网页", []),
        ("他引用了To be, or not to be的话", [("en", "To be, or not to be")]),
        ("店名是ありがとう，老板姓김철수", [("ja", "ありがとう"), ("ko", "김철수")]),
        ("COVID-19 mRNA 疫苗", []),
        ("《Война и мир》", [("ru", "Война и мир")]),
    ],
)
def test_passages_are_two_words_or_another_script(text, found):
    assert [(language, piece) for language, piece in passages(text) if language] == found


@pytest.mark.parametrize(
    "text", ["a" * 60_000, "a-" * 30_000, "ab " + "1 " * 30_000, "я," * 30_000]
)
def test_no_text_takes_long(text):
    """These took minutes when a word had no end; now they are done before one notices."""
    assert "".join(piece for _, piece in passages(text)) == text
