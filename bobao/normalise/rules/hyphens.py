"""Two whole numbers with a hyphen between: seasons, spans of years, scores; else it is a range."""

from __future__ import annotations

import re

from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.rules.names import Judge, NumberPair, place, verdict
from bobao.normalise.scan import Scan, Token, cues

_PAIR = re.compile(
    r"(\d{1,3}) ?[-—] ?(\d{1,3})(?![\d.]{0,9}\d|[%‰℃°]|[/:](?!\d{1,3}-\d{1,3}(?!\d)))"
)
_SEASON_SHORT = re.compile(r"(\d\d)[-/—~](\d\d)(?![\d.]{0,9}\d)")
_NOT_SHORT = ("", "年", "采暖季", "供暖季", "CBA", "NBA")
_SEASON = re.compile(r"((?:1\d|20)\d\d)[-/—~](\d\d|(?:1\d|20)\d\d)(?![\d.]{0,9}\d)")
_CHAPTERED = re.compile(r"(\d{1,3})—(\d{1,3})(?![\d—.]|[年月日号万亿])")
_CHAPTERS = ("图", "表", "公式", "附件", "例题", "习题", "专栏", "第")
_RESULTS = frozenset("胜负平战")
_STOPS = frozenset("，。；！、)” ")


def season(scan: Scan, at: int) -> Token | None:
    """2021-22赛季, 2021/2022学年, （1881—1936）: years, figure by figure."""
    found = _SEASON.match(scan.text, at)
    if not found or not _is_years(scan, at, found):
        return None
    spoken = one_by_one(found[1]) + scan.style.to + one_by_one(found[2])
    return Token(at, found.end(), spoken, "year", "season", found.end())


def season_short(scan: Scan, at: int) -> Token | None:
    """24/25赛季, 23-24学年: two years that follow each other, figure by figure."""
    found = _SEASON_SHORT.match(scan.text, at)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        return None
    if cues("season-after").after(scan.text, found.end()) in _NOT_SHORT:
        return None
    spoken = one_by_one(found[1]) + scan.style.to + one_by_one(found[2])
    return Token(at, found.end(), spoken, "year", "season", found.end())


def _is_years(scan: Scan, at: int, found: re.Match[str]) -> bool:
    first, second, end = found[1], found[2], found.end()
    named = cues("season-after").after(scan.text, end)
    if len(second) == 2:
        return bool(named) and (int(first[2:]) + 1) % 100 == int(second)
    if scan.char(end) == "年" and scan.text[end : end + 2] != "年度":
        return False  # left to the rule of 年, which knows lengths of time
    tail = scan.tail(end)
    if int(second) <= int(first) or tail.group or tail.multiplier:
        return bool(named)
    bracketed = scan.char(at - 1) == "(" and scan.char(end) == ")"
    return bracketed or (first >= "1800" and not first[2:] == second[2:] == "00")


def chaptered(scan: Scan, at: int) -> Token | None:
    """图2—1: the first figure of part 2. What rises is a range (图2—4)."""
    found = _CHAPTERED.match(scan.text, at)
    if not found or int(found[1]) < int(found[2]) or not scan.left(at, 4).endswith(_CHAPTERS):
        return None
    tail = scan.tail(found.end())
    counted = tail.group and not tail.borrowed and tail.unit != "所"  # 图2—1所示
    if tail.multiplier or counted or scan.left(at, 2) == "代表":
        return None
    said = f"{cardinal(found[1])}杠{cardinal(found[2])}"
    return Token(at, found.end(), said, "code", "hyphenated-code")


def score(scan: Scan, at: int) -> Token | None:
    """3-0 in sports, or where the words round it leave nothing else."""
    found = _PAIR.match(scan.text, at)
    if not found:
        return None
    judges = _DASH_JUDGES if "—" in found[0] else _JUDGES
    if not verdict(judges, place(scan, at, found.end())):
        return None
    spoken = f"{cardinal(found[1])}比{cardinal(found[2])}"
    return Token(at, found.end(), spoken, "score", "score", found.end())


def _own_unit(where: NumberPair) -> bool | None:
    """A multiplier or unit word of its own makes it a range, unless the sport says otherwise."""
    tail, own = where.tail, not where.tail.borrowed
    if tail.multiplier and own:
        return False
    if len(where.after("score-after")) > 1 or (where.before("team") and where.after("team")):
        return True
    if tail.unit == "平" and own and _rises(where):
        return False  # 75-89平: so many square metres; a draw is even
    if not tail.group or not own or tail.unit in _RESULTS:
        return None
    return tail.group == "count" and bool(_falls(where))  # 3-0大获全胜: no range falls


def _sure(where: NumberPair) -> bool | None:
    return True if where.before("score-before") and where.after("score-after") else None


def _address(where: NumberPair) -> bool | None:
    return False if where.before("address-before") and not where.after("score-after") else None


def _next_score(where: NumberPair) -> bool | None:
    before = where.scan.previous
    return True if before.kind == "score" and where.at - before.end <= 3 else None


def _sided(where: NumberPair) -> bool | None:
    """A word of sports on one side, or a team before it."""
    if where.after("score-after") or where.before("score-before"):
        return True
    if not where.before("team"):
        return None
    follower = where.scan.text[where.end : where.end + 6]
    closed = not follower or follower[0] in _STOPS or cues("team").within(follower)
    return True if closed else None


def _sports_talk(where: NumberPair) -> bool | None:
    if not where.near("score-near", 16):
        return None
    return where.tail.borrowed or not where.tail.group


def _rises(where: NumberPair) -> bool:
    first, second = re.split("[-—]", where.scan.text[where.at : where.end])
    return int(first) < int(second)


def _falls(where: NumberPair) -> bool | None:
    """A range goes up: 5-3 is a score."""
    first, second = where.scan.text[where.at : where.end].split("-")
    return int(second) < int(first) <= 200


def _dashed(where: NumberPair) -> bool | None:
    """A dash joins the ends of a range, up or down (10—8元), unless the sport says otherwise."""
    if where.left.endswith("第"):
        return False
    if where.after("score-after-sure"):
        return True
    if where.tail.group or where.tail.multiplier:
        return where.before("score-before-sure") and where.tail.unit in _RESULTS
    if where.before("score-before-sure"):
        return True
    sided = where.after("score-after") or where.before("score-before") or where.before("team")
    return bool(sided) and where.near("score-near", 16)


_JUDGES: tuple[Judge, ...] = (
    _own_unit,
    _sure,
    _address,
    _next_score,
    _sided,
    _sports_talk,
    _falls,
)
_DASH_JUDGES: tuple[Judge, ...] = (_address, _next_score, _dashed)
