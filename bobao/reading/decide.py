"""Headings, captions, paragraphs and their cuts, decided for the document as a whole.

Every line can start a paragraph, continue one, be a heading or a caption, or a caption that stands
inside a paragraph. Each choice has a cost (`costs`); the cheapest sequence wins, found by dynamic
programming in one pass (`paths`), and how much dearer the next best is for a line gives its
confidence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import add
from typing import NamedTuple

from bobao.model import BlockKind
from bobao.reading.breaks import Break, break_of, why
from bobao.reading.costs import (
    caption_cost,
    heading_cost,
    no_caption,
    no_heading,
    pair_cost,
    reason,
)
from bobao.reading.habits import Habits
from bobao.reading.lines import NO_HINT, SourceLine
from bobao.reading.paths import (
    CAPTION,
    GOES_ON,
    HEADING,
    NEVER,
    NO_WAY,
    OPEN1,
    START,
    TEXT,
    Costs,
    LineChoice,
    backward,
    forward,
    price,
)
from bobao.reading.tablefiles import CREDIT
from bobao.reading.traits import LIST, PAUSE, SHORT_HEADING, STOP, Trait

_WORTH = 6.0
"""Nats that a caption inside a paragraph may cost more than the plain way before it is dropped."""
_LEAST_CUT = -8.0
"""Less than this no cut costs."""


_SURE = 9.0
"""Nats beyond which there is no doubt."""


class Choice(NamedTuple):
    """The role of one line, why, how sure that is (0–1), and the next best role."""

    role: int
    reason: str
    confidence: float
    other: int


@dataclass(slots=True)
class _Body:
    """One document's lines while they are decided."""

    lines: Sequence[SourceLine]
    traits: Sequence[Trait]
    habits: Habits

    def breaks(self) -> list[Break]:
        """The costs at the break before every line but the first."""
        return [self.between(n - 1, n) for n in range(1, len(self.lines))]

    def between(self, left: int, right: int) -> Break:
        """The costs at the break between two lines."""
        here, there = self.lines[left], self.lines[right]
        found = break_of(here, self.traits[left], there, self.traits[right], self.habits)
        return found._replace(cut=NEVER) if here.hint.kind is BlockKind.TABLE else found

    def own(self, n: int) -> Costs:
        """The costs of the roles of line `n` by themselves."""
        line, trait = self.lines[n], self.traits[n]
        text = trait.end == PAUSE and line.hint is NO_HINT
        if (text or trait.quoted) and line.hint.kind is None and trait.scene < CREDIT:
            return TEXT
        if line.hint.kind is not None:
            return _marked(line.hint.kind)
        head = trait.short and not no_heading(line, trait)
        shows = _may_be_caption(line, trait) and not no_caption(line, trait, self.habits)
        if not head and not shows:
            return TEXT
        costs = TEXT[:]
        if head:
            costs[HEADING] = heading_cost(line, trait, self.habits)[0]
        if shows:
            cost, _ = caption_cost(line, trait, self.habits, first=n == 0)
            costs[CAPTION:] = [cost] * 5 if trait.run <= LIST else [cost, cost, *[NEVER] * 3]
        return costs

    def places(self, breaks: Sequence[Break]) -> list[LineChoice]:
        """What every role of every line costs."""
        own = [self.own(n) for n in range(len(self.lines))]
        self._without_hopeless(own, breaks)
        places = [LineChoice(own[0])]
        for n in range(1, len(own)):
            here, left, right = breaks[n - 1], self.traits[n - 1], self.traits[n]
            alike = pair = 0.0
            if own[n][HEADING] < NEVER:
                same = left.style and left.style == right.style and not right.leads
                alike = price("text>same") if same else 0.0
                pair = pair_cost(left, right)
            back = NO_WAY
            if own[n - 1][OPEN1] < NEVER and own[n][GOES_ON] < NEVER:
                back = self._back(n)
            opens = left.end != STOP
            places.append(
                LineChoice(own[n], here.end, here.cut, here.over, alike, pair, opens, back)
            )
        return places

    def _back(self, n: int) -> tuple[float, float, float]:
        """The costs of line `n` going on with the lines 2, 3 and 4 before it."""
        two, three, four = (
            self.between(n - far, n).cut if far <= n else NEVER for far in (2, 3, 4)
        )
        return two, three, four

    def _without_hopeless(self, own: list[Costs], breaks: Sequence[Break]) -> None:
        """Drop the captions inside paragraphs that cannot pay: the plain way is far cheaper."""
        for n, costs in enumerate(own):
            if costs[OPEN1] == NEVER or self.lines[n].hint.kind is not None:
                continue
            if n == 0 or n + 1 == len(own):
                plain = NEVER
            else:
                plain = min(breaks[n - 1][:2]) + min(breaks[n][:2])
            soft = any(x.hint.joins for x in self.lines[n + 1 : n + 2])
            least = _LEAST_CUT if soft else _LEAST_CUT / 4
            if costs[OPEN1] + least > plain + _WORTH:
                own[n] = [*costs[:OPEN1], NEVER, NEVER, NEVER]

    def finish(self) -> Costs:
        """The costs of the last line's roles for being the last."""
        text = 0.0 if self.traits[-1].end == STOP else price("end.last")
        headed = price("heading>end")
        return [text, text, headed, price("caption>end"), headed, *[NEVER] * 3]

    def reason(self, roles: Sequence[int], breaks: Sequence[Break], n: int) -> str:
        """Why line `n` has its role."""
        role, line, trait = roles[n], self.lines[n], self.traits[n]
        if role == START:
            return "text"
        if role == GOES_ON:
            if roles[n - 1] in (START, GOES_ON):
                return why(breaks[n - 1])
            left = max(m for m in range(max(0, n - 4), n) if roles[m] in (START, GOES_ON))
            return why(self.between(left, n))
        if line.hint.kind is not None:
            return reason([f"marked.{line.hint.kind.value}"], trait)
        if role == HEADING:
            return reason(heading_cost(line, trait, self.habits)[1], trait)
        return reason(caption_cost(line, trait, self.habits, first=n == 0)[1], trait)


def _marked(kind: BlockKind) -> Costs:
    """The costs of a line whose kind the format tells."""
    costs = [NEVER] * 8
    if kind is BlockKind.HEADING:
        costs[HEADING] = 0.0
    elif kind is BlockKind.CAPTION:
        costs[CAPTION:] = [0.0] * 5
    elif kind in (BlockKind.TABLE, BlockKind.PARAGRAPH):
        costs[START] = 0.0
    else:
        return TEXT
    return costs


def _may_be_caption(line: SourceLine, trait: Trait) -> bool:
    if line.width > 4 * SHORT_HEADING:
        return False
    near = trait.short or (line.hint.figure and line.width <= 1.5 * SHORT_HEADING)
    return near or trait.scene >= CREDIT


def decide(lines: Sequence[SourceLine], traits: Sequence[Trait], habits: Habits) -> list[Choice]:
    """The role of every line, one choice a line."""
    if not lines:
        return []
    body = _Body(lines, traits, habits)
    breaks = body.breaks()
    places = body.places(breaks)
    before, came = forward(places)
    after = backward(places, body.finish())
    sums = [list(map(add, x, y)) for x, y in zip(before, after, strict=True)]
    role = sums[-1].index(min(sums[-1]))
    roles = [role]
    for n in range(len(lines) - 1, 0, -1):
        role = came[n][role]
        roles.append(role)
    roles.reverse()
    return [
        Choice(role, body.reason(roles, breaks, n), *_confidence(sums[n], role))
        for n, role in enumerate(roles)
    ]


def _confidence(sums: Costs, role: int) -> tuple[float, int]:
    """How sure a role is against all others, and which is the next best.

    The captions inside and outside of paragraphs are one.
    """
    if sums[HEADING] == sums[CAPTION] == NEVER:
        other = GOES_ON if role == START else START
        margin = sums[other] - sums[role]
        return (1.0 if margin > _SURE else _sure((margin,))), other
    groups = [*sums[:CAPTION], min(sums[CAPTION:])]
    mine = min(role, CAPTION)
    groups[mine], best = NEVER, groups[mine]
    return _sure([cost - best for cost in groups]), groups.index(min(groups))


def _sure(margins: Sequence[float]) -> float:
    """The confidence in what is cheaper than others by `margins`, in nats."""
    if min(margins) > _SURE:
        return 1.0
    return round(1 / (1 + sum(math.exp(-max(margin, 0.0)) for margin in margins)), 3)
