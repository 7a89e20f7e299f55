"""From a source's lines to the blocks of an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bobao.model import Article, BlockKind
from bobao.reading.blocks import build
from bobao.reading.chain import (
    BACK,
    HEADING,
    KINDS,
    LABELS,
    ON,
    SILENT,
    TEXT,
    Choice,
    Weights,
    labelled,
)
from bobao.reading.evidence import evidence
from bobao.reading.formats import Source, empty
from bobao.reading.lines import SourceLine, Verdict, Verdicts
from bobao.reading.page import BARE_NUMBER, PICTURE, page_lines
from bobao.reading.reasons import reason_of
from bobao.reading.tablefiles import said_of
from bobao.reading.tables import with_cells
from bobao.reading.traits import ITEMS, Trait, folded_of, trait_of
from bobao.reading.wraps import merged, unwrapped

_WRAPPED, _WRAP = "the line before is full", 0.95
"""Why, and how surely, lines broken at a fixed width were put together."""
_NOTED = re.compile(r"(?<=[。！？；…”’」』）])(?: ?\[[^\[\]]{1,6}\])+$")
"""Marks of notes behind what ends a line."""
_DEEPEST = 99
"""Level of headings without a mark where others are numbered."""


@dataclass(frozen=True, slots=True)
class Understood:
    """An article, the lines it was read from, and what was decided about each of them, and why."""

    article: Article
    lines: tuple[SourceLine, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """The lines of a source without what belongs to the page, wrapped ones put together.

    `groups` are the numbers of the source's lines in each of `whole`, a table's its first row's;
    `found` is what was decided of the others.
    """

    lines: tuple[SourceLine, ...]
    found: Verdicts
    whole: tuple[SourceLine, ...]
    groups: tuple[tuple[int, ...], ...]


def laid(source_lines: Sequence[SourceLine]) -> Laid:
    """`source_lines` with page furniture and tables told, and what is left as whole lines."""
    found = page_lines(source_lines)
    lines = with_cells(source_lines, [n for n in range(len(source_lines)) if n not in found])
    found |= _tables(lines, found)
    rest = [n for n in range(len(lines)) if n not in found or _opens_table(found[n])]
    here = [_shown(lines[n], found.get(n - 1)) for n in rest]
    groups = unwrapped(here, [trait_of(line) for line in here])
    whole = tuple(merged([here[n] for n in group]) for group in groups)
    return Laid(tuple(lines), found, whole, tuple(tuple(rest[n] for n in g) for g in groups))


def reading_of(source: Source, name: str, weights: Weights | None = None) -> Understood:
    """What the lines of `source` are, decided with `weights`, by default those of the package."""
    page = laid(source.lines)
    seen = evidence(page.whole, source.form)
    choices = labelled(page.whole, seen, source.form, weights)
    traits = [one.trait for one in seen]
    found = _numbered(page.lines, page.found | _verdicts(page, traits, choices))
    verdicts = tuple(found[n] for n in range(len(page.lines)))
    article = built(Article("", (), source.text, name, source.encoding), page.lines, verdicts)
    return Understood(article, page.lines, verdicts)


def built(article: Article, lines: Sequence[SourceLine], verdicts: Sequence[Verdict]) -> Article:
    """`article` with the title and blocks that the `verdicts` on its `lines` come to."""
    blocks = build(article.text, lines, verdicts)
    title = next((b.text for b in blocks if b.kind is BlockKind.TITLE), "")
    return replace(article, title=title, blocks=blocks)


def said_something(reading: Understood) -> Understood:
    """`reading`, which must come to a sentence: `BobaoError` for a title alone, or nothing."""
    kinds = [block.kind for block in reading.article.blocks]
    text = kinds.count(BlockKind.HEADING) > 1 or not _SENTENCES.isdisjoint(kinds)
    title = reading.article.title.rstrip("”’」』）】")
    if not text and not title.endswith(("。", "！", "？", "!", "?", ".", "…")):
        raise empty(reading.article.name, title)
    return reading


_SENTENCES = {BlockKind.LEAD, BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.CAPTION}


def _tables(lines: Sequence[SourceLine], found: Verdicts) -> Verdicts:
    """Verdicts on the rows of tables; page furniture and marks between them do not end one."""
    said: Verdicts = {}
    before: int | None = None
    for n, line in enumerate(lines):
        if line.cells and n not in found:
            said[n] = Verdict(BlockKind.TABLE, "rows of cells", 0.9, before)
            before = n if before is None else before
        elif n not in found:
            before = None
    return said


def _opens_table(verdict: Verdict) -> bool:
    return verdict.kind is BlockKind.TABLE and verdict.joins is None


def _shown(line: SourceLine, above: Verdict | None) -> SourceLine:
    """`line` with what stands `above` it, without the marks of notes after its end.

    The first row of a table stands for the whole table.
    """
    if line.text[-1] == "]" and not line.cells and (noted := _NOTED.search(line.text)):
        line = replace(line, text=line.text[: noted.start()], folded="")
    if line.cells or above is None:
        return line
    if above.reason == BARE_NUMBER:
        return replace(line, hint=replace(line.hint, number=True))
    if above.reason in ("a byline", "a dateline"):
        return replace(line, hint=replace(line.hint, byline=True))
    if above.reason == PICTURE:
        return replace(line, hint=replace(line.hint, figure=True))
    return line


def _verdicts(page: Laid, traits: Sequence[Trait], choices: Sequence[Choice]) -> Verdicts:
    """The verdicts that the labels of the whole lines come to, for each line of the source."""
    found: Verdicts = {}
    levels = _levels(page.whole, traits, choices)
    block = text = None  # the first lines of the open block and of the last text
    for n, (choice, group) in enumerate(zip(choices, page.groups, strict=True)):
        first = group[0]
        if page.whole[n].cells:
            block = first
            continue
        joins = {ON: block, BACK: text}.get(choice.label)
        if joins is None:
            kind = _kind(page.whole[n], choice.label)
            verdict = _opening(page.whole[n], traits[n], choice, kind, levels.get(n, 0))
            block = first
            text = first if kind is BlockKind.PARAGRAPH else text
        else:
            head = found[joins]
            verdict = head._replace(
                reason=reason_of(choice), confidence=choice.confidence, joins=joins
            )
            verdict = verdict._replace(other="split" if choice.other == TEXT else _other(choice))
            block = joins
        found[first] = verdict
        row = verdict._replace(reason=_WRAPPED, confidence=_WRAP, other="split")
        found |= {m: row._replace(joins=first if joins is None else joins) for m in group[1:]}
    return found


def _kind(line: SourceLine, label: int) -> BlockKind:
    """The kind of the block that a line opens.

    What is not read tells of the article, by its wording or its place, or belongs to the page.
    """
    if label == SILENT:
        for place in ("top", "end"):
            if found := said_of(folded_of(line), line.width, place):
                return found[0]
        spare = line.hint.spare or line.hint.linked
        return BlockKind.FURNITURE if spare else BlockKind.META
    return KINDS[label] if label < len(KINDS) else BlockKind.PARAGRAPH


def _numbered(lines: Sequence[SourceLine], found: Verdicts) -> Verdicts:
    """`found` with bare numbers that count sections as headings: 1, 2, 3, each over text.

    A number right above a heading stays silent: it is said with the heading's own place.
    """
    bare = [n for n, verdict in sorted(found.items()) if verdict.reason == BARE_NUMBER]
    values = [int(lines[n].text) if lines[n].text.isdecimal() else 0 for n in bare]
    if len(bare) < 2 or values != list(range(1, len(bare) + 1)):
        return found
    below = [next((m for m in range(n + 1, len(lines)) if m in found), n) for n in bare]
    if any(found[m].kind in (BlockKind.HEADING, BlockKind.FURNITURE) for m in below):
        return found
    return found | {
        n: Verdict(BlockKind.HEADING, "counts the sections", 0.8, level=1) for n in bare
    }


def _opening(
    line: SourceLine, trait: Trait, choice: Choice, kind: BlockKind, level: int
) -> Verdict:
    """The verdict on a line that opens a block."""
    item = kind is BlockKind.PARAGRAPH and (line.hint.item or trait.style in ITEMS)
    reason = reason_of(choice)
    return Verdict(kind, reason, choice.confidence, None, level, item, _other(choice))


def _other(choice: Choice) -> str:
    """What a person would write for the next best label."""
    return "" if choice.other < 0 else "join" if choice.other == BACK else LABELS[choice.other]


def _levels(
    lines: Sequence[SourceLine], traits: Sequence[Trait], choices: Sequence[Choice]
) -> dict[int, int]:
    """The levels of the headings, 1 the highest, without gaps.

    A heading without a mark that comes again (基本案情) is below those that are numbered.
    """
    heads = [n for n, choice in enumerate(choices) if choice.label == HEADING]
    words = [lines[n].text for n in heads]
    numbered = any(traits[n].style for n in heads)
    raw = {
        n: lines[n].hint.level * 10
        or traits[n].level
        or _DEEPEST * (numbered and words.count(lines[n].text) > 1)
        for n in heads
    }
    ranks = {level: rank for rank, level in enumerate(sorted({r for r in raw.values() if r}), 1)}
    return {n: ranks.get(level, 1) for n, level in raw.items()}
