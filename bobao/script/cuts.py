"""Where a text may be cut, and how well: for speech units and for caption lines.

`cut_points` grades the places (a cut after 。 is better than one after ，…); `cut_into` makes
pieces of nearly equal weight, none above a limit, at the best of them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate, pairwise

from bobao import words
from bobao.script.sentences import CLOSERS, OPENERS, pairs

Weigh = Callable[[str], float]


class Strength(IntEnum):
    """How well a text can be cut at a place; the listener's pause grows with it."""

    ANYWHERE = 0  # between any two characters: the last resort
    GUARDED = 1  # at a mark or word edge inside a short quotation or a title
    WORD = 2
    PHRASE = 3  # after a particle that ends a phrase: 的, 了
    LIST = 4  # after 、, at a space, before an opening bracket
    COMMA = 5
    CLAUSE = 6  # after ；：—
    SENTENCE = 7


@dataclass(frozen=True, slots=True)
class Cut:
    """A place where a text may be cut: before the character at `position`."""

    position: int
    strength: Strength


_COST = {
    Strength.SENTENCE: 0.0,
    Strength.CLAUSE: 0.02,
    Strength.COMMA: 0.06,
    Strength.LIST: 0.3,
    Strength.PHRASE: 1.2,
    Strength.WORD: 1.5,
    Strength.GUARDED: 3.0,
    Strength.ANYWHERE: 8.0,
}
"""What a cut costs against unevenness: a piece half or one and a half times as long as the mean
costs 0.25."""

_EACH = 0.05
"""What each piece costs: of two ways equally good the one with fewer pieces is taken."""

_AT_ONCE = 1000
_PHRASE_ENDS = "的地得了着过"
_CLOSE = re.escape("”’」』）)】》〉〕]")
_MARKS: tuple[tuple[Strength, re.Pattern[str]], ...] = (
    (Strength.SENTENCE, re.compile(rf"[。！？｡!?]+[{_CLOSE}]*|…+[{_CLOSE}]*")),
    (Strength.CLAUSE, re.compile(rf"[；：;:]+[{_CLOSE}]*|[—–]{{2,}}")),
    (Strength.COMMA, re.compile(rf"[，,]+[{_CLOSE}]*")),
    (Strength.LIST, re.compile(rf"、+[{_CLOSE}]*|\s+|(?=[（(【])|(?<=[）)】])")),
)


def cut_points(text: str) -> tuple[Cut, ...]:
    """The places of `text` at which it is cut at a mark, best grade each, in order.

    None lies inside a number, a Latin word, an address, a short quotation, a title in 《》 or a
    name with ·, before a closing mark or after an opening one.
    """
    guards = Guards(text)
    return tuple(_at_marks(text, guards, guarded=False))


def cut_into(
    text: str, limit: float, weigh: Weigh = len, *, weakest: Strength = Strength.ANYWHERE
) -> tuple[str, ...]:
    """Cut `text` into pieces that weigh at most `limit`, as even as good places allow.

    Joined the pieces are `text`. `weigh` gives the weight of a piece, at least 0; that of two
    pieces together must not be more than the sum of theirs. Words are cut only where nothing else
    is left, and only a single character (with its combining marks) may weigh more than `limit`;
    with `weakest` also what could only be cut at weaker places than that. Raises `ValueError` for
    a limit that is not above 0.
    """
    if limit <= 0:
        raise ValueError(f"a limit of {limit}")
    if weigh(text) <= limit:
        return (text,) if text else ()
    guards = Guards(text)
    atoms = _Atoms(text, weigh)
    for level in (_marks, _words, _inside, _anywhere):
        heavy = [(a, b) for a, b, weight in atoms.each() if weight > limit]
        if not heavy:
            break
        atoms.add(cut for cut in level(text, guards, heavy) if cut.strength >= weakest)
    return tuple(text[a:b] for a, b in _best(atoms, limit))


class _Atoms:
    """The text between neighbouring cut points, with weights."""

    def __init__(self, text: str, weigh: Weigh) -> None:
        self.text, self.weigh = text, weigh
        self.cuts: dict[int, Strength] = {0: Strength.SENTENCE, len(text): Strength.SENTENCE}
        self._weights: dict[tuple[int, int], float] = {}

    def add(self, cuts: Iterable[Cut]) -> None:
        for cut in cuts:
            self.cuts.setdefault(cut.position, cut.strength)

    def each(self) -> list[tuple[int, int, float]]:
        """Start, end and weight of every atom, in order."""
        at = sorted(self.cuts)
        return [(a, b, self._weight(a, b)) for a, b in pairwise(at)]

    def _weight(self, a: int, b: int) -> float:
        if (a, b) not in self._weights:
            self._weights[a, b] = self.weigh(self.text[a:b])
        return self._weights[a, b]


def _best(atoms: _Atoms, limit: float) -> list[tuple[int, int]]:
    """The cheapest way to join atoms to pieces within `limit` (dynamic programming)."""
    each = atoms.each()
    total = [0.0, *accumulate(weight for _, _, weight in each)]
    even = total[-1] / max(1, -(-total[-1] // limit))
    cost = [0.0]
    back = [0]
    for end in range(1, len(each) + 1):
        cheapest, first = float("inf"), end - 1
        for start in range(end - 1, -1, -1):
            weight = total[end] - total[start]
            if weight > limit and start < end - 1:
                break
            price = cost[start] + (weight / even - 1) ** 2
            if price < cheapest:
                cheapest, first = price, start
        cost.append(cheapest + _COST[atoms.cuts[each[end - 1][1]]] + _EACH)
        back.append(first)
    pieces: list[tuple[int, int]] = []
    end = len(each)
    while end:
        pieces.append((each[back[end]][0], each[end - 1][1]))
        end = back[end]
    return pieces[::-1]


Places = Sequence[tuple[int, int]]


def _marks(text: str, guards: Guards, heavy: Places) -> Iterable[Cut]:
    """Marks outside all guards; `heavy` is the whole text here."""
    return _at_marks(text, guards, guarded=False)


def _words(text: str, guards: Guards, heavy: Places) -> Iterable[Cut]:
    """The word edges in what is still too heavy."""
    for at in _edges(text, heavy):
        if guards.open(at, word=True):
            yield Cut(at, Strength.PHRASE if text[at - 1] in _PHRASE_ENDS else Strength.WORD)


def _inside(text: str, guards: Guards, heavy: Places) -> Iterable[Cut]:
    """Marks and word edges inside quotations and titles."""
    within = _Within(heavy)
    for cut in _at_marks(text, guards, guarded=True):
        if within(cut.position):
            yield Cut(cut.position, Strength.GUARDED)
    for at in _edges(text, heavy):
        if guards.open(at, word=True, guarded=True):
            yield Cut(at, Strength.GUARDED)


def _edges(text: str, places: Places) -> list[int]:
    """The word edges inside `places`; jieba's time grows faster than what it is given at once."""
    found: list[int] = []
    for start, end in places:
        for low in range(start, end, _AT_ONCE):
            part = text[low : min(low + _AT_ONCE, end)]
            found += sorted(low + edge for edge in words.edges(part) if start < low + edge < end)
    return found


def _anywhere(text: str, guards: Guards, heavy: Places) -> Iterable[Cut]:
    """Between any two characters of what is still too heavy, marks kept with their letters."""
    for start, end in heavy:
        for position in range(start + 1, end):
            if not guards.clings(position):
                yield Cut(position, Strength.ANYWHERE)


class _Within:
    """Whether an offset lies inside one of some ranges."""

    def __init__(self, ranges: Places) -> None:
        self.ranges = ranges
        self.starts = [start for start, _ in ranges]

    def __call__(self, position: int) -> bool:
        index = bisect_right(self.starts, position - 1) - 1
        return index >= 0 and position < self.ranges[index][1]


def _at_marks(text: str, guards: Guards, *, guarded: bool) -> Iterable[Cut]:
    graded: dict[int, Strength] = {}
    for strength, pattern in _MARKS:
        for found in pattern.finditer(text):
            position = found.end()
            if 0 < position < len(text) and guards.open(position, guarded=guarded):
                graded.setdefault(position, strength)
    return [Cut(position, graded[position]) for position in sorted(graded)]


SHORT = {"《": 30, "〈": 30}
"""Titles up to this length, and quotations and brackets up to `SHORT_QUOTE`, are kept whole."""
SHORT_QUOTE = 16

_NUMERAL = "〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟"
_TOGETHER = re.compile(
    r"[A-Za-z0-9]+(?:[.,:/@_%+'’&?=#~-]+[A-Za-z0-9]+)*[%％℃]?"  # a number, a word, an address
    rf"|(?:[百千万]分之|第|负)?[{_NUMERAL}]+(?:点[{_NUMERAL}]+)?"  # a number in words
    r"|[^\W\d_]{1,12}(?:[·•‧][^\W\d_]{1,12})+"  # a foreign name
    r"|[-+±]?[0-9]",
)
_NOT_FIRST = frozenset("，。、；：！？…—,.;:!?%％℃·～~ \t\u3000") | CLOSERS
_NOT_LAST = OPENERS
_PARTICLES = frozenset("的地得了着过们吗呢吧啊呀嘛之")


class Guards:
    """Looks up, for any offset of a text, whether it may be cut there."""

    def __init__(self, text: str) -> None:
        self.text = text
        size = len(text) + 1
        self._joined = bytearray(size)  # inside a number, a word, a name
        self._paired = bytearray(size)  # inside a short quotation, bracket or title
        for found in _TOGETHER.finditer(text):
            start, end = found.span()
            last = end - 1 if self._free_end(found[0], end) else end
            for at in range(start + 1, min(last, len(text)) + 1):
                self._joined[at] = 1
        for pair in pairs(text):
            if pair.end - pair.start - 1 <= SHORT.get(pair.opener, SHORT_QUOTE):
                for at in range(pair.start + 1, pair.end + 1):
                    self._paired[at] = 1

    def open(self, position: int, *, word: bool = False, guarded: bool = False) -> bool:
        """Whether `text` may be cut before `position`.

        `word` says that the place is only the edge of a word: then not before a particle that
        leans on what comes before it. `guarded` allows the inside of quotations and titles.
        """
        before, after = self.text[position - 1], self.text[position]
        if self._joined[position] or self.clings(position):
            return False
        if after in _NOT_FIRST or before in _NOT_LAST or (self._paired[position] and not guarded):
            return False
        return not (word and after in _PARTICLES)

    def clings(self, position: int) -> bool:
        """Whether the character at `position` is one with that before it: an accent, an emoji."""
        before, after = self.text[position - 1], self.text[position]
        joiners = "\u200d\ufe0f\ufe0e"
        skin = "\U0001f3fb" <= after <= "\U0001f3ff"
        return after in joiners or before == "\u200d" or skin or bool(unicodedata.combining(after))

    def _free_end(self, found: str, end: int) -> bool:
        """Whether what follows a number or a word may be parted from it.

        What is counted or measured stays with the number (45.5万平方米); a single hanzi numeral
        is more often part of a word.
        """
        after = self.text[end : end + 1]
        number = found[-1:].isdigit() or (len(found) > 1 and found[-1] in _NUMERAL)
        return not (number and after.isalpha())
