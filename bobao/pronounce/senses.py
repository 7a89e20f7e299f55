"""Words whose reading hangs on what stands beside them: the table `senses`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from bobao.pronounce import tables
from bobao.pronounce.context import Claim, Context

_BEFORE, _AFTER = 12, 24


@dataclass(frozen=True, slots=True)
class _Rule:
    """A reading, and the patterns of what stands before and after; empty ones fit anything."""

    pinyin: tuple[str, ...]
    before: str
    after: str

    def fits(self, before: str, after: str) -> bool:
        return (not self.before or bool(_compiled(self.before).search(before))) and (
            not self.after or bool(_compiled(self.after).match(after))
        )


def senses(context: Context, undecided: Set[int]) -> Iterator[Claim]:
    """Claims for single characters by their neighbours (`phrases` asks for longer words itself)."""
    for position in undecided:
        if context.text[position] in _rules() and (
            pinyin := sense(context.text, position, position + 1)
        ):
            yield Claim(position, pinyin, "sense", 0.85)


def sense(text: str, start: int, end: int) -> tuple[str, ...] | None:
    """The reading that the table gives `start:end` in its surroundings, if it gives one."""
    rules = _rules().get(text[start:end], ())
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    return next((rule.pinyin for rule in rules if rule.fits(before, after)), None)


def has_senses(word: str) -> bool:
    """Whether the table has `word`."""
    return word in _rules()


@functools.cache
def _rules() -> dict[str, tuple[_Rule, ...]]:
    found: dict[str, tuple[_Rule, ...]] = {}
    for row in tables.rows("senses"):
        word, pinyin, before, after = (*row, "", "")[:4]
        rule = _Rule(tuple(pinyin.split()), before, after)
        found[word] = (*found.get(word, ()), rule)
    return found


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first asked for: all at once take a sixth of a second."""
    return re.compile(pattern)
