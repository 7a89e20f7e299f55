"""Text put together line by line, for formats that hold no plain text of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bobao.errors import BobaoError
from bobao.model import Ruby
from bobao.reading.lines import BLANK, NO_HINT, Hint, Line, Span, width_of

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
        self.lines: list[Line] = []
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
            Line(
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
        self.lines.append(Line(*span, row, width_of(row), 0.0, blanks, (span,), known, hint))

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


def without_common_bold(lines: Iterable[Line]) -> list[Line]:
    """`lines` without their hints of bold where most of them have it, so that it says nothing."""
    out = list(lines)
    inside = [line for line in out if not line.hint.outside and not line.cells]
    if sum(line.hint.bold for line in inside) * 10 <= 6 * len(inside):
        return out
    return [replace(x, hint=replace(x.hint, bold=False)) if x.hint.bold else x for x in out]
