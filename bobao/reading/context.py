"""What is seen of a line among its neighbours: what it heads, what it stands in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bobao.reading.lines import SourceLine
from bobao.reading.traits import COLON, ITEMS, LIST, NONE, STOP, Trait

_REACH = 24
"""Lines that a letter or a diary within quotation marks has at most."""
_NAMED = 6
"""Levels of numbering above this are headings': 一、, 案例一."""
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d]+")
_OPENS, _CLOSES = "“「『", "”」』"


def with_neighbours(traits: Sequence[Trait]) -> list[Trait]:
    """`traits` with what the lines around each of them tell of it."""
    return _with_headings_again(_with_entries(_with_item_heads(traits)))


def _with_entries(traits: Sequence[Trait]) -> list[Trait]:
    """`traits` with lines of one make in a row marked as a list: the fixtures of a league."""
    out = list(traits)
    makes = [_make(trait) for trait in traits]
    for n in range(1, len(out)):
        if makes[n] and makes[n] == makes[n - 1]:
            out[n - 1 : n + 1] = [t._replace(run=max(t.run, LIST + 1)) for t in out[n - 1 : n + 1]]
    return out


def _make(trait: Trait) -> str:
    """How a short line is made of dates, times and marks, "" where there is no telling."""
    if not trait.short or trait.end != NONE or trait.style or not trait.head[0].isdigit():
        return ""
    make = _WORDS.sub("", _DIGITS.sub("0", trait.head))
    return make if len(make) > 3 else ""


def _with_headings_again(traits: Sequence[Trait]) -> list[Trait]:
    """`traits` with the short lines marked that head text several times, where others are numbered.

    Such as 基本案情 and 裁判结果 under 案例一, 案例二 …
    """
    if not any(trait.style and trait.level < _NAMED for trait in traits):
        return list(traits)
    over = [n for n, t in enumerate(traits[:-1]) if _may_head(t) and not _may_head(traits[n + 1])]
    counts = Counter(traits[n].head for n in over)
    out = list(traits)
    for n in over:
        if counts[traits[n].head] > 1:
            out[n] = out[n]._replace(again=True)
    return out


def _may_head(trait: Trait) -> bool:
    return trait.short and trait.end == NONE and not trait.style and not trait.turn


def _with_item_heads(traits: Sequence[Trait]) -> list[Trait]:
    """`traits` with those numbered lines marked that head text: 1.… over a paragraph, 2.… likewise.

    Of a list the numbers follow one another; they head text where something else, and no short
    line, follows each of them.
    """
    out = list(traits)
    for n, trait in enumerate(traits):
        if trait.style == "emoji" and not trait.turn and _heads(traits, n):
            out[n] = trait._replace(leads=True)
    for style in ITEMS - {"bullet", "emoji"}:
        numbers = [n for n, trait in enumerate(traits) if trait.style == style]
        for run in _runs(traits, numbers):
            if len(run) > 1 and all(_heads(traits, n) for n in run):
                for n in run:
                    out[n] = out[n]._replace(leads=True)
    return out


def _runs(traits: Sequence[Trait], numbers: Sequence[int]) -> list[list[int]]:
    """`numbers` of lines numbered alike, in runs with no higher numbering between."""
    runs: list[list[int]] = []
    for n in numbers:
        level = traits[n].level
        higher = runs and any(0 < t.level < level for t in traits[runs[-1][-1] + 1 : n])
        if not runs or higher:
            runs.append([])
        runs[-1].append(n)
    return runs


def _heads(traits: Sequence[Trait], n: int) -> bool:
    """Whether line `n`, which is numbered, is short and stands over text or over deeper numbers."""
    here, after = traits[n], traits[n + 1 : n + 2]
    if not here.short or here.end != NONE or here.stops or not after:
        return False
    text = not after[0].style and (not after[0].short or after[0].end == STOP)
    return text or after[0].level > here.level


def with_quotations(traits: Sequence[Trait], lines: Sequence[SourceLine]) -> list[Trait]:
    """`traits` of `lines` with those marked that stand in a quotation of several paragraphs."""
    out = list(traits)
    at = 0
    while at < len(lines):
        end = at
        if lines[at].text[0] in _OPENS and traits[at].end in (STOP, COLON) and _open(lines[at]) > 0:
            end = _closing(lines, at)
        for n in range(at + 1, end + 1):
            out[n] = out[n]._replace(quoted=True)
        at = end + 1
    return out


def _open(line: SourceLine) -> int:
    """How many more quotations `line` opens than it closes."""
    text = line.text
    return sum(map(text.count, _OPENS)) - sum(map(text.count, _CLOSES))


def _closing(lines: Sequence[SourceLine], first: int) -> int:
    """The line that ends in the mark that closes what line `first` opens, `first` if none does."""
    for n in range(first + 1, min(len(lines), first + _REACH)):
        balance = _open(lines[n])
        if lines[n].hint.kind is not None or (balance > 0 and lines[n].text[0] not in _OPENS):
            return first
        if balance < 0:
            return n if lines[n].text[-1] in _CLOSES and n > first + 1 else first
    return first
