"""N年: a year of the calendar is said figure by figure, a length of time is a quantity."""

from __future__ import annotations

import re

from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.scan import Figures, NumberReading, Scan, Tail, Token, cues

_MONTH = re.compile(r"\d{1,2}(?:[-—~至到]\d{1,2})?月")
_QUARTER = re.compile(r"(?:[12]\d(?:Q[1-4]|H[12])|[1-4]Q[12]\d|[12]H[12]\d)(?![A-Za-z0-9])")
_DECADE = re.compile(r"(19[1-9]0)'?s(?![A-Za-z0-9])")
_LASTING = ("持续", "历时", "耗时", "用时", "时长", "延时", "约", "了", "在", "共", "达")
_BRACKETED = re.compile(r"(?:\((?:公元)?前?|[—~-](?:公元)?前)$")
_TERMS = ("工期", "刑期", "年限", "期限", "期限为", "为期", "早在")  # never a thousand years
_BASES = ("按照", "根据", "依据", "比", "与", "同", "较")  # 根据2000年的人口普查
_BEFORE_CHRIST = re.compile(r"(?:^|[，。；：！？、“”（）—,;:!?() \n于自从约在至到])前$")
_ERAS = ("公元前", "公元", "纪元", "西元")
_LENGTH_BEFORE = tuple("有了过满达每整已共长立党校国庆史历期限为需")
_OPERATORS = frozenset("×*÷=+")
_CLAUSE_STARTS = frozenset("，。；：！？、“”（）—…\n,;:!?() ")
_TO_YEAR = re.compile(r"[-—~至到]1[0-9]\d\d年")
_LONG_REIGNS = frozenset(("民国", "主体", "檀纪", "佛历", "伊历"))  # the rest ended before year 64
_OF_IT = frozenset(("的", *(f"的{sign}" for sign in "，。；！？、”")))
_LAST_LEVEL = "19"  # 10级 … 18级 are of music or wind, unless a school stands before
_BOUNDS = frozenset("以左上余多")


def is_calendar(scan: Scan, figures: str, at: int, tail: Tail) -> bool:
    """Whether `figures` before 年 (or before a later 年 of the same range) name a year.

    Four figures do unless a word before or after tells of a length of time; two figures only
    where a word says so, or a month or a leading zero does.
    """
    left = scan.left(at, 6)
    reign = cues("reign").before(left) if len(figures) < 3 else ""
    if reign and (figures < "64" or reign in _LONG_REIGNS):
        return False
    linked = scan.link.at == at and scan.link.kind == "year" and len(figures) in (2, 3, 4)
    if linked or left.endswith(_ERAS):
        return True
    if len(figures) == 3 and _BRACKETED.search(scan.text[max(0, at - 3) : at]):
        closed = scan.char(tail.end) in tuple(")-—~") and not tail.multiplier
        return closed and (figures[2] != "0" or _is_marked_era(scan, at, tail))
    if len(figures) == 3 and _is_early(scan, figures, at, tail):
        return True
    if len(figures) == 4:
        return "1000" <= figures <= "2999" and not _is_length(scan, figures, left, tail.end)
    return len(figures) == 2 and not tail.borrowed and _is_short(scan, figures, left, tail.end)


def _is_marked_era(scan: Scan, at: int, tail: Tail) -> bool:
    """Whether a round year is sure: （前300年）, （960—1279年）; （100—300年） is a length."""
    if scan.text[at - 1] == "前":
        return True
    return tail.borrowed and _TO_YEAR.match(scan.text, at + 3) is not None


def _is_early(scan: Scan, figures: str, at: int, tail: Tail) -> bool:
    """前551年, and 755年，安史之乱爆发: a year of three figures; but 300年，弹指一挥间."""
    if tail.multiplier or tail.borrowed or figures.endswith("00"):
        return False
    if _BEFORE_CHRIST.search(scan.text[max(0, at - 2) : at]):
        return True
    starts = not at or scan.char(at - 1) in _CLAUSE_STARTS
    return starts and figures >= "200" and scan.char(tail.end) in tuple("，,")


def _is_length(scan: Scan, figures: str, left: str, end: int) -> bool:
    text = scan.text
    before = cues("years-before").before(left)
    if figures[2:] != "00" and (before in _TERMS or before in cues("years-compared")):
        before = _lasting(left.removesuffix(before), recent="1900" < figures < "2100")
    if before and not (before == "近" and left.endswith(("最近", "附近"))):
        return True
    after = cues("years-after").after(text, end) and not cues("years-not-after").after(text, end)
    if after or not figures.endswith("00"):
        return bool(after)
    if "1800" <= figures <= "2100" and left.endswith(_BASES):
        return False
    if cues("years-before-round").before(left):
        return True
    ago = cues("years-after-round").after(text, end)
    return bool(
        ago
        and (figures.endswith("000") or figures < "1900")
        and not cues("years-not-after-round").after(text, end)
    )


def _lasting(left: str, *, recent: bool) -> str:
    """What tells of a length before 超过 or 约: 树龄约1260年, 存在了近1050年; not 约1880年."""
    told = cues("years-before").before(left) or ("距今" if "距" in left else "")
    return told or ("" if recent else left[-1:] if left.endswith(_LENGTH_BEFORE) else "")


def _is_short(scan: Scan, figures: str, left: str, end: int) -> bool:
    text = scan.text
    if figures[0] == "0" or _MONTH.match(text, end):
        return True
    if cues("years-before").before(left) or left.endswith(_LENGTH_BEFORE):
        return False
    held = "10" <= figures <= "29" or figures >= "50"
    if held and cues("year-event-after").after(text, end):
        return True
    if figures >= "80":
        return not cues("year-short-not-after").after(text[end : end + 8] + "。", 0)
    if figures < "60":
        return False
    return bool(cues("year-short-after").after(text, end)) or _is_of_life(scan, left, end)


def _is_of_life(scan: Scan, left: str, end: int) -> bool:
    """他72年考上, 于68年插队: an event of a life, not 70年创业史."""
    text = scan.text
    word = cues("year-life-after").after(text, end)
    if not word or cues("year-life-not-after").after(text, end + len(word)):
        return False
    if cues("person-before").before(left):
        return True
    starts = not left or left[-1] in _CLAUSE_STARTS
    return starts and word in cues("year-moment-after")


def quarter(scan: Scan, at: int) -> Token | None:
    """24Q1, 1Q24, 25H1: the year by its last two figures; 1990s: a decade."""
    found = _QUARTER.match(scan.text, at)
    if found:
        spoken = re.sub(r"\d+", lambda figures: one_by_one(figures[0]), found[0])
        return Token(at, found.end(), spoken, "year", "year-short", found.end())
    found = _DECADE.match(scan.text, at)
    if found and not scan.left(at, 3).endswith(_LASTING):
        return Token(at, found.end(), one_by_one(found[1]) + "年代", "decade", "decade-full")
    return None


def year(n: Figures) -> NumberReading | None:
    """2021年 and 5年."""
    if n.tail.group != "year" or n.tail.multiplier:
        return None
    if is_calendar(n.scan, n.text, n.at, n.tail):
        return NumberReading(one_by_one(n.text), "year", "year")
    if n.after_cue("reign"):
        return NumberReading(cardinal(n.text), "year", "reign")
    return NumberReading("两" if n.text == "2" else cardinal(n.text), "duration", "years-length")


def decade(n: Figures) -> NumberReading | None:
    """90年代 九十年代, 1990年代 一九九零年代."""
    if n.tail.group != "decade":
        return None
    if len(n.text) == 4:
        return NumberReading(one_by_one(n.text), "decade", "decade-full")
    return NumberReading(cardinal(n.text), "decade", "decade")


def born(n: Figures) -> NumberReading | None:
    """80后, 95后: those born then."""
    if n.tail.group != "born" or n.text[1] not in "05":
        return None
    if cues("decade-not-after").after(n.scan.text, n.tail.end):
        return None
    return NumberReading(one_by_one(n.text), "decade", "born-in")


def version_of_year(n: Figures) -> NumberReading | None:
    """2023款, 2021届: a year, though the word could count."""
    if n.tail.multiplier or not "1900" <= n.text <= "2099":
        return None
    if "1990" <= n.text <= "2039" and n.in_longer_word():
        return NumberReading(one_by_one(n.text), "year", "year-unmarked")  # 2025世界中文大会
    if n.counting:
        return None
    if n.tail.unit == "级":
        named = _is_whole_class(n)
    elif n.text < "1950" and n.tail.unit not in ("届", "版", "款"):
        named = False
    else:
        named = bool(cues("year-after").after(n.scan.text, n.tail.end - len(n.tail.unit)))
    return NumberReading(one_by_one(n.text), "year", "year-unmarked") if named else None


def school_year(n: Figures) -> NumberReading | None:
    """78级学生, 25届校招: two figures of the year of entering or leaving a school."""
    if n.tail.multiplier or n.after_cue("counted-before"):
        return None
    text, end = n.scan.text, n.tail.end
    if n.tail.unit == "届":
        named = "20" <= n.text <= "39" and bool(cues("leaver-after").after(text, end))
        named = named and not cues("leaver-not-near").within(n.left)
    elif n.tail.unit == "级":
        named = _is_class(n)
    else:
        return None
    return NumberReading(one_by_one(n.text), "year", "year-short") if named else None


def _is_class(n: Figures) -> bool:
    """Whether 级 is a class of a school: by the school before it, or by who is in it."""
    text, end = n.scan.text, n.tail.end
    school = n.after_cue("school-before") and not n.after_cue("school-not-before")
    if cues("school-after").after(text, end):
        return school or n.text >= _LAST_LEVEL
    follower = n.scan.char(end)
    return school and (follower in _CLAUSE_STARTS or not follower)


def _is_whole_class(n: Figures) -> bool:
    """2024级新生, 他是1938级的; but 1999级台阶."""
    end = n.tail.end
    who = end + (n.scan.char(end) == "的")  # 2012级的学生
    if cues("year-class-after").after(n.scan.text, who) or (
        who > end and cues("school-after").after(n.scan.text, who)
    ):
        return True
    school = n.after_cue("school-before") and not n.after_cue("school-not-before")
    follower = n.scan.char(end)
    if school or n.left.endswith(("是", "考入", "考取")):
        return not follower or follower in _CLAUSE_STARTS or n.scan.text[end : end + 2] in _OF_IT
    return False


def unmarked(n: Figures) -> NumberReading | None:
    """Four figures without 年 that are a year: 2022北京冬奥会, 中国制造2025, 2023，我们来了."""
    if not "1900" <= n.text <= "2099" or not _may_be_year(n):
        return None
    return NumberReading(one_by_one(n.text), "year", "year-unmarked")


def _may_be_year(n: Figures) -> bool:
    follower, left = n.follower(), n.left[-6:]
    if cues("year-after").after(n.scan.text, n.end):
        return True
    if n.tail.multiplier or (n.tail.group and (not n.tail.borrowed or n.tail.group == "sign")):
        return False
    if follower in _OPERATORS or left[-1:] in _OPERATORS:
        return False
    if cues("year-number-before").before(left.rstrip()):
        return True
    round_end = n.text.endswith("00") and not "\u4e00" <= follower <= "\u9fff"
    return not round_end and not n.counting and follower not in _BOUNDS
