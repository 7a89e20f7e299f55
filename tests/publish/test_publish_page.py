"""The pages: the author's text, whole, safe, and the same every time."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from page_stuff import EVERYTHING, HOSTILE, SITE, bulletin, job, signpost
from publish_stuff import line

from bobao.model import Bulletin, LineKind, Span
from bobao.publish import text as writing
from bobao.publish.layout import heard, plain_text, shown, summary
from bobao.publish.outputs import Listing, Masthead
from bobao.publish.page import bulletin_page, embed_page, index_page, oembed, passages, transcript
from bobao.publish.text import clean


def page(made: Bulletin | None = None, masthead: Masthead = SITE):
    return html.fromstring(bulletin_page(job(made, masthead)))


def by_class(tree, name: str):
    return tree.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")


def timeline(tree) -> dict:
    return json.loads(tree.xpath("//script[@id='timeline']")[0].text)


def without_assets(made: str) -> str:
    """The page less its style sheet and script, so that the golden file is the page."""
    made = re.sub(r"(<(style|script)>).*?(</\2>)", r"\1…\3", made, flags=re.DOTALL)
    return re.sub(r"sha256-[A-Za-z0-9+/=]+", "sha256-…", made)


LISTINGS = (
    Listing("a/index.html", "去年的一期", "2025-12-31", 61_000, 1, "摘要。"),
    Listing("b/index.html", "最新的一期", "2026-11-22", 598_540, 7, "这里有全市。", "b/cover.png"),
    Listing("c/index.html", "没有日期的一期", "", 3_725_000),
    Listing("d/index.html", "同月的一期", "2026-11-01", 5_000),
    Listing("e/index.html", "日期写坏的一期", "去年冬天", 5_000),
)


def test_the_pages_stay_as_they_are(golden):
    golden("page/everything.html", without_assets(bulletin_page(job(older=True))))
    golden("page/index.html", without_assets(index_page(SITE, LISTINGS)))
    golden("page/transcript.html", without_assets(transcript(job())))
    golden("page/embed.html", without_assets(embed_page(job())))
    golden("page/yangli.txt", plain_text(bulletin()))
    assert bulletin_page(job()) == bulletin_page(job())


# ── A bulletin's page ───────────────────────────────────────────────────────────────────────────


def test_one_chapter_needs_no_list_and_a_heading_that_is_only_said_heads_its_chapter():
    tree = page(bulletin(EVERYTHING[0]))
    assert not by_class(tree, "chapters")
    assert not tree.xpath("//*[@id='next' or @id='previous'] | //option[@value='chapter']")
    assert not [h for h in tree.xpath("//h2") if h.text_content() == "开场"]
    tree = page(bulletin(EVERYTHING[0], [[line(("", "第一部分。"))], [line("完。")]]))
    assert [h.text_content() for h in tree.xpath("//section[@id='chapter-2']/h2")] == ["第一部分。"]


def test_only_what_is_there_is_offered():
    tree = page(replace(bulletin(), products=()), replace(SITE, feed=""))
    assert not by_class(tree, "downloads")
    assert not tree.xpath("//img | //link[@type='application/rss+xml']")
    assert not by_class(tree, "subscribe")
    tree = page()
    assert tree.xpath("//ul[@class='files']//a/@href") == [
        "yangli.mp3",
        "yangli.vtt",
        "chapters.json",
    ]
    assert tree.xpath("//img/@src") == ["cover.png"]
    tree = page(masthead=Masthead("播报"))  # of which nobody knows the address
    assert not tree.xpath("//link[@rel='canonical'] | //meta[@property='og:url']")


def test_nothing_is_fetched_and_the_policy_allows_just_what_is_there():
    tree = page()
    assert not tree.xpath("//iframe | //object | //embed | //base | //form | //script[@src]")
    assert not tree.xpath("//link[@rel='stylesheet' or @rel='preload']")
    for address in tree.xpath("//@src | //a/@href"):
        assert not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", address), address
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    for tag in ("style", "script"):
        inside = tree.xpath(f"//{tag}[not(@type)]")[0].text
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    style = tree.xpath("//style")[0].text
    assert not {"url(", "@import"} & {word for word in ("url(", "@import") if word in style}
    assert not tree.xpath("//main//@style | //*[@onclick or @onerror or @onload]")


def test_links_lead_somewhere_ids_are_single_and_controls_have_names():
    tree = page()
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inner = {href[1:] for href in tree.xpath("//a/@href | //use/@href") if href.startswith("#")}
    named = tree.xpath("//@aria-labelledby | //@aria-controls")
    assert {*inner, *itertools.chain(*map(str.split, named))} <= set(ids)
    for control in tree.xpath("//button | //a"):
        assert (control.get("aria-label") or control.text_content()).strip()
    for control in tree.xpath("//input | //select"):
        inside = control.xpath("ancestor::label")
        assert control.get("aria-label") or inside[0].text_content().strip()


def test_hostile_text_is_only_text():
    hostile = bulletin(
        [[line(HOSTILE)], [line(HOSTILE)], [signpost(HOSTILE)]],
        [[line("\u202e" + "长" * 300)], [line((HOSTILE, ""), kind=LineKind.SILENT)]],
        title=HOSTILE,
        date=HOSTILE,
        slug="../../x\"'<b>",
    )
    names = replace(SITE, name=HOSTILE, author=HOSTILE, description=HOSTILE)
    made = bulletin_page(job(hostile, names))
    tree = html.fromstring(made)
    kinds = [None, "application/ld+json", "application/json"]
    assert [s.get("type") for s in tree.xpath("//script")] == kinds
    assert clean(HOSTILE) in tree.xpath("//h1")[0].text_content()
    assert timeline(tree)["title"] == clean(HOSTILE)
    assert not re.search("[\u202a-\u202e\x00\u2028]", made)
    assert tree.xpath("//audio/@src") == ["../../x%22%27%3Cb%3E.mp3"]


text = st.text(
    st.sampled_from("花街镇，。“”<>&\"'/ \u3000\u202e\x00\ud800😀a1\n-]!") | st.characters(),
    max_size=20,
)


@settings(max_examples=40)
@given(text, text, text)
def test_any_text_comes_out_as_it_went_in_and_the_markup_is_valid(title, sentence, aside):
    """Read back by a parser that follows the standard and stops at the first error."""
    html5lib = pytest.importorskip("html5lib", reason="html5lib is not installed")
    made = bulletin(
        [[line(title)], [line(sentence), line((aside, ""))]], title=title, slug="x", date=aside
    )
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(without_assets(bulletin_page(job(made, replace(SITE, name=title)))))
    elements = [e for e in tree.iter() if e.get("class") in ("s", "q")]
    wanted = [clean(shown(cue)) for cue in made.cues() if shown(cue).strip()]
    assert ["".join(e.itertext()) for e in elements] == wanted
    data = next(e for e in tree.iter("script") if e.get("id") == "timeline")
    assert json.loads(data.text)["title"] == clean(title)


_PLAIN = ["花街镇", "𠮷野", "Hello world again ", "😀，", " ", "（"]
_READ = [Span("98%", "百分之九十八"), Span("", "第一"), Span("（见图1）", "")]
pieces = st.lists(
    st.sampled_from([*(Span(each, each) for each in _PLAIN), *_READ]), min_size=1, max_size=6
)


@settings(max_examples=60)
@given(st.lists(pieces, min_size=1, max_size=4))
def test_words_join_to_the_sentence_in_the_units_of_a_browser(sentences):
    made = bulletin([[line("题")], [replace(line(), spans=tuple(spans)) for spans in sentences]])
    tree = page(made)
    spoken = [c for c in made.cues() if heard(c) and shown(c).strip()]
    for (start, end, runs), element, cue in zip(
        timeline(tree)["cues"], by_class(tree, "s"), spoken, strict=True
    ):
        assert (start, end) == (cue.start_ms, cue.end_ms)
        units = len(element.text_content().encode("utf-16-le")) // 2
        assert sum(runs[::3]) == (units if runs else 0)
        assert bool(runs) == bool(cue.line.written.strip())
        times = [t for pair in zip(runs[1::3], runs[2::3], strict=True) for t in pair]
        assert times == sorted(times)
        assert not times or 0 <= times[0] <= times[-1] <= end - start


def test_the_summary_is_whole_sentences_of_the_author():
    assert summary(bulletin()).startswith("这里有全市体量最大的小微园，产值达4.07亿元")
    for lines, made in (
        (("一" * 60 + "。", "二" * 60 + "。"), "一" * 60 + "。"),
        (("一" * 50 + "，" + "二" * 60 + "。",), "一" * 50 + "……"),
        (("字" * 500,), "字" * 96 + "……"),
    ):
        assert summary(bulletin([[line("题")], list(map(line, lines))])) == made


def test_a_ragged_table_is_set_line_by_line():
    rows = [line("甲", (" ", "，"), "乙", kind=LineKind.TABLE), line("丙", kind=LineKind.TABLE)]
    tree = page(bulletin([[line("题")], rows]))
    assert not tree.xpath("//table")
    assert [e.text_content() for e in by_class(tree, "row")] == ["甲 乙", "丙"]


# ── The station's page ──────────────────────────────────────────────────────────────────────────


def test_a_thousand_bulletins_are_one_page():
    entries = [
        Listing(f"{n}/index.html", f"第{n}期", f"{2020 + n % 6}-{1 + n % 12:02}-{1 + n % 28:02}")
        for n in range(1000)
    ]
    tree = html.fromstring(index_page(SITE, entries))
    assert len(tree.xpath("//a[@class='title']")) == 999
    assert len(tree.xpath("//nav[@class='years']//a")) == 6
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert "还没有节目" in index_page(Masthead("播报"), [])


def test_hostile_entries_are_only_text():
    made = index_page(SITE, [Listing("../../x?a#b", HOSTILE, HOSTILE, summary=HOSTILE)] * 3)
    tree = html.fromstring(made)
    assert len(tree.xpath("//script")) == 2
    hrefs = set(tree.xpath("//main//a[contains(@href, 'x')]/@href"))
    assert hrefs == {"../../x%3Fa%23b"}
    assert tree.xpath("//input[@readonly]/@value") == ["https://example.org/bobao/feed.xml"]
    assert not re.search("[\u202a-\u202e\x00\u2028]", made)


def test_a_page_says_how_to_subscribe_and_how_to_embed():
    tree = page()
    address, code = tree.xpath("//input[@readonly]/@value")
    assert address == "https://example.org/bobao/feed.xml"
    assert len(tree.xpath("//*[local-name()='svg'][@role='img']")) == 1
    frame = html.fromstring(code)
    assert frame.get("src") == "https://example.org/bobao/yangli/embed.html"
    (link,) = tree.xpath("//link[@type='application/json+oembed']/@href")
    assert link == "https://example.org/bobao/yangli/oembed.json"
    told = json.loads(oembed(job()))
    assert (told["version"], told["type"], told["html"]) == ("1.0", "rich", code)
    plain = json.loads(oembed(job(None, replace(SITE, base_url=""))))
    assert (plain["type"], "html" in plain) == ("link", False)
    assert not page(masthead=replace(SITE, base_url="", feed="")).xpath("//input[@readonly]")


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("花街镇的公园", False),
        ("花街鎮的公園", True),
        ("臺北市長說明", True),
        ("", False),
        ("上下", False),
    ],
)
def test_traditional_hanzi_are_marked_as_such(text, traditional):
    tree = page(bulletin([[line(("", "开场。"))], [line(text or "。")]]))
    assert tree.xpath("//article/@lang") == ["zh-Hant"] * traditional


def test_a_title_breaks_between_words():
    made = index_page(SITE, [Listing("a/index.html", "花街镇今年建成九个公园")])
    assert "花街<wbr>镇<wbr>今年<wbr>建成<wbr>九个<wbr>公园" in made


# ── Times, names, languages ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("ms", "clock", "length", "iso", "smil"),
    [
        (0, "0:00", "0 秒", "PT0S", "0:00:00.000"),
        (999, "0:00", "0 秒", "PT0.999S", "0:00:00.999"),
        (83_460, "1:23", "1 分 23 秒", "PT83.46S", "0:01:23.460"),
        (120_000, "2:00", "2 分", "PT120S", "0:02:00.000"),
        (725_000, "12:05", "12 分 5 秒", "PT725S", "0:12:05.000"),
        (3_725_000, "1:02:05", "1 小时 2 分", "PT3725S", "1:02:05.000"),
        (36_000_000, "10:00:00", "10 小时", "PT36000S", "10:00:00.000"),
    ],
)
def test_times_are_written_for_people_and_machines(ms, clock, length, iso, smil):
    assert (writing.short_clock(ms), writing.length(ms), writing.iso_time(ms)) == (
        clock,
        length,
        iso,
    )
    assert writing.smil_clock(ms) == smil


def test_days_and_sizes():
    assert writing.written_day("2026-11-22T08:00:00+08:00") == "2026年11月22日 星期日"
    assert writing.written_day("2026-13-40") == "2026-13-40"
    sizes = [writing.size(n) for n in (0, 999, 13_400, 4_916_698)]
    assert sizes == ["1 KB", "1 KB", "13 KB", "4.9 MB"]


@given(st.text())
def test_a_path_is_a_relative_address_whatever_its_name(name):
    made = urlsplit(writing.url(name))
    assert (made.scheme, made.netloc, made.query, made.fragment) == ("", "", "", "")
    kept = name.encode("utf-8", "replace").decode()
    assert unquote(made.path) == "/".join(part for part in kept.split("/") if part)


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


@given(
    st.text() | st.sampled_from(["a" * 60_000, "a-" * 30_000, "ab " + "1 " * 30_000, "я," * 30_000])
)
def test_passages_join_to_the_text_and_no_text_takes_long(text):
    """The long ones took minutes when a word had no end."""
    assert "".join(piece for _, piece in passages(text)) == text
