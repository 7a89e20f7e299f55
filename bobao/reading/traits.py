"""What can be seen of a line by itself: how it ends, how it starts, its numbering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bobao.reading.captions import scene_weight
from bobao.reading.lines import Line
from bobao.reading.tablefiles import fold, mark_patterns

SHORT_HEADING = 30.0
"""Em beyond which an unmarked line is never a heading or a plain caption."""

ITEMS = frozenset(("bullet", "circle", "round", "digit", "letter"))
"""Styles of numbering that items of a list have."""
LIST = 3
"""Short lines in a row beyond which they are a list and no headings."""
_CLOSERS = "”’」』)】》〉]\"' "
_HEAD, _TAIL = 48, 48
"""Characters looked at from either end of a long line."""

_TURN = re.compile(r"([^\s:,。()“”]{1,8}|[QA]\d{0,2})(?:\([^()]{1,10}\))?:")


STOP, SEMI, COLON, PAUSE, OPEN, NONE = "stop", "semi", "colon", "pause", "open", "none"
"""How a line ends, closing quotes and brackets aside: 。！？… ； ： ，、 inside a bracket, else."""

_ENDS = {
    **dict.fromkeys("。!?…｡‼⁉", STOP),
    ";": SEMI,
    ":": COLON,
    **dict.fromkeys(",、", PAUSE),
    **dict.fromkeys("“‘「『(【《〈[", OPEN),
}


@dataclass(frozen=True, slots=True)
class Trait:
    """What is seen of one line, folded (see `fold`)."""

    head: str  # folded, at most 48 characters; the whole line where it is short
    tail: str
    short: bool
    end: str
    style: str = ""  # of its numbering: "han" for 一、 …
    mark: int = 0  # length of the numbering
    level: int = 0  # of its numbering, 1 the highest
    turn: str = ""  # the label before a colon: 记者, 时间 …
    stops: bool = False  # a sentence ends within it
    commas: int = 0
    scene: float = 0.0  # how much its words make it a caption (`captions`)
    scene_reason: str = ""
    balanced: bool = False  # two clauses of like length, as headings have: 突出重点，狠抓落实
    run: int = 0  # how many short lines without an end mark stand in a row with it


def with_runs(traits: Sequence[Trait]) -> list[Trait]:
    """`traits` of lines that follow one another, with the runs of short lines among them."""
    out = list(traits)
    first = 0
    for n in range(len(out) + 1):
        if n < len(out) and out[n].short and out[n].end == NONE and out[n].style not in ITEMS:
            continue
        if n - first > 1:
            out[first:n] = [replace(trait, run=n - first) for trait in out[first:n]]
        first = n + 1
    return out


def trait_of(line: Line, scenes: bool = True) -> Trait:
    """The traits of `line`; without `scenes`, what makes it a caption is not looked at."""
    text = line.text
    head = fold(text[:_HEAD])
    tail = head if len(text) <= _HEAD else fold(text[-_TAIL:])
    short = line.width <= SHORT_HEADING
    end = _end(tail, short)
    found = mark_patterns().start(head)
    style, level, mark = ("", 0, 0) if found is None else (found[0], int(found[1]), found[2])
    turn = _TURN.match(head, mark)
    whole = short or len(text) <= _HEAD
    scene, scene_reason = scene_weight(head, tail, whole) if scenes else (0.0, "")
    body = head.rstrip(_CLOSERS)[mark:] if short else ""
    body = body[:-1] if end != NONE else body
    return Trait(
        head=head,
        tail=tail,
        short=short,
        end=end,
        style=style,
        mark=mark,
        level=level,
        turn=turn.group(1) if turn else "",
        stops=not short or any(c in body for c in "。;") or _CUT_STOP.search(body) is not None,
        commas=body.count(",") if short else 9,
        scene=scene,
        scene_reason=scene_reason,
        balanced=short and _balanced(body),
    )


def _balanced(body: str) -> bool:
    clauses = _QUOTES.sub("", body).split(",")
    return len(clauses) == 2 and abs(len(clauses[0]) - len(clauses[1])) <= 1


_QUOTES = re.compile(r"[“”‘’「」『』\"' ]")
_CUT_STOP = re.compile(r"[\u4e00-\u9fff]\.(?=[\u4e00-\u9fff])")
_PAIRS = (("(", ")"), ("《", "》"), ("【", "】"), ("〈", "〉"), ("「", "」"), ("『", "』"))


def _end(tail: str, short: bool) -> str:
    inner = tail.rstrip(_CLOSERS)
    last = inner[-1:]
    if last == ".":  # a full stop after an ideograph or Latin word, none in "1."
        return STOP if len(inner) > 3 and not inner[-2].isdigit() else NONE
    end = _ENDS.get(last, NONE)
    if end in (NONE, PAUSE) and _open(tail):
        return OPEN
    return end


def _open(tail: str) -> bool:
    """Whether a bracket or title mark is left open; quotes alone are often mistyped."""
    return any(
        tail.rfind(left) > tail.rfind(right) and tail.rfind(left) >= 0 for left, right in _PAIRS[:4]
    )
