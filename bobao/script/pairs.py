"""Quotes and brackets of a text, matched as far as they match.

Printed news has quotes that are never closed or closed twice (the sample has one), so a mark
without a partner counts as nothing rather than as reaching to the end.
"""

from __future__ import annotations

from dataclasses import dataclass

QUOTES = dict(zip("“‘「『﹁﹃", "”’」』﹂﹄", strict=True))
BRACKETS = dict(zip("（([［【〔〖{｛", "）)]］】〕〗}｝", strict=True))
TITLES = dict(zip("《〈", "》〉", strict=True))
PARTNER = {**QUOTES, **BRACKETS, **TITLES}
OPENERS = frozenset(PARTNER)
CLOSERS = frozenset(PARTNER.values())
STRAIGHT = '"'
LONGEST = 400
"""A pair wider than this is taken for two stray marks."""

_OPENER_OF = {closer: opener for opener, closer in PARTNER.items()}


@dataclass(frozen=True, slots=True)
class Pair:
    """Offsets of a matched opening and closing mark; `opener` is the former."""

    start: int
    end: int
    opener: str

    @property
    def quote(self) -> bool:
        """Whether what is inside is quoted speech or a quoted word."""
        return self.opener in QUOTES or self.opener == STRAIGHT


def pairs(text: str) -> tuple[Pair, ...]:
    """The matched pairs of `text` in the order of their closing marks; they nest or stand apart.

    A closing mark takes the nearest open partner and gives up what was opened in between. Straight
    double quotes pair up in turn, and not at all where their number is odd.
    """
    found: list[Pair] = []
    open_: list[int] = []
    balanced = text.count(STRAIGHT) % 2 == 0
    for at, mark in enumerate(text):
        straight = mark == STRAIGHT and balanced
        wanted = STRAIGHT if straight else _OPENER_OF.get(mark)
        partner = _nearest(text, open_, at, wanted) if wanted else None
        if partner is not None:
            found.append(Pair(open_[partner], at, wanted or ""))
            del open_[partner:]
        elif mark in OPENERS or straight:
            open_.append(at)
    return tuple(found)


def _nearest(text: str, open_: list[int], at: int, wanted: str) -> int | None:
    """The index in `open_` of the nearest mark `wanted` within reach."""
    for index in range(len(open_) - 1, -1, -1):
        if at - open_[index] > LONGEST:
            return None
        if text[open_[index]] == wanted:
            return index
    return None
