"""What is written, and that others read the same from it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from feed_stuff import CHANNEL, HOSTILE, ITEM, NOW, ROOT, URL, item, texts
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bobao.publish.feed.check import check
from bobao.publish.feed.document import read
from bobao.publish.feed.elements import NAMESPACES
from bobao.publish.feed.identity import item_guid, podcast_guid
from bobao.publish.feed.notes import notes
from bobao.publish.feed.paging import BLOCK, MOST, page_name, pages, split
from bobao.publish.feed.render import render
from bobao.publish.feed.text import clean, paragraph, seconds
from bobao.publish.feed.text import title as plain_title
from bobao.publish.feed.values import Mark, Page

ALLOWED = {"p", "strong", "ul", "li", "a"}


def whole() -> bytes:
    return render(Page(CHANNEL, (ITEM,)))


def test_the_feed_is_as_it_was(golden):
    golden("feed.xml", whole())


def test_its_own_check_finds_nothing():
    assert check(whole(), NOW, url=URL) == ()


def test_the_same_page_gives_the_same_bytes():
    assert whole() == whole()


def test_podcastparser_reads_every_field_that_it_knows():
    podcastparser = pytest.importorskip("podcastparser")
    read_back = podcastparser.parse(URL, io.BytesIO(whole()))
    assert read_back["title"] == CHANNEL.title
    assert read_back["link"] == CHANNEL.link
    assert read_back["description"] == CHANNEL.description
    assert read_back["cover_url"] == CHANNEL.image.url
    assert read_back["language"] == "zh-CN"
    assert read_back["itunes_author"] == CHANNEL.author
    assert read_back["itunes_owner"] == {"name": CHANNEL.owner, "email": CHANNEL.email}
    assert read_back["itunes_categories"] == [["News", "Daily News"], ["Government"]]
    assert read_back["type"] == "episodic"
    assert read_back["explicit"] is False
    (episode,) = read_back["episodes"]
    assert episode["guid"] == ITEM.guid
    assert episode["title"] == ITEM.title
    assert episode["link"] == ITEM.link
    assert episode["published"] == int(ITEM.published.timestamp())
    assert episode["total_time"] == 599
    assert episode["enclosures"] == [
        {"url": ITEM.enclosure.url, "file_size": ITEM.enclosure.bytes, "mime_type": "audio/mpeg"}
    ]
    assert episode["description"] == ITEM.summary
    assert episode["description_html"] == ITEM.notes
    assert episode["episode_art_url"] == ITEM.image.url
    assert (episode["season"], episode["number"]) == (2026, 3)
    assert episode["chapters"] == [
        {"start": m.start_ms // 1000, "title": m.title, "href": m.url} for m in ITEM.marks
    ]


def test_feedparser_reads_every_field_that_it_knows():
    feedparser = pytest.importorskip("feedparser")
    read_back = feedparser.parse(whole())
    assert not read_back.bozo
    feed, (entry,) = read_back.feed, read_back.entries
    assert (feed.title, feed.link, feed.subtitle) == (
        CHANNEL.title,
        CHANNEL.link,
        CHANNEL.description,
    )
    assert feed.language == "zh-CN"
    assert feed.rights == CHANNEL.copyright
    assert feed.publisher_detail == {"name": CHANNEL.owner, "email": CHANNEL.email}
    assert feed.image.href == CHANNEL.image.url
    assert [tag.term for tag in feed.tags] == ["News", "Daily News", "Government"]
    assert feed.podcast_guid == CHANNEL.guid
    assert feed.podcast_medium == "newsletter"
    assert feed.podcast_license["url"] == CHANNEL.license_url
    assert {link.href for link in feed.links if link.rel == "self"} == {URL}
    assert (entry.id, entry.guidislink) == (ITEM.guid, False)
    assert entry.title == ITEM.title
    assert entry.itunes_duration == "599"
    assert entry.content[0].value == ITEM.notes
    assert [(e.href, e.length, e.type) for e in entry.enclosures] == [
        (ITEM.enclosure.url, str(ITEM.enclosure.bytes), "audio/mpeg")
    ]
    assert entry.podcast_chapters["url"] == ITEM.chapters_url
    assert [c["title"] for c in entry.psc_chapters["chapters"]] == [m.title for m in ITEM.marks]


def found(data: bytes, path: str) -> list:
    return etree.fromstring(data).findall(path, NAMESPACES)


def test_what_no_parser_knows_is_there():
    data = whole()
    (disclosed, episode) = found(data, ".//podcast:txt[@purpose='ai-content']")
    assert (disclosed.text, episode.text) == ("true", "true")
    people = [(p.text, dict(p.attrib)) for p in found(data, ".//podcast:person")]
    assert people == [
        ("王芳", {"role": "host", "group": "cast"}),
        ("李强", {"role": "author", "group": "writing", "href": "https://li.example/"}),
        ("赵敏", {"role": "reporter", "group": "writing"}),
    ]
    kinds = [
        (t.get("type"), t.get("rel"), t.get("language"))
        for t in found(data, ".//podcast:transcript")
    ]
    assert kinds == [("text/vtt", "captions", "zh-CN"), ("text/html", None, "zh-CN")]
    assert found(data, "channel/podcast:locked")[0].get("owner") == CHANNEL.email
    assert found(data, ".//item/podcast:image")[0].get("alt") == ITEM.image.alt
    assert found(data, ".//podcast:season")[0].get("name") == "2026年"
    assert found(data, ".//pubDate")[0].text == "Sun, 22 Nov 2026 00:00:00 +0800"


def test_what_is_empty_is_left_out():
    bare = replace(
        CHANNEL, author="", owner="", email="", categories=(), people=(), license="", copyright=""
    )
    plain = replace(ITEM, notes="", image=None, season=0, episode=0, marks=(), chapters_url="")
    names = {
        etree.QName(e).localname for e in etree.fromstring(render(Page(bare, (plain,)))).iter()
    }
    assert not names & {
        "owner",
        "category",
        "license",
        "copyright",
        "season",
        "chapters",
        "encoded",
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_valid_and_escaped(text: str):
    title = clean(text)
    name = plain_title(title) or "标题"
    hostile = replace(
        ITEM,
        title=title or "标题",
        summary=title or "摘要",
        notes=notes(text, (Mark(0, title or "章", ITEM.link),), [(text, ITEM.link + "?a=1&b=2")]),
        marks=(Mark(0, title or "章", ITEM.link),),
    )
    data = render(Page(replace(CHANNEL, title=title or "台"), (hostile,)))
    document = read(data)
    assert document.items[0].text("title") == name
    inner = document.items[0].text("content:encoded")
    tags = {e.tag for e in etree.fromstring(f"<div>{inner}</div>").iter()} - {"div"}
    assert tags <= ALLOWED
    assert check(data, NOW, url=URL) == ()


@given(texts, texts, texts)
def test_any_text_gives_a_feed_that_reads_back(title: str, summary: str, chapter: str):
    made = replace(ITEM, title=title, summary=summary, marks=(Mark(0, chapter),))
    made = replace(made, notes=notes(summary, made.marks, [(chapter, ROOT + "x")]))
    (part,) = read(render(Page(CHANNEL, (made,)))).items
    assert part.text("title") == plain_title(title)
    assert len(part.text("title")) <= 255
    assert len(part.text("description").encode()) <= 4000
    etree.fromstring(f"<div>{part.text('content:encoded')}</div>")


@given(st.text(), st.integers(8, 300))
def test_a_paragraph_is_cut_between_characters(text: str, most: int):
    made = paragraph(text, most)
    assert len(made.encode()) <= most
    etree.fromstring(f"<p>{made}</p>")


@given(st.integers(0, 10**9))
def test_a_length_is_never_nothing_and_right_to_half_a_second(ms: int):
    assert abs(int(seconds(ms)) * 1000 - max(ms, 1000)) <= 500


def test_guids_are_those_of_the_namespace():
    assert podcast_guid("https://podnews.net/rss") == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert podcast_guid("http://mp3s.nashownotes.com/pc20rss.xml/") == (
        "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    )
    assert item_guid(CHANNEL.guid, "a") != item_guid(CHANNEL.guid, "b")


@given(st.integers(0, 2000))
def test_pages_hold_every_item_once(count: int):
    parts = split(count)
    numbers = [n for part in parts for n in range(count)[part]]
    assert numbers == list(range(count))
    assert len(range(count)[parts[0]]) <= MOST
    assert all(len(range(count)[part]) == BLOCK for part in parts[1:])
    assert count <= MOST or len(range(count)[parts[0]]) > BLOCK


@given(st.integers(101, 700))
def test_a_new_item_changes_the_first_page_alone(count: int):
    """Older pages keep their names and items; only the newest of them gets a new neighbour."""
    before, after = (
        {
            page_name("feed.xml", number, len(parts)): (total - part.stop, total - part.start)
            for parts in [split(total)]
            for number, part in enumerate(parts, start=1)
        }
        for total in (count, count + 1)
    )
    del before["feed.xml"]
    assert before.items() <= after.items()


def test_pages_are_linked_in_a_chain():
    made = {
        page_name(URL, p.number, p.count): p for p in pages(CHANNEL, [item(n) for n in range(230)])
    }
    assert list(made) == [URL, *(f"{ROOT}feed-{n}.xml" for n in (3, 2, 1))]
    here, seen, titles = URL, [], []
    while here:
        data = render(made[here])
        assert check(data, NOW, url=here) == ()
        seen.append(here)
        titles += [e.text for e in found(data, "channel/item/title")]
        links = {e.get("rel"): e.get("href") for e in found(data, "channel/atom:link")}
        assert links["self"] == here
        assert (links["first"], links["last"]) == (URL, f"{ROOT}feed-1.xml")
        assert links.get("previous") == (seen[-2] if len(seen) > 1 else None)
        here = links.get("next")
    assert titles == [f"第{n}篇" for n in range(230)]


def test_a_tag_in_a_title_is_shown_as_it_was_written():
    data = render(
        Page(CHANNEL, (replace(ITEM, title="<b>3 < 5</b>"), replace(item(1), title="3 < 5")))
    )
    assert [e.text for e in found(data, ".//item/title")] == ["＜b＞3 ＜ 5＜/b＞", "3 < 5"]
