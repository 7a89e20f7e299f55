"""From the files of a bulletin's folder to what its page leads to, and to its entry in the list."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bobao.model import Bulletin, LineKind, Product
from bobao.publish.site.layout import heading, heard
from bobao.publish.site.values import Download, Entry, Links

DOWNLOADS: tuple[tuple[str, str, str, str], ...] = (
    ("{slug}.mp3", "整期音频", "audio/mpeg", "MP3，内嵌章节"),
    ("{slug}.m4b", "有声书", "audio/mp4", "M4B，可按章跳转"),
    ("{slug}.epub", "有声电子书", "application/epub+zip", "EPUB，边听边读"),
    ("{slug}.txt", "文字稿", "text/plain", "TXT，纯文本"),
    ("transcript.html", "带时间的文字稿", "text/html", "HTML"),
    ("{slug}.vtt", "字幕", "text/vtt", "WebVTT"),
    ("{slug}.srt", "字幕", "application/x-subrip", "SRT"),
    ("chapters.json", "章节时间", "application/json+chapters", "JSON，供播客软件"),
    ("chapters.txt", "章节时间表", "text/plain", "TXT"),
    ("{slug}.m3u8", "播放列表", "application/vnd.apple.mpegurl", "M3U8，按章播放"),
)
"""What may be taken along, in the order of the page: file name, label, media type, note."""

SUMMARY = 96
"""Characters of a summary, about three lines on a phone."""

_STOP = re.compile(r"[。！？!?…]+[”’」』）)]*")
_PAUSES = (re.compile("[；;]"), re.compile("[，,：:]"), re.compile("、"))


def links_of(
    bulletin: Bulletin,
    files: Iterable[Product] | None = None,
    *,
    home: str = "../index.html",
    feed: str = "",
    page: str = "",
) -> Links:
    """The links of a page that lies in its bulletin's folder.

    `files` are those of the folder; by default the bulletin's own products. What is not among them
    is not offered.
    """
    slug = bulletin.header.slug
    there = {file.name: file.bytes for file in (bulletin.products if files is None else files)}
    offered = (
        Download(name, label, media, there[name], note)
        for pattern, label, media, note in DOWNLOADS
        if (name := pattern.replace("{slug}", slug)) in there
    )
    single = (
        Download(chapter.file, chapter.title, "audio/mpeg", there[chapter.file])
        for chapter in bulletin.chapters
        if chapter.file in there
    )
    covers = (name for name in ("cover.png", "cover.jpg") if name in there)
    return Links(
        audio=f"{slug}.mp3",
        cover=next(covers, ""),
        home=home,
        feed=feed,
        page=page,
        downloads=tuple(offered),
        chapters=tuple(single),
    )


def entry_of(bulletin: Bulletin, path: str, cover: str = "") -> Entry:
    """The bulletin's place in the station's list; `path` is its page's, from the root."""
    return Entry(
        path=path,
        title=bulletin.header.title,
        date=bulletin.header.date,
        duration_ms=bulletin.duration_ms,
        chapters=len(bulletin.chapters),
        summary=summary(bulletin),
        cover=cover,
    )


def summary(bulletin: Bulletin) -> str:
    """The first sentences of the author's text, at most `SUMMARY` characters of them.

    A first sentence that is longer is cut at a clause.
    """
    text = ""
    for chapter in bulletin.chapters:
        head = heading(chapter)
        for cue in chapter.cues:
            if cue is not head and heard(cue) and cue.line.kind is LineKind.TEXT:
                text += " ".join(cue.line.written.split())
                if len(text) > SUMMARY:
                    return _cut(text)
    return text


def _cut(text: str) -> str:
    start = text[: SUMMARY + 1]
    if ends := [found.end() for found in _STOP.finditer(start) if found.end() <= SUMMARY]:
        return start[: ends[-1]]
    for pause in _PAUSES:
        ends = [found.start() for found in pause.finditer(start) if found.start() >= SUMMARY // 2]
        if ends:
            return f"{start[: ends[-1]]}……"
    return f"{start[:SUMMARY]}……"
