"""The words of a recorded line, each in both its forms and with its time.

A word is a jieba word of what is said, or a span whose two forms differ, whole (``4.07亿元``). What
has no sound of its own goes with a neighbour: punctuation with the word before, an opening quote
or bracket with the word after, a span that is only shown with the word before. Nothing that is
shown goes with what is only said (``图片说明：``). So the written forms join to the line as
written, and the spoken forms to the line as said.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bobao import words as chinese
from bobao.model import Line, Mark, Take, Word

_OPENING = {"Ps", "Pi", "Sc"}  # brackets, quotes, currency signs: categories of Unicode


@dataclass(frozen=True, slots=True)
class _Share:
    """Part of a line: its two forms and where its spoken form stands in the line's."""

    written: str
    spoken: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.spoken)

    def heard(self) -> range:
        """From the first to the last character of the spoken form that has a sound."""
        at = [i for i, c in enumerate(self.spoken) if c.isalnum()]
        return range(self.start + at[0], self.start + at[-1] + 1) if at else range(0)


def timed_words(line: Line, take: Take, offset_ms: int = 0) -> tuple[Word, ...]:
    """The words of `line` as `take` says it, `offset_ms` being the time of its first sample.

    The marks of the take are offsets in ``line.spoken``. Times do not decrease and stay inside the
    take; a word without a mark is given the time between its neighbours.
    """
    groups = _joined(list(_pieces(line)))
    clock = _Clock(take.marks, len(line.spoken), take.duration_ms)
    done: list[Word] = []
    now = 0
    for written, spoken, sounding in groups:
        start, end = (clock.start(sounding), clock.end(sounding)) if sounding else (now, now)
        start = min(max(start, now), take.duration_ms)
        now = min(max(end, start), take.duration_ms)
        done.append(Word(offset_ms + start, offset_ms + now, written, spoken))
    return tuple(done)


def _pieces(line: Line) -> Iterator[_Share]:
    """Cut a line at its words; punctuation and what has no sound stand alone."""
    text = line.spoken  # joined once: a line may have thousands of words
    edges = chinese.edges(text)
    position = 0
    for whole, written, spoken in _runs(line):
        end = position + len(spoken)
        if whole:
            yield _Share(written, spoken, position)
        else:
            inner = [i for i in range(position + 1, end) if _parts(text, i, edges)]
            for a, b in zip([position, *inner], [*inner, end], strict=True):
                if b > a:
                    yield _Share(text[a:b], text[a:b], a)
        position = end


def _runs(line: Line) -> Iterator[tuple[bool, str, str]]:
    """The spans, neighbours that read as they are written made one: a word may cross them."""
    plain = ""
    for span in line.spans:
        if span.written == span.spoken:
            plain += span.written
            continue
        if plain:
            yield False, plain, plain
            plain = ""
        yield True, span.written, span.spoken
    if plain:
        yield False, plain, plain


def _parts(text: str, at: int, edges: frozenset[int]) -> bool:
    """Whether to cut at an offset: a word ends, or sound and no sound meet (``!?`` is a word too).

    Never inside ``2.0``, ``Wi-Fi`` or ``don't``.
    """
    if at not in edges and text[at - 1].isalnum() == text[at].isalnum():
        return False
    mark = at if text[at - 1].isalnum() else at - 1
    around = text[mark - 1 : mark] + text[mark + 1 : mark + 2]
    joins = len(around) == 2 and around.isascii() and around.isalnum()
    return not joins or text[mark].isspace() or text[mark].isalnum()


def _joined(pieces: Sequence[_Share]) -> list[tuple[str, str, range]]:
    """Give what has no sound to a neighbour: written form, spoken form, range with sound."""
    groups: list[tuple[str, str, range]] = []
    ahead = _Share("", "", 0)
    straight = 0
    for piece in pieces:
        straight += piece.written.count('"')
        sounding = piece.heard()
        only_said = bool(groups) and not groups[-1][0].strip()
        if sounding and not piece.written.strip() and ahead.written:
            groups.append(("", ahead.spoken + piece.spoken, sounding))
            ahead = _Share(ahead.written + piece.written, "", 0)
        elif sounding:
            groups.append((ahead.written + piece.written, ahead.spoken + piece.spoken, sounding))
            ahead = _Share("", "", 0)
        elif (
            not groups
            or ahead.written
            or ahead.spoken
            or (only_said and piece.written)
            or _opens(piece.written, straight)
        ):
            ahead = _Share(ahead.written + piece.written, ahead.spoken + piece.spoken, 0)
        else:
            groups[-1] = _with(groups[-1], piece)
    if ahead.written or ahead.spoken:
        if groups and (groups[-1][0].strip() or not ahead.written):
            groups[-1] = _with(groups[-1], ahead)
        else:
            groups.append((ahead.written, ahead.spoken, range(0)))
    return groups


def _with(group: tuple[str, str, range], piece: _Share) -> tuple[str, str, range]:
    return group[0] + piece.written, group[1] + piece.spoken, group[2]


def _opens(text: str, straight: int) -> bool:
    """Whether text is made of opening marks; a straight quote opens where it is an odd one."""
    opening = (unicodedata.category(c) in _OPENING or (c == '"' and straight % 2) for c in text)
    return bool(text) and all(opening)


class _Clock:
    """Tells when characters are heard, from the marks; between marks it divides evenly."""

    def __init__(self, marks: Sequence[Mark], length: int, duration_ms: int) -> None:
        points = [(0, 0)] if not marks or marks[0].start > 0 else []
        for mark in marks:
            points += [(mark.start, mark.start_ms), (mark.end, mark.end_ms)]
        if not marks or marks[-1].end < length:
            points.append((length, duration_ms))
        self._at = [at for at, _ in points]
        self._ms = [ms for _, ms in points]

    def start(self, sounding: range) -> int:
        """When the first character of a range begins: the end of a gap, not its beginning."""
        return self._time(bisect_right(self._at, sounding.start) - 1, sounding.start)

    def end(self, sounding: range) -> int:
        """When the last character of a range ends: the beginning of a gap."""
        after = sounding.stop
        left = bisect_right(self._at, after - 1) - 1
        return self._time(left, after)

    def _time(self, left: int, at: int) -> int:
        """The time at an offset, on the line from point `left` to the next."""
        right = min(left + 1, len(self._at) - 1)
        span = self._at[right] - self._at[left]
        if not span:
            return self._ms[left]
        share = self._ms[right] - self._ms[left]
        return self._ms[left] + share * (at - self._at[left]) // span
