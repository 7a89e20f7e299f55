"""A text cut into sentences, one for each line of the script.

A newsreader's sentence ends at 。！？ and at what closes after it. It does not end inside a number,
a web address, an abbreviation, brackets or a book title, nor at a mark that belongs to a quotation
in the middle of a longer sentence (围绕“谁来干？”这个问题). A quotation that is a turn of speech
ends its sentence; one longer than `LONG` is cut inside as well, as a reader would breathe there. A
sentence longer than `LONG` is also cut at ；, after which a newsreader pauses nearly as long.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bobao import files

LONG = 80
"""Characters. The sample's sentences have a median of 54, nine in ten are below 113."""

_SHORTEST = 16
"""No cut at ； leaves less than this: a list of short clauses is one breath."""
_MARKS = re.compile(r"[。｡！？!?…．.]+")
_FULL = frozenset("。｡！？")
_BEFORE_SPEECH = frozenset("：:，,")
_CLAUSE = re.compile(r"[^，,。！？!?；;：:…\n]{1,16}")
_ABBREVIATED = re.compile(r"[A-Za-z.]{1,16}\Z")
_WORD = re.compile(r"[^\W_]")
_SEMICOLON = re.compile(r"；|(?<=[^\x00-\x7f]);")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text`, without white space around them.

    Joined they are `text` but for white space at the joints and ends.
    """
    return tuple(text[start:end] for start, end in sentence_ranges(text))


def sentence_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """Where the sentences of `text` start and end; only white space lies outside."""
    found = pairs(text)
    whole = _Whole(pair for pair in found if not _opens_up(text, pair))
    ranges: list[tuple[int, int]] = []
    start = word = 0
    for end in (*_full_ends(text, found, whole), len(text)):
        word = _next_word(text, start) if word <= start else word
        if word < end or end == len(text):
            ranges += _at_semicolons(text, start, end, whole)
            start = end
    return _settled(text, ranges)


def _next_word(text: str, start: int) -> int:
    """The offset of the first letter or digit from `start` on, or the length of the text."""
    found = _WORD.search(text, start)
    return found.start() if found else len(text)


def _settled(text: str, ranges: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Trim white space; a last piece without a word (…… or ”) goes with the one before it."""
    done: list[tuple[int, int]] = []
    for low, high in ranges:
        start = high - len(text[low:high].lstrip())
        end = low + len(text[low:high].rstrip())
        if start >= end:
            continue
        if done and _WORD.search(text, start, end) is None:
            done[-1] = (done[-1][0], end)
        else:
            done.append((start, end))
    return tuple(done)


def _full_ends(text: str, found: Sequence[Pair], whole: _Whole) -> Iterator[int]:
    """Offsets just after a sentence, ascending."""
    closing = {pair.end: pair for pair in found}
    last_word = len(text.rstrip())
    for marks in _MARKS.finditer(text):
        end = marks.end()
        while end < len(text) and (end in closing or text[end] in CLOSERS):
            end += 1
        if whole.holds(end) or not _ends(text, marks, end):
            continue
        closed = (closing[at] for at in range(end - 1, marks.end() - 1, -1) if at in closing)
        outermost = next(closed, None)
        if outermost is None or end >= last_word or _turn(text, outermost):
            yield end


class _Whole:
    """The outermost pairs that are not cut inside."""

    def __init__(self, found: Iterable[Pair]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in sorted((pair.start, pair.end) for pair in found):
            if not self.ends or start > self.ends[-1]:
                self.starts.append(start)
                self.ends.append(end)

    def holds(self, at: int) -> bool:
        """Whether the gap before offset `at` lies inside one of them."""
        index = bisect_right(self.starts, at - 1) - 1
        return index >= 0 and self.starts[index] < at <= self.ends[index]


def _opens_up(text: str, pair: Pair) -> bool:
    """Whether a pair is cut inside: a long quotation that is a turn of its own."""
    long = pair.end - pair.start > LONG
    return pair.quote and long and text[pair.end - 1] in "。！？!?…" and _turn(text, pair)


def _turn(text: str, pair: Pair) -> bool:
    """Whether the sentence ends with this pair, which ends in a mark such as 。.

    A quotation does if it is introduced (他说：“……”), or stands at the start of its sentence and no
    speaker is named after it (“……”他说). Brackets do if they are a sentence of their own.
    """
    before = text[max(0, pair.start - 8) : pair.start].rstrip()[-1:]
    opening = not before or before in _FULL or before in "!?…；" or before in CLOSERS
    if not pair.quote:
        return opening and pair.opener in BRACKETS
    after = text[pair.end + 1 : pair.end + 40].lstrip()
    if not after or after[0] in OPENERS or after[0] == STRAIGHT or before in _BEFORE_SPEECH:
        return True
    clause = _CLAUSE.match(after)
    named = clause is not None and any(verb in clause[0] for verb in _words("speech_verbs"))
    return opening and clause is not None and not named


def _ends(text: str, marks: re.Match[str], end: int) -> bool:
    """Whether a run of marks, with what closes after it up to `end`, can end a sentence."""
    run, after = marks[0], text[end : end + 1]
    if _FULL.intersection(run) or not after:
        return True
    if "…" in run or run.startswith(".."):
        return after.isspace() or after in OPENERS
    before = text[marks.start() - 1 : marks.start()]
    apart = after.isspace() or not after.isascii()
    if run[-1] in "!?":
        return apart or not before.isascii()
    return bool(before) and _stops(text, marks, before, after)


def _stops(text: str, marks: re.Match[str], before: str, after: str) -> bool:
    """Whether a full stop in Latin form ends a sentence."""
    if not before.isascii() and not before.isdigit():
        return not after.isdigit()
    follows = text[marks.end() : marks.end() + 8].strip()[:1]
    if not after.isspace() or not (follows.isupper() or not follows.isascii()):
        return False
    if before.isdigit():
        return False
    word = _ABBREVIATED.search(text[max(0, marks.start() - 16) : marks.start()])
    known = word is not None and (
        len(word[0]) < 2 or "." in word[0] or word[0] in _words("abbreviations")
    )
    return not known


def _at_semicolons(text: str, start: int, end: int, whole: _Whole) -> Iterator[tuple[int, int]]:
    """Cut a sentence that is too long where it has a semicolon outside all pairs."""
    if end - start > LONG:
        for mark in _SEMICOLON.finditer(text, start, end):
            at = mark.end()
            if min(at - start, end - at) >= _SHORTEST and not whole.holds(at):
                yield start, at
                start = at
    yield start, end


QUOTES = dict(zip("“‘「『﹁﹃", "”’」』﹂﹄", strict=True))
BRACKETS = dict(zip("（([［【〔〖{｛", "）)]］】〕〗}｝", strict=True))
TITLES = dict(zip("《〈", "》〉", strict=True))
PARTNER = {**QUOTES, **BRACKETS, **TITLES}
OPENERS = frozenset(PARTNER)
CLOSERS = frozenset(PARTNER.values())
STRAIGHT = '"'
LONGEST = 400
"""A pair wider than this is taken for two stray marks."""

_OPENER_OF = {closer: opener for opener, closer in PARTNER.items()}


@dataclass(frozen=True, slots=True)
class Pair:
    """Offsets of a matched opening and closing mark; `opener` is the former."""

    start: int
    end: int
    opener: str

    @property
    def quote(self) -> bool:
        """Whether what is inside is quoted speech or a quoted word."""
        return self.opener in QUOTES or self.opener == STRAIGHT


def pairs(text: str) -> tuple[Pair, ...]:
    """The matched pairs of `text` in the order of their closing marks; they nest or stand apart.

    A closing mark takes the nearest open partner and gives up what was opened in between. Straight
    double quotes pair up in turn, and not at all where their number is odd.
    """
    found: list[Pair] = []
    open_: list[int] = []
    balanced = text.count(STRAIGHT) % 2 == 0
    for at, mark in enumerate(text):
        straight = mark == STRAIGHT and balanced
        wanted = STRAIGHT if straight else _OPENER_OF.get(mark)
        partner = _nearest(text, open_, at, wanted) if wanted else None
        if partner is not None:
            found.append(Pair(open_[partner], at, wanted or ""))
            del open_[partner:]
        elif mark in OPENERS or straight:
            open_.append(at)
    return tuple(found)


def _nearest(text: str, open_: list[int], at: int, wanted: str) -> int | None:
    """The index in `open_` of the nearest mark `wanted` within reach."""
    for index in range(len(open_) - 1, -1, -1):
        if at - open_[index] > LONGEST:
            return None
        if text[open_[index]] == wanted:
            return index
    return None


def _words(name: str) -> frozenset[str]:
    return files.words("bobao.script", f"{name}.txt")
