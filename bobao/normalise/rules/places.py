"""A place in the text as the rules for pairs of numbers see it, and verdicts about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bobao.normalise.scan import Scan, Tail, cues


class Place(NamedTuple):
    """A pair of numbers at `at`:`end`; `left` is what stands before it, opening marks aside."""

    scan: Scan
    at: int
    end: int
    left: str
    tail: Tail

    def before(self, group: str) -> bool:
        """Whether a word of the group stands right before."""
        return bool(cues(group).before(self.left))

    def after(self, group: str) -> str:
        """The word of the group that stands right after, a space aside."""
        at = self.end + 1 if self.scan.char(self.end) == " " else self.end
        return cues(group).after(self.scan.text, at)

    def near(self, group: str, reach: int) -> bool:
        """Whether a word of the group stands within `reach` characters on either side."""
        words = cues(group)
        return words.within(self.scan.left(self.at, reach)) or words.within(
            self.scan.text[self.end : self.end + reach]
        )


Judge = Callable[[Place], bool | None]
"""Says yes or no, or None to leave it to the next judge."""


def place(scan: Scan, at: int, end: int) -> Place:
    """The place `at`:`end`."""
    left = scan.left(at, 8).rstrip(" (：:“\"‘'")
    return Place(scan, at, end, left, scan.tail(end))


def verdict(judges: tuple[Judge, ...], where: Place) -> bool:
    """What the first judge says who says anything; no if none does."""
    for judge in judges:
        said = judge(where)
        if said is not None:
            return said
    return False
