"""The habits of one document: how it wraps, indents, spaces and heads its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bobao.reading.lines import Line
from bobao.reading.traits import End, Trait

_WRAPS = (12.0, 64.0)
"""Em between which a text may be wrapped at a fixed width."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What is usual in a document."""

    wrap: float = 0.0  # em at which its lines are broken; 0 where a line is a paragraph
    indent: bool = False  # paragraphs start indented
    gap: int = 0  # blank lines between two lines of text
    cuts: float = 0.0  # share of its text lines that surely are cut in the middle
    stops: float = 1.0  # share of its long lines that end with a full stop
    terse: float = 0.0  # share of its lines that are short and have no end mark
    turns: frozenset[str] = frozenset()  # labels that come back: 记者, 专家, 问, 答
    comma_heads: bool = False  # its sure headings hold commas
    bold_heads: bool = False  # its headings are set in bold
    marked: bool = False  # the format itself marks its headings
    pictures: int = 0  # lines with more blanks before them than any other has

    def full(self, line: Line) -> bool:
        """Whether `line` reaches the wrap width, so that its end tells nothing."""
        return bool(self.wrap) and line.indent + line.width >= self.wrap - 1.6


def habits_of(lines: Sequence[Line], traits: Sequence[Trait]) -> Habits:
    """The habits of the document made of `lines` (title, tables and page furniture left out)."""
    if not lines:
        return Habits()
    wrap = _wrap(lines, traits)
    gap = _gap(lines, traits, wrap)
    long = [n for n, t in enumerate(traits) if not t.short]
    text = [n for n in long if traits[n].end is not End.OPEN]
    cuts = sum(_surely_cut(traits[n]) for n in range(len(lines) - 1))
    labels = Counter(t.turn for t in traits if t.turn)
    heads = [t for t in traits if _sure_heading(t)]
    return Habits(
        wrap=wrap,
        indent=_indented(lines, traits, wrap),
        gap=gap,
        cuts=0.0 if wrap else cuts / len(lines),
        stops=sum(traits[n].end is End.STOP for n in text) / len(text) if text else 1.0,
        terse=sum(t.short and t.end is End.NONE for t in traits) / len(traits),
        turns=frozenset(label for label, count in labels.items() if count > 1),
        comma_heads=sum(t.commas > 0 for t in heads) * 3 > len(heads) > 0,
        bold_heads=any(line.hint.bold and t.short for line, t in zip(lines, traits, strict=True)),
        marked=any(line.hint.level for line in lines),
        pictures=_pictures(lines, traits, gap),
    )


def _surely_cut(trait: Trait) -> bool:
    return trait.end in (End.PAUSE, End.OPEN) or (not trait.short and trait.end is End.NONE)


def _sure_heading(trait: Trait) -> bool:
    if not trait.short or trait.end is not End.NONE:
        return False
    return trait.style in ("han", "chapter", "part", "section") or trait.head.startswith("【")


def _wrap(lines: Sequence[Line], traits: Sequence[Trait]) -> float:
    """The width at which lines are broken: many lines are that wide and none is much wider."""
    widths = sorted(line.indent + line.width for line in lines if not line.cells)
    if len(widths) < 4:
        return 0.0
    top = widths[min(len(widths) - 1, int(len(widths) * 0.93))]
    if not _WRAPS[0] <= top <= _WRAPS[1]:
        return 0.0
    full = [n for n, x in enumerate(lines) if top - 2 <= x.indent + x.width <= top + 2]
    wider = sum(width > top + 2 for width in widths)
    inner = sum(traits[n].end is not End.STOP for n in full)
    flows = sum(_flows(traits, n) for n in full)
    few = len(full) < max(3, 0.3 * len(widths))
    if few or wider > 0.03 * len(widths) or inner < 0.5 * len(full) or flows < 0.5 * inner:
        return 0.0
    return top


def _flows(traits: Sequence[Trait], n: int) -> bool:
    """Whether line `n` has no end mark and the next can be its continuation."""
    if n + 1 >= len(traits) or traits[n].end is End.STOP:
        return False
    return not (traits[n + 1].style and traits[n + 1].short)


def _gap(lines: Sequence[Line], traits: Sequence[Trait], wrap: float) -> int:
    """The usual number of blank lines before a line that is text."""
    counts = Counter(
        line.blanks
        for line, trait in zip(lines[1:], traits[1:], strict=True)
        if wrap or not trait.short
    )
    if not counts:
        counts = Counter(line.blanks for line in lines[1:])
    return min((-n, gap) for gap, n in counts.items())[1] if counts else 0


def _indented(lines: Sequence[Line], traits: Sequence[Trait], wrap: float) -> bool:
    """Whether an indent shows where a paragraph starts."""
    if not wrap:
        long = [line for line, trait in zip(lines, traits, strict=True) if not trait.short]
        return sum(1.5 <= line.indent <= 6 for line in long) > 0.5 * len(long) > 0
    after = [
        lines[n + 1].indent >= 1.0
        for n, line in enumerate(lines[:-1])
        if line.indent + line.width < wrap - 2 and traits[n].end is End.STOP
    ]
    inside = [
        lines[n + 1].indent >= 1.0
        for n, line in enumerate(lines[:-1])
        if line.indent + line.width >= wrap - 2 and traits[n].end is not End.STOP
    ]
    return sum(after) >= 0.6 * len(after) and sum(after) > 0 and sum(inside) <= 0.4 * len(inside)


def _pictures(lines: Sequence[Line], traits: Sequence[Trait], gap: int) -> int:
    """The number of blanks that stands where a picture was, 0 where nothing shows one.

    Where a picture was taken out, more blanks than usual are left; it is a sign when some short
    lines have that gap and hardly any long line has it.
    """
    wide = Counter(line.blanks for line in lines[1:] if line.blanks > max(gap, 1))
    if not wide or gap == 0:
        return 0
    best = max(wide, key=lambda blanks: (wide[blanks], blanks))
    long = sum(
        line.blanks == best and not trait.short
        for line, trait in zip(lines[1:], traits[1:], strict=True)
    )
    return best if long * 3 <= wide[best] else 0
