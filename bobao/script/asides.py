"""What print sets beside the text for the eye alone: （见图1）, credits, stage directions.

The rules and their reasons are in ``data/asides.tsv``. What they find is shown and not said.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from bobao import files
from bobao.script.pairs import Pair, pairs
from bobao.script.spans import Overlay, Spans, overlaid, written

_LONGEST = 30
_BRACKETS = "（("
_SQUARE = "[［〔"
STRUCK = "已删去："
"""Opens what the article has struck out (`bobao.reading.marks`)."""
_LATIN = re.compile(r"[A-Za-z_)\]]+$")
_BLANK = re.compile(" +")


@functools.cache
def _rules(where: str) -> re.Pattern[str]:
    rows = files.rows("bobao.script", "asides.tsv")
    return re.compile("|".join(f"(?:{row[1]})" for row in rows if row[0] == where))


def hushed(spans: Spans, *, caption: bool = False) -> Spans:
    """`spans` with asides silent; in a `caption` a credit may end the text without brackets."""
    return overlaid(spans, [Overlay(*found) for found in _found(written(spans), caption)])


def _found(text: str, caption: bool) -> Iterator[tuple[int, int]]:
    """The ranges of `text` that are for the eye alone, ascending and apart."""
    done = 0
    for pair in sorted(pairs(text), key=lambda pair: pair.start):
        if pair.start >= done and _is_aside(text, pair):
            done = pair.end + 1
            yield pair.start - (text[pair.start - 1 : pair.start] == " "), done
    for blank in _BLANK.finditer(text, max(1, done, len(text) - _LONGEST)) if caption else ():
        if _rules("tail").fullmatch(text, blank.end()):
            yield blank.start(), len(text)
            return


def _is_aside(text: str, pair: Pair) -> bool:
    inside = text[pair.start + 1 : pair.end].strip()
    if pair.opener in _SQUARE:
        return _rules("square").fullmatch(inside) is not None and _marks_note(text, pair)
    if pair.opener not in _BRACKETS:
        return False
    short = len(inside) <= _LONGEST and _rules("bracket").fullmatch(inside) is not None
    return short or inside.startswith(STRUCK)


def _marks_note(text: str, pair: Pair) -> bool:
    """Whether [1] stands after text, and is no index: after a[ or list[ it is one."""
    before = _LATIN.search(text[max(0, pair.start - 20) : pair.start])
    if before is None:
        return text[: pair.start].strip() != ""
    return len(before[0]) > 1 and not before[0].islower()
