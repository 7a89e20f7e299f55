"""A person's decisions on single lines of an article: kept beside it, and always followed.

They are rows of a table, ``NAME.decisions.tsv``: the number of the line, the decision, and how the
line starts, so that a row still finds its line where the article was changed above it::

    # line	decision	how the line starts
    31	caption	花街镇小微园建设

A decision is one of `KINDS` (``heading2`` is a heading of the second level), ``join`` (the line
goes on with the paragraph before it) or ``split`` (it starts one).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bobao.errors import BobaoError
from bobao.reading.lines import SourceLine
from bobao.reading.tablefiles import fold

KINDS = ("title", "heading", "heading2", "heading3", "paragraph", "caption", "meta", "furniture")
_MOVES = ("join", "split")
_HEADER = "# line\tdecision\thow the line starts"
_WORDS = 12
"""Characters of a line that tell which it is."""
_BREAK = re.compile(r"\r\n|\r|\n")
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


def kept(path: Path) -> tuple[Decision, ...]:
    """The decisions kept in `path`, none where it is not there. Raises `BobaoError` as `parse`."""
    try:
        return parse(path.read_bytes().decode("utf-8"), str(path))
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise BobaoError(
            "the decisions are not UTF-8 text",
            where=str(path),
            advice="Save the file again as UTF-8.",
        ) from error
    except OSError as error:
        raise BobaoError(
            f"cannot read: {error.strerror or error}", where=str(path), advice="Check the file."
        ) from error


def with_rows(table: str, rows: Sequence[str]) -> str:
    """The text of a `table` of decisions with `rows` added, which replace those on their lines.

    The table of no decisions yet is "".
    """
    numbers = {row.split("\t")[0] for row in rows}
    kept_rows = [
        row
        for row in (table or _HEADER).splitlines()
        if row.lstrip().startswith("#") or row.split("\t")[0].strip() not in numbers
    ]
    return "\n".join([*kept_rows, *rows]) + "\n"


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


def found_line(
    decision: Decision, lines: Sequence[SourceLine], numbers: Numbers, where: str
) -> int:
    """The index of the line that a decision is about. Raises `BobaoError` where there is none."""
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
