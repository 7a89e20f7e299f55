"""A bulletin with everything a page can show, made up, and its site."""

from __future__ import annotations

from pathlib import Path

from publish_stuff import line

from bobao.model import Bulletin, Chapter, Cue, Header, Line, LineKind, Product, Word, audible
from bobao.publish.outputs import Masthead, Material, Neighbour, Slot

SITE = Masthead(
    name="永康播报",
    description="逐句对照的有声新闻。",
    author="永康播报编辑部",
    base_url="https://example.org/bobao/",
    feed="feed.xml",
    cover="cover.png",
)
SYLLABLE_MS, REST_MS, PAUSE_MS = 120, 60, 400
HOSTILE = "<script>alert('&\"')</script>]]>--><!--</title>\u202e\x00../../x\u2028😀"


def signpost(text: str) -> Line:
    return line(("", text), kind=LineKind.SIGNPOST)


def job(
    made: Bulletin | None = None, masthead: Masthead = SITE, beside=(), older=False
) -> Material:
    """What a page is made from."""
    made = made or bulletin()
    before = Neighbour("上一篇", "../shang/index.html") if older else None
    return Material(made, Slot(made.header.slug, Path(), masthead, older=before), beside)


def chapters(*sections: list[list[Line]]) -> tuple[Chapter, ...]:
    """Chapters from their paragraphs, the heading's first; every line takes time by its length."""
    now, made = 1000, []
    for number, paragraphs in enumerate(sections, start=1):
        start = made[-1].end_ms if made else 0
        cues = []
        for place, paragraph in enumerate(paragraphs):
            for each in paragraph:
                cues.append(_cue(each, now, place))
                now = cues[-1].end_ms + (PAUSE_MS if cues[-1].words else 0)
        heading = paragraphs[0][0]
        title = "开场" if number == 1 and len(sections) > 1 else heading.written.strip()
        file = f"chapters/{number:02}-{title.replace('/', '-')}.mp3"
        made.append(Chapter(number, title or heading.spoken, start, now, tuple(cues), file))
    return tuple(made)


def _cue(each: Line, start: int, paragraph: int) -> Cue:
    if not audible(each.spoken):
        return Cue(start, start, each, paragraph=paragraph)
    now, words = start, []
    for span in each.spans:
        whole = span.written != span.spoken
        step = max(len(span.spoken), 1) if whole else 2
        for at in range(0, max(len(span.spoken), 1), step):
            spoken = span.spoken[at : at + step]
            length = sum(SYLLABLE_MS if c.isalnum() else REST_MS for c in spoken)
            written = span.written if whole else spoken
            words.append(Word(now, now + length, written, spoken))
            now += length
    return Cue(start, now, each, tuple(words), "take", paragraph)


def bulletin(
    *sections: list[list[Line]], title: str = "", date: str = "2026-11-22", slug: str = "yangli"
) -> Bulletin:
    made = chapters(*(sections or EVERYTHING))
    files = [f"{slug}.mp3", f"{slug}.vtt", "chapters.json", "cover.png", *(c.file for c in made)]
    return Bulletin(
        header=Header(slug, title or made[0].cues[0].line.written, date),
        chapters=made,
        duration_ms=made[-1].end_ms + 1000,
        engine="tone",
        engine_version="1",
        voice="tone",
        products=tuple(Product(name, 1000 * len(name), "") for name in files),
    )


EVERYTHING: tuple[list[list[Line]], ...] = (
    [
        [line(("", "本期播送："), "锻造振兴排头兵", (" ", "，"), "花街镇交出答卷", ("", "。"))],
        [signpost("本节目由人工智能合成语音播报。"), signpost("下面请听详细内容。")],
        [
            line("这里有全市体量最大的小微园，"),
            line("产值达", ("4.07亿元", "四点零七亿元"), "，增长", ("98%", "百分之九十八"), "。"),
            line(("（见图1）", "")),
        ],
        [line("The quick brown fox 跑了过来。"), line("A & B <b>公司</b> --> 上市😀了。")],
    ],
    [
        [line(("", "第一部分，"), "“两带三盟”助推/发展", ("", "。"))],
        [line("今年，花街镇突破原有模式。"), line("村民都说好。")],
        [line("一处小标题", ("", "。"), kind=LineKind.SUBHEAD, level=3)],
        [line("First, we read it. "), line("Then we said it.")],
        [line(("", "图片说明："), "两带三盟", (" ", "，"), "区位示意图", kind=LineKind.CAPTION)],
        [line(("责任编辑：张三", ""), kind=LineKind.SILENT)],
    ],
    [
        [line(("", "第二部分，"), "各村产值", ("", "。"))],
        [
            line(("", "下面是表格，"), "村名", (" ", "、"), "产值", kind=LineKind.TABLE),
            line("金杜", (" ", "，"), ("", "产值："), "三百万", kind=LineKind.TABLE),
            line("卉川", (" ", "，"), ("", "产值："), "五百万", kind=LineKind.TABLE),
            line(("", "表格结束。"), kind=LineKind.TABLE),
        ],
        [line("只有一行的名单", kind=LineKind.TABLE)],
        [signpost("感谢您的收听。")],
    ],
)
