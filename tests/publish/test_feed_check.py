"""Every rule finds the fault it is for, where it is, and nothing else in a good feed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from feed_stuff import CHANNEL, ITEM, NOW, ROOT, URL, item
from hypothesis import given
from hypothesis import strategies as st

from bobao.errors import BobaoError
from bobao.publish.feed.artwork import faults, measure
from bobao.publish.feed.check import check
from bobao.publish.feed.document import read
from bobao.publish.feed.findings import Severity
from bobao.publish.feed.looks import Kind, Look, Looker, Target
from bobao.publish.feed.render import render
from bobao.publish.feed.rules import names
from bobao.publish.feed.values import Page

GOOD = render(Page(CHANNEL, (ITEM, item(1)))).decode()
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1400).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
CHAPTERS = json.dumps({"version": "1.2.0", "chapters": [{"startTime": 0}, {"startTime": 83.45}]})
FILES = {
    ".mp3": b"ID3\x03" + bytes(60),
    ".png": PNG,
    ".vtt": b"WEBVTT\n",
    ".html": b"<!doctype html>",
    ".json": CHAPTERS.encode(),
    "/": b"",
}


@dataclass
class Folder:
    """Every file of the feed in good order, but for what a test changes."""

    changes: dict[str, Look | None] = field(default_factory=dict)

    def look(self, target: Target) -> Look | None:
        url = target.url
        for ending, look in self.changes.items():
            if url.endswith(ending):
                return look
        sizes = {ITEM.enclosure.url: ITEM.enclosure.bytes, f"{ROOT}n1/n1.mp3": 1001}
        ending = next((e for e in FILES if url.endswith(e)), "/")
        data = FILES[ending]
        return Look(size=sizes.get(url, len(data)), data=data)


def swap(old: str, new: str = "", count: int = 1) -> str:
    """The good feed with the first `count` places changed."""
    assert old in GOOD, old
    return GOOD.replace(old, new, count)


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


NEEDED = {
    "channel-title": without("channel", "title"),
    "channel-link": without("channel", "link"),
    "channel-description": without("channel", "description"),
    "channel-language": without("channel", "language"),
    "channel-itunes:image-href": without("channel", "itunes:image"),
    "channel-itunes:category-text": cut(
        r"<itunes:category.*</itunes:category>\s*<itunes:category [^>]*>"
    ),
    "channel-itunes:explicit": without("channel", "itunes:explicit"),
    "channel-atom:link": cut(r"<atom:link[^>]*>"),
    "channel-itunes:author": without("channel", "itunes:author"),
    "channel-podcast:guid": without("channel", "podcast:guid"),
    "channel-podcast:locked": without("channel", "podcast:locked"),
    "channel-itunes:email": cut(r"<itunes:email>.*?</itunes:email>"),
    "item-title": without("item", "title"),
    "item-enclosure-url": cut(r"<enclosure[^>]*>"),
    "item-guid": without("item", "guid"),
    "item-link": without("item", "link"),
    "item-pubDate": without("item", "pubDate"),
    "item-description": without("item", "description"),
    "item-itunes:duration": without("item", "itunes:duration"),
    "item-itunes:explicit": without("item", "itunes:explicit"),
    "item-itunes:image-href": without("item", "itunes:image"),
    "item-podcast:transcript-url": cut(r"<podcast:transcript[^>]*>"),
    "item-podcast:chapters-url": cut(r"<podcast:chapters[^>]*>"),
}
LONG = "长" * 256
VALUES = {
    "channel-title-value": swap("<title>永康播报</title>", f"<title>{LONG}</title>"),
    "channel-itunes:author-value": swap(">编辑部</itunes:author>", f">{LONG}</itunes:author>"),
    "channel-copyright-value": swap(">永康台</copyright>", ">© 2026 永康台</copyright>"),
    "channel-description-value": swap("把文章读给你听。", "长" * 1334),
    "channel-language-value": swap(">zh-CN<", ">Chinese, simplified<"),
    "channel-itunes:explicit-value": swap(">false<", ">clean<"),
    "channel-itunes:type-value": swap(">episodic<", ">weekly<"),
    "channel-itunes:complete-value": swap(
        "<generator>", "<itunes:complete>no</itunes:complete><generator>"
    ),
    "channel-podcast:guid-value": swap(f">{CHANNEL.guid}<", ">12345<"),
    "channel-podcast:medium-value": swap(">newsletter<", ">radio<"),
    "channel-podcast:locked-value": swap(">yes<", ">maybe<"),
    "channel-podcast:person-value": swap(">王芳<", f">{LONG}<"),
    "channel-podcast:license-value": swap(">cc-by-4.0<", f">{LONG}<"),
    "item-title-value": swap(f"<title>{ITEM.title}</title>", f"<title>{LONG}</title>"),
    "item-guid-value": swap(f">{ITEM.guid}<", f">{LONG}<"),
    "item-description-value": swap(ITEM.summary, "长" * 1334),
    "item-enclosure-length-value": swap('length="4916698"', 'length="4.7 MB"'),
    "item-enclosure-type-value": swap('type="audio/mpeg"', 'type="audio/wav"'),
    "item-itunes:duration-value": swap(">599<", ">9m59s<"),
    "item-itunes:explicit-value": cut(
        'x^|(?<=<itunes:explicit>)false(?=</itunes:explicit>\\s*<itunes:image href="https://radio.example/pod/a)'
    ).replace("<itunes:explicit></itunes:explicit>", "<itunes:explicit>no</itunes:explicit>"),
    "item-itunes:season-value": swap("<itunes:season>2026", "<itunes:season>two"),
    "item-itunes:episode-value": swap("<itunes:episode>3", "<itunes:episode>0"),
    "item-podcast:season-value": swap(">2026</podcast:season>", ">MMXXVI</podcast:season>"),
    "item-podcast:episode-value": swap("<podcast:episode>3", "<podcast:episode>three"),
    "item-itunes:episodeType-value": swap(">full<", ">whole<"),
    "item-podcast:transcript-type-value": swap('type="text/vtt"', 'type="text/rtf"'),
    "item-podcast:chapters-type-value": swap(' type="application/json+chapters"', ""),
    "item-podcast:person-value": swap(">赵敏<", f">{LONG}<"),
    "item-podcast:license-value": swap(
        "<itunes:duration>", f"<podcast:license>{LONG}</podcast:license><itunes:duration>"
    ),
}
DOCUMENT = {
    "rss-version": swap('version="2.0"', 'version="0.91"'),
    "encoding": GOOD.replace("UTF-8", "GB18030", 1),
    "doctype": swap("<rss ", "<!DOCTYPE rss>\n<rss "),
    "namespace": GOOD.replace(
        "http://www.itunes.com/dtds/podcast-1.0.dtd", "http://www.itunes.com/DTDs/Podcast-1.0.dtd"
    ),
    "namespaces": GOOD.replace("http://www.w3.org/2005/Atom", "http://example.org/atom"),
    "size": swap("<item>", f"<!--{'x' * 5_000_000}--><item>"),
    "items": cut(r"<item>.*</item>"),
    "once": swap("<language>", "<title>又一个</title><language>"),
    "xml": swap("</channel>"),
}
ITEMS = {
    "guid-unique": swap(item(1).guid, ITEM.guid),
    "guid-permalink": swap('<guid isPermaLink="false">', "<guid>"),
    "enclosure-unique": swap(f"{ROOT}n1/n1.mp3", ITEM.enclosure.url),
    "enclosure-one": swap(
        "<enclosure ", f'<enclosure url="{ROOT}b.mp3" length="1" type="audio/mpeg"/><enclosure '
    ),
    "enclosure-ending": swap("a/a.mp3", "a/a.ogg"),
    "date": swap(
        "Sun, 22 Nov 2026 00:00:00 +0800</pubDate>\n      <desc",
        "2026-11-22</pubDate>\n      <desc",
    ),
    "date-day": swap(
        "Sun, 22 Nov 2026 00:00:00 +0800</pubDate>\n      <desc",
        "Mon, 22 Nov 2026 00:00:00 +0800</pubDate>\n      <desc",
    ),
    "date-future": swap(
        "Sun, 22 Nov 2026 00:00:00 +0800</pubDate>\n      <desc",
        "Fri, 22 Nov 2030 00:00:00 +0800</pubDate>\n      <desc",
    ),
    "order": swap("Sat, 21 Nov 2026", "Mon, 23 Nov 2026"),
    "category": swap('text="Daily News"', 'text="Village News"'),
    "serial": swap(">episodic<", ">serial<").replace("<itunes:episode>3</itunes:episode>", "", 1),
    "captions": cut(r"<podcast:transcript [^>]*text/vtt[^>]*>"),
    "simple-chapters": swap('start="00:01:23.450"', 'start="00:11:23.450"'),
    "ai-content": swap('purpose="ai-content">true', 'purpose="ai-content">yes'),
}
LINKS = {
    "url-absolute": swap(f'<enclosure url="{ROOT}a', '<enclosure url="a'),
    "url-characters": swap(f"{ROOT}a/a.vtt", f"{ROOT}a/字 幕.vtt"),
    "url-https": swap(f"{ROOT}a/a.vtt", "http://radio.example/a.vtt"),
    "url-notes": swap(f'<a href="{ROOT}a/">全文', '<a href="/a/">全文'),
    "self": swap('rel="self"', 'rel="hub"'),
    "self-same": swap(f'href="{URL}"', f'href="{ROOT}other.xml"'),
}
CASES = {**NEEDED, **VALUES, **DOCUMENT, **ITEMS, **LINKS}
BEHIND = {
    "file-there": {".vtt": Look("there is no such file")},
    "page-there": {"/a/": Look("it is outside the folder")},
    "file-size": {"a.mp3": Look(size=99, data=b"ID3")},
    "file-sound": {"a.mp3": Look(size=4_916_698, data=b"<html>")},
    "artwork": {"pod/cover.png": Look(data=PNG.replace(b"\x05x", b"\x04x", 1))},
    "file-captions": {".vtt": Look(data=b"1\n00:00 --> 00:01")},
    "file-chapters": {".json": Look(data=b'{"version": "1.2.0", "chapters": [{"start": 1}]}')},
}


def rules(text: str, **more) -> dict[str, Severity]:
    data = text.encode(
        "gb18030" if 'encoding="GB18030"' in text or "'GB18030'" in text else "utf-8"
    )
    return {f.rule: f.severity for f in check(data, NOW, url=URL, **more)}


def test_a_good_feed_has_no_finding():
    assert rules(GOOD, looker=Folder()) == {}


@pytest.mark.parametrize("rule", CASES)
def test_a_fault_is_found(rule: str):
    assert rule in rules(CASES[rule])


@pytest.mark.parametrize("rule", BEHIND)
def test_a_fault_of_a_file_is_found(rule: str):
    assert rules(GOOD, looker=Folder(BEHIND[rule])).keys() == {rule}


def test_every_rule_is_tried():
    assert names() == {*CASES, *BEHIND} - {"xml"}


def test_a_finding_says_where_and_what_to_do():
    (finding,) = check(VALUES["item-itunes:duration-value"].encode(), NOW, url=URL)
    line = next(n for n, text in enumerate(GOOD.splitlines(), 1) if ">599<" in text)
    assert finding.where == f"line {line}, “{ITEM.title}”"
    assert "9m59s" in finding.what
    assert finding.advice
    assert finding.source


def test_errors_come_first():
    both = CASES["date-day"].replace('version="2.0"', 'version="1"')
    found = [f.severity for f in check(both.encode(), NOW, url=URL)]
    assert found == sorted(found, key=list(Severity).index)


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


def test_nothing_is_loaded_from_elsewhere(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("geheim", "utf-8")
    text = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<rss version='2.0'><channel><title>&x;</title></channel></rss>"
    )
    found = check(text.encode(), NOW)
    assert "doctype" in {f.rule for f in found}
    assert all("geheim" not in str(f) for f in found)


def test_entities_do_not_multiply():
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 30))
    text = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{bomb}]><rss><channel><title>&a29;</title></channel></rss>'
    assert check(text.encode(), NOW)


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_judged(data: bytes):
    assert check(data, NOW)


@given(st.data())
def test_a_damaged_feed_is_judged(data):
    """Cut anywhere, or with a piece doubled, it gives findings and never an exception."""
    at = data.draw(st.integers(0, len(GOOD)))
    end = data.draw(st.integers(at, min(len(GOOD), at + 60)))
    piece = data.draw(st.sampled_from(["", GOOD[at:end] * 2, "0", " ", "<item/>", "-"]))
    check((GOOD[:at] + piece + GOOD[end:]).encode(), NOW, url=URL, looker=Folder())


def test_a_very_large_feed_is_refused():
    with pytest.raises(BobaoError, match="larger"):
        read(b" " * 30_000_001)


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
        ("", False),
    ],
)
def test_dates_of_rfc_2822(text: str, good: bool):
    date = "Sun, 22 Nov 2026 00:00:00 +0800</pubDate>\n      <desc"
    assert ("date" not in rules(swap(date, f"{text or 'x'}</pubDate>\n      <desc"))) is good


def test_a_feed_from_tomorrow_is_fine_within_the_hour():
    almost = replace(ITEM, published=NOW + timedelta(minutes=59))
    assert check(render(Page(CHANNEL, (almost,))), NOW, url=URL) == ()


# ── Artwork ─────────────────────────────────────────────────────────────────────────────────────

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0H\0H\0\0"
    b"\xff\xc2\x00\x11\x08\x0b\xb8\x0b\xb8\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"
)


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (PNG, "cover.png", ""),
        (JPEG, "COVER.JPG", ""),
        (PNG, "cover.jpg", "end in .png"),
        (PNG[:16] + (1399).to_bytes(4, "big") * 2 + PNG[24:], "a.png", "1400 to 3000"),
        (PNG[:16] + (3001).to_bytes(4, "big") * 2 + PNG[24:], "a.png", "1400 to 3000"),
        (PNG[:20] + (1500).to_bytes(4, "big") + PNG[24:], "a.png", "square"),
        (PNG[:25] + b"\x06" + PNG[26:], "a.png", "RGB"),
        (JPEG.replace(b"\x03\x01\x22", b"\x04\x01\x22"), "a.jpg", "RGB"),
        (b"GIF89a", "a.gif", "no PNG or JPEG"),
        (PNG[:20], "a.png", "no PNG or JPEG"),
        (JPEG[:25], "a.jpg", "no PNG or JPEG"),
        (b"\xff\xd8" + b"\xff" * 1000, "a.jpg", "no PNG or JPEG"),
        (b"", "a.png", "no PNG or JPEG"),
    ],
)
def test_artwork(data: bytes, name: str, word: str):
    told = "; ".join(faults(measure(data), name))
    assert word in told
    assert bool(told) is bool(word)


@given(st.binary(max_size=300))
def test_any_bytes_are_measured(data: bytes):
    measure(b"\xff\xd8" + data)
    measure(b"\x89PNG\r\n\x1a\n" + data)


# ── Files in a folder ───────────────────────────────────────────────────────────────────────────


def test_a_folder_answers_for_its_own_addresses_only(tmp_path):
    (tmp_path / "site" / "文 章").mkdir(parents=True)
    (tmp_path / "site" / "文 章" / "index.html").write_text("x", "utf-8")
    (tmp_path / "secret").write_text("geheim", "utf-8")
    looker = Looker(ROOT, tmp_path / "site")

    def seen(url: str) -> Look | None:
        return looker.look(Target(url, Kind.CHAPTERS, None))

    assert seen("https://elsewhere.example/") is None
    assert seen(f"{ROOT}%E6%96%87%20%E7%AB%A0/?a#b") == Look(size=1, data=b"x")
    for astray in ("../secret", "%2e%2e/secret", "..%2fsecret", "/etc/passwd", "a%00b", "文 章"):
        assert seen(f"{ROOT}{astray}").fault
