"""Small whole numbers and dates in words, for what bobao itself says.

The article's own numbers are `bobao.normalise`'s affair.
"""

from __future__ import annotations

import datetime
import re

from bobao.errors import BobaoError

_DIGITS = "零一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?\Z")


def number(value: int) -> str:
    """A cardinal or ordinal from 0 up: 12 → 十二, 105 → 一百零五; above 9999 digit by digit."""
    if value > 9999:
        return digits(str(value))
    said, gap = "", False
    for unit, place in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = value // place % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + unit
            gap = False
        else:
            gap = True
    return said.removeprefix("一") if 10 <= value < 20 else said or "零"


def counted(value: int) -> str:
    """A number before a measure word: 2 → 两 (两个, 两列), else as `number`."""
    return "两" if value == 2 else number(value)


def digits(text: str) -> str:
    """ASCII digits one by one: 2021 → 二零二一."""
    return "".join(_DIGITS[int(digit)] for digit in text)


def date(iso: str) -> str:
    """An ISO 8601 date as a newsreader says it: 2021-12-30 → 二零二一年十二月三十日，星期四.

    A time after the date is left out; a year, or a year and a month, will do. Raises `BobaoError`
    for anything else.
    """
    try:
        if found := _PARTIAL.match(iso):
            day = datetime.date(int(found[1]), int(found[2] or 1), 1)
            return f"{digits(found[1])}年" + (f"{number(day.month)}月" if found[2] else "")
        day = datetime.date.fromisoformat(iso[:10])
        if iso[10:11] not in ("", "T", " "):
            raise ValueError(iso)
    except ValueError as error:
        raise BobaoError(f"“{iso}” is not a date", advice="Write it as 2021-12-30.") from error
    said = f"{digits(f'{day.year:04d}')}年{number(day.month)}月{number(day.day)}日"
    return f"{said}，星期{_WEEKDAYS[day.weekday()]}"
