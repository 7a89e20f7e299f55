"""A person's decisions followed, and what a person should look at: doubtful joins, kinds, lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bobao.model import Article, BlockKind
from bobao.reading import read_in_detail
from bobao.reading.decisions import Decision, Numbers, found_line, row_of
from bobao.reading.formats import source_of
from bobao.reading.lines import SourceLine, Verdict
from bobao.reading.read import Understood, built, reading_of, said_something

_REASON = "decided by a person"


def read_decided(data: bytes, name: str, decisions: Sequence[Decision], where: str) -> Article:
    """The article in `data` as `read_article` reads it, but for the `decisions` kept in `where`.

    Raises `BobaoError` also for a decision on a line that is not there any more.
    """
    return reading_decided(data, name, decisions, where).article


def reading_decided(
    data: bytes, name: str, decisions: Sequence[Decision], where: str
) -> Understood:
    """Like `read_decided`, with what was decided about each line."""
    if not decisions:
        return read_in_detail(data, name)
    source = source_of(data, name)
    return said_something(decided(reading_of(source, name), decisions, where))


def decided(reading: Understood, decisions: Sequence[Decision], where: str) -> Understood:
    """`reading` with the `decisions` followed."""
    numbers = Numbers(reading.article.text)
    desk = _Desk(list(reading.verdicts))
    for decision in decisions:
        desk.follow(found_line(decision, reading.lines, numbers, where), decision.decision)
    verdicts = tuple(desk.verdicts)
    return Understood(built(reading.article, reading.lines, verdicts), reading.lines, verdicts)


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
        joins = self.verdicts[n].joins
        head = n if joins is None else joins
        return [m for m, v in enumerate(self.verdicts) if head in (m, v.joins)]

    def _gather(self, members: Sequence[int], verdict: Verdict, sure: Sequence[int] = ()) -> None:
        """Make `members` one block; the joins of those that are in `sure` were decided by hand."""
        self.verdicts[members[0]] = verdict._replace(joins=None)
        for m in members[1:]:
            own = self.verdicts[m]
            told = Verdict(verdict.kind, _REASON) if m in sure or own.joins is None else own
            self.verdicts[m] = told._replace(
                kind=verdict.kind, joins=members[0], level=verdict.level, item=verdict.item
            )

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
        kind = self.verdicts[n].kind  # two lines of a heading, of a title, else text
        alike = kind in (BlockKind.HEADING, BlockKind.TITLE) and self.verdicts[n - 1].kind is kind
        kind = kind if n and alike else BlockKind.PARAGRAPH
        before = next((m for m in range(n - 1, -1, -1) if self.verdicts[m].kind is kind), None)
        if before is None or before in self._members(n):
            return
        members, rest = self._members(before), self._members(n)
        left = [m for m in rest if m < n]
        if left:
            self._gather(left, self.verdicts[rest[0]])
        merged = sorted([*members, *(m for m in rest if m >= n)])
        self._gather(merged, self.verdicts[members[0]], [n])

    def _kind(self, n: int, decision: str) -> None:
        kind = BlockKind(decision.rstrip("23"))
        members = self._members(n)
        own = self.verdicts[members[0]]
        level = int(decision[-1]) if decision[-1].isdigit() else max(1, own.level)
        level = level if kind is BlockKind.HEADING else 0
        sure = Verdict(kind, _REASON, 1.0, None, level, own.item and kind is BlockKind.PARAGRAPH)
        whole = kind is BlockKind.PARAGRAPH or own.kind is not BlockKind.PARAGRAPH
        if whole and n == members[0] and own.kind is not BlockKind.TABLE:
            self._gather(members, sure, members)
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
        if self._title in mine:
            return
        if self._title is not None and self.verdicts[self._title].kind is BlockKind.TITLE:
            self._gather(sorted([*self._members(self._title), *mine]), self.verdicts[mine[0]])
            return
        self._title = n
        for m, verdict in enumerate(self.verdicts):
            if verdict.kind is BlockKind.TITLE and m not in mine:
                self.verdicts[m] = verdict._replace(kind=BlockKind.PARAGRAPH, reason=_REASON)


DOUBTFUL = 0.8
"""Confidence below which a decision is shown."""
_SHOWN = 30
_SEAM = 12
_OFFERED = ("paragraph", "heading", "caption", "title", "furniture")
"""What else a line could be, beside joined to the one before or split from it."""
_SHORT = 40.0
"""Em beyond which a line is no heading and no title."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A decision on one line: its number in an editor, what was decided, why, and how surely.

    `decided` is a kind, ``joined`` (to the line before; then `shown` is the text on either side of
    the break, which a bar marks) or ``not read``. `others` are what else it could be, the likeliest
    first, `rows` the rows of the table of decisions that say so.
    """

    line: int
    decided: str
    shown: str
    reason: str
    confidence: float
    others: tuple[str, ...]
    rows: tuple[str, ...]


def doubts(reading: Understood, below: float = DOUBTFUL) -> list[Doubt]:
    """The decisions of `reading` with less confidence than `below`, in the order of the text."""
    numbers = Numbers(reading.article.text)
    return [
        _doubt(reading, numbers, n)
        for n, verdict in enumerate(reading.verdicts)
        if verdict.confidence < below and not _inside(reading, n)
    ]


def _inside(reading: Understood, n: int) -> bool:
    """Whether a line is one of several that are decided as one: rows of a table, a title's."""
    verdict = reading.verdicts[n]
    return verdict.joins is not None and verdict.kind in (BlockKind.TABLE, BlockKind.TITLE)


def _doubt(reading: Understood, numbers: Numbers, n: int) -> Doubt:
    verdict, line, text = reading.verdicts[n], reading.lines[n], reading.article.text
    at = numbers.at(line.start)
    now = verdict.kind.value if verdict.joins is None else "join"
    others = tuple(other for other in dict.fromkeys(_others(verdict, line)) if other != now)
    if not any(v.kind is BlockKind.PARAGRAPH for v in reading.verdicts[:n]):
        others = tuple(other for other in others if other != "join")
    rows = tuple(row_of(at, other, text[line.start : line.end]) for other in others)
    if verdict.joins is None:
        decided = "not read" if verdict.kind is BlockKind.FURNITURE else verdict.kind.value
        shown = _cut(text[line.start : line.end])
    else:
        decided = "joined"
        before = max(m for m in range(n) if verdict.joins in (m, reading.verdicts[m].joins))
        left = text[reading.lines[before].start : reading.lines[before].end]
        shown = f"…{left[-_SEAM:]}|{text[line.start : line.end][:_SEAM]}…"
    return Doubt(at, decided, shown, verdict.reason, verdict.confidence, others, rows)


def _others(verdict: Verdict, line: SourceLine) -> Iterator[str]:
    """What a line could be, the next likeliest first; a row of a table nothing else."""
    if verdict.kind is BlockKind.TABLE:
        return
    if verdict.other:
        yield verdict.other
    joined = verdict.joins is not None
    yield "split" if joined else "join"
    for kind in _OFFERED[joined:]:
        if line.width <= _SHORT or kind not in ("heading", "title"):
            yield kind


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"
