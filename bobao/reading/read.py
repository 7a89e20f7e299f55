"""From a source's lines to the blocks of an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bobao.model import Article, BlockKind
from bobao.reading.blocks import build
from bobao.reading.breaks import merged, unwrapped
from bobao.reading.context import with_neighbours, with_quotations
from bobao.reading.decide import Choice, decide
from bobao.reading.formats import empty
from bobao.reading.front import end_matter, front_matter, inner_matter
from bobao.reading.habits import Habits, habits_of
from bobao.reading.lines import Hint, SourceLine, Verdict, Verdicts
from bobao.reading.page import BARE_NUMBER, PICTURE, page_lines
from bobao.reading.paths import GOES_ON, HEADING, START
from bobao.reading.tables import with_cells
from bobao.reading.traits import ITEMS, Trait, folded_of, trait_of, with_runs, with_scenes

_SURE = 0.8
"""Confidence from which a heading tells what others look like."""
_FEW = 5
"""Lines below which a document may well have but one heading."""
_WRAPPED, _WRAP = "the line before is full", 0.95
"""Why, and how surely, lines broken at a fixed width were put together."""
_NOTED = re.compile(r"(?<=[。！？；…”’」』）])(?: ?\[[^\[\]]{1,6}\])+$")
"""Marks of notes behind what ends a line."""
_LESSON = 400
"""Lines that are enough to learn from how a document is cut and headed."""


@dataclass(frozen=True, slots=True)
class Understood:
    """An article, the lines it was read from, and what was decided about each of them, and why."""

    article: Article
    lines: tuple[SourceLine, ...]
    verdicts: tuple[Verdict, ...]


def reading_of(text: str, lines: Sequence[SourceLine], name: str, encoding: str) -> Understood:
    """What `lines` of `text` are."""
    found = page_lines(lines)
    lines = with_cells(lines, _open(len(lines), found))
    found |= _tables(lines, found)
    rest = [n for n in range(len(lines)) if n not in found or _opens_table(found[n])]
    here = [_shown(lines[n], found.get(n - 1)) for n in rest]
    traits = [trait_of(line) for line in here]
    groups = unwrapped(here, traits)
    whole = [merged([here[n] for n in group]) for group in groups]
    seen = [
        trait_of(line) if len(group) > 1 else traits[group[0]]
        for line, group in zip(whole, groups, strict=True)
    ]
    said = _decided(whole, seen)
    found |= {n: v for n, v in _spread(said, groups, rest).items() if n not in found}
    verdicts = tuple(found[n] for n in range(len(lines)))
    article = built(Article("", (), text, name, encoding), lines, verdicts)
    return Understood(article, tuple(lines), verdicts)


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


def _open(count: int, found: Verdicts) -> list[int]:
    return [n for n in range(count) if n not in found]


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
    if line.cells:
        return replace(line, hint=Hint(kind=BlockKind.TABLE), text=f"{line.text}。", folded="")
    if above is not None and above.reason == BARE_NUMBER:
        return replace(line, hint=replace(line.hint, number=True))
    if above is not None and above.reason in ("a byline", "a dateline"):
        return replace(line, hint=replace(line.hint, byline=True))
    if above is not None and above.reason == PICTURE:
        return replace(line, hint=replace(line.hint, figure=True))
    return line


def _spread(said: Verdicts, groups: Sequence[Sequence[int]], numbers: Sequence[int]) -> Verdicts:
    """The verdicts on whole lines as verdicts on the lines of the file that they were put from."""
    found: Verdicts = {}
    for n, group in enumerate(groups):
        verdict = said[n]
        joins = None if verdict.joins is None else numbers[groups[verdict.joins][0]]
        first = numbers[group[0]]
        found[first] = verdict if joins is None else verdict._replace(joins=joins)
        if len(group) > 1:
            head = first if joins is None else joins
            row = verdict._replace(reason=_WRAPPED, confidence=_WRAP, joins=head, other="split")
            found |= {numbers[m]: row for m in group[1:]}
    return found


def _decided(lines: Sequence[SourceLine], traits: Sequence[Trait]) -> Verdicts:
    """Verdicts on lines, none of which is wrapped or furniture; a table is but one line."""
    found = front_matter(lines, traits)
    titles = [folded_of(lines[n]) for n, v in found.items() if v.kind is BlockKind.TITLE]
    found |= end_matter(lines, traits, _open(len(lines), found), "".join(titles))
    found |= inner_matter(lines, traits, _open(len(lines), found))
    rest = _open(len(lines), found)
    body = [_apart(lines[n]) if _new(found.get(n - 1)) else lines[n] for n in rest]
    runs = with_neighbours(with_runs([traits[n] for n in rest]))
    seen = with_quotations(with_scenes(runs, body), body)
    habits = habits_of(body, seen)
    sample, shown = body[:_LESSON], seen[:_LESSON]
    learnt = learnt_from(habits, sample, shown, decide(sample, shown, habits))
    choices = decide(body, seen, learnt)
    if _lone(body, seen, choices):
        choices = decide(body, seen, replace(learnt, lone=True))
    return found | _body(rest, body, seen, choices)


def _new(above: Verdict | None) -> bool:
    """Whether something else starts after what stands `above`: a signature, a heading."""
    return above is not None and above.kind in (BlockKind.META, BlockKind.HEADING)


def _apart(line: SourceLine) -> SourceLine:
    """`line`, which surely does not go on with the text before it."""
    if line.hint.joins is not None:
        return line
    return replace(line, hint=replace(line.hint, joins=False))


def _lone(lines: Sequence[SourceLine], traits: Sequence[Trait], choices: Sequence[Choice]) -> bool:
    """Whether there is but one heading, and nothing marks it as one."""
    heads = [n for n, choice in enumerate(choices) if choice.role == HEADING]
    if (
        len(lines) < _FEW
        or len(heads) != 1
        or lines[heads[0]].hint.kind
        or lines[heads[0]].hint.bold
    ):
        return False
    return not traits[heads[0]].style and traits[heads[0]].head[0] != "【"


def learnt_from(
    habits: Habits, lines: Sequence[SourceLine], traits: Sequence[Trait], choices: Sequence[Choice]
) -> Habits:
    """`habits` with what a first decision shows: how often lines are cut, how headings look."""
    joined = sum(choice.role == GOES_ON for choice in choices)
    sure = [
        n
        for n, choice in enumerate(choices)
        if choice.role == HEADING and choice.confidence > _SURE and not traits[n].style
    ]
    learnt = replace(
        habits,
        cuts=max(habits.cuts, joined / max(1, len(lines))),
        label_heads=len(sure) > 1 and sum(bool(traits[n].turn) for n in sure) > 0.7 * len(sure),
    )
    if len(sure) < 3:
        return learnt
    return replace(
        learnt,
        head_width=max(lines[n].width for n in sure),
        comma_heads=habits.comma_heads or any(traits[n].commas for n in sure),
    )


def _body(
    numbers: Sequence[int],
    lines: Sequence[SourceLine],
    traits: Sequence[Trait],
    choices: list[Choice],
) -> Verdicts:
    """The verdicts that the choices for the body's lines come to."""
    found: Verdicts = {}
    text = -1
    levels = _levels(lines, traits, choices)
    for n, (number, choice) in enumerate(zip(numbers, choices, strict=True)):
        role, reason, confidence, next_best = choice
        other = _DECISIONS[next_best]
        if role == START:
            item = lines[n].hint.item or traits[n].style in ITEMS
            found[number] = Verdict(_TEXT, reason, confidence, item=item, other=other)
            text = number
        elif role == GOES_ON:
            other = "split" if next_best == START else other
            found[number] = Verdict(_TEXT, reason, confidence, text, other=other)
        elif role == HEADING:
            found[number] = Verdict(_HEAD, reason, confidence, level=levels[n], other=other)
        else:
            found[number] = Verdict(BlockKind.CAPTION, reason, confidence, other=other)
    return found


_DECISIONS = ("paragraph", "join", "heading", *["caption"] * 5)
"""What a person would write for each role."""
_AGAIN = (0, 99)
"""Levels of headings without a mark: one that comes again is below those that are numbered."""
_TEXT, _HEAD = BlockKind.PARAGRAPH, BlockKind.HEADING


def _levels(
    lines: Sequence[SourceLine], traits: Sequence[Trait], choices: list[Choice]
) -> dict[int, int]:
    """The levels of the headings, 1 the highest, without gaps."""
    heads = [n for n, choice in enumerate(choices) if choice.role == HEADING]
    raw = {n: lines[n].hint.level * 10 or traits[n].level or _AGAIN[traits[n].again] for n in heads}
    ranks = {level: rank for rank, level in enumerate(sorted({r for r in raw.values() if r}), 1)}
    return {n: ranks.get(level, 1) for n, level in raw.items()}
