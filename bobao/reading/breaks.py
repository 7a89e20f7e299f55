"""What it costs to end a block between two lines or to join them; and whether a text is wrapped."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bobao.model import BlockKind
from bobao.reading.habits import Habits
from bobao.reading.joints import REACH, goes_on, starts_with, unfinished, word_over
from bobao.reading.lines import NO_HINT, SourceLine, full_width
from bobao.reading.paths import Signs, dearest, price, strongest, total
from bobao.reading.tablefiles import BYLINES, said_of
from bobao.reading.traits import COLON, ITEMS, LIST, NONE, OPEN, SEMI, STOP, Trait, folded_of

_COLUMN = 10.0
"""Em below which no column is, a first line's indent taken off: a piece cut off a paragraph is
wider."""
_CUT_OFTEN = 0.12
"""Share of cut lines from which one more is no surprise; newspaper columns have 0.3."""
_MANY = 5
"""Whole paragraphs from which a document without a sure cut is taken to have none."""
_REST = re.compile(r"[\u4e00-\u9fff]{1,3}。")
"""A sentence too short to start a paragraph: the end of one that was cut."""
_ASIDE = re.compile(r"\[[^\[\]\d]{1,12}\]|\([^()]{4,}[。!?]\)$")
"""A speaker in brackets, as on the pages of online talks, or a stage direction."""
_CLOSING = frozenset("，。、；：？！”’）》】」』,;:?!)]%℃")
_OPENING = frozenset("“「『")


class Break(NamedTuple):
    """The costs at the break between two lines, in nats."""

    end: float  # of a paragraph that ends there
    cut: float  # of one that goes on
    over: float  # of any two blocks that meet there, though the words run on
    ends: tuple[str, ...]  # signs against an end
    cuts: tuple[str, ...]  # signs for and against a cut


@functools.lru_cache(maxsize=16_384)
def why(found: Break) -> str:
    """Why the lines at a break were joined."""
    return dearest(found.ends) if found.end > 2 else strongest(found.cuts)


def break_of(
    line: SourceLine, trait: Trait, after: SourceLine, next_trait: Trait, habits: Habits
) -> Break:
    """The costs at the break between `line` and the line `after` it."""
    plain = trait.end == STOP and after.blanks == habits.gap and after.hint is NO_HINT
    if plain and not habits.indent:
        return _stopped(("cut.stop",) if line.width >= _COLUMN else ("cut.stop", "cut.tiny"))
    end = _end_sign(line, trait, next_trait, habits)
    strict = habits.whole >= _MANY and habits.stops == 1 and trait.run <= LIST
    ends = [end] + ["end.strict"] * (strict and end == "end.short")
    cuts = _cut_signs(line, trait, habits)
    over: Signs = []
    if trait.end != STOP:
        over = _runs_over(line, trait, after, next_trait)
        cuts += _starts_anew(after, next_trait, habits)
    if habits.indent:
        if after.indent >= 1 and not after.hint.centred:
            cuts.append("cut.indent")
        elif trait.end != STOP:
            ends.append("end.flush")
    if after.blanks != habits.gap:
        cuts.append("cut.apart" if after.blanks > habits.gap else "cut.close")
    if after.hint.joins is not None:
        cuts.append("cut.soft" if after.hint.joins else "cut.new")
        ends += ["end.soft"] * after.hint.joins
    less = 0.0
    if end == "end.short" and (habits.terse > 0.6 or trait.run > LIST or next_trait.quoted):
        less = 0.6
    elif end == "end.long" and not habits.stops:
        less = 0.5
    return _priced(tuple(ends), tuple(cuts), tuple(over), less)


@functools.cache
def _stopped(cuts: tuple[str, ...]) -> Break:
    return _priced(("end.stop",), cuts, (), 0.0)


@functools.lru_cache(maxsize=16_384)
def _priced(
    ends: tuple[str, ...], cuts: tuple[str, ...], over: tuple[str, ...], less: float
) -> Break:
    """The costs of signs; the first of `ends` costs less by the share `less`."""
    ends += over
    cost = total(ends) - less * price(ends[0])
    return Break(cost, total(cuts), total(over), ends, cuts)


def _end_sign(line: SourceLine, trait: Trait, next_trait: Trait, habits: Habits) -> str:
    if trait.end != NONE:
        return f"end.{trait.end}"
    item = trait.style in ITEMS and not trait.stops and not trait.commas
    if line.hint.item or item:
        return "end.item"
    turns = (trait.turn, next_trait.turn)
    if trait.short and all(turns) and habits.turns.isdisjoint(turns):
        return "end.label"
    return "end.short" if trait.short else "end.long"


def _cut_signs(line: SourceLine, trait: Trait, habits: Habits) -> Signs:
    size = "short" if trait.short else "long"
    signs = [f"cut.{trait.end if trait.end != NONE else size}"]
    if trait.end in (NONE, COLON, SEMI) and trait.short and habits.cuts < _CUT_OFTEN:
        signs.append("cut.some" if habits.cuts else "cut.rare")
        signs += ["cut.whole"] * (habits.whole >= _MANY and not habits.cuts)
    if line.width < _COLUMN:
        signs.append("cut.tiny")
    return signs


def _runs_over(line: SourceLine, trait: Trait, after: SourceLine, next_trait: Trait) -> Signs:
    """Signs that the text runs on over the break."""
    first, last = after.text[0], line.text[-1]
    if trait.end in (COLON, SEMI):
        return ["end.closing"] * (first in _CLOSING)
    signs: Signs = []
    if first in _CLOSING:
        signs.append("end.closing")
    elif word_over(trait.tail[-REACH:], next_trait.head[:REACH]):
        signs.append("end.number" if last.isascii() and first.isascii() else "end.word")
    if trait.end == NONE and unfinished(trait.tail):
        signs.append("end.unfinished")
    if goes_on(next_trait.head) or starts_with(next_trait.head, "starts_open"):
        signs.append("end.starts")
    if not next_trait.short and _REST.match(next_trait.head):
        signs.append("end.rest")
    if trait.short and trait.quote:
        signs.append("end.quote")
    return signs


def _starts_anew(after: SourceLine, next_trait: Trait, habits: Habits) -> Signs:
    """Signs that the line after the break starts something new."""
    signs: Signs = []
    if next_trait.style:
        signs.append("cut.numbered")
    elif next_trait.head[0] == "【" or _ASIDE.match(next_trait.head):
        signs.append("cut.bracket")
    elif next_trait.turn:
        signs.append("cut.turn" if next_trait.turn in habits.turns else "cut.label")
    elif after.text[0] in _OPENING or starts_with(next_trait.head, "starts_fresh"):
        signs.append("cut.fresh")
    if after.hint.kind is BlockKind.HEADING:
        signs.append("cut.new")
    return signs


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
