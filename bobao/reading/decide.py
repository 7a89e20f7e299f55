"""Headings, captions, paragraphs and their cuts, decided for the document as a whole.

Every line can start a paragraph, continue one, be a heading or a caption, or a caption that stands
inside a paragraph. Each choice has a cost (`costs`); the cheapest sequence wins, found by dynamic
programming in one pass, and how much dearer the next best is for a line gives its confidence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bobao.model import BlockKind
from bobao.reading.breaks import Break, break_of
from bobao.reading.captions import CREDIT
from bobao.reading.costs import caption_cost, heading_cost, pair_cost, reason
from bobao.reading.habits import Habits
from bobao.reading.lines import Line
from bobao.reading.prices import price
from bobao.reading.traits import LIST, SHORT_HEADING, STOP, Trait

START, GOES_ON, HEADING, CAPTION, OPEN1, OPEN2, OPEN3 = range(7)
"""What a line does. OPEN1–3: a caption in a paragraph that was left 1–3 lines before."""

_NEVER = math.inf
_Costs = list[float]  # one for each role


@dataclass(frozen=True, slots=True)
class Choice:
    """The role of one line, why, and how sure that is (0–1)."""

    role: int
    reason: str
    confidence: float


class _Body:
    """The costs of one document's lines."""

    def __init__(self, lines: Sequence[Line], traits: Sequence[Trait], habits: Habits) -> None:
        self.lines, self.traits, self.habits = lines, traits, habits
        self.signs: list[dict[int, list[str]]] = []
        self._cuts: dict[tuple[int, int], float] = {}
        self.own = [self._roles(n) for n in range(len(lines))]
        self.breaks = [self.between(n - 1, n) for n in range(1, len(lines))]
        self.alike = [_alike(a, b) for a, b in pairwise(traits)]
        self.pairs = [pair_cost(a, b) for a, b in pairwise(traits)]

    def _roles(self, n: int) -> _Costs:
        """The costs of the roles of line `n` by themselves; `_NEVER` for those it cannot have."""
        line, trait = self.lines[n], self.traits[n]
        signs: dict[int, list[str]] = {}
        self.signs.append(signs)
        costs = [_NEVER] * 7
        if line.hint.kind in (BlockKind.TABLE, BlockKind.PARAGRAPH):
            costs[START] = 0.0
        elif line.hint.kind is BlockKind.HEADING:
            costs[HEADING], signs[HEADING] = 0.0, ["marked.heading"]
        elif line.hint.kind is BlockKind.CAPTION:
            costs[CAPTION:] = [0.0] * 4
            signs[CAPTION] = ["marked.caption"]
        else:
            costs[START] = costs[GOES_ON] = 0.0
            if trait.short:
                costs[HEADING], signs[HEADING] = heading_cost(line, trait, self.habits)
            if self._may_be_caption(line, trait):
                cost, signs[CAPTION] = caption_cost(line, trait, self.habits, first=n == 0)
                costs[CAPTION:] = [cost] * 4 if trait.run <= LIST else [cost, *[_NEVER] * 3]
        return costs

    @staticmethod
    def _may_be_caption(line: Line, trait: Trait) -> bool:
        if line.width > 4 * SHORT_HEADING:
            return False
        near = trait.short or (line.hint.figure and line.width <= 1.5 * SHORT_HEADING)
        return near or trait.scene >= CREDIT

    def between(self, left: int, right: int) -> Break:
        """The costs at the break between two lines."""
        here, there = self.lines[left], self.lines[right]
        found = break_of(here, self.traits[left], there, self.traits[right], self.habits)
        return replace(found, cut=_NEVER) if here.hint.kind is BlockKind.TABLE else found

    def cut_back(self, n: int, back: int) -> float:
        """The cost of line `n` going on with the line `back` lines before it."""
        if n < back:
            return _NEVER
        key = (n, back)
        if key not in self._cuts:
            self._cuts[key] = self.between(n - back, n).cut
        return self._cuts[key]

    def may_open(self, n: int) -> bool:
        """Whether a caption right after line `n` can stand inside its paragraph."""
        return self.traits[n].end != STOP

    def finish(self) -> _Costs:
        """The costs of the last line's roles for being the last."""
        trait = self.traits[-1]
        text = 0.0 if trait.end == STOP else price("end.last")
        return [text, text, price("heading>end"), price("caption>end"), *[_NEVER] * 3]


def decide(lines: Sequence[Line], traits: Sequence[Trait], habits: Habits) -> list[Choice]:
    """The role of every line, one choice a line."""
    if not lines:
        return []
    body = _Body(lines, traits, habits)
    before, came = _forward(body)
    after = _backward(body)
    sums = [[a + b for a, b in zip(x, y, strict=True)] for x, y in zip(before, after, strict=True)]
    role = sums[-1].index(min(sums[-1]))
    roles = [role]
    for n in range(len(lines) - 1, 0, -1):
        role = came[n][role]
        roles.append(role)
    roles.reverse()
    return [
        Choice(role, _reason(body, roles, n), _confidence(sums[n], role))
        for n, role in enumerate(roles)
    ]


def _forward(body: _Body) -> tuple[list[_Costs], list[list[int]]]:
    """The cheapest way to every role of every line, and the role of the line before on it."""
    first = body.own[0][:]
    first[GOES_ON] = first[OPEN1] = first[OPEN2] = first[OPEN3] = _NEVER
    costs, came = [first], [[START] * 7]
    for n in range(1, len(body.lines)):
        last, own, at = costs[-1], body.own[n], body.breaks[n - 1]
        text = START if last[START] <= last[GOES_ON] else GOES_ON
        here, via = [_NEVER] * 7, [text] * 7
        for role, (head, caption) in _AFTER.items():
            if own[role] < _NEVER:
                pair = body.pairs[n - 1] if role == HEADING else price(head)
                alike = body.alike[n - 1] if role == HEADING else 0.0
                ways = (
                    (last[text] + at.end + alike, text),
                    (last[HEADING] + pair + at.over, HEADING),
                    (last[CAPTION] + price(caption) + at.over, CAPTION),
                )
                here[role], via[role] = min(ways)
        goes = [(last[text] + at.cut, text)]
        goes += [
            (last[role] + body.cut_back(n, back), role)
            for role, back in ((OPEN1, 2), (OPEN2, 3), (OPEN3, 4))
            if last[role] < _NEVER
        ]
        here[GOES_ON], via[GOES_ON] = min(goes)
        if own[OPEN1] < _NEVER:
            if body.may_open(n - 1):
                here[OPEN1] = last[text] + price("open")
            here[OPEN2], via[OPEN2] = last[OPEN1] + price("open"), OPEN1
            here[OPEN3], via[OPEN3] = last[OPEN2] + price("open"), OPEN2
        costs.append([a + b for a, b in zip(here, own, strict=True)])
        came.append(via)
    return costs, came


_AFTER = {
    START: ("heading>text", "caption>text"),
    HEADING: ("", "caption>heading"),
    CAPTION: ("heading>caption", "caption>caption"),
}
"""The prices of a role after a heading and after a caption; `pair_cost` prices two headings."""


def _backward(body: _Body) -> list[_Costs]:
    """The cheapest way from every role of every line to the end."""
    costs = [body.finish()]
    for n in range(len(body.lines) - 1, 0, -1):
        at = body.breaks[n - 1]
        later = [a + b for a, b in zip(body.own[n], costs[-1], strict=True)]
        heads = later[HEADING] + body.alike[n - 1]
        text = min(later[START], heads, later[CAPTION]) + at.end
        text = min(text, later[GOES_ON] + at.cut)
        if body.may_open(n - 1):
            text = min(text, later[OPEN1] + price("open"))
        heading = min(
            later[START] + price("heading>text"),
            later[HEADING] + body.pairs[n - 1],
            later[CAPTION] + price("heading>caption"),
        )
        caption = min(later[role] + price(names[1]) for role, names in _AFTER.items())
        here = [text, text, heading + at.over, caption + at.over, *[_NEVER] * 3]
        if body.own[n - 1][OPEN1] < _NEVER:
            for role, back in ((OPEN1, 2), (OPEN2, 3), (OPEN3, 4)):
                stay = later[role + 1] + price("open") if role < OPEN3 else _NEVER
                here[role] = min(later[GOES_ON] + body.cut_back(n, back), stay)
        costs.append(here)
    costs.reverse()
    return costs


def _alike(left: Trait, right: Trait) -> float:
    """The cost of a heading right after text that is numbered alike: it is one more item."""
    return price("text>same") if left.style and left.style == right.style else 0.0


def _confidence(sums: _Costs, role: int) -> float:
    margin = min(cost for other, cost in enumerate(sums) if other != role) - sums[role]
    return round(1 / (1 + math.exp(-min(margin, 30.0))), 3)


def _reason(body: _Body, roles: Sequence[int], n: int) -> str:
    role = roles[n]
    if role == GOES_ON:
        left = max(m for m in range(max(0, n - 4), n) if roles[m] in (START, GOES_ON))
        return body.between(left, n).why
    if role == START:
        return "text"
    return reason(body.signs[n][min(role, CAPTION)], body.traits[n])
