"""Headings, captions, paragraphs and their cuts, decided for the document as a whole.

Every line can start a paragraph, continue one, be a heading or a caption, or a caption that stands
inside a paragraph. Each choice has a cost (`costs`); the cheapest sequence wins, found by dynamic
programming in one pass, and how much dearer the next best is for a line gives its confidence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from bobao.model import BlockKind
from bobao.reading.captions import CREDIT, caption_weight
from bobao.reading.costs import (
    Break,
    Cost,
    break_costs,
    caption_cost,
    heading_cost,
    pair_cost,
    price_list,
)
from bobao.reading.habits import Habits
from bobao.reading.lines import Line
from bobao.reading.traits import SHORT_HEADING, End, Trait

_NEVER = math.inf


class Role(IntEnum):
    """What a line does. OPEN1–3: a caption in a paragraph that was left 1–3 lines before."""

    START = 0
    GOES_ON = 1
    HEADING = 2
    CAPTION = 3
    OPEN1 = 4
    OPEN2 = 5
    OPEN3 = 6


_TEXT = (Role.START, Role.GOES_ON)
_OPEN = (Role.OPEN1, Role.OPEN2, Role.OPEN3)


_AFTER_CAPTION = {
    Role.START: "caption>paragraph",
    Role.HEADING: "caption>heading",
    Role.CAPTION: "caption>caption",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The role of one line, why, and how sure that is (0–1)."""

    role: Role
    reason: str
    confidence: float


class _Body:
    """The costs of one document's lines, each computed once."""

    def __init__(self, lines: Sequence[Line], traits: Sequence[Trait], habits: Habits) -> None:
        self.lines, self.traits, self.habits = lines, traits, habits
        self.own = [self._roles(n) for n in range(len(lines))]
        self._breaks: dict[tuple[int, int], Break] = {}

    def _roles(self, n: int) -> dict[Role, Cost]:
        """The roles that line `n` can have with their own costs."""
        line, trait = self.lines[n], self.traits[n]
        hint = line.hint.kind
        caption = self._caption(n)
        if hint is BlockKind.TABLE:
            return {Role.START: (0.0, "")}
        if hint is BlockKind.HEADING:
            return {Role.HEADING: (0.0, "marked up as a heading")}
        if hint is BlockKind.CAPTION:
            return {role: (0.0, "marked up as a caption") for role in (Role.CAPTION, *_OPEN)}
        roles: dict[Role, Cost] = {Role.START: (0.0, ""), Role.GOES_ON: (0.0, "")}
        if trait.short:
            roles[Role.HEADING] = heading_cost(line, trait, self.habits)
        if caption is not None:
            roles |= dict.fromkeys((Role.CAPTION, *_OPEN), caption)
        return roles

    def _caption(self, n: int) -> Cost | None:
        line, trait = self.lines[n], self.traits[n]
        near = trait.short or (line.hint.figure and line.width <= 1.5 * SHORT_HEADING)
        if not near and caption_weight(line, trait)[0] < CREDIT:
            return None
        if line.width > 4 * SHORT_HEADING:
            return None
        return caption_cost(line, trait, self.habits, first=n == 0)

    def at_break(self, left: int, right: int) -> Break:
        """The costs of an end and of a cut between two lines."""
        key = (left, right)
        if key not in self._breaks:
            self._breaks[key] = break_costs(
                (self.lines[left], self.traits[left]),
                (self.lines[right], self.traits[right]),
                self.habits,
            )
        return self._breaks[key]

    def step(self, left: Role, right: Role, n: int) -> float:
        """The cost of line ``n - 1`` having role `left` and line `n` role `right`."""
        if right is Role.GOES_ON:
            if left in _TEXT:
                return self.at_break(n - 1, n).cut[0]
            back = left - Role.OPEN1 + 2
            return self.at_break(n - back, n).cut[0] if left in _OPEN else _NEVER
        if right in _OPEN:
            return self._opens(left, right, n)
        if left in _OPEN:
            return _NEVER
        here = self.at_break(n - 1, n)
        if left in _TEXT:
            return here.end[0]
        return self._after(left, right, n) + here.over

    def _opens(self, left: Role, right: Role, n: int) -> float:
        if right is Role.OPEN1:
            sure = self.traits[n - 1].end is End.STOP
            return price_list()["open"][0] if left in _TEXT and not sure else _NEVER
        return price_list()["open"][0] if left == right - 1 else _NEVER

    def _after(self, left: Role, right: Role, n: int) -> float:
        prices = price_list()
        if left is Role.CAPTION:
            return prices[_AFTER_CAPTION[right]][0]
        if right is Role.HEADING:
            return pair_cost(self.traits[n - 1], self.traits[n])[0]
        return prices["heading>caption"][0] if right is Role.CAPTION else 0.0

    def finish(self, role: Role) -> float:
        """The cost of the last line having `role`."""
        if role in _TEXT:
            trait = self.traits[-1]
            return 0.0 if trait.end is End.STOP else price_list()["end.short"][0]
        if role is Role.HEADING:
            return price_list()["heading>end"][0]
        return price_list()["caption>end"][0] if role is Role.CAPTION else _NEVER


def decide(lines: Sequence[Line], traits: Sequence[Trait], habits: Habits) -> list[Choice]:
    """The role of every line, one choice a line."""
    if not lines:
        return []
    body = _Body(lines, traits, habits)
    before, came = _forward(body)
    after = _backward(body)
    last = min(before[-1], key=lambda role: before[-1][role] + body.finish(role))
    roles = [last]
    for n in range(len(lines) - 1, 0, -1):
        roles.append(came[n][roles[-1]])
    roles.reverse()
    choices = []
    for n, role in enumerate(roles):
        sums = {r: before[n][r] + after[n][r] for r in before[n]}
        choices.append(Choice(role, _reason(body, roles, n), _confidence(sums, role)))
    return choices


def _forward(body: _Body) -> tuple[list[dict[Role, float]], list[dict[Role, Role]]]:
    """The cheapest way to every role of every line, and the role of the line before on it."""
    costs: list[dict[Role, float]] = [{}]
    for role, (own, _) in body.own[0].items():
        if role is not Role.GOES_ON and role not in _OPEN:
            costs[0][role] = own
    came: list[dict[Role, Role]] = [{}]
    for n in range(1, len(body.lines)):
        here: dict[Role, float] = {}
        back: dict[Role, Role] = {}
        for role, (own, _) in body.own[n].items():
            best, via = min((c + body.step(r, role, n), r) for r, c in costs[-1].items())
            if best < _NEVER:
                here[role], back[role] = best + own, via
        costs.append(here)
        came.append(back)
    return costs, came


def _backward(body: _Body) -> list[dict[Role, float]]:
    """The cheapest way from every role of every line to the end."""
    costs = [{role: body.finish(role) for role in body.own[-1]}]
    for n in range(len(body.lines) - 1, 0, -1):
        later = [(r, body.own[n][r][0] + c) for r, c in costs[-1].items()]
        costs.append(
            {role: min(body.step(role, r, n) + c for r, c in later) for role in body.own[n - 1]}
        )
    costs.reverse()
    return costs


def _confidence(sums: dict[Role, float], role: Role) -> float:
    others = [cost for other, cost in sums.items() if other is not role]
    margin = min(others, default=_NEVER) - sums[role]
    return round(1 / (1 + math.exp(-min(margin, 30.0))), 3)


def _reason(body: _Body, roles: Sequence[Role], n: int) -> str:
    role = roles[n]
    if role is Role.GOES_ON:
        left = max(m for m in range(max(0, n - 4), n) if roles[m] in _TEXT)
        here = body.at_break(left, n)
        return here.end[1] if here.end[0] > 2 else here.cut[1]
    if role is Role.START:
        return "text"
    return body.own[n][role][1]
