"""Numbers with colons: the time of day, a race time, a score or a ratio."""

from __future__ import annotations

import re

from bobao.normalise.numbers import cardinal, decimal, one_by_one
from bobao.normalise.rules.names import Judge, NumberPair, place, verdict
from bobao.normalise.scan import Scan, Token

_RATIO = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)((?: ?: ?\d{1,9}(?:\.\d{1,6})?){1,5})")
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?![\d:.]{0,9}\d)")
_HOUR = re.compile(r"(\d{1,2}) ?([ap])\.?m\b\.?", re.I | re.A)
_HALF_DAY = re.compile(r" ?([ap])\.?m\b\.?", re.I | re.A)
_RACE = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d)\.(\d{1,3})(?!\d)")
_LONG_RACE = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)(?!\d)")
_LETTERED = re.compile(
    r"(?:(?P<h>\d{1,3}) ?(?:h|hr) ?(?P<m>[0-5]?\d) ?(?:min|m)(?: ?(?P<s>[0-5]?\d) ?(?:sec|s))?"
    r"|(?P<h2>\d{1,3})(?:h|hr)(?P<m3>[0-5]\d)(?![\u4e00-\u9fff])"
    r"|(?P<m2>\d{1,3})(?: ?min ?|m)(?P<s2>[0-5]?\d) ?(?:sec|s))(?![A-Za-z0-9/²³])"
)
_TALL = ("身高", "身高为", "身高是", "高")  # 5'10": feet and inches
_STROKES = re.compile(r"(?P<m>\d{1,3})['′](?P<s>[0-5]?\d)(?:\"|″|'')(?P<f>\d{1,3})?(?!\d)")
_CLOCK_RANGE = re.compile(
    r" ?[-—~至到] ?(?:次日|翌日|第二天|当日|今日)?(?:凌晨|早上|上午|中午|下午|晚上|晚)?\d{1,2}:\d\d"
)


def colon(scan: Scan, at: int) -> Token | None:
    """Decide by the words near it what a number with a colon is; by itself 8:30 is a time."""
    found = _RATIO.match(scan.text, at)
    if not found:
        return None
    race = _race(scan, at)
    if race:
        return race
    clock = _CLOCK.match(scan.text, at)
    if clock and clock.end() >= found.end() and verdict(_JUDGES, place(scan, at, clock.end())):
        return _clock(scan, clock)
    return _ratio(scan, found)


def _strong_before(where: NumberPair) -> bool | None:
    strong = where.before("clock-before") or where.scan.char(where.end) in ("时", "分")
    return True if strong else None


def _next_of_list(where: NumberPair) -> bool | None:
    """The next of a list, or the other end of a range, is what the one before was."""
    before = where.scan.previous
    if before.kind not in ("time", "score", "ratio") or where.at - before.end > 2:
        return None
    return before.kind == "time"


def _score_before(where: NumberPair) -> bool | None:
    played = where.before("team") and where.scan.char(where.end) != "开"
    rated = where.before("score-before") or where.before("ratio-before")
    return False if played or rated else None


def _range(where: NumberPair) -> bool | None:
    return True if _CLOCK_RANGE.match(where.scan.text, where.end) else None


def _score_after(where: NumberPair) -> bool | None:
    return False if where.after("score-after") else None


def _weak(where: NumberPair) -> bool | None:
    return True if where.after("clock-after") or where.before("clock-before-weak") else None


def _talk(where: NumberPair) -> bool | None:
    return not where.near("ratio-near", 10) and not where.near("score-near", 16)


_JUDGES: tuple[Judge, ...] = (
    _strong_before,
    _next_of_list,
    _score_before,
    _range,
    _score_after,
    _weak,
    _talk,
)


def half_day(scan: Scan, at: int) -> Token | None:
    """8pm, 10 a.m.: the half of the day goes first."""
    found = _HOUR.match(scan.text, at)
    if not found or not 1 <= int(found[1]) <= 12:
        return None
    spoken = ("上午" if found[2] in "aA" else "下午") + _two(found[1]) + "点"
    return scan.linked(Token(at, found.end(), spoken, "time", "clock", found.end()))


def _clock(scan: Scan, found: re.Match[str]) -> Token:
    text, end = scan.text, found.end()
    hour, minute, second = found[1], found[2], found[3]
    half = _HALF_DAY.match(text, end)
    spoken = ""
    if half:
        end = half.end()
        spoken = "上午" if half[1] in "aA" else "下午"
        if scan.left(found.start(), 3).rstrip().endswith(("上午", "下午", "晚上", "凌晨", "中午")):
            spoken = ""
    spoken += "两点" if int(hour) == 2 else cardinal(hour) + "点"
    if text[end : end + 1] in ("点", "时") and minute == "00":
        spoken = spoken[:-1]
    if int(minute) or second:
        spoken += _padded(minute) + ("" if text[end : end + 1] == "分" and not second else "分")
    if second:
        spoken += _padded(second) + "秒"
    return scan.linked(Token(found.start(), end, spoken, "time", "clock", end))


def _padded(figures: str) -> str:
    """Minutes or seconds after an hour: 05 is 零五, 00 is 零."""
    return ("零" if figures[0] == "0" and figures != "00" else "") + cardinal(figures)


def _race(scan: Scan, at: int) -> Token | None:
    found = _RACE.match(scan.text, at)
    if found:
        hours = f"{_two(found[1])}小时" if found[1] else ""
        spoken = f"{hours}{_two(found[2])}分{_padded(found[3])}秒{one_by_one(found[4])}"
        return Token(at, found.end(), spoken, "time", "race-time", found.end())
    found = _LONG_RACE.match(scan.text, at)
    if not found or not place(scan, at, found.end()).near("race-near", 8):
        return None
    spoken = f"{_two(found[1])}小时{_two(found[2])}分{_padded(found[3])}秒"
    return Token(at, found.end(), spoken, "time", "race-time", found.end())


def marked(scan: Scan, at: int) -> Token | None:
    """A time in letters or strokes: 2h30min, 3min20s, 1′23″45, 5'20"."""
    found = _LETTERED.match(scan.text, at) or _STROKES.match(scan.text, at)
    if not found or (found.re is _STROKES and scan.left(at, 3).endswith(_TALL)):
        return None
    parts = {name[0]: part for name, part in found.groupdict().items() if part}
    hours, minutes, seconds = parts.get("h"), parts.get("m"), parts.get("s")
    spoken = f"{_two(hours)}小时" if hours else ""
    if minutes:
        last = "分" if seconds else "分钟"
        spoken += (_padded(minutes) if hours else _two(minutes)) + last
    if seconds:
        spoken += f"{_padded(seconds)}秒{one_by_one(parts.get('f') or '')}"
    return scan.linked(Token(at, found.end(), spoken, "duration", "duration-marked", found.end()))


def _two(figures: str) -> str:
    return "两" if int(figures) == 2 else cardinal(figures)


def _ratio(scan: Scan, found: re.Match[str]) -> Token:
    parts = [part.strip() for part in found[0].split(":")]
    spoken = "比".join(map(say, parts))
    sport = place(scan, found.start(), found.end()).near("score-near", 16)
    kind, rule = ("score", "score") if sport else ("ratio", "ratio")
    return Token(found.start(), found.end(), spoken, kind, rule, found.end())


def say(number: str) -> str:
    """One side of a score or ratio; a lone 2 is 二."""
    whole, _, fraction = number.partition(".")
    return decimal(whole, fraction) if fraction else cardinal(whole)
