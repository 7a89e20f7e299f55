"""From a source's lines to the blocks of an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bobao.model import Article, BlockKind
from bobao.reading.blocks import build
from bobao.reading.decide import GOES_ON, HEADING, START, Choice, decide
from bobao.reading.front import end_matter, front_matter
from bobao.reading.habits import Habits, habits_of
from bobao.reading.lines import Hint, Line
from bobao.reading.page import BARE_NUMBER, PICTURE, page_lines
from bobao.reading.tables import with_cells
from bobao.reading.traits import ITEMS, Trait, trait_of, with_runs
from bobao.reading.unwrap import merged, unwrapped
from bobao.reading.verdicts import Verdict, Verdicts

_SURE = 0.8
"""Confidence from which a heading tells what others look like."""
_LESSON = 400
"""Lines that are enough to learn from how a document is cut and headed."""


def article_of(text: str, lines: Sequence[Line], name: str, encoding: str) -> Article:
    """The article in `lines` of `text`."""
    found = page_lines(lines)
    lines = with_cells(lines, _open(len(lines), found))
    found |= _tables(lines, found)
    rest = [n for n in range(len(lines)) if n not in found or _opens_table(found[n])]
    here = [_shown(lines[n], found.get(n - 1)) for n in rest]
    groups = unwrapped(here)
    whole = [merged([here[n] for n in group]) for group in groups]
    said = _decided(whole, [trait_of(line) for line in whole])
    found |= {n: v for n, v in _spread(said, groups, rest).items() if n not in found}
    blocks = build(text, lines, [found[n] for n in range(len(lines))])
    title = next((b.text for b in blocks if b.kind is BlockKind.TITLE), "")
    return Article(title=title, blocks=blocks, text=text, name=name, encoding=encoding)


def _open(count: int, found: Verdicts) -> list[int]:
    return [n for n in range(count) if n not in found]


def _tables(lines: Sequence[Line], found: Verdicts) -> Verdicts:
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


def _shown(line: Line, above: Verdict | None) -> Line:
    """`line` with what stands `above` it; the first row of a table stands for the whole table."""
    if line.cells:
        return replace(line, hint=Hint(kind=BlockKind.TABLE), text=f"{line.text}。")
    if above is not None and above.reason == BARE_NUMBER:
        return replace(line, hint=replace(line.hint, number=True))
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
        found[first] = replace(verdict, joins=joins)
        found |= {numbers[m]: replace(verdict, joins=first) for m in group[1:]}
    return found


def _decided(lines: Sequence[Line], traits: Sequence[Trait]) -> Verdicts:
    """Verdicts on lines, none of which is wrapped or furniture; a table is but one line."""
    found = front_matter(lines, traits)
    found |= end_matter(lines, traits, _open(len(lines), found))
    rest = _open(len(lines), found)
    body, seen = [lines[n] for n in rest], with_runs([traits[n] for n in rest])
    habits = habits_of(body, seen)
    sample, shown = body[:_LESSON], seen[:_LESSON]
    learnt = learnt_from(habits, sample, shown, decide(sample, shown, habits))
    return found | _body(rest, body, seen, decide(body, seen, learnt))


def learnt_from(
    habits: Habits, lines: Sequence[Line], traits: Sequence[Trait], choices: Sequence[Choice]
) -> Habits:
    """`habits` with what a first decision shows: how often lines are cut, how headings look."""
    joined = sum(choice.role == GOES_ON for choice in choices)
    sure = [
        n
        for n, choice in enumerate(choices)
        if choice.role == HEADING and choice.confidence > _SURE and not traits[n].style
    ]
    if len(sure) < 3:
        return replace(habits, cuts=max(habits.cuts, joined / max(1, len(lines))))
    return replace(
        habits,
        cuts=max(habits.cuts, joined / len(lines)),
        head_width=max(lines[n].width for n in sure),
        comma_heads=habits.comma_heads or any(traits[n].commas for n in sure),
    )


def _body(
    numbers: Sequence[int], lines: Sequence[Line], traits: Sequence[Trait], choices: list[Choice]
) -> Verdicts:
    """The verdicts that the choices for the body's lines come to."""
    found: Verdicts = {}
    text = -1
    levels = _levels(lines, traits, choices)
    for n, (number, choice) in enumerate(zip(numbers, choices, strict=True)):
        said = (choice.reason, choice.confidence)
        if choice.role == START:
            item = lines[n].hint.item or traits[n].style in ITEMS
            found[number] = Verdict(BlockKind.PARAGRAPH, *said, item=item)
            text = number
        elif choice.role == GOES_ON:
            found[number] = Verdict(BlockKind.PARAGRAPH, *said, joins=text)
        elif choice.role == HEADING:
            found[number] = Verdict(BlockKind.HEADING, *said, level=levels[n])
        else:
            found[number] = Verdict(BlockKind.CAPTION, *said)
    return found


def _levels(
    lines: Sequence[Line], traits: Sequence[Trait], choices: list[Choice]
) -> dict[int, int]:
    """The levels of the headings, 1 the highest, without gaps."""
    heads = [n for n, choice in enumerate(choices) if choice.role == HEADING]
    raw = {n: lines[n].hint.level * 10 or traits[n].level for n in heads}
    ranks = {level: rank for rank, level in enumerate(sorted({r for r in raw.values() if r}), 1)}
    return {n: ranks.get(level, 1) for n, level in raw.items()}
