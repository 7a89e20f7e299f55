"""Texts broken at a fixed width: whether one is, and which of its lines belong together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bobao.reading.lines import SourceLine, full_width
from bobao.reading.tablefiles import BYLINES, said_of
from bobao.reading.traits import OPEN, STOP, Trait, folded_of

_WRAPS = (12.0, 64.0)
"""Em between which a text may be broken at a fixed width: a newspaper column to a full page."""
_SLACK = 1.6
"""Em that a full line may lack: a mark that may not start a line, or half a wide character."""
_TOP = 8
"""Lines of the document among which a byline is looked for."""
_CENTRED = 6.0
"""Em of indent beyond which a line is centred or set to the right."""
_MARKS = re.compile(r"[，。、；,;]")
_FEW = 0.02
"""Marks for each character that prose surely has; it has three times as many."""
_LATIN = re.compile(r"[A-Za-z0-9.%_/-]*")


@dataclass(frozen=True, slots=True)
class Wrap:
    """How a document is wrapped."""

    width: float  # em
    margin: float  # indent of its full lines
    indent: bool  # a further indent starts a paragraph
    gap: int  # blank lines between the lines of a paragraph
    spaced: bool  # more blank lines than that stand between paragraphs


def wrap_of(lines: Sequence[SourceLine], traits: Sequence[Trait]) -> Wrap | None:
    """How the lines are wrapped, None where a line is a paragraph.

    They are when many are of one width, none is much wider, and most of the full ones end in the
    middle of a sentence.
    """
    ends = [line.indent + line.width for line in lines if not line.cells]
    width = full_width(lines)
    near = Counter(round(end) for end in ends if width - 3 <= end <= width + 1)
    width = float(max(near, key=lambda end: (near[end], end)))
    full = [n for n, x in enumerate(lines[:-1]) if -1.6 <= x.indent + x.width - width <= 1.1]
    inner = [n for n in full if traits[n].end != STOP]
    flows = sum(not (traits[n + 1].style and traits[n + 1].short) for n in inner)
    wider = sum(end > width + 2 for end in ends)
    few = len(full) < max(4, 0.2 * len(ends))
    if (
        few
        or not _is_prose(lines)
        or wider > 0.03 * len(ends)
        or 2 * len(inner) < len(full)
        or 2 * flows < len(inner)
    ):
        return None
    margin = Counter(lines[n + 1].indent for n in inner).most_common(1)[0][0]
    gap = Counter(lines[n + 1].blanks for n in inner).most_common(1)[0][0]
    spaced = sum(line.blanks > gap for line in lines[1:]) >= 2
    return Wrap(width, margin, _indents(lines, traits, width, margin), gap, spaced)


def _is_prose(lines: Sequence[SourceLine]) -> bool:
    """Whether the lines have as many marks as prose; verse and lists have none or fewer."""
    text = "".join(line.text for line in lines)
    return len(_MARKS.findall(text)) > _FEW * len(text)


def _indents(
    lines: Sequence[SourceLine], traits: Sequence[Trait], width: float, margin: float
) -> bool:
    """Whether an indent shows where a paragraph starts."""
    after, inside = [], []
    for n, line in enumerate(lines[:-1]):
        full = line.indent + line.width >= width - 2
        deeper = lines[n + 1].indent >= margin + 1
        if not full and traits[n].end == STOP:
            after.append(deeper)
        elif full and traits[n].end != STOP:
            inside.append(deeper)
    return 2 * sum(after) > len(after) > 0 and sum(inside) <= 0.4 * len(inside)


def unwrapped(lines: Sequence[SourceLine], traits: Sequence[Trait]) -> list[list[int]]:
    """The numbers of the lines that belong together, in order, each by itself where not wrapped."""
    if sum(not line.cells for line in lines) < 4 or not _WRAPS[0] <= full_width(lines) <= _WRAPS[1]:
        return [[n] for n in range(len(lines))]
    wrap = wrap_of(lines, traits)
    if wrap is None:
        return [[n] for n in range(len(lines))]
    groups: list[list[int]] = []
    for n in range(len(lines)):
        byline = 0 < n < _TOP and _is_byline(lines[n])
        if n and not byline and _goes_on(lines[n - 1], traits[n - 1], lines[n], traits[n], wrap):
            groups[-1].append(n)
        else:
            groups.append([n])
    return groups


def _is_byline(line: SourceLine) -> bool:
    """Whether a line by itself says who wrote the article, or when."""
    found = said_of(folded_of(line), line.width, "top")
    return found is not None and found[1] in BYLINES


def _goes_on(
    line: SourceLine, trait: Trait, after: SourceLine, next_trait: Trait, wrap: Wrap
) -> bool:
    """Whether the line `after` continues the one before, which is full."""
    if line.hint.kind or after.hint.kind or line.cells or after.cells:
        return False
    if max(line.indent, after.indent) - wrap.margin > _CENTRED:
        return trait.end == OPEN and min(line.indent, after.indent) > wrap.margin + 1
    word = _LATIN.match(after.text)
    slack = _SLACK + min(6.0, len(word.group()) / 2 if word else 0.0)
    if line.indent + line.width < wrap.width - slack or after.blanks > wrap.gap:
        return False
    if wrap.indent:
        return after.indent < wrap.margin + 1
    fresh = bool(next_trait.style) or next_trait.head.startswith("【")
    if trait.end == STOP:
        return not fresh and (wrap.spaced or not next_trait.turn)
    return not (fresh and next_trait.level < 6)


def merged(lines: Sequence[SourceLine]) -> SourceLine:
    """Lines that belong together as one, for deciding what they are."""
    if len(lines) == 1:
        return lines[0]
    text = "".join(line.text for line in lines)
    width = sum(line.width for line in lines)
    folded = "".join(folded_of(line) for line in lines)
    return replace(lines[0], end=lines[-1].end, text=text, width=width, folded=folded)
