"""A document within a document: a signature in the middle, and what is attached after it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bobao.model import BlockKind
from bobao.reading.front import SIGNED, is_date, signs
from bobao.reading.lines import Line
from bobao.reading.titles import may_be_title
from bobao.reading.traits import NONE, Trait, folded_of
from bobao.reading.verdicts import Verdict, Verdicts

_HEAD = re.compile(r"附件\s*[\d一二三四五六七八九十]{0,2}")
_DATE_ENDS = "日)0123456789"
_SIGNERS = 6
_REASON = "an attachment starts"


def inner_matter(lines: Sequence[Line], traits: Sequence[Trait], open_: Sequence[int]) -> Verdicts:
    """Verdicts on signatures with their dates that more text follows, and on what heads that."""
    found: Verdicts = {}
    for place, n in enumerate(open_[:-1]):
        if not place or not traits[n].short:
            continue
        text = folded_of(lines[n])
        if text[-1] in _DATE_ENDS and is_date(lines[n]):
            found |= _signature(lines, traits, open_[max(1, place - _SIGNERS) : place + 1])
        elif text[0] == "附" and _HEAD.fullmatch(text):
            found |= _heading(lines, traits, open_[place : place + 2])
    return found


def _signature(lines: Sequence[Line], traits: Sequence[Trait], above: Sequence[int]) -> Verdicts:
    """The last of the lines `above`, a date, and the names of those who signed right above it."""
    found: Verdicts = {}
    dated = below = Verdict(BlockKind.META, SIGNED, 0.85)
    for n in reversed(above[:-1]):
        if not signs(lines[n], traits[n], below, named=True):
            break
        found[n] = below = Verdict(BlockKind.META, "a signature", 0.8)
    return found | {above[-1]: dated} if found else {}


def _heading(lines: Sequence[Line], traits: Sequence[Trait], both: Sequence[int]) -> Verdicts:
    """附件1 and the attachment's own title under it as a heading."""
    first, title = both
    found = {first: Verdict(BlockKind.HEADING, _REASON, 0.85, level=1)}
    plain = traits[title].short and traits[title].end == NONE and not traits[title].commas
    if plain and may_be_title(lines[title], traits[title]):
        found[title] = Verdict(BlockKind.HEADING, _REASON, 0.8, first, level=1)
    return found
