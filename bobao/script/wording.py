"""From the author's text to what is said: the normaliser's spans, and pauses where print has none.

Print marks some pauses by layout alone. In a title, a heading or a caption the blank between two
clauses is heard as a comma (``锻造乡村振兴排头兵 争创共同富裕先行镇``), and so is the one after
a dateline (``本报讯 记者……``); a line without a last mark is heard as ending with 。. Half-width
marks between ideographs (``今年,花街镇``) stay as they are in both forms: braces at every comma
would bury the few changes an editor must see, so the voices' front end takes ``, . ; : ! ? ( )``
beside ideographs for the full-width marks.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

from bobao import files
from bobao.model import Span
from bobao.script.sentences import Pair, pairs
from bobao.script.spans import Overlay, Spans, overlaid, plain, said, spoken, tidy, written
from bobao.script.unread import heard, swept

Normalise = Callable[[str], Spans]
"""A text → its spans; their written forms join to the text."""

_PLACES = re.compile(r"】 *| +")
_LABEL_END = "】"
_FIGURE_NUMBER = re.compile(r"[图圖表](?:片|[0-9一二三四五六七八九十]{1,3})")
_ROLES = ("记者", "記者", "通讯员", "作者", "编辑", "摄影", "校对", "审核")
_PAUSING = frozenset("，。、；：！？…—,.;:!?|·")
_CLOSING = frozenset("”’」』）)】》〉〕]\"' ")
_ENDING = frozenset("。！？；：…，、.!?;:,｡")
_DATELINE = re.compile(r"[^。！？]{0,40}?[讯訊电電](?P<by> ?[（(][^（）()]{1,24}[）)])?")
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
    """`spans` of a paragraph, the end of its dateline heard as a comma, mark or no mark."""
    text = written(spans)
    found = _DATELINE.match(text)
    end = found.end() if found else -1
    if found and found["by"] and text[end : end + 1] not in {"", " ", *_PAUSING}:
        spans = tidy(_inserted(spans, end, said(_COMMA)))

    def is_pause(text: str, start: int, stop: int) -> bool:
        return (start == end or text[start] == _LABEL_END) and _between_clauses(text, start, stop)

    return _commas(spans, is_pause)


def _inserted(spans: Spans, place: int, more: Spans) -> Iterator[Span]:
    """`spans` with `more` before the character at `place`, unless that is inside a whole span."""
    at = 0
    for span in spans:
        end = at + len(span.written)
        if at < place < end and span.plain:
            yield from (
                *plain(span.written[: place - at]),
                *more,
                *plain(span.written[place - at :]),
            )
        else:
            yield from (*more, span) if at == place and end > at else (span,)
        at = end


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
    for found in _PLACES.finditer(span.written):
        if is_pause(text, at + found.start(), at + found.end()):
            mark = found[0].rstrip()
            yield from plain(span.written[start : found.start()] + mark)
            yield Span(found[0].removeprefix(mark), _COMMA)
            start = found.end()
    yield from plain(span.written[start:])


def _between_clauses(text: str, start: int, end: int) -> bool:
    """Whether the blank, or the 】, at `start:end` parts clauses.

    It does not between Latin words, in a name of two hanzi set wide, or before a reporter's name.
    """
    before, after = text[max(0, start - 8) : start], text[end : end + 2]
    if not before or not after or after[0] in _PAUSING or before[-1] in _PAUSING:
        return False
    if text[start] == _LABEL_END or (start < 6 and _FIGURE_NUMBER.fullmatch(text[:start])):
        return not after[0].isspace()
    if before[-1].isascii() or after[0].isascii() or before.endswith(_ROLES):
        return False
    return before[-2:-1].strip() != "" and after[1:].strip() != ""


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
