"""N年: a year of the calendar is said figure by figure, a length of time is a quantity."""

from __future__ import annotations

import re

from bobao.normalise import tables
from bobao.normalise.scan import Scan, Tail

_MONTH = re.compile(r"\d{1,2}月|\d{1,2}[-—~至到]\d{1,2}月")
_HARD = ("公元前", "公元", "纪元", "西元", "前前")


def is_calendar(scan: Scan, figures: str, at: int, tail: Tail) -> bool:
    """Whether `figures` before 年 (or before a later 年 of the same range) name a year.

    Four figures do unless a word before or after tells of a length of time; two figures only
    where a word says so, or a month or a leading zero does.
    """
    left = scan.left(at, 6)
    if scan.link.at == at and scan.link.kind == "year" and len(figures) in (2, 4):
        return True
    if left.endswith(_HARD):
        return True
    if len(figures) == 4:
        return "1000" <= figures <= "2999" and not _is_length(scan, figures, left, tail.end)
    if len(figures) == 2 and not tail.borrowed:
        return _is_short_year(scan, figures, left, tail.end)
    return False


def _is_length(scan: Scan, figures: str, left: str, end: int) -> bool:
    text = scan.text
    before = tables.words("cues", "years-before").before(left)
    if before and not (before == "近" and left.endswith(("最近", "附近"))):
        return True
    after = tables.words("cues", "years-after").after(text, end)
    if after and not tables.words("cues", "years-not-after").after(text, end):
        return True
    if not figures.endswith("00"):
        return False
    if tables.words("cues", "years-before-round").before(left):
        return True
    return (
        figures.endswith("000")
        and bool(tables.words("cues", "years-after-round").after(text, end))
        and not tables.words("cues", "years-not-after-round").after(text, end)
    )


def _is_short_year(scan: Scan, figures: str, left: str, end: int) -> bool:
    if figures[0] == "0" or _MONTH.match(scan.text, end):
        return True
    if tables.words("cues", "years-before").before(left) or left.endswith(tuple("有了过满达每整已共长立党校国庆史历期限为需")):
        return False
    if "10" <= figures <= "29" or figures >= "50":
        if tables.words("cues", "year-event-after").after(scan.text, end):
            return True
    if figures >= "80":
        return not tables.words("cues", "year-short-not-after").after(scan.text + "。", end)
    return figures >= "60" and bool(tables.words("cues", "year-short-after").after(scan.text, end))


def is_written_year(scan: Scan, figures: str, at: int, end: int, tail: Tail) -> bool:
    """Whether four figures without 年 are a year: 2022北京冬奥会, 2023款, 中国制造2025."""
    if len(figures) != 4 or not "1900" <= figures <= "2099" or tail.multiplier:
        return False
    if tables.words("cues", "year-after").after(scan.text, end):
        return True
    if tail.group and not (tail.borrowed and tail.group != "sign"):
        return False
    left = scan.left(at, 6)
    if tables.words("cues", "year-number-before").before(left.rstrip()):
        return True
    if tables.words("cues", "quantity-before").before(left):
        return False
    follower = scan.char(end)
    if follower in tuple("×*÷=+") or left.endswith(("×", "*", "÷", "=")):
        return False
    if figures.endswith("00") and not "\u4e00" <= follower <= "\u9fff":
        return False
    return follower not in tuple("以左上余多")
