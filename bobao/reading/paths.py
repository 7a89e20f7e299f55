"""The cheapest path through the kinds of lines, at the prices of ``data/costs.tsv``."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import NamedTuple

from bobao.reading.tablefiles import rows

Signs = list[str]
"""Names of rows of ``data/costs.tsv`` that hold of a line or a break, the first its default."""


@functools.cache
def _table() -> dict[str, tuple[float, str]]:
    return {sign: (float(cost), reason) for sign, cost, reason in rows("costs.tsv")}


@functools.cache
def price(sign: str) -> float:
    """The cost of one sign in nats."""
    return _table()[sign][0]


@functools.lru_cache(maxsize=16_384)
def total(signs: tuple[str, ...]) -> float:
    """The cost of several signs."""
    return sum(map(price, signs))


def strongest(signs: Sequence[str]) -> str:
    """The reason of the sign that says most for what was chosen, else that of the first."""
    best = min(signs[1:], key=price, default=signs[0])
    return _table()[best if price(best) < 0 else signs[0]][1]


def dearest(signs: Sequence[str]) -> str:
    """The reason of the sign that says most against what was not chosen."""
    return _table()[max(signs, key=price)][1]


START, GOES_ON, HEADING, CAPTION, UNDER, OPEN1, OPEN2, OPEN3 = range(8)
"""What a line does. UNDER: a caption under a heading, before any text of its section. OPEN1–3: a
caption in a paragraph that was left 1–3 lines before."""

NEVER = math.inf
Costs = list[float]  # one for each role
_NONE: Costs = [NEVER] * 8
TEXT: Costs = [0.0, 0.0, *_NONE[2:]]
"""The costs of a line that can be nothing but text."""
NO_WAY = (NEVER, NEVER, NEVER)
_FROM = {START: (START,) * 8, GOES_ON: (GOES_ON,) * 8}


class LineChoice(NamedTuple):
    """What the roles of one line cost, by themselves and after the line before it.

    `back` is the cost of going on with the paragraph 2, 3 or 4 lines before, the `own` costs of the
    roles `NEVER` for those it cannot have.
    """

    own: Costs
    end: float = 0.0  # of a paragraph that ends before it
    cut: float = 0.0  # of one that goes on in it
    over: float = 0.0  # of any two blocks that meet before it, though the words run on
    alike: float = 0.0  # of a heading after text that is numbered alike
    pair: float = 0.0  # of a heading after a heading
    opens: bool = True  # a caption can stand between the line before it and its paragraph's rest
    back: tuple[float, float, float] = NO_WAY


class Prices(NamedTuple):
    """The prices that depend on roles alone."""

    heading_text: float
    heading_caption: float
    caption_text: float
    caption_heading: float
    caption_caption: float
    under_heading: float
    open: float

    @classmethod
    def current(cls) -> Prices:
        """Those of the table."""
        return cls(
            price("heading>text"),
            price("heading>caption"),
            price("caption>text"),
            price("caption>heading"),
            price("caption>caption"),
            price("under>heading"),
            price("open"),
        )


def forward(places: Sequence[LineChoice]) -> tuple[list[Costs], list[Sequence[int]]]:
    """The cheapest way to every role of every line, and the role of the line before on it."""
    first = [*places[0].own[:UNDER], NEVER, NEVER, NEVER, NEVER]
    first[GOES_ON] = NEVER
    costs: list[Costs] = [first]
    came: list[Sequence[int]] = [_FROM[START]]
    at = Prices.current()
    for n, place in enumerate(places[1:], 1):
        last, own = costs[-1], place.own
        start, goes = last[START], last[GOES_ON]
        text, best = (START, start) if start <= goes else (GOES_ON, goes)
        if own is TEXT and places[n - 1].own is TEXT:
            costs.append([best + place.end, best + place.cut, *_NONE[2:]])
            came.append(_FROM[text])
            continue
        via = [text] * 8
        here = _NONE[:]
        ended = best + place.end
        headed, captioned = last[HEADING] + place.over, last[CAPTION] + place.over
        under = last[UNDER] + place.over
        if own[START] < NEVER:
            captions = captioned + at.caption_text, under + at.caption_text
            cost, via[START] = _least(text, ended, headed + at.heading_text, *captions)
            here[START] = cost + own[START]
        if own[HEADING] < NEVER:
            captions = captioned + at.caption_heading, under + at.under_heading
            cost, via[HEADING] = _least(text, ended + place.alike, headed + place.pair, *captions)
            here[HEADING] = cost + own[HEADING]
        if own[CAPTION] < NEVER:
            cost, via[CAPTION] = _least(text, ended, NEVER, captioned + at.caption_caption, NEVER)
            here[CAPTION] = cost + own[CAPTION]
            captions = NEVER, under + at.caption_caption
            cost, via[UNDER] = _least(text, NEVER, headed + at.heading_caption, *captions)
            here[UNDER] = cost + own[UNDER]
        if own[GOES_ON] < NEVER:
            here[GOES_ON] = best + place.cut + own[GOES_ON]
            for role, back in zip((OPEN1, OPEN2, OPEN3), place.back, strict=True):
                if last[role] + back + own[GOES_ON] < here[GOES_ON]:
                    here[GOES_ON], via[GOES_ON] = last[role] + back + own[GOES_ON], role
        if own[OPEN1] < NEVER:
            stands = own[OPEN1] + at.open
            here[OPEN1] = best + stands if place.opens else NEVER
            here[OPEN2], via[OPEN2] = last[OPEN1] + stands, OPEN1
            here[OPEN3], via[OPEN3] = last[OPEN2] + stands, OPEN2
        costs.append(here)
        came.append(via)
    return costs, came


def _least(
    text: int, ended: float, headed: float, captioned: float, under: float
) -> tuple[float, int]:
    """The least cost and the role it comes from."""
    if ended <= headed and ended <= captioned and ended <= under:
        return ended, text
    return min((headed, HEADING), (captioned, CAPTION), (under, UNDER))


def backward(places: Sequence[LineChoice], finish: Costs) -> list[Costs]:
    """The cheapest way from every role of every line to the end, whose roles cost `finish`."""
    costs = [finish]
    at = Prices.current()
    for n in range(len(places) - 1, 0, -1):
        place, before, after = places[n], places[n - 1].own, costs[-1]
        own = place.own
        start, goes = own[START] + after[START], own[GOES_ON] + after[GOES_ON]
        if own is TEXT and before is TEXT:
            text = min(start + place.end, goes + place.cut)
            costs.append([text, text, *_NONE[2:]])
            continue
        head, caption = own[HEADING] + after[HEADING], own[CAPTION] + after[CAPTION]
        text = min(min(start, head + place.alike, caption) + place.end, goes + place.cut)
        opened = own[OPEN1] + after[OPEN1] + at.open if place.opens else NEVER
        text = min(text, opened)
        here = [text, text, *_NONE[2:]]
        under = own[UNDER] + after[UNDER]
        if before[HEADING] < NEVER:
            here[HEADING] = place.over + min(
                start + at.heading_text, head + place.pair, under + at.heading_caption
            )
        if before[CAPTION] < NEVER:
            here[CAPTION] = place.over + min(
                start + at.caption_text, head + at.caption_heading, caption + at.caption_caption
            )
            here[UNDER] = place.over + min(
                start + at.caption_text, head + at.under_heading, under + at.caption_caption
            )
        if before[OPEN1] < NEVER:
            stays = (own[OPEN1] + after[OPEN2], own[OPEN1] + after[OPEN3], NEVER)
            for role, back, stay in zip((OPEN1, OPEN2, OPEN3), place.back, stays, strict=True):
                here[role] = min(goes + back, stay + at.open)
        costs.append(here)
    costs.reverse()
    return costs
