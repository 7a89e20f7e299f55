"""The physical lines of a text, the rows that make them, and what is decided of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bobao.errors import BobaoError
from bobao.model import BlockKind, Ruby

Span = tuple[int, int]
"""A half-open range of the text that was read."""

BLANK = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
    + "".join(map(chr, (*range(0x1C), *range(0x7F, 0xA0))))
    + "\xad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    + "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
"""Characters that show nothing: white space, controls, joiners and direction marks."""

_STEPS = {"\u3000": 1.0, "\t": 2.0, " ": 0.5, "\xa0": 0.5, "\u2003": 1.0, "\u2002": 0.5}
"""Widths in em of what indents a line."""

_LOST_BREAK = re.compile(r"(?<=[。！？”」）])[ \u3000]*\u3000{2}[ \u3000]*(?=\S)")
"""An indent inside a line: the line break before it was lost in copying."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What the format itself says of a line; plain text says nothing."""

    kind: BlockKind | None = None  # a heading, caption … by mark-up
    level: int = 0  # of a heading, 1 the highest
    bold: bool = False  # the whole line is set in bold
    centred: bool = False
    figure: bool = False  # a picture stands right before it
    item: bool = False  # a list item
    joins: bool | None = None  # it continues the line before (soft wrap) or surely does not
    page: bool = False  # a page starts with it
    outside: str = ""  # why it is outside the article: navigation, comments …
    number: bool = False  # a bare number of a section stands right above it
    byline: bool = False  # who wrote it and when stands right above it
    spare: bool = False  # of a web page: in what a general rule leaves out of the article
    linked: bool = False  # of a web page: most of it is a link
    make: str = ""  # how it is set, in the format's own words; the same for lines set alike


NO_HINT = Hint()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line that shows something.

    `start:end` is its place in the source, marks included; `pieces` are the ranges of it that are
    the article's words (for plain text one, the line). `cells` are the pieces of a table row.
    `width` and `indent` are in em, `blanks` counts the blank lines before it. `folded` is the text
    folded (`tablefiles.fold`), "" where that is still to be done. `readings` are of stretches of
    the source.
    """

    start: int
    end: int
    text: str
    width: float
    indent: float = 0.0
    blanks: int = 0
    pieces: tuple[Span, ...] = ()
    cells: tuple[tuple[Span, ...], ...] = ()
    hint: Hint = field(default=NO_HINT)
    folded: str = ""
    readings: tuple[Ruby, ...] = ()


def width_of(text: str) -> float:
    """The width of `text` in em: 1 for a wide character, 0.5 for an ASCII one."""
    return len(text) - len(text.encode("ascii", "ignore")) * 0.5


def indent_of(lead: str) -> float:
    """The width in em of the white space `lead`."""
    return sum(_STEPS.get(c, 0.0) for c in lead)


def full_width(lines: Sequence[SourceLine]) -> float:
    """The width in em, indent included, that all but one line in fourteen keep within."""
    ends = sorted(line.indent + line.width for line in lines if not line.cells)
    return ends[min(len(ends) - 1, int(len(ends) * 0.93))] if ends else 0.0


def plain_lines(text: str, folded: str = "") -> list[SourceLine]:
    """The lines of plain `text` that show something, in order; `folded` is that text, folded."""
    lines: list[SourceLine] = []
    position = blanks = 0
    page = False
    for raw in text.splitlines(keepends=True):
        body = raw.strip(BLANK)
        page = page or raw.endswith("\f") or raw.startswith("\f")
        if body:
            lead = raw[: len(raw) - len(raw.lstrip(BLANK))] if raw[0] in BLANK else ""
            start = position + len(lead)
            hint = Hint(page=True) if page and lines else NO_HINT
            indent = indent_of(lead) if lead else 0.0
            if "\u3000\u3000" in body:
                lines += _parts(body, start, indent, blanks, hint)
            else:
                end = start + len(body)
                width, line = width_of(body), folded[start:end]
                pieces = ((start, end),)
                lines.append(
                    SourceLine(start, end, body, width, indent, blanks, pieces, (), hint, line)
                )
            blanks, page = 0, raw.endswith("\f")
        else:
            blanks += 1
        position += len(raw)
    return lines


def _parts(body: str, start: int, indent: float, blanks: int, hint: Hint) -> list[SourceLine]:
    """`body` as a line, or as several where it holds indents after a full stop."""
    cuts = [match.span() for match in _LOST_BREAK.finditer(body)]
    parts = []
    at = 0
    for left, right in [*cuts, (len(body), len(body))]:
        text = body[at:left]
        span = (start + at, start + left)
        parts.append(SourceLine(*span, text, width_of(text), indent, blanks, (span,), (), hint))
        at, indent, blanks, hint = right, 2.0, 0, NO_HINT
    return parts


_HYPHENATED = re.compile(r"[A-Za-z]{2}[-\u2010\xad]$")
_LOWER = re.compile(r"[a-z]{2}")
_LATIN_PAUSE = ",;:.!?)%"


CHARS = 1_700_000
"""Characters of a document: as many as 5 MB of plain text hold, a hundred hours of speech."""
LINES = 100_000


def too_long(where: str) -> BobaoError:
    """The error for a document with more text than an article may have."""
    return BobaoError(
        f"the document has more than {CHARS:,} characters or {LINES:,} lines",
        where=where,
        advice="Split it into articles and read them one by one.",
    )


class Flow:
    """A text that grows, and the lines of it with what the format says of them.

    Raises `BobaoError` once it is longer than an article may be.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self.lines: list[SourceLine] = []
        self._parts: list[str] = []
        self._at = 0

    @property
    def text(self) -> str:
        """All that was added, a line break after each line."""
        return "".join(self._parts)

    def add(
        self,
        rows: Sequence[str],
        hint: Hint = NO_HINT,
        *,
        blanks: int = 0,
        indent: float = 0.0,
        readings: Sequence[Ruby] = (),
    ) -> None:
        """Add one line that was set in `rows`; a hyphen or a missing space between two is mended.

        `indent` is in em, `readings` are of stretches of the first row. Nothing is added where the
        rows show nothing.
        """
        bodies = [body for row in rows if (body := row.strip(BLANK))]
        if not bodies:
            return
        shift = self._at - len(rows[0]) + len(rows[0].lstrip(BLANK))
        pieces: list[Span] = []
        start = self._at
        for n, body in enumerate(bodies):
            last = n + 1 == len(bodies)
            hidden, space = (0, 0) if last else _seam(body, bodies[n + 1])
            pieces.append((self._at, self._at + len(body) - hidden + space))
            self._put(body)
        end = self._at - 1
        text = self.text_of(bodies)
        self.lines.append(
            SourceLine(
                *(start, end, text, width_of(text), indent, blanks, tuple(pieces), (), hint),
                readings=tuple((a + shift, b + shift, said) for a, b, said in readings),
            )
        )

    def add_cells(self, cells: Sequence[str], hint: Hint = NO_HINT, *, blanks: int = 0) -> None:
        """Add a row of a table; blank cells keep their place."""
        bodies = [" ".join(cell.strip(BLANK).split()) for cell in cells]
        if not any(bodies):
            return
        spans: list[tuple[Span, ...]] = []
        start = at = self._at
        for body in bodies:
            spans.append(((at, at + len(body)),) if body else ())
            at += len(body) + 1
        row = "\t".join(bodies)
        self._put(row)
        span = (start, start + len(row))
        known = () if hint.outside else tuple(spans)
        self.lines.append(SourceLine(*span, row, width_of(row), 0.0, blanks, (span,), known, hint))

    def hint(self, n: int, **changes: object) -> None:
        """Say more of line `n`."""
        line = self.lines[n]
        self.lines[n] = replace(line, hint=replace(line.hint, **changes))  # type: ignore[arg-type]

    @staticmethod
    def text_of(rows: Sequence[str]) -> str:
        """The words of one line that was set in `rows`."""
        out = ""
        for n, row in enumerate(rows):
            hidden, space = _seam(row, rows[n + 1]) if n + 1 < len(rows) else (0, 0)
            out += row[: len(row) - hidden] + " " * space
        return out

    def _put(self, body: str) -> None:
        self._parts += (body, "\n")
        self._at += len(body) + 1
        if self._at > CHARS or len(self.lines) > LINES:
            raise too_long(self._where)


def _seam(row: str, after: str) -> tuple[int, int]:
    """What the break between two rows of one line asks for: characters to hide, spaces to keep."""
    if _HYPHENATED.search(row[-3:]) and _LOWER.match(after):
        return 1, 0
    last, first = row[-1], after[0]
    if not (first.isascii() and first.isalnum() and last.isascii()):
        return 0, 0
    if last.isalnum():
        return 0, int(not (last.isdigit() and first.isdigit()))
    return 0, int(last in _LATIN_PAUSE and not last.isdigit() and first.isalpha())


def without_common_bold(lines: Iterable[SourceLine]) -> list[SourceLine]:
    """`lines` without their hints of bold where most of them have it, so that it says nothing."""
    out = list(lines)
    inside = [line for line in out if not line.hint.outside and not line.cells]
    if sum(line.hint.bold for line in inside) * 10 <= 6 * len(inside):
        return out
    return [replace(x, hint=replace(x.hint, bold=False)) if x.hint.bold else x for x in out]


class Verdict(NamedTuple):
    """The kind of a line, why, how sure; `joins` the index of the line whose block it goes on.

    `other` is the next best decision (a word of `decisions`), "" where nothing else was weighed.
    """

    kind: BlockKind
    reason: str = ""
    confidence: float = 1.0
    joins: int | None = None
    level: int = 0
    item: bool = False
    other: str = ""


Verdicts = dict[int, Verdict]
"""Verdicts by line number; a line without one is still open."""
