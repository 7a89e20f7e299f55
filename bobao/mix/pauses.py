"""How long bobao is silent, and where: one table, in milliseconds.

A listener cannot see a heading or an empty line; silence says it. The steps sentence < paragraph <
heading < chapter are each half as long again as the one before, so that they are told apart at any
speed of playing, and all stay below two seconds: longer silence sounds like a fault.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum

from bobao.errors import BobaoError
from bobao.model import GRID_MS, Line, LineKind

LONGEST_MS = 5_000
"""No single pause may be longer: listeners and broadcast monitors take it for a broken line."""


class PauseRole(str, Enum):
    """What a line is to the pauses round it."""

    TEXT = "text"
    HEADING = "heading"
    SUBHEAD = "subhead"
    ASIDE = "aside"  # a caption or a signpost: not part of the running text
    ROW = "row"  # a line of a table


_ROLES = {
    LineKind.SUBHEAD: PauseRole.SUBHEAD,
    LineKind.CAPTION: PauseRole.ASIDE,
    LineKind.SIGNPOST: PauseRole.ASIDE,
    LineKind.TABLE: PauseRole.ROW,
}


def role(line: Line, *, heading: bool = False) -> PauseRole:
    """What `line` is to the pauses round it; `heading` says that it heads its section."""
    return PauseRole.HEADING if heading else _ROLES.get(line.kind, PauseRole.TEXT)


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silences in milliseconds, each a multiple of 10 between 0 and `LONGEST_MS`."""

    start: int = 200
    """Before the first sound of the file: many players and headphones swallow its beginning."""
    lead: int = 200
    """Between a chapter's start and its heading where no sting is played: a player that seeks a
    little late still gives the first syllable whole."""
    before_sting: int = 700
    """Before a sting, at the end of the chapter before it: the last sentence may settle."""
    after_sting: int = 400
    """After a sting, whose own end is already a fade."""
    sentence: int = 500
    """After a sentence: a newsreader's breath."""
    row: int = 500
    """After a line of a table, before the next of the same table."""
    subhead: int = 700
    """After a subhead: it belongs to what follows, so less than before it."""
    paragraph: int = 800
    """After a paragraph."""
    aside: int = 900
    """Before and after captions, tables and signposts: they stand outside the running text."""
    before_subhead: int = 1000
    """Before a subhead."""
    heading: int = 1000
    """After a heading."""
    chapter: int = 1300
    """Before a chapter without a sting; with `lead` 1500 between the last word and the heading."""
    end: int = 1000
    """After the last sound: players cut off the end of a file and start the next at once."""

    def __post_init__(self) -> None:
        for each in fields(self):
            length = getattr(self, each.name)
            if not 0 <= length <= LONGEST_MS or length % GRID_MS:
                raise BobaoError(
                    f"the pause “{each.name}” is {length} ms",
                    advice=f"Give a multiple of {GRID_MS} between 0 and {LONGEST_MS}.",
                )

    def between(self, before: PauseRole, after: PauseRole, *, same_paragraph: bool) -> int:
        """The pause between two lines of a section: the longest that either side asks for."""
        if before is after is PauseRole.ROW and same_paragraph:
            return self.row
        plain = self.sentence if same_paragraph else self.paragraph
        if (
            before is PauseRole.SUBHEAD
        ):  # after it the paragraph ends in the script, not in the sense
            plain = self.subhead
        ahead = {
            PauseRole.HEADING: self.heading,
            PauseRole.ASIDE: self.aside,
            PauseRole.ROW: self.aside,
        }
        behind = {
            PauseRole.SUBHEAD: self.before_subhead,
            PauseRole.ASIDE: self.aside,
            PauseRole.ROW: self.aside,
        }
        if before is after is PauseRole.ASIDE and same_paragraph:
            return plain
        return max(plain, ahead.get(before, 0), behind.get(after, 0))
