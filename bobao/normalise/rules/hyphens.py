"""Two whole numbers with a hyphen between: seasons, spans of years, scores; else it is a range."""

from __future__ import annotations

import re

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.scan import Scan, Token

_PAIR = re.compile(r"(\d{1,4}) ?- ?(\d{1,4})(?![\d.]{0,9}\d|[:/%‰℃°])")
_SEASON = re.compile(r"((?:1\d|20)\d\d)[-/—~](\d\d|(?:1\d|20)\d\d)(?![\d.]{0,9}\d)")


def season(scan: Scan, at: int) -> Token | None:
    """2021-22赛季, 2021/2022学年: years, figure by figure."""
    found = _SEASON.match(scan.text, at)
    if not found:
        return None
    first, second, end = found[1], found[2], found.end()
    if len(second) == 2:
        if not cues("season-after").after(scan.text, end):
            return None
        if (int(first[2:]) + 1) % 100 != int(second):
            return None
    elif int(second) <= int(first) or scan.tail(end).group or scan.tail(end).multiplier:
        if not cues("season-after").after(scan.text, end):
            return None
        if scan.char(end) == "年" and scan.text[end : end + 2] != "年度":
            return None
        return Token(at, end, _years(scan, first, second), "year", "season", end)
    bracketed = scan.char(at - 1) == "(" and scan.char(end) == ")"
    if len(second) == 4 and not bracketed and (first < "1800" or first[2:] == second[2:] == "00"):
        return None
    return Token(at, end, _years(scan, first, second), "year", "season", end)


def _years(scan: Scan, first: str, second: str) -> str:
    return one_by_one(first) + scan.style.to + one_by_one(second)


def score(scan: Scan, at: int) -> Token | None:
    """3-0 in sports, or where the words round it leave nothing else."""
    found = _PAIR.match(scan.text, at)
    if not found or max(len(found[1]), len(found[2])) > 3:
        return None
    end = found.end()
    if not _is_score(scan, at, end, int(found[1]), int(found[2])):
        return None
    spoken = f"{cardinal(found[1])}比{cardinal(found[2])}"
    return Token(at, end, spoken, "score", "score", end)


def _is_score(scan: Scan, at: int, end: int, first: int, second: int) -> bool:
    text, left = scan.text, scan.left(at, 8).rstrip(' (：:“"')
    tail = scan.tail(end)
    if tail.multiplier and not tail.borrowed:
        return False
    before = bool(cues("score-before").before(left))
    after = cues("score-after").after(text, end + (scan.char(end) == " "))
    team = cues("team")
    if len(after) > 1 or (team.before(left) and team.after(text, end)):
        return True
    if tail.group and not tail.borrowed and tail.unit not in ("胜", "负", "平", "战"):
        return False
    if before and after:
        return True
    if cues("address-before").before(left) and not after:
        return False
    if scan.previous.kind == "score" and at - scan.previous.end <= 3:
        return True
    if after or (
        team.before(left)
        and (end >= len(text) or text[end] in "，。；！、)” " or team.within(text[end : end + 6]))
    ):
        return True
    if before and first <= 200 and second <= 200:
        return True
    near = cues("score-near")
    if near.within(scan.left(at, 16)) or near.within(text[end : end + 16]):
        return not (tail.group and not tail.borrowed)
    return first > second and first <= 200
