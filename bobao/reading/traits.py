"""What can be seen of a line by itself: how it ends, how it starts, its numbering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bobao.reading.lines import SourceLine
from bobao.reading.tablefiles import HEADS, fold, mark_patterns, scene_weight

SHORT_HEADING = 30.0
"""Em beyond which an unmarked line is never a heading or a plain caption."""

ITEMS = frozenset(("bullet", "circle", "round", "digit", "letter", "emoji"))
"""Styles of numbering that items of a list have."""
CLOSERS = "”’」』)】》〉]\"' "
"""Quotes and brackets that may follow an end mark."""
_HEAD, _TAIL = 48, 48
"""Characters looked at from either end of a long line."""

_QUESTION = re.compile(r"[^“”「」。?!:]{4,18}[?!]{1,3}")
_ASIDE = re.compile(r"\([^()]{6,}\)")
"""A short line that is all in brackets lacks no end mark."""
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


class Trait(NamedTuple):
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
    balanced: bool = False  # two clauses of like length, as headings have: 突出重点，狠抓落实
    quote: bool = False  # a quotation is left open
    asks: bool = False  # a short question that nobody is said to ask


def folded_of(line: SourceLine) -> str:
    """The text of `line`, folded."""
    return line.folded or fold(line.text)


def traits_of(lines: Sequence[SourceLine]) -> list[Trait]:
    """The traits of `lines`, with what makes them captions."""
    out = [trait_of(line) for line in lines]
    for n, trait in enumerate(out):
        if trait.end == PAUSE and trait.head[0] not in HEADS:
            continue
        likely = trait.end in (NONE, OPEN) or lines[n].blanks > 1 or lines[n].hint.figure
        scene, _ = scene_weight(trait.head, trait.tail, trait.short and likely)
        if scene:
            out[n] = trait._replace(scene=scene)
    return out


def trait_of(line: SourceLine) -> Trait:
    """The traits of `line`, but for what makes it a caption (`traits_of`)."""
    text = folded_of(line)
    head = text[:_HEAD]
    tail = head if len(text) <= _HEAD else text[-_TAIL:]
    short = line.width <= SHORT_HEADING
    end = STOP if short and head[0] == "(" and _ASIDE.fullmatch(head) else _end(tail)
    found = mark_patterns().start(head)
    style, level, mark = ("", 0, 0) if found is None else (found[0], int(found[1]), found[2])
    turn = _turn(head, mark) if ":" in head else ""
    if not short:
        return Trait(head, tail, short, end, style, mark, level, turn, stops=True, commas=9)
    body = head.rstrip(CLOSERS)[mark:]
    body = body[:-1] if end != NONE else body
    return Trait(
        head,
        tail,
        short,
        end,
        style,
        mark,
        level,
        turn,
        stops="。" in body or ";" in body or ("." in body and bool(_CUT_STOP.search(body))),
        commas=body.count(","),
        balanced=_balanced(body),
        quote=not _QUOTES_OPEN.isdisjoint(head) and _open_quote(head),
        asks=end == STOP and not turn and bool(_QUESTION.fullmatch(head)),
    )


def _turn(head: str, mark: int) -> str:
    """The label before a colon that does not end the line."""
    found = _TURN.match(head, mark)
    return found.group(1) if found and found.end() < len(head) else ""


def _open_quote(head: str) -> bool:
    return any(head.count(left) > head.count(right) for left, right in _QUOTED)


def _balanced(body: str) -> bool:
    if body.count(",") != 1:
        return False
    clauses = _QUOTES.sub("", body).split(",")
    return len(clauses) == 2 and abs(len(clauses[0]) - len(clauses[1])) <= 1


_QUOTES = re.compile(r"[“”‘’「」『』\"' ]")
_CUT_STOP = re.compile(r"[\u4e00-\u9fff]\.(?=[\u4e00-\u9fff])")
_OPENERS = frozenset("(《【〈")
_QUOTED = (("“", "”"), ("「", "」"), ("『", "』"))
_QUOTES_OPEN = frozenset("“「『")
_PAIRS = (("(", ")"), ("《", "》"), ("【", "】"), ("〈", "〉"))


def _end(tail: str) -> str:
    inner = tail.rstrip(CLOSERS)
    last = inner[-1:]
    if last == ".":  # a full stop after an ideograph or Latin word, none in "1."
        return STOP if len(inner) > 3 and not inner[-2].isdigit() else NONE
    end = COLON if inner.endswith("——") else _ENDS.get(last, NONE)
    if end in (NONE, PAUSE) and not _OPENERS.isdisjoint(tail) and _open(tail):
        return OPEN
    return end


def _open(tail: str) -> bool:
    """Whether a bracket or title mark is left open; quotes alone are often mistyped."""
    return any(tail.rfind(left) > tail.rfind(right) for left, right in _PAIRS)
