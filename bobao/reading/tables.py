"""Tables in text: rows of cells set apart by tabs, bars or runs of spaces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bobao.reading.lines import BLANK, SourceLine, Span
from bobao.reading.tablefiles import fold, letters, mark_patterns

_GAPS = re.compile(r"(?: {2,}|[\u3000\xa0]+)[ \u3000\xa0]*")
_DATE = re.compile(r"(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{4}")
_TOLD = 4.0
"""Characters that tell on the average what happened on a day: more than a word or a figure."""
_FIELD = re.compile(r"[^\s:\d]{2,8}:.")
_SENTENCE = re.compile(r"[。！？；]")
_WIDE_CELL = 40.0


def with_cells(lines: Sequence[SourceLine], open_: Sequence[int]) -> list[SourceLine]:
    """`lines` with the cells of those among `open_` that are rows of a table.

    Rows that follow one another with the same number of cells are a table: two with tabs or bars,
    three with runs of spaces (two where they have three cells or more).
    """
    out = list(lines)
    here = [lines[n] for n in open_]
    rows = [_row(line) for line in here]
    n = 0
    while n < len(here):
        end = n
        while end < len(here) and rows[end] is not None and _near(here, n, end):
            end += 1
        if end > n and _is_table(here[n:end], [row for row in rows[n:end] if row is not None]):
            for m in range(*_edges(here, rows, n, end)):
                out[open_[m]] = replace(here[m], cells=_spans(here[m], rows[m] or []))
        n = max(end, n + 1)
    return out


def _edges(
    lines: Sequence[SourceLine], rows: Sequence[list[Span] | None], first: int, end: int
) -> tuple[int, int]:
    """The first row and the end of a table, without lines of fields at its top or foot.

    Such as 监测日期：…　单位：…, which have fewer cells than the rows, all with a colon.
    """
    found = [row for row in rows[first:end] if row is not None]
    count = Counter(map(len, found)).most_common(1)[0][0]

    def fields(n: int) -> bool:
        row = rows[n] or []
        cells = [fold(lines[n].text[a:b]) for a, b in row]
        return len(row) < count and all(_FIELD.match(cell) for cell in cells)

    while end - first > 2 and fields(first):
        first += 1
    while end - first > 2 and fields(end - 1):
        end -= 1
    return first, end


def _near(lines: Sequence[SourceLine], first: int, n: int) -> bool:
    return n == first or lines[n].blanks <= max(1, lines[first + 1].blanks)


def _row(line: SourceLine) -> list[Span] | None:
    """The ranges in `line.text` of its cells, None where it has but one."""
    text = line.text
    if line.cells or line.hint.kind is not None or len(line.pieces) != 1:
        return None
    if "\t" in text:
        gaps = [match.span() for match in re.finditer("\t", text)]
    elif text.count("|") >= 2 and text[0] == "|" and text[-1] == "|":
        gaps = [match.span() for match in re.finditer(r"\|", text)]
    elif "  " in text or "\u3000" in text or "\xa0" in text:
        gaps = [match.span() for match in _GAPS.finditer(text)]
    else:
        return None
    edges = [0, *(edge for gap in gaps for edge in gap), len(text)]
    cells = [_stripped(text, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    cells = _with_names(text, cells)
    return cells if sum(a < b for a, b in cells) > 1 else None


def _with_names(text: str, cells: Sequence[Span]) -> list[Span]:
    """`cells` with the two characters of a name that is spread, 邵　兵, as one."""
    out: list[Span] = []
    for start, end in cells:
        single = end - start == 1 and text[start].isalpha() and not text[start].isascii()
        if single and out and out[-1][1] - out[-1][0] == 1 and "\t" not in text[out[-1][1] : start]:
            before = text[out[-1][0]]
            if fold(before) in letters("surnames.txt"):
                out[-1] = (out[-1][0], end)
                continue
        out.append((start, end))
    return out


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in BLANK:
        start += 1
    while end > start and text[end - 1] in BLANK:
        end -= 1
    return start, end


def _is_table(lines: Sequence[SourceLine], rows: list[list[Span]]) -> bool:
    marked = "\t" in lines[0].text or "|" in lines[0].text
    count, same = Counter(map(len, rows)).most_common(1)[0]
    if len(rows) < (2 if marked or count > 2 else 3) or same < 0.6 * len(rows):
        return False
    cells = [line.text[a:b] for line, row in zip(lines, rows, strict=True) for a, b in row if a < b]
    sentences = sum(_SENTENCE.search(cell) is not None for cell in cells)
    numbers = sum(_numbered(line, row) for line, row in zip(lines, rows, strict=True))
    wide = sum(len(cell) > _WIDE_CELL for cell in cells)
    dated = all(
        row[0][0] < row[0][1] and _DATE.fullmatch(line.text[slice(*row[0])])
        for line, row in zip(lines, rows, strict=True)
    )
    told = sum(row[-1][1] - row[-1][0] for row in rows) > _TOLD * len(rows)
    if not marked and (sentences or (count == 2 and dated and told)):
        return False  # entries of a chronicle, each a date and what happened then
    return sentences < 0.3 * len(cells) and wide < 0.3 * len(cells) and numbers < len(rows)


def _numbered(line: SourceLine, row: list[Span]) -> bool:
    """Whether the first of two cells is but a list mark, as in "1.<tab>…"."""
    text = fold(line.text[slice(*row[0])])
    found = mark_patterns().start(text)
    return len(row) == 2 and found is not None and found[2] == len(text)


def _spans(line: SourceLine, row: list[Span]) -> tuple[tuple[Span, ...], ...]:
    return tuple(((line.start + a, line.start + b),) if a < b else () for a, b in row)
