"""What print sets beside the text for the eye alone: （见图1）, credits, stage directions.

The rules and their reasons are in ``data/asides.tsv``. What they find is shown and not said.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import groupby

from bobao import datafiles
from bobao.model import Span
from bobao.scripting.pairs import pairs
from bobao.scripting.spans import Spans, plain, silent, tidy, written

_LONGEST = 30
_BRACKETS = "（("
_BLANK = re.compile(" +")


@functools.cache
def _rules(where: str) -> re.Pattern[str]:
    rows = datafiles.rows("bobao.scripting", "asides.tsv")
    return re.compile("|".join(f"(?:{row[1]})" for row in rows if row[0] == where))


def hushed(spans: Spans, *, caption: bool = False) -> Spans:
    """`spans` with asides silent; in a `caption` a credit may end the text without brackets."""
    ranges = list(_found(written(spans), caption))
    return _hush(spans, ranges) if ranges else spans


def _found(text: str, caption: bool) -> Iterator[tuple[int, int]]:
    """The ranges of `text` that are for the eye alone."""
    for pair in pairs(text):
        inside = text[pair.start + 1 : pair.end].strip()
        short = pair.opener in _BRACKETS and len(inside) <= _LONGEST
        if short and _rules("bracket").fullmatch(inside):
            yield pair.start - (text[pair.start - 1 : pair.start] == " "), pair.end + 1
    for blank in _BLANK.finditer(text, max(1, len(text) - _LONGEST)) if caption else ():
        if _rules("tail").fullmatch(text, blank.end()):
            yield blank.start(), len(text)
            return


def _hush(spans: Spans, ranges: list[tuple[int, int]]) -> Spans:
    mute = bytearray(len(written(spans)))
    for start, end in ranges:
        mute[start:end] = b"\1" * (end - start)
    done: list[Span] = []
    at = 0
    for span in spans:
        end = at + len(span.written)
        if span.plain:
            for quiet, run in groupby(range(at, end), key=mute.__getitem__):
                text = "".join(span.written[place - at] for place in run)
                done += silent(text) if quiet else plain(text)
        elif any(mute[at : max(end, at + 1)]) and (end > at or (at and mute[at - 1])):
            done += silent(span.written)
        else:
            done.append(span)
        at = end
    return tidy(_together(done))


def _together(spans: list[Span]) -> Iterator[Span]:
    """One pair of braces for silent spans side by side."""
    quiet = ""
    for span in spans:
        if span.written and not span.spoken:
            quiet += span.written
            continue
        yield from silent(quiet)
        quiet = ""
        yield span
    yield from silent(quiet)
