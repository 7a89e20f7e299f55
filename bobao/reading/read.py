"""From a source's lines to the blocks of an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bobao.model import Article, BlockKind
from bobao.reading.blocks import build
from bobao.reading.decide import Choice, Role, decide
from bobao.reading.front import end_matter, front_matter
from bobao.reading.habits import habits_of
from bobao.reading.lines import Line
from bobao.reading.page import page_lines
from bobao.reading.tables import with_cells
from bobao.reading.traits import Trait, trait_of
from bobao.reading.verdicts import Verdict, Verdicts

_ITEMS = ("bullet", "circle", "round", "digit", "letter")


def article_of(text: str, lines: Sequence[Line], name: str, encoding: str) -> Article:
    """The article in `lines` of `text`."""
    lines = with_cells(lines)
    found: Verdicts = page_lines(lines)
    traits = [trait_of(line) for line in lines]
    found |= _tables(lines)
    found |= front_matter(lines, traits, _open(lines, found))
    found |= end_matter(lines, traits, _open(lines, found))
    rest = _open(lines, found)
    body = [_after_table(lines, found, n) for n in rest]
    seen = [traits[n] for n in rest]
    choices = decide(body, seen, habits_of(body, seen))
    found |= _body(rest, body, seen, choices)
    blocks = build(text, lines, [found[n] for n in range(len(lines))])
    title = next((b.text for b in blocks if b.kind is BlockKind.TITLE), "")
    return Article(title=title, blocks=blocks, text=text, name=name, encoding=encoding)


def _open(lines: Sequence[Line], found: Verdicts) -> list[int]:
    return [n for n in range(len(lines)) if n not in found]


def _tables(lines: Sequence[Line]) -> Verdicts:
    found: Verdicts = {}
    first: int | None = None
    for n, line in enumerate(lines):
        if line.cells:
            first = n if first is None or not lines[n - 1].cells else first
            joins = n - 1 if n > first else None
            found[n] = Verdict(BlockKind.TABLE, "rows of cells", 0.9, joins)
    return found


def _after_table(lines: Sequence[Line], found: Verdicts, n: int) -> Line:
    """Line `n`, never joined with what stands before a table that it follows."""
    before = found.get(n - 1)
    if before is None or before.kind is not BlockKind.TABLE:
        return lines[n]
    return replace(lines[n], hint=replace(lines[n].hint, joins=False))


def _body(
    numbers: Sequence[int], lines: Sequence[Line], traits: Sequence[Trait], choices: list[Choice]
) -> Verdicts:
    """The verdicts that the choices for the body's lines come to."""
    found: Verdicts = {}
    text = head = -1
    levels = _levels(lines, traits, choices)
    for n, (number, choice) in enumerate(zip(numbers, choices, strict=True)):
        said = (choice.reason, choice.confidence)
        if choice.role is Role.START:
            item = lines[n].hint.item or traits[n].style in _ITEMS
            found[number] = Verdict(BlockKind.PARAGRAPH, *said, item=item)
            text = number
        elif choice.role is Role.GOES_ON:
            found[number] = Verdict(BlockKind.PARAGRAPH, *said, joins=text)
        elif choice.role is Role.HEADING:
            found[number] = Verdict(BlockKind.HEADING, *said, level=levels[n])
            head = number
        elif choice.role is Role.REST:
            found[number] = Verdict(BlockKind.HEADING, *said, joins=head)
        else:
            found[number] = Verdict(BlockKind.CAPTION, *said)
    return found


def _levels(
    lines: Sequence[Line], traits: Sequence[Trait], choices: list[Choice]
) -> dict[int, int]:
    """The levels of the headings, 1 the highest, without gaps."""
    heads = [n for n, choice in enumerate(choices) if choice.role is Role.HEADING]
    raw = {n: lines[n].hint.level * 10 or traits[n].level for n in heads}
    ranks = {level: rank for rank, level in enumerate(sorted({r for r in raw.values() if r}), 1)}
    return {n: ranks.get(level, 1) for n, level in raw.items()}
