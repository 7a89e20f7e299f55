"""From the author's text to what is said: the normaliser's spans, and pauses where print has none.

Print marks some pauses by layout alone. In a title, a heading or a caption the blank between two
clauses is heard as a comma (``锻造乡村振兴排头兵 争创共同富裕先行镇``), and so is the one after
a dateline (``本报讯 记者……``); a line without a last mark is heard as ending with 。. Half-width
marks between ideographs (``今年,花街镇``) stay as they are in both forms: braces at every comma
would bury the few changes an editor must see, so the voices' front end takes ``, . ; : ! ? ( )``
beside ideographs for the full-width marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bobao.model import Span
from bobao.scripting.spans import Spans, plain, said, spoken, tidy, written
from bobao.scripting.unread import heard, swept

Normalise = Callable[[str], Spans]
"""A text → its spans; their written forms join to the text."""

_BLANK = re.compile(r" +")
_PAUSING = frozenset("，。、；：！？…—,.;:!?|·")
_CLOSING = frozenset("”’」』）)】》〉〕]\"' ")
_ENDING = frozenset("。！？；：…，、.!?;:,｡")
_DATELINE = re.compile(r"[^。！？]{0,40}?[讯訊电電]\s*(?:[（(][^（）()]{1,24}[）)])?")
_PERIOD = "。"
_COMMA = "，"


def squeezed(text: str) -> str:
    """`text` with one space for every run of white space, and none at its ends."""
    return " ".join(text.split())


def worded(text: str, normalise: Normalise) -> Spans:
    """`text` as it will be said: normalised whole, so that context decides, and swept."""
    return swept(tidy(normalise(squeezed(text))))


def paused(spans: Spans) -> Spans:
    """`spans` of a title, heading or caption, its blanks between clauses heard as commas."""
    return _commas(spans, _between_clauses)


def paused_after_dateline(spans: Spans) -> Spans:
    """`spans` of a paragraph, the blank after its dateline heard as a comma."""
    found = _DATELINE.match(written(spans))
    end = found.end() if found else -1
    return _commas(
        spans, lambda text, start, stop: start == end and _between_clauses(text, start, stop)
    )


def closed(spans: Spans) -> Spans:
    """`spans` with a 。 to be heard if they say something and have no mark at their end."""
    sound = spoken(spans)
    last = next((char for char in reversed(sound) if char not in _CLOSING), "")
    return spans if not heard(sound) or last in _ENDING else (*spans, *said(_PERIOD))


def _commas(spans: Spans, is_pause: Callable[[str, int, int], bool]) -> Spans:
    text = written(spans)
    done: list[Span] = []
    at = 0
    for span in spans:
        done += _split(span, at, text, is_pause) if span.plain else [span]
        at += len(span.written)
    return tidy(done)


def _split(
    span: Span, at: int, text: str, is_pause: Callable[[str, int, int], bool]
) -> Iterator[Span]:
    start = 0
    for blank in _BLANK.finditer(span.written):
        if is_pause(text, at + blank.start(), at + blank.end()):
            yield from plain(span.written[start : blank.start()])
            yield Span(blank[0], _COMMA)
            start = blank.end()
    yield from plain(span.written[start:])


def _between_clauses(text: str, start: int, end: int) -> bool:
    """Whether the blank `start:end` parts clauses, not Latin words or the two hanzi of a name."""
    before, after = text[:start], text[end:]
    if not before or not after or before[-1].isascii() or after[0].isascii():
        return False
    if before[-1] in _PAUSING or after[0] in _PAUSING:
        return False
    return before[-2:-1].strip() != "" and after[1:2].strip() != ""
