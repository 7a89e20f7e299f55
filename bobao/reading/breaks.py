"""What it costs to end a block between two lines, or to join them."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from bobao.model import BlockKind
from bobao.reading.habits import Habits
from bobao.reading.joints import REACH, goes_on, starts_with, unfinished, word_over
from bobao.reading.lines import NO_HINT, Line
from bobao.reading.prices import Signs, dearest, price, strongest, total
from bobao.reading.traits import COLON, ITEMS, LIST, NONE, SEMI, STOP, Trait

_COLUMN = 10.0
"""Em below which no column is, a first line's indent taken off: a piece cut off a paragraph is
wider."""
_CUT_OFTEN = 0.12
"""Share of cut lines from which one more is no surprise; newspaper columns have 0.3."""
_MANY = 5
"""Whole paragraphs from which a document without a sure cut is taken to have none."""
_REST = re.compile(r"[\u4e00-\u9fff]{1,3}。")
"""A sentence too short to start a paragraph: the end of one that was cut."""
_ASIDE = re.compile(r"\[[^\[\]\d]{1,12}\]|\([^()]{4,}[。!?]\)$")
"""A speaker in brackets, as on the pages of online talks, or a stage direction."""
_CLOSING = frozenset("，。、；：？！”’）》】」』,;:?!)]%℃")
_OPENING = frozenset("“「『")


class Break(NamedTuple):
    """The costs at the break between two lines, in nats."""

    end: float  # of a paragraph that ends there
    cut: float  # of one that goes on
    over: float  # of any two blocks that meet there, though the words run on
    ends: tuple[str, ...]  # signs against an end
    cuts: tuple[str, ...]  # signs for and against a cut


@functools.lru_cache(maxsize=16_384)
def why(found: Break) -> str:
    """Why the lines at a break were joined."""
    return dearest(found.ends) if found.end > 2 else strongest(found.cuts)


def break_of(line: Line, trait: Trait, after: Line, next_trait: Trait, habits: Habits) -> Break:
    """The costs at the break between `line` and the line `after` it."""
    plain = trait.end == STOP and after.blanks == habits.gap and after.hint is NO_HINT
    if plain and not habits.indent:
        return _stopped(("cut.stop",) if line.width >= _COLUMN else ("cut.stop", "cut.tiny"))
    end = _end_sign(line, trait, next_trait, habits)
    strict = habits.whole >= _MANY and habits.stops == 1 and trait.run <= LIST
    ends = [end] + ["end.strict"] * (strict and end == "end.short")
    cuts = _cut_signs(line, trait, habits)
    over: Signs = []
    if trait.end != STOP:
        over = _runs_over(line, trait, after, next_trait)
        cuts += _starts_anew(after, next_trait, habits)
    if habits.indent:
        if after.indent >= 1 and not after.hint.centred:
            cuts.append("cut.indent")
        elif trait.end != STOP:
            ends.append("end.flush")
    if after.blanks != habits.gap:
        cuts.append("cut.apart" if after.blanks > habits.gap else "cut.close")
    if after.hint.joins is not None:
        cuts.append("cut.soft" if after.hint.joins else "cut.new")
        ends += ["end.soft"] * after.hint.joins
    less = 0.0
    if end == "end.short" and (habits.terse > 0.6 or trait.run > LIST or next_trait.quoted):
        less = 0.6
    elif end == "end.long" and not habits.stops:
        less = 0.5
    return _priced(tuple(ends), tuple(cuts), tuple(over), less)


@functools.cache
def _stopped(cuts: tuple[str, ...]) -> Break:
    return _priced(("end.stop",), cuts, (), 0.0)


@functools.lru_cache(maxsize=16_384)
def _priced(
    ends: tuple[str, ...], cuts: tuple[str, ...], over: tuple[str, ...], less: float
) -> Break:
    """The costs of signs; the first of `ends` costs less by the share `less`."""
    ends += over
    cost = total(ends) - less * price(ends[0])
    return Break(cost, total(cuts), total(over), ends, cuts)


def _end_sign(line: Line, trait: Trait, next_trait: Trait, habits: Habits) -> str:
    if trait.end != NONE:
        return f"end.{trait.end}"
    item = trait.style in ITEMS and not trait.stops and not trait.commas
    if line.hint.item or item:
        return "end.item"
    turns = (trait.turn, next_trait.turn)
    if trait.short and all(turns) and habits.turns.isdisjoint(turns):
        return "end.label"
    return "end.short" if trait.short else "end.long"


def _cut_signs(line: Line, trait: Trait, habits: Habits) -> Signs:
    size = "short" if trait.short else "long"
    signs = [f"cut.{trait.end if trait.end != NONE else size}"]
    if trait.end in (NONE, COLON, SEMI) and trait.short and habits.cuts < _CUT_OFTEN:
        signs.append("cut.some" if habits.cuts else "cut.rare")
        signs += ["cut.whole"] * (habits.whole >= _MANY and not habits.cuts)
    if line.width < _COLUMN:
        signs.append("cut.tiny")
    return signs


def _runs_over(line: Line, trait: Trait, after: Line, next_trait: Trait) -> Signs:
    """Signs that the text runs on over the break."""
    first, last = after.text[0], line.text[-1]
    if trait.end in (COLON, SEMI):
        return ["end.closing"] * (first in _CLOSING)
    signs: Signs = []
    if first in _CLOSING:
        signs.append("end.closing")
    elif word_over(trait.tail[-REACH:], next_trait.head[:REACH]):
        signs.append("end.number" if last.isascii() and first.isascii() else "end.word")
    if trait.end == NONE and unfinished(trait.tail):
        signs.append("end.unfinished")
    if goes_on(next_trait.head) or starts_with(next_trait.head, "starts_open"):
        signs.append("end.starts")
    if not next_trait.short and _REST.match(next_trait.head):
        signs.append("end.rest")
    if trait.short and trait.quote:
        signs.append("end.quote")
    return signs


def _starts_anew(after: Line, next_trait: Trait, habits: Habits) -> Signs:
    """Signs that the line after the break starts something new."""
    signs: Signs = []
    if next_trait.style:
        signs.append("cut.numbered")
    elif next_trait.head[0] == "【" or _ASIDE.match(next_trait.head):
        signs.append("cut.bracket")
    elif next_trait.turn:
        signs.append("cut.turn" if next_trait.turn in habits.turns else "cut.label")
    elif after.text[0] in _OPENING or starts_with(next_trait.head, "starts_fresh"):
        signs.append("cut.fresh")
    if after.hint.kind is BlockKind.HEADING:
        signs.append("cut.new")
    return signs
