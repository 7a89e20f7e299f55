"""The habits of one document: how it indents, spaces, cuts and heads its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bobao.model import BlockKind
from bobao.reading.lines import SourceLine
from bobao.reading.traits import LIST, NONE, OPEN, PAUSE, SEMI, STOP, Trait


@dataclass(frozen=True, slots=True)
class Habits:
    """What is usual in a document."""

    indent: bool = False  # paragraphs start indented
    gap: int = 0  # blank lines between two lines of text
    cuts: float = 0.0  # share of its text lines that surely are cut in the middle
    whole: int = 0  # its long lines that end with a full stop
    stops: float = 1.0  # share of its long lines that end with a full stop
    terse: float = 0.0  # share of its lines that stand in long runs of short ones
    turns: frozenset[str] = frozenset()  # labels that come back: 记者, 专家, 问, 答
    textual: frozenset[str] = frozenset()  # numberings that text has, and "label": 雨量：…
    numbered: bool = False  # its headings are numbered, in 【】 or marked up
    head_width: float = 0.0  # em of the widest of its sure unmarked headings, 0 where unknown
    label_heads: bool = False  # its sure headings all start with a label: 老赵：…
    comma_heads: bool = False  # its sure headings hold commas
    asks: bool = False  # questions that stand alone are its headings
    lone: bool = False  # it would have but one heading, and that unmarked
    pictures: int = 0  # blank lines where a picture stood, 0 where nothing shows one
    scenes: bool = False  # its lone short lines all show scenes: it has captions, no headings


_SHORT = 16.0
"""Em below which a paragraph is as short as a heading."""


def habits_of(lines: Sequence[SourceLine], traits: Sequence[Trait]) -> Habits:
    """The habits of the document made of `lines` (title, tables and page furniture left out)."""
    if not lines:
        return Habits()
    gap = _gap(lines, traits)
    long = [n for n, t in enumerate(traits) if not t.short]
    text = [n for n in long if traits[n].end != OPEN]
    whole = sum(traits[n].end == STOP for n in text)
    cuts = sum(_surely_cut(traits[n]) for n in range(len(lines) - 1))
    labels = Counter(t.turn for t in traits if t.turn)
    heads = [t for t in traits if _sure_heading(t)]
    marked = sum(line.hint.kind is BlockKind.HEADING for line in lines)
    return Habits(
        indent=_indented(lines, traits),
        gap=gap,
        cuts=cuts / len(lines),
        whole=whole,
        stops=whole / len(text) if text else 1.0,
        terse=sum(t.run > LIST for t in traits) / len(traits),
        turns=frozenset(label for label, count in labels.items() if count > 1),
        textual=_textual(traits),
        numbered=len(heads) > 1 or marked > 1,
        comma_heads=sum(t.commas > 0 for t in heads) * 3 > len(heads) > 0,
        pictures=_pictures(lines, traits, gap),
        scenes=_scenes(lines, traits),
        asks=_asks(lines, traits),
    )


def _surely_cut(trait: Trait) -> bool:
    return trait.end in (PAUSE, OPEN) or (not trait.short and trait.end == NONE)


def _sure_heading(trait: Trait) -> bool:
    if not trait.short or trait.end != NONE:
        return False
    return trait.style in ("han", "chapter", "part", "section") or trait.head.startswith("【")


def _gap(lines: Sequence[SourceLine], traits: Sequence[Trait]) -> int:
    """The usual number of blank lines before a line that is text."""
    pairs = list(zip(lines[1:], traits[1:], strict=True))
    counts = Counter(line.blanks for line, trait in pairs if not trait.short)
    if not counts:
        counts = Counter(line.blanks for line, _ in pairs)
    return min((-n, gap) for gap, n in counts.items())[1] if counts else 0


def _indented(lines: Sequence[SourceLine], traits: Sequence[Trait]) -> bool:
    """Whether an indent shows where a paragraph starts."""
    long = [line for line, trait in zip(lines, traits, strict=True) if not trait.short]
    long = long or list(lines)
    return sum(1.5 <= line.indent <= 6 for line in long) > 0.5 * len(long) > 0


def _textual(traits: Sequence[Trait]) -> frozenset[str]:
    """The numberings, and perhaps labels, whose lines mostly are text."""
    text: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for trait in traits:
        style = trait.style or ("label" if trait.turn else "")
        every[style] += 1
        text[style] += not trait.short or trait.stops or trait.end in (STOP, SEMI)
    return frozenset(s for s, n in every.items() if s and n > 1 and 2 * text[s] > n)


def _asks(lines: Sequence[SourceLine], traits: Sequence[Trait]) -> bool:
    """Whether short questions between paragraphs are headings, as nothing else short is text."""
    alone = questions = 0
    for n, trait in enumerate(traits):
        if trait.asks:
            questions += 0 < n < len(lines) - 1 and not traits[n + 1].short
        elif trait.end == STOP and lines[n].width < _SHORT:
            return False
        elif 0 < n < len(lines) - 1 and not trait.turn:
            alone += _alone(traits, n)
    return questions > 1 or (questions == 1 and alone > 0)


def _scenes(lines: Sequence[SourceLine], traits: Sequence[Trait]) -> bool:
    """Whether every short line that stands alone between paragraphs shows a scene."""
    weights = [
        traits[n].scene
        for n in range(1, len(lines) - 1)
        if _alone(traits, n) and not lines[n].hint.bold and not traits[n].style
    ]
    if len(weights) < 2:
        return False
    if min(weights) >= 1.0 and sum(weights) >= 2.0 * len(weights):
        return True
    # A caption at the end, none above a heading: there are no headings.
    return _ends_short(traits) and not _paired(traits) and sum(weights) >= 0.6 * len(weights)


def _ends_short(traits: Sequence[Trait]) -> bool:
    """Whether the last line is as a caption: short, after a full stop, without one."""
    return len(traits) > 1 and _open_short(traits[-1]) and traits[-2].end == STOP


def _paired(traits: Sequence[Trait]) -> bool:
    return any(_open_short(a) and _open_short(b) for a, b in pairwise(traits))


def _open_short(trait: Trait) -> bool:
    return trait.short and trait.end == NONE and not trait.stops


def _alone(traits: Sequence[Trait], n: int) -> bool:
    before, trait, after = traits[n - 1 : n + 2]
    follows = not after.short or after.end == STOP
    return trait.short and trait.end == NONE and before.end == STOP and follows


def _pictures(lines: Sequence[SourceLine], traits: Sequence[Trait], gap: int) -> int:
    """The number of blanks that stands where a picture was, 0 where nothing shows one.

    Where a picture was taken out, more blanks than usual are left. But headings may be set off by
    blanks too: then text follows, and the lines show no scene.
    """
    if gap == 0:
        return 0
    best = 0
    for blanks in {line.blanks for line in lines[1:] if line.blanks > gap}:
        here = [n for n in range(1, len(lines)) if lines[n].blanks == blanks]
        short = [n for n in here if traits[n].short and traits[n].end == NONE]
        if len(short) * 3 < len(here) * 2 or sum(_for_picture(lines, traits, short)) <= 0:
            continue
        best = min(best, blanks) if best else blanks
    return best


def _for_picture(
    lines: Sequence[SourceLine], traits: Sequence[Trait], short: Sequence[int]
) -> Iterator[float]:
    """How much each line after a wide gap speaks for a picture in the gap, not for a heading."""
    for n in short:
        last = n + 1 == len(lines)
        follows = not last and (not traits[n + 1].short or traits[n + 1].end == STOP)
        yield traits[n].scene
        yield (0.3 if lines[n].blanks > 2 else -0.3) - (1.0 if follows else -1.5)
        yield -3.0 if traits[n].style or traits[n].head.startswith("【") else 0.0
