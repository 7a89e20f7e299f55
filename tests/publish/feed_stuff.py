"""Shows and items for the tests of feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from bobao.publish.feed.identity import item_guid, podcast_guid
from bobao.publish.feed.notes import notes
from bobao.publish.feed.values import Channel, Enclosure, Image, Item, Mark, Person, Transcript

ROOT = "https://radio.example/pod/"
URL = f"{ROOT}feed.xml"
GUID = podcast_guid(URL)
CHINA = timezone(timedelta(hours=8))
DAY = datetime(2026, 11, 22, tzinfo=CHINA)
NOW = DAY + timedelta(days=1)
COVER = Image(f"{ROOT}cover.png", "声波的图案", 1400)
MARKS = (
    Mark(0, "开场", f"{ROOT}a/#chapter-1"),
    Mark(83_450, "“两带三盟”助推“共同富裕”", f"{ROOT}a/#chapter-2"),
)
CHANNEL = Channel(
    url=URL,
    link=ROOT,
    title="永康播报",
    description="把文章读给你听。",
    language="zh-CN",
    guid=GUID,
    image=COVER,
    author="编辑部",
    owner="永康台",
    email="editor@radio.example",
    categories=(("News", "Daily News"), ("Government",)),
    medium="newsletter",
    people=(Person("王芳", "host"), Person("李强", "author", "writing", "https://li.example/")),
    license="cc-by-4.0",
    license_url="https://creativecommons.org/licenses/by/4.0/",
    copyright="永康台",
    generator="bobao 1",
)
ITEM = Item(
    guid=item_guid(GUID, "a"),
    title="花街镇交出满意答卷",
    link=f"{ROOT}a/",
    published=DAY,
    summary="这里有全市体量最大的小微园建设项目。",
    enclosure=Enclosure(f"{ROOT}a/a.mp3", 4_916_698),
    duration_ms=598_540,
    notes=notes("这里有小微园。", MARKS, [("全文", f"{ROOT}a/")]),
    author="编辑部",
    image=Image(f"{ROOT}a/cover.png", "封面：花街镇交出满意答卷", 1400),
    season=2026,
    season_name="2026年",
    episode=3,
    people=(Person("赵敏", "reporter", "writing"),),
    transcripts=(
        Transcript(f"{ROOT}a/a.vtt", "text/vtt", "zh-CN", captions=True),
        Transcript(f"{ROOT}a/transcript.html", "text/html", "zh-CN"),
    ),
    chapters_url=f"{ROOT}a/chapters.json",
    marks=MARKS,
)


def item(number: int) -> Item:
    """An item of its own, a day older for each number."""
    name = f"n{number}"
    return replace(
        ITEM,
        guid=item_guid(GUID, name),
        title=f"第{number}篇",
        published=DAY - timedelta(days=number),
        enclosure=Enclosure(f"{ROOT}{name}/{name}.mp3", 1000 + number),
    )


HOSTILE = (
    "<script>alert(1)</script>",
    "]]>",
    "]]&gt;&amp;<![CDATA[",
    "../../x",
    "播报👍🏽𠮷",
    "\u202e倒过来\u202c",
    "\u200fאבג",
    "\x00\x07\x1b[31m",
    "\ud800",
    "\ufffe\uffff",
    'CON: <>:"/\\|?*',
    "长" * 300,
    "&amp;amp; &lt;",
    "a\r\nb\u2028c\td",
    "   ",
    "{}{0}%s",
)
texts = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=6).map("".join),
)
