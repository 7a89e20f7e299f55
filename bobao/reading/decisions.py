"""A person's decisions on single lines of an article: kept beside it, and always followed.

They are rows of a table, ``NAME.decisions.tsv``: the number of the line, the decision, and how the
line starts, so that a row still finds its line where the article was changed above it::

    # line	decision	how the line starts
    31	caption	花街镇小微园建设

A decision is one of `KINDS` (``heading2`` is a heading of the second level), ``join`` (the line goes
on with the paragraph before it) or ``split`` (it starts one).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bobao.errors import BobaoError
from bobao.model import Article, Block, BlockKind
from bobao.reading.blocks import build
from bobao.reading.formats import source_of
from bobao.reading.lines import Line
from bobao.reading.read import article_of
from bobao.reading.tablefiles import fold
from bobao.reading.tables import with_cells
from bobao.reading.verdicts import Verdict

KINDS = ("title", "heading", "heading2", "heading3", "paragraph", "caption", "meta", "furniture")
_MOVES = ("join", "split")
_WORDS = 12
"""Characters of a line that tell which it is."""
_BREAK = re.compile(r"\r\n|\r|\n")
_REASON = "decided by a person"
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Decision:
    """One row: what was decided on the line with that number, which starts with `words`."""

    line: int
    decision: str
    words: str = ""
    row: int = 0  # where it stands in its own file


def beside(seed: Path) -> Path:
    """Where the decisions on the article in `seed` are kept."""
    return seed.with_name(f"{seed.stem}.decisions.tsv")


def parse(text: str, where: str) -> tuple[Decision, ...]:
    """The decisions in a table. Raises `BobaoError` with file and row for one that is malformed."""
    found = []
    for n, row in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in row.split("\t")]
        number, decision, words = (*cells, "", "")[:3]
        if not number.isdecimal() or decision not in KINDS + _MOVES:
            raise BobaoError(
                "this is no decision on a line",
                where=f"{where}:{n}",
                advice="Write: line number, tab, "
                + ", ".join(KINDS + _MOVES)
                + "; then, after a tab, how the line starts.",
            )
        found.append(Decision(int(number), decision, words, n))
    return tuple(found)


def row_of(line: int, decision: str, text: str) -> str:
    """The row that says `decision` of a line."""
    return f"{line}\t{decision}\t{_SPACE.sub(' ', text.strip())[:_WORDS]}"


class Numbers:
    """The numbers that the lines of a text have in an editor."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _BREAK.finditer(text))]

    def at(self, offset: int) -> int:
        """The number, from 1, of the line that the character at `offset` is in."""
        return bisect_right(self._starts, offset)


def read_decided(data: bytes, name: str, decisions: Sequence[Decision], where: str) -> Article:
    """The article in `data` as `read_article` reads it, but for the `decisions` kept in `where`.

    Raises `BobaoError` also for a decision on a line that is not there any more.
    """
    from bobao.reading import read_article

    if not decisions:
        return read_article(data, name)
    source = source_of(data, name)
    article = article_of(source.text, source.lines, name, source.encoding)
    return decided(article, source.lines, decisions, where)


def decided(
    article: Article, lines: Sequence[Line], decisions: Sequence[Decision], where: str
) -> Article:
    """`article`, which was read from `lines`, with the `decisions` followed."""
    verdicts = _verdicts(article.blocks, lines)
    tables = [n for n, verdict in enumerate(verdicts) if verdict.kind is BlockKind.TABLE]
    lines = with_cells(lines, tables)
    numbers = Numbers(article.text)
    desk = _Desk(verdicts)
    for decision in decisions:
        desk.follow(_found(decision, lines, numbers, where), decision.decision)
    blocks = build(article.text, lines, desk.verdicts)
    title = next((block.text for block in blocks if block.kind is BlockKind.TITLE), "")
    return replace(article, blocks=blocks, title=title)


def _verdicts(blocks: Sequence[Block], lines: Sequence[Line]) -> list[Verdict]:
    """What was decided about each line, told from the blocks."""
    index = {line.start: n for n, line in enumerate(lines)}
    found: dict[int, Verdict] = {}
    for block in blocks:
        members = [index[start] for start, _ in block.source]
        kind = BlockKind.PARAGRAPH if block.kind is BlockKind.LEAD else block.kind
        reason = re.sub(r"; \d+ lines joined$", "", block.reason)
        first = Verdict(kind, reason, block.confidence, None, block.level, block.list)
        found |= {n: replace(first, joins=members[0]) for n in members[1:]}
        found[members[0]] = first
    return [found[n] for n in range(len(lines))]


def _found(decision: Decision, lines: Sequence[Line], numbers: Numbers, where: str) -> int:
    """The index of the line that a decision is about."""
    words = _plain(decision.words)
    here = [n for n, line in enumerate(lines) if numbers.at(line.start) == decision.line]
    fits = [n for n in here if _plain(lines[n].text).startswith(words)]
    if not fits and words:
        fits = [n for n, line in enumerate(lines) if _plain(line.text).startswith(words)]
        fits = fits if len(fits) == 1 else []
    if not fits:
        raise BobaoError(
            f"there is no line {decision.line} that starts “{decision.words}”"
            if words
            else f"there is no text in line {decision.line}",
            where=f"{where}:{decision.row}",
            advice="The article was changed; correct the row or take it out.",
        )
    return fits[0]


def _plain(text: str) -> str:
    return _SPACE.sub("", fold(text))


class _Desk:
    """The verdicts on all lines while decisions are followed."""

    def __init__(self, verdicts: list[Verdict]) -> None:
        self.verdicts = verdicts
        self._title: int | None = None  # the first line that was decided to be the title

    def follow(self, n: int, decision: str) -> None:
        """Follow a decision on line `n`."""
        if decision == "split":
            self._split(n)
        elif decision == "join":
            self._join(n)
        else:
            self._kind(n, decision)

    def _members(self, n: int) -> list[int]:
        """The lines of the block that line `n` is in."""
        head = self.verdicts[n].joins if self.verdicts[n].joins is not None else n
        return [m for m, v in enumerate(self.verdicts) if m == head or v.joins == head]

    def _gather(self, members: Sequence[int], verdict: Verdict) -> None:
        """Make `members` one block."""
        for place, m in enumerate(members):
            self.verdicts[m] = replace(verdict, joins=members[0] if place else None)

    def _split(self, n: int) -> None:
        members = self._members(n)
        at = members.index(n)
        own = self.verdicts[members[0]]
        if at:
            self._gather(members[:at], own)
        kind = own.kind if own.kind is not BlockKind.FURNITURE else BlockKind.PARAGRAPH
        sure = Verdict(kind, _REASON, 1.0, None, own.level, own.item)
        self._gather(members[at:], sure)

    def _join(self, n: int) -> None:
        kinds = (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.TITLE)
        before = next((m for m in range(n - 1, -1, -1) if self.verdicts[m].kind in kinds), None)
        if before is None or before in self._members(n):
            return
        members, rest = self._members(before), self._members(n)
        left = [m for m in rest if m < n]
        if left:
            self._gather(left, self.verdicts[rest[0]])
        merged = sorted([*members, *(m for m in rest if m >= n)])
        self._gather(merged, replace(self.verdicts[members[0]], reason=_REASON, confidence=1.0))

    def _kind(self, n: int, decision: str) -> None:
        kind = BlockKind(decision.rstrip("23"))
        members = self._members(n)
        own = self.verdicts[members[0]]
        level = int(decision[-1]) if decision[-1].isdigit() else max(1, own.level)
        level = level if kind is BlockKind.HEADING else 0
        sure = Verdict(kind, _REASON, 1.0, None, level, own.item and kind is BlockKind.PARAGRAPH)
        whole = kind is BlockKind.PARAGRAPH or own.kind is not BlockKind.PARAGRAPH
        if whole and n == members[0] and own.kind is not BlockKind.TABLE:
            self._gather(members, sure)
        else:
            rest = [m for m in members if m != n]
            if rest:
                self._gather(rest, own)
            self._gather([n], sure)
        if kind is BlockKind.TITLE:
            self._only_title(n)

    def _only_title(self, n: int) -> None:
        """Make the title that was there text, or the lines decided to be the title one."""
        mine = self._members(n)
        if self._title is not None:
            self._gather(sorted([*self._members(self._title), *mine]), self.verdicts[mine[0]])
            return
        self._title = n
        for m, verdict in enumerate(self.verdicts):
            if verdict.kind is BlockKind.TITLE and m not in mine:
                self.verdicts[m] = replace(verdict, kind=BlockKind.PARAGRAPH, reason=_REASON)
