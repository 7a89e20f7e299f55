"""What bobao says of its own to guide the listener: every wording in one table.

A listener cannot look ahead or back, so the opening says who speaks, what, of which day, that the
voice is synthetic (GB 45438-2025 and 《人工智能生成合成内容标识办法》, in force since 1 September
2025, ask for a label that can be heard), and how many parts there will be; each part is announced,
and the end is told.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from bobao.errors import BobaoError
from bobao.normalise import cardinal, one_by_one
from bobao.script.unread import heard

WORDING = {
    "welcome": "您正在收听{station}，本期播送：",
    "untitled": "{station}，本期播报。",
    "untitled plain": "本期播报。",
    "date": "{date}。",
    "label": "本节目由人工智能合成语音播报。",
    "contents": "本期共{count}个部分。",
    "contents first": "本期共{count}个部分，前{listed}个部分是：",
    "entry": "第{number}部分，{heading}",
    "entry numbered": "{heading}",
    "stories": "本期共{count}条内容，内容提要：",
    "stories first": "本期共{count}条内容，前{listed}条是：",
    "story": "第{number}条，",
    "story alone": "第{number}条。",
    "divided": "全文分{count}个部分播报。",
    "begin": "下面请听详细内容。",
    "part": "第{number}部分，",
    "part alone": "第{number}部分。",
    "caption": "图片说明：",
    "next caption": "另一张图片：",
    "table": "下面是一张表格，共{rows}行、{columns}列，各列依次是：",
    "table row": "下面是一张表格，只有一行，各列依次是：",
    "table plain": "下面是一张表格，共{rows}行、{columns}列。",
    "list": "下面是一张表格，共{rows}行。",
    "table end": "表格播报完毕。",
    "closing": "以上是本期的全部内容，感谢您的收听。",
    "closing station": "以上是{station}本期的全部内容，感谢您的收听。",
}

MOST_LISTED = 9
"""More headings than this are not all read out: nobody remembers them."""

FIRST_LISTED = 3
_ENDS = "。；，、：;,: "


def say(key: str, **values: str | int) -> str:
    """A wording with its places filled."""
    return WORDING[key].format(**values)


def opening(
    *, iso: str, label: bool, headings: Sequence[tuple[str, bool]], divided: int
) -> tuple[str, ...]:
    """The sentences between the title and the lead.

    `headings` are the chapters' headings as said, each with whether it has a number of its own;
    `divided` is the number of parts of an article without headings.
    """
    said = [say("date", date=date(iso))] if iso else []
    said += [say("label")] if label else []
    if len(headings) > 1:
        said += [*contents(headings), say("begin")]
    elif divided > 1:
        said.append(say("divided", count=counted(divided)))
    return tuple(said)


def contents(headings: Sequence[tuple[str, bool]], of: str = "contents") -> tuple[str, ...]:
    """The table of contents as heard: all headings, or of many the first few; none that is mute.

    `of` is the wording that opens it: "contents" of parts, "stories" of a rundown.
    """
    count = counted(len(headings))
    listed = headings
    if len(headings) > MOST_LISTED:
        listed = headings[:FIRST_LISTED]
        said = [say(f"{of} first", count=count, listed=counted(len(listed)))]
    else:
        said = [say(of, count=count)]
    named = [(place, *one) for place, one in enumerate(listed, start=1) if heard(one[0])]
    for place, heading, numbered in named:
        key = "entry numbered" if numbered else "entry"
        entry = say(key, number=number(place), heading=heading.strip(_ENDS))
        last = place == named[-1][0]
        said.append(entry if entry[-1:] in "！？!?" else entry + ("。" if last else "；"))
    return tuple(said)


def closing(station: str) -> str:
    """The last sentence of the bulletin."""
    return say("closing station", station=station) if station else say("closing")


_WEEKDAYS = "一二三四五六日"
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?\Z")


def number(value: int) -> str:
    """A cardinal or ordinal from 0 up: 12 → 十二, 105 → 一百零五, 200 → 二百."""
    return cardinal(str(value), liang=False)


def counted(value: int) -> str:
    """A number before a measure word: 2 → 两 (两个, 两列), else as `number`."""
    return "两" if value == 2 else number(value)


def date(iso: str) -> str:
    """An ISO 8601 date as a newsreader says it: 2021-12-30 → 二零二一年十二月三十日，星期四.

    A time after the date is left out; a year, or a year and a month, will do. Raises `BobaoError`
    for anything else.
    """
    try:
        if found := _PARTIAL.match(iso):
            day = datetime.date(int(found[1]), int(found[2] or 1), 1)
            return f"{one_by_one(found[1])}年" + (f"{number(day.month)}月" if found[2] else "")
        day = datetime.date.fromisoformat(iso[:10])
        if iso[10:11] not in ("", "T", " "):
            raise ValueError(iso)
    except ValueError as error:
        raise BobaoError(f"“{iso}” is not a date", advice="Write it as 2021-12-30.") from error
    said = f"{one_by_one(f'{day.year:04d}')}年{number(day.month)}月{number(day.day)}日"
    return f"{said}，星期{_WEEKDAYS[day.weekday()]}"
