"""The page of a bulletin: the author's text, whole, safe, and the same every time."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from site_stuff import EVERYTHING, HOSTILE, SITE, bulletin, line, signpost

from bobao.model import Bulletin, LineKind, Span
from bobao.publish.site import Links, Neighbour, Site, links_of, render_page, summary
from bobao.publish.site.layout import heard, shown
from bobao.publish.site.safe import clean


def page(made: Bulletin | None = None, links: Links | None = None, site: Site = SITE):
    return html.fromstring(render_page(made or bulletin(), site, links))


def by_class(tree, name: str):
    return tree.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")


def timeline(tree) -> dict:
    return json.loads(tree.xpath("//script[@id='timeline']")[0].text)


def without_assets(made: str) -> str:
    """The page less its style sheet and script, so that the golden file is the page."""
    made = re.sub(r"(<(style|script)>).*?(</\2>)", r"\1…\3", made, flags=re.DOTALL)
    return re.sub(r"sha256-[A-Za-z0-9+/=]+", "sha256-…", made)


def test_the_page_of_everything_stays_as_it_is(golden):
    made = bulletin()
    links = links_of(made, feed="../feed.xml", page="yangli/index.html")
    links = replace(links, older=Neighbour("上一篇", "../shang/index.html"))
    golden("everything.html", without_assets(render_page(made, SITE, links)))


def test_the_same_bulletin_gives_the_same_page():
    assert render_page(bulletin(), SITE) == render_page(bulletin(), SITE)


def test_every_sentence_stands_on_the_page_once_and_in_order():
    made = bulletin()
    tree = page(made)
    elements = [e.text_content() for e in by_class(tree, "s") + by_class(tree, "q")]
    assert sorted(elements) == sorted(clean(shown(cue)) for cue in made.cues())
    assert [e.text_content() for e in by_class(tree, "s")] == [
        clean(shown(cue)) for cue in made.cues() if heard(cue)
    ]


def test_what_is_shown_and_not_said_has_no_time_and_what_is_only_said_is_marked():
    tree = page()
    assert [e.text for e in by_class(tree, "q")] == ["（见图1）", "责任编辑：张三"]
    asides = [e.text_content() for e in by_class(tree, "aside")]
    assert asides[:3] == [
        "播音本期播送",
        "播音本节目由人工智能合成语音播报。下面请听详细内容。",
        "播音第一部分",
    ]


def test_structure_follows_the_author():
    tree = page()
    heads = [
        (e.tag, e.text_content()) for e in tree.xpath("//main//*[self::h1 or self::h2 or self::h3]")
    ]
    assert heads == [
        ("h1", "锻造振兴排头兵 花街镇交出答卷"),
        ("h2", "播放器"),
        ("h2", "章节"),
        ("h2", "开场"),
        ("h2", "“两带三盟”助推/发展"),
        ("h3", "一处小标题"),
        ("h2", "各村产值"),
        ("h2", "下载"),
    ]
    rows = [[cell.text_content().strip() for cell in row] for row in tree.xpath("//table//tr")]
    assert rows == [["村名", "产值"], ["金杜", "三百万"], ["卉川", "五百万"]]
    assert [cell.tag for cell in tree.xpath("//tr[1]/*")] == ["th", "th"]
    assert [e.text_content() for e in by_class(tree, "caption")] == ["图两带三盟 区位示意图"]


def test_passages_in_another_language_are_marked_and_terms_are_not():
    tree = page()
    assert tree.get("lang") == "zh-CN"
    assert tree.xpath("//main//*[@lang='en']/text()") == [
        "The quick brown fox",
        "First, we read it.",
        "Then we said it.",
    ]


def test_chapters_are_links_into_the_sound_that_need_no_script():
    tree = page()
    assert [a.get("href") for a in by_class(tree, "chapter")] == [
        "yangli.mp3#t=0,17.42",
        "yangli.mp3#t=17.42,30",
        "yangli.mp3#t=30,39.16",
    ]
    assert [s.get("id") for s in by_class(tree, "part")] == ["chapter-1", "chapter-2", "chapter-3"]
    assert tree.xpath("//audio/@controls")
    assert tree.xpath("//audio/@src") == ["yangli.mp3"]


def test_one_chapter_needs_no_list_of_chapters():
    tree = page(bulletin(EVERYTHING[0]))
    assert not by_class(tree, "chapters")
    assert not tree.xpath("//*[@id='next' or @id='previous'] | //option[@value='chapter']")
    assert not [h for h in tree.xpath("//h2") if h.text_content() == "开场"]


def test_a_heading_that_is_only_said_still_heads_its_chapter():
    tree = page(bulletin(EVERYTHING[0], [[line(("", "第一部分。"))], [line("完。")]]))
    assert [h.text_content() for h in tree.xpath("//section[@id='chapter-2']/h2")] == ["第一部分。"]


def test_only_what_is_there_is_offered():
    made = replace(bulletin(), products=())
    tree = page(made)
    assert not by_class(tree, "downloads")
    assert not tree.xpath("//img | //link[@rel='alternate']")
    tree = page()
    assert [a.get("href") for a in tree.xpath("//ul[@class='files']//a")] == [
        "yangli.mp3",
        "yangli.vtt",
        "chapters.json",
    ]
    assert tree.xpath("//img/@src") == ["cover.png"]


def test_with_an_address_the_page_says_where_it_is():
    tree = page(links=links_of(bulletin(), page="yangli/index.html"))
    assert tree.xpath("//link[@rel='canonical']/@href") == [
        "https://example.org/bobao/yangli/index.html"
    ]
    image = tree.xpath("//meta[@property='og:image']/@content")
    assert image == ["https://example.org/bobao/yangli/cover.png"]
    known = json.loads(tree.xpath("//script[@type='application/ld+json']")[0].text)
    assert known["associatedMedia"]["contentUrl"] == "https://example.org/bobao/yangli/yangli.mp3"
    assert known["timeRequired"] == "PT40S"
    tree = page(site=Site("播报"))
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
    assert "url(" not in style
    assert "@import" not in style
    assert not tree.xpath("//main//@style | //*[@onclick or @onerror or @onload]")


def test_links_lead_somewhere_and_ids_are_single():
    tree = page()
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inner = {href[1:] for href in tree.xpath("//a/@href | //use/@href") if href.startswith("#")}
    assert inner <= set(ids)
    for name in ("aria-labelledby", "aria-controls"):
        named = itertools.chain(*(value.split() for value in tree.xpath(f"//@{name}")))
        assert set(named) <= set(ids)


def test_every_control_has_a_name():
    tree = page()
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
    made = render_page(hostile, names)
    tree = html.fromstring(made)
    assert [s.get("type") for s in tree.xpath("//script")] == [
        None,
        "application/ld+json",
        "application/json",
    ]
    assert clean(HOSTILE) in tree.xpath("//h1")[0].text_content()
    assert timeline(tree)["title"] == clean(HOSTILE)
    assert not re.search("[\u202a-\u202e\x00\u2028]", made)
    assert tree.xpath("//audio/@src") == ["../../x%22%27%3Cb%3E.mp3"]


text = st.text(
    st.one_of(
        st.sampled_from("花街镇，。“”<>&\"'/ \u3000\u202e\x00\ud800😀a1\n-]!"),
        st.characters(),
    ),
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
    tree = parser.parse(without_assets(render_page(made, replace(SITE, name=title))))
    elements = [e for e in tree.iter() if e.get("class") in ("s", "q")]
    wanted = [clean(shown(cue)) for cue in made.cues() if shown(cue).strip()]
    assert ["".join(e.itertext()) for e in elements] == wanted
    data = next(e for e in tree.iter("script") if e.get("id") == "timeline")
    assert json.loads(data.text)["title"] == clean(title)


pieces = st.lists(
    st.one_of(
        st.sampled_from(["花街镇", "𠮷野", "Hello world again ", "😀，", " ", "（"]).map(
            lambda t: Span(t, t)
        ),
        st.sampled_from([Span("98%", "百分之九十八"), Span("", "第一"), Span("（见图1）", "")]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60)
@given(st.lists(pieces, min_size=1, max_size=4))
def test_words_join_to_the_sentence_in_the_units_of_a_browser(sentences):
    made = bulletin([[line("题")], [replace(line(), spans=tuple(spans)) for spans in sentences]])
    tree = page(made)
    cues = timeline(tree)["cues"]
    elements = by_class(tree, "s")
    assert len(cues) == len(elements)
    for (start, end, runs), element, cue in zip(
        cues, elements, (c for c in made.cues() if heard(c) and shown(c).strip()), strict=True
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
    long = bulletin([[line("题")], [line("一" * 60 + "。"), line("二" * 60 + "。")]])
    assert summary(long) == "一" * 60 + "。"
    clause = bulletin([[line("题")], [line("一" * 50 + "，" + "二" * 60 + "。")]])
    assert summary(clause) == "一" * 50 + "……"
    assert summary(bulletin([[line("题")], [line("字" * 500)]])) == "字" * 96 + "……"


def test_a_ragged_table_is_set_line_by_line():
    rows = [line("甲", (" ", "，"), "乙", kind=LineKind.TABLE), line("丙", kind=LineKind.TABLE)]
    tree = page(bulletin([[line("题")], rows]))
    assert not tree.xpath("//table")
    assert [e.text_content() for e in by_class(tree, "row")] == ["甲 乙", "丙"]
