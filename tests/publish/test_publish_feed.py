"""The feed: what is written, that others read the same from it, and that every fault is found."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from publish_stuff import HOSTILE, PICTURE, SOUND, hostile_texts, picture

from bobao.errors import BobaoError
from bobao.files import rows
from bobao.publish import cover, feeddoc
from bobao.publish.catalogue import Episode, EpisodeChapter
from bobao.publish.feed import (
    BLOCK,
    CHANNEL,
    MOST,
    NAMESPACES,
    FeedItem,
    FeedPage,
    Show,
    page_name,
    podcast_guid,
    render,
    split,
)
from bobao.publish.feedcheck import Severity, check
from bobao.publish.feeddoc import Folder
from bobao.publish.register import Enrolment, item_guid
from bobao.publish.text import rss_paragraph, rss_title
from bobao.station.config import Config, PodcastSettings, Station

ROOT = "https://radio.example/pod/"
URL = f"{ROOT}feed.xml"
GUID = podcast_guid(URL)
NOW = datetime(2026, 11, 23, tzinfo=timezone(timedelta(hours=8)))
PODCAST = PodcastSettings(
    description="把文章读给你听。",
    email="editor@radio.example",
    categories=("Daily News", "Government"),
    medium="newsletter",
    people=("王芳", "李强; author; writing; https://li.example/"),
    license="cc-by-4.0",
    license_url="https://creativecommons.org/licenses/by/4.0/",
    copyright="永康台",
)
CONFIG = Config(station=Station(name="永康播报", author="编辑部", site=ROOT), podcast=PODCAST)
SHOW = Show(CONFIG, ROOT, GUID)
EPISODE = Episode(
    slug="a",
    title="花街镇交出满意答卷",
    date="2026-11-22",
    duration_ms=598_540,
    summary="这里有全市体量最大的小微园建设项目。",
    bytes=len(SOUND),
    cover="cover.png",
    parts=(
        EpisodeChapter(1, "开场", 0),
        EpisodeChapter(2, "“两带三盟”助推“共同富裕”", 83_450),
    ),
    extra=(("people", "赵敏; reporter; writing"),),
)
ITEM = FeedItem(SHOW, EPISODE, Enrolment("a", "2026-11-22", 0, 2026, 3, item_guid(GUID, "a")))


def item(number: int) -> FeedItem:
    """An item of its own, a day older for each number."""
    slug, day = f"n{number}", (NOW - timedelta(days=1 + number)).date().isoformat()
    episode = replace(EPISODE, slug=slug, title=f"第{number}篇", extra=())
    return FeedItem(SHOW, episode, Enrolment(slug, day, 0, 2026, 2, item_guid(GUID, slug)))


def feed_of(*items: FeedItem, show: Show = SHOW) -> bytes:
    return render(FeedPage(show, items))


def found(data: bytes, path: str) -> list:
    return etree.fromstring(data).findall(path, NAMESPACES)


def texts(data: bytes, name: str) -> list[str]:
    """What is in the elements of a name in all items."""
    return [element.text for element in found(data, f"channel/item/{name}")]


# ── What is written ─────────────────────────────────────────────────────────────────────────────


def test_the_feed_stays_as_it_is_and_has_no_fault(golden):
    made = feed_of(ITEM)
    assert made == feed_of(ITEM)
    golden("feed/feed.xml", re.sub(rb"(?<=<generator>bobao )[^<]*", b"1", made))
    assert check(made, NOW, url=URL) == ()


def test_podcastparser_reads_every_field_that_it_knows():
    podcastparser = pytest.importorskip("podcastparser")
    read_back = podcastparser.parse(URL, io.BytesIO(feed_of(ITEM)))
    (episode,) = read_back.pop("episodes")
    expected = {
        "title": "永康播报",
        "link": ROOT,
        "description": PODCAST.description,
        "cover_url": f"{ROOT}cover.png",
        "language": "zh-CN",
        "itunes_author": "编辑部",
        "itunes_owner": {"name": "编辑部", "email": PODCAST.email},
        "itunes_categories": [["News", "Daily News"], ["Government"]],
        "type": "episodic",
        "explicit": False,
    }
    assert {key: read_back[key] for key in expected} == expected
    sound = {"url": f"{ROOT}a/a.mp3", "file_size": len(SOUND), "mime_type": "audio/mpeg"}
    expected = {
        "guid": ITEM.entry.guid,
        "title": EPISODE.title,
        "link": f"{ROOT}a/",
        "published": int(ITEM.published.timestamp()),
        "total_time": 599,
        "enclosures": [sound],
        "description": EPISODE.summary,
        "episode_art_url": f"{ROOT}a/cover.png",
        "season": 2026,
        "number": 3,
        "chapters": [
            {"start": ms // 1000, "title": title, "href": url} for ms, title, url in ITEM.chapters
        ],
    }
    assert {key: episode[key] for key in expected} == expected
    assert "00:01:23" in episode["description_html"]


def test_feedparser_reads_every_field_that_it_knows():
    feedparser = pytest.importorskip("feedparser")
    read_back = feedparser.parse(feed_of(ITEM))
    assert not read_back.bozo
    feed, (entry,) = read_back.feed, read_back.entries
    assert (feed.title, feed.link, feed.subtitle) == ("永康播报", ROOT, PODCAST.description)
    assert (feed.language, feed.rights) == ("zh-CN", "永康台")
    assert feed.publisher_detail == {"name": "编辑部", "email": PODCAST.email}
    assert feed.image.href == f"{ROOT}cover.png"
    assert [tag.term for tag in feed.tags] == ["News", "Daily News", "Government"]
    assert (feed.podcast_guid, feed.podcast_medium) == (GUID, "newsletter")
    assert feed.podcast_license["url"] == PODCAST.license_url
    assert {link.href for link in feed.links if link.rel == "self"} == {URL}
    assert (entry.id, entry.guidislink) == (ITEM.entry.guid, False)
    assert (entry.title, entry.itunes_duration) == (EPISODE.title, "599")
    assert entry.content[0].value.startswith(f"<p>{EPISODE.summary}</p>")
    assert [(e.href, e.length, e.type) for e in entry.enclosures] == [
        (f"{ROOT}a/a.mp3", str(len(SOUND)), "audio/mpeg")
    ]
    assert entry.podcast_chapters["url"] == f"{ROOT}a/chapters.json"
    titles = [part.title for part in EPISODE.parts]
    assert [c["title"] for c in entry.psc_chapters["chapters"]] == titles


def test_what_is_empty_is_left_out():
    bare = replace(CONFIG, podcast=PodcastSettings(categories=()))
    plain = replace(EPISODE, cover="", parts=(), extra=())
    made = FeedItem(Show(bare, ROOT, GUID), plain, replace(ITEM.entry, season=0, number=0))
    names = {
        etree.QName(e).localname for e in etree.fromstring(feed_of(made, show=made.show)).iter()
    }
    absent = {"category", "license", "copyright", "season", "person", "email", "chapter"}
    assert not names & absent


def test_a_tag_is_a_row_that_reads_its_setting(monkeypatch):
    tag = "itunes:complete"
    monkeypatch.setitem(CHANNEL, tag, lambda p: "yes" if p.show.podcast.type == "serial" else "")
    serial = replace(CONFIG, podcast=replace(PODCAST, type="serial"))
    ended = feed_of(ITEM, show=Show(serial, ROOT, GUID))
    assert [e.text for e in found(ended, f"channel/{tag}")] == ["yes"]
    assert found(feed_of(ITEM), f"channel/{tag}") == []


def hostile_item(title: str, summary: str, chapter: str) -> FeedItem:
    parts = (EPISODE.parts[0]._replace(title=chapter),)
    made = replace(EPISODE, title=title, summary=summary, parts=parts)
    return replace(ITEM, episode=made)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_valid_and_escaped(text: str):
    kept = text if rss_title(text) else "题"
    named = replace(CONFIG, station=replace(CONFIG.station, name=kept, author=kept))
    show = Show(named, ROOT, GUID)
    data = feed_of(replace(hostile_item(kept, kept, kept), show=show), show=show)
    assert texts(data, "title") == [rss_title(kept)]
    inner = etree.fromstring(f"<div>{texts(data, 'content:encoded')[0]}</div>")
    assert {e.tag for e in inner.iter()} <= {"div", "p", "strong", "ul", "li", "a"}
    assert check(data, NOW, url=URL) == ()


@given(hostile_texts, hostile_texts, hostile_texts)
def test_any_text_gives_a_feed_that_reads_back(title: str, summary: str, chapter: str):
    data = feed_of(hostile_item(title, summary, chapter))
    (name,) = texts(data, "title") or [""]
    assert name == rss_title(title or "a")
    assert len(name) <= 255
    assert all(len(text.encode()) <= 4000 for text in texts(data, "description"))
    etree.fromstring(f"<div>{texts(data, 'content:encoded')[0]}</div>")


@given(st.text(), st.integers(8, 300))
def test_a_paragraph_is_cut_between_characters(text: str, most: int):
    made = rss_paragraph(text, most)
    assert len(made.encode()) <= most
    etree.fromstring(f"<p>{made}</p>")


def test_a_tag_in_a_title_is_shown_as_it_was_written():
    titles = [hostile_item(title, "", "") for title in ("<b>3 < 5</b>", "3 < 5")]
    shown = [e.text for e in found(feed_of(*titles), ".//item/title")]
    assert shown == ["＜b＞3 ＜ 5＜/b＞", "3 < 5"]


def test_guids_are_those_of_the_namespace():
    assert podcast_guid("https://podnews.net/rss") == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert podcast_guid("http://mp3s.nashownotes.com/pc20rss.xml/") == (
        "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    )
    assert item_guid(GUID, "a") != item_guid(GUID, "b")


# ── Pages ───────────────────────────────────────────────────────────────────────────────────────


@given(st.integers(0, 2000))
def test_pages_hold_every_item_once(count: int):
    parts = split(count)
    assert [n for part in parts for n in range(count)[part]] == list(range(count))
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
    items, parts = [item(n) for n in range(230)], split(230)
    made = {
        page_name(URL, n, len(parts)): FeedPage(SHOW, tuple(items[part]), n, len(parts))
        for n, part in enumerate(parts, start=1)
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


# ── Faults ──────────────────────────────────────────────────────────────────────────────────────

GOOD = feed_of(ITEM, item(1)).decode()
LONG = "长" * 256
DATED = "</pubDate>\n      <desc"
DATE = f"Sun, 22 Nov 2026 00:00:00 +0800{DATED}"
COMPLETE, LICENSE = (
    "<itunes:complete>no</itunes:complete>",
    f"<podcast:license>{LONG}</podcast:license>",
)
SOUND_TOO = f'<enclosure url="{ROOT}b.mp3" length="1" type="audio/mpeg"/>'


def swap(old: str, new: str = "") -> str:
    """The good feed with the first such place changed."""
    assert old in GOOD, old
    return GOOD.replace(old, new, 1)


def cut(pattern: str) -> str:
    """The good feed without what fits a pattern."""
    made = re.sub(pattern, "", GOOD, flags=re.DOTALL)
    assert made != GOOD, pattern
    return made


def without(level: str, name: str) -> str:
    """The good feed without an element of the channel or its first item."""
    head, _, tail = GOOD.partition("<item>")
    element = rf"\s*<{name}[ >/](?:[^<]*?/>|.*?</{name}>|.*?/>)"
    if level == "channel":
        return re.sub(element, "", head, flags=re.DOTALL) + "<item>" + tail
    return head + "<item>" + re.sub(element, "", tail, flags=re.DOTALL)


def dated(date: str) -> str:
    return swap(DATE, f"{date}{DATED}")


_CHANNEL = "title link description language itunes:explicit itunes:author podcast:guid"
_ITEM = "title guid link pubDate description itunes:duration itunes:explicit"
NEEDED = {
    **{f"channel-{n}": without("channel", n) for n in f"{_CHANNEL} podcast:locked".split()},
    **{f"item-{name}": without("item", name) for name in _ITEM.split()},
    "channel-itunes:image-href": without("channel", "itunes:image"),
    "item-itunes:image-href": without("item", "itunes:image"),
    "channel-itunes:category-text": cut(
        r"<itunes:category.*</itunes:category>\s*<itunes:category [^>]*>"
    ),
    "channel-atom:link": cut(r"<atom:link[^>]*>"),
    "channel-itunes:email": cut(r"<itunes:email>.*?</itunes:email>"),
    "item-enclosure-url": cut(r"<enclosure[^>]*>"),
    "item-podcast:transcript-url": cut(r"<podcast:transcript[^>]*>"),
    "item-podcast:chapters-url": cut(r"<podcast:chapters[^>]*>"),
}
SWAPPED = (
    ("channel-title-value", "<title>永康播报</title>", f"<title>{LONG}</title>"),
    ("channel-itunes:author-value", ">编辑部</itunes:author>", f">{LONG}</itunes:author>"),
    ("channel-copyright-value", ">永康台</copyright>", ">© 2026 永康台</copyright>"),
    ("channel-description-value", "把文章读给你听。", "长" * 1334),
    ("channel-language-value", ">zh-CN<", ">Chinese, simplified<"),
    ("channel-itunes:explicit-value", ">false<", ">clean<"),
    ("channel-itunes:type-value", ">episodic<", ">weekly<"),
    ("channel-itunes:complete-value", "<generator>", f"{COMPLETE}<generator>"),
    ("channel-podcast:guid-value", f">{GUID}<", ">12345<"),
    ("channel-podcast:medium-value", ">newsletter<", ">radio<"),
    ("channel-podcast:locked-value", ">yes<", ">maybe<"),
    ("channel-podcast:person-value", ">王芳<", f">{LONG}<"),
    ("channel-podcast:license-value", ">cc-by-4.0<", f">{LONG}<"),
    ("item-title-value", f"<title>{EPISODE.title}</title>", f"<title>{LONG}</title>"),
    ("item-guid-value", f">{ITEM.entry.guid}<", f">{LONG}<"),
    ("item-description-value", EPISODE.summary, "长" * 1334),
    ("item-enclosure-length-value", f'length="{len(SOUND)}"', 'length="4.7 MB"'),
    ("item-enclosure-type-value", 'type="audio/mpeg"', 'type="audio/wav"'),
    ("item-itunes:duration-value", ">599<", ">9m59s<"),
    ("item-itunes:season-value", "<itunes:season>2026", "<itunes:season>two"),
    ("item-itunes:episode-value", "<itunes:episode>3", "<itunes:episode>0"),
    ("item-podcast:season-value", ">2026</podcast:season>", ">MMXXVI</podcast:season>"),
    ("item-podcast:episode-value", "<podcast:episode>3", "<podcast:episode>three"),
    ("item-itunes:episodeType-value", ">full<", ">whole<"),
    ("item-podcast:transcript-type-value", 'type="text/vtt"', 'type="text/rtf"'),
    ("item-podcast:chapters-type-value", ' type="application/json+chapters"', ""),
    ("item-podcast:person-value", ">赵敏<", f">{LONG}<"),
    ("item-podcast:license-value", "<itunes:duration>", f"{LICENSE}<itunes:duration>"),
    ("rss-version", 'version="2.0"', 'version="0.91"'),
    ("rss-version", ' version="2.0"', ""),
    ("doctype", "<rss ", "<!DOCTYPE rss>\n<rss "),
    ("size", "<item>", f"<!--{'x' * 5_000_000}--><item>"),
    ("once", "<language>", "<title>又一个</title><language>"),
    ("xml", "</channel>", ""),
    ("url-absolute", f'<enclosure url="{ROOT}a', '<enclosure url="a'),
    ("url-characters", f"{ROOT}a/a.vtt", f"{ROOT}a/字 幕.vtt"),
    ("url-https", f"{ROOT}a/a.vtt", "http://radio.example/a.vtt"),
    ("url-notes", f'<a href="{ROOT}a/index.html">', '<a href="/a/">'),
    ("self", 'rel="self"', 'rel="hub"'),
    ("self-same", f'href="{URL}"', f'href="{ROOT}other.xml"'),
    ("guid-unique", item(1).entry.guid, ITEM.entry.guid),
    ("guid-permalink", '<guid isPermaLink="false">', "<guid>"),
    ("enclosure-unique", f"{ROOT}n1/n1.mp3", f"{ROOT}a/a.mp3"),
    ("enclosure-one", "<enclosure ", f"{SOUND_TOO}<enclosure "),
    ("enclosure-ending", "a/a.mp3", "a/a.ogg"),
    ("date", DATE, f"2026-11-22{DATED}"),
    ("date-day", DATE, f"Mon, 22 Nov 2026 00:00:00 +0800{DATED}"),
    ("date-future", DATE, f"Fri, 22 Nov 2030 00:00:00 +0800{DATED}"),
    ("order", "Sat, 21 Nov 2026", "Mon, 23 Nov 2026"),
    ("category", 'text="Daily News"', 'text="Village News"'),
    ("simple-chapters", 'start="00:01:23.450"', 'start="00:11:23.450"'),
    ("ai-content", 'purpose="ai-content">true', 'purpose="ai-content">yes'),
)
"""A rule, and what of the good feed becomes what, so that it is broken."""
MADE = {
    "item-itunes:explicit-value": GOOD.replace(">false<", ">no<", 2).replace(">no<", ">false<", 1),
    "encoding": GOOD.replace("UTF-8", "GB18030", 1),
    "namespace": GOOD.replace("/dtds/podcast-1.0.dtd", "/DTDs/Podcast-1.0.dtd"),
    "namespaces": GOOD.replace("http://www.w3.org/2005/Atom", "http://example.org/atom"),
    "items": cut(r"<item>.*</item>"),
    "serial": swap(">episodic<", ">serial<").replace("<itunes:episode>3</itunes:episode>", "", 1),
    "captions": cut(r"<podcast:transcript [^>]*text/vtt[^>]*>"),
}
CASES = [*NEEDED.items(), *((rule, swap(*each)) for rule, *each in SWAPPED), *MADE.items()]
BEHIND: dict[str, tuple[str, bytes | None]] = {
    "file-there": ("a/a.vtt", None),
    "page-there": ("a/index.html", None),
    "file-size": ("a/a.mp3", SOUND + b"x"),
    "file-sound": ("a/a.mp3", b"<html>".ljust(len(SOUND))),
    "artwork": ("cover.png", picture(1400, 1300)),
    "file-captions": ("a/a.vtt", b"1\n00:00 --> 00:01"),
    "file-chapters": ("a/chapters.json", b'{"version": "1", "chapters": [{"start": 1}]}'),
}
"""A file of the folder, and what is in it instead."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """All that the good feed points to, in good order."""
    site = tmp_path / "site"
    chapters = b'{"version": "1.2.0", "chapters": [{"startTime": 0}, {"startTime": 83.45}]}'
    files = {"cover.png": PICTURE, "index.html": b"x"}
    for slug in ("a", "n1"):
        files |= {f"{slug}/{slug}.mp3": SOUND, f"{slug}/cover.png": PICTURE}
        files |= {f"{slug}/{slug}.vtt": b"WEBVTT\n", f"{slug}/chapters.json": chapters}
        files |= {f"{slug}/{name}.html": b"<!doctype html>" for name in ("index", "transcript")}
    for name, data in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(data)
    return Folder(ROOT, site)


def rules(text: str, **more) -> dict[str, Severity]:
    encoding = "gb18030" if re.search("encoding=.GB18030", text) else "utf-8"
    return {f.rule: f.severity for f in check(text.encode(encoding), NOW, url=URL, **more)}


def test_a_good_feed_has_no_finding(folder: Folder):
    assert rules(GOOD, folder=folder) == {}


@pytest.mark.parametrize(("rule", "data"), CASES, ids=[rule for rule, _ in CASES])
def test_a_fault_is_found(rule: str, data: str):
    assert rule in rules(data)


@pytest.mark.parametrize("rule", BEHIND)
def test_a_fault_of_a_file_is_found(rule: str, folder: Folder):
    name, data = BEHIND[rule]
    if data is None:
        (folder.path / name).unlink()
    else:
        (folder.path / name).write_bytes(data)
    assert rules(GOOD, folder=folder).keys() == {rule}


def test_every_rule_is_tried():
    listed = {row[0] for row in rows("bobao.publish", "rules.tsv")}
    assert listed == {*dict(CASES), *BEHIND} - {"xml"}


def test_a_finding_says_where_and_what_to_do_and_errors_come_first():
    (finding,) = check(swap(">599<", ">9m59s<").encode(), NOW, url=URL)
    line = next(n for n, text in enumerate(GOOD.splitlines(), 1) if ">599<" in text)
    assert finding.where == f"line {line}, “{EPISODE.title}”"
    assert "9m59s" in finding.what
    assert finding.advice and finding.source  # noqa: PT018
    both = dict(CASES)["date-day"].replace('version="2.0"', 'version="1"')
    severities = [f.severity for f in check(both.encode(), NOW, url=URL)]
    assert severities == sorted(severities, key=list(Severity).index)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "XML"),
        (b"<html><p>404", "XML"),
        (b"<html/>", "<html>"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "Atom"),
        (b"<rss version='2.0'/>", "channel"),
        (b"\x00" * 100, "XML"),
        (b'<?xml version="1.0" encoding="utf-8"?><rss>' + b"\xff\xfe</rss>", "XML"),
    ],
)
def test_what_is_no_feed_is_one_clear_error(data: bytes, word: str):
    (finding,) = check(data, NOW)
    assert finding.severity is Severity.ERROR
    assert word in finding.what


def test_nothing_is_loaded_from_elsewhere_and_entities_do_not_multiply(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("geheim", "utf-8")
    text = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<rss version='2.0'><channel><title>&x;</title></channel></rss>"
    )
    told = check(text.encode(), NOW)
    assert "doctype" in {f.rule for f in told}
    assert all("geheim" not in str(f) for f in told)
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 30))
    head = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{bomb}]>'
    assert check(f"{head}<rss><channel><title>&a29;</title></channel></rss>".encode(), NOW)


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_judged(data: bytes):
    assert check(data, NOW)


@given(st.data())
def test_a_damaged_feed_is_judged(data):
    """Cut anywhere, or with a piece doubled, it gives findings and never an exception."""
    at = data.draw(st.integers(0, len(GOOD)))
    end = data.draw(st.integers(at, min(len(GOOD), at + 60)))
    piece = data.draw(st.sampled_from(["", GOOD[at:end] * 2, "0", " ", "<item/>", "-"]))
    check((GOOD[:at] + piece + GOOD[end:]).encode(), NOW, url=URL, folder=Folder(ROOT, Path()))


def test_a_very_large_feed_is_refused():
    with pytest.raises(BobaoError, match="larger"):
        feeddoc.read(b" " * 30_000_001)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("Sun, 22 Nov 2026 00:00:00 +0800", True),
        ("22 Nov 2026 00:00 GMT", True),
        ("Sun, 22 Nov 26 00:00:00 EST", True),
        ("2026-11-22T00:00:00Z", False),
        ("Sun, 31 Feb 2026 00:00:00 GMT", False),
        ("So, 22 Nov 2026 00:00:00 +0100", False),
        ("Sun, 22 November 2026 00:00:00 +0100", False),
        ("x", False),
    ],
)
def test_dates_of_rfc_2822(text: str, good: bool):
    assert ("date" not in rules(dated(text))) is good


def test_a_feed_from_tomorrow_is_fine_within_the_hour():
    early = replace(ITEM, entry=replace(ITEM.entry, date="2026-11-23"))
    for minutes, good in ((-59, True), (-61, False)):
        told = check(feed_of(early), NOW + timedelta(minutes=minutes), url=URL)
        assert (told == ()) is good


def test_a_folder_answers_for_its_own_addresses_only(tmp_path):
    (tmp_path / "site" / "文 章").mkdir(parents=True)
    (tmp_path / "site" / "文 章" / "index.html").write_text("x", "utf-8")
    (tmp_path / "secret").write_text("geheim", "utf-8")
    folder = Folder(ROOT, tmp_path / "site")
    assert folder.look("https://elsewhere.example/", 9) is None
    assert folder.look(f"{ROOT}%E6%96%87%20%E7%AB%A0/?a#b", 9).data == b"x"
    for astray in ("../secret", "%2e%2e/secret", "..%2fsecret", "/etc/passwd", "a%00b", "文 章"):
        assert folder.look(f"{ROOT}{astray}", 9).fault


# ── Covers ──────────────────────────────────────────────────────────────────────────────────────

JPEG = picture(3000, kind="JPEG")


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (PICTURE, "cover.png", ""),
        (JPEG, "COVER.JPG", ""),
        (JPEG[:262_144], "cover.jpeg", ""),
        (PICTURE, "cover.jpg", "end in .png"),
        (picture(1399), "a.png", "1400 to 3000"),
        (picture(3001), "a.png", "1400 to 3000"),
        (picture(1400, 1500), "a.png", "square"),
        (picture(mode="RGBA"), "a.png", "RGB"),
        (picture(mode="P"), "a.png", "RGB"),
        (picture(mode="CMYK", kind="JPEG"), "a.jpg", "RGB"),
        (picture(mode="L", kind="JPEG"), "a.jpg", "RGB"),
        (picture(kind="GIF"), "a.gif", "no PNG or JPEG"),
        (PICTURE[:20], "a.png", "no PNG or JPEG"),
        (JPEG[:25], "a.jpg", "no PNG or JPEG"),
        (b"\xff\xd8\xff" + b"\xff" * 1000, "a.jpg", "no PNG or JPEG"),
        (b"", "a.png", "no PNG or JPEG"),
    ],
)
def test_what_directories_would_refuse_in_a_cover(data: bytes, name: str, word: str):
    told = "; ".join(cover.faults(data, name))
    assert word in told
    assert bool(told) is bool(word)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", PICTURE[:8], PICTURE[:33]]))
def test_any_bytes_are_looked_at(data: bytes, head: bytes):
    assert [*cover.faults(head + data, "a.png")] or head == PICTURE[:33]
