"""Figures that are a name: 985高校, “996”, 日经225, 歼-20, 1080P."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import NamedTuple

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.scan import Figures, NumberReading, Scan, Tail, cues

_QUOTES = {"“": "”", '"': '"', "‘": "’", "「": "」", "『": "』", "'": "'"}
_BRACKETS = {"(": ")", "[": "]", "【": "】", "〔": "〕", "〈": "〉", "（": "）"}
_EXCHANGE = re.compile(r"[,，、 ] ?(?:SH|SZ|HK|BJ)(?![A-Za-z0-9])")
_CLAUSE_STARTS = frozenset(" \n，。；、")
_ARMOUR = re.compile(r"[A-Z]{1,2}(?:型|式|主战|坦克|步枪|战车)")

Rows = dict[str, list[tuple[tuple[str, ...], tuple[str, ...], str]]]


@functools.cache
def _fixed_table() -> Rows:
    def cell(text: str) -> tuple[str, ...]:
        return tuple(text.split(" ")) if text != "-" else ()

    table: Rows = {}
    for figures, before, after, said in tables.rows("fixed"):
        table.setdefault(figures, []).append((cell(before), cell(after), said))
    return table


def fixed(n: Figures) -> NumberReading | None:
    """A number of `data/fixed.tsv` beside the words it asks for."""
    if n.counting:
        return None
    for before, after, said in _fixed_table().get(n.text, ()):
        fits = not after or n.scan.text.startswith(after, n.end)
        if fits and (not before or n.left.endswith(before)):
            return NumberReading(said, "code", "fixed")
    return None


def before_noun(n: Figures) -> NumberReading | None:
    """985高校, 863计划; a round number stays a quantity (100工程)."""
    if n.tail.group != "soft" or n.tail.multiplier or n.counting:
        return None
    return None if n.text.endswith("00") else n.code("name-of-figures", yao=False)


def bracketed(n: Figures) -> NumberReading | None:
    """（2021）is a year, （600519）after a company's name its stock code."""
    opener = n.scan.char(n.at - 1)
    if opener in _BRACKETS and len(n.text) in (5, 6) and _EXCHANGE.match(n.scan.text, n.end):
        return n.code("stock-code")
    if not n.follower() or _BRACKETS.get(opener) != n.follower():
        return None
    if len(n.text) == 4 and "1900" <= n.text <= "2099":
        return NumberReading(one_by_one(n.text), "year", "year-bracketed")
    if len(n.text) == 6 and n.at > 1 and n.scan.text[n.at - 2] not in _CLAUSE_STARTS:
        return n.code("stock-code")
    return None


def quoted(n: Figures) -> NumberReading | None:
    """“996”, “3060”: three figures or more alone in quotes, unless round."""
    closer = _QUOTES.get(n.scan.char(n.at - 1), "")
    lettered = "A" <= n.follower() <= "Z" and n.scan.char(n.end + 1) == closer  # “415X”
    if not n.follower() or not closer or not (closer == n.follower() or lettered):
        return None
    if n.text.endswith("00"):
        return None
    return n.code("name-of-figures", yao=len(n.text) > 4)


def brand(n: Figures) -> NumberReading | None:
    """骁龙888."""
    if n.text.endswith("00"):
        return None
    named = cues("brand-before").before(n.left.rstrip())
    return n.code("model", yao=False) if named else None


def model(n: Figures) -> NumberReading | None:
    """After the hyphen of a model: 歼-20 歼二零, 歼-10 歼十, 东风-41 东风四一."""
    before = n.scan.previous
    if before.rule != "model-hyphen" or before.end != n.at:
        return None
    if len(n.text) < 2 or n.text.endswith("00") or (len(n.text) == 2 and n.text < "20"):
        return NumberReading(cardinal(n.text), "model", "model")
    return NumberReading(one_by_one(n.text), "model", "model")


def armour(n: Figures) -> NumberReading | None:
    """99A坦克."""
    return n.code("model", yao=False) if _ARMOUR.match(n.scan.text, n.end) else None


def picture_lines(n: Figures) -> NumberReading | None:
    """1080P."""
    if n.follower() not in ("P", "p"):
        return None
    return None if n.scan.char(n.end + 1).isalnum() else n.code("picture-lines", yao=False)


class NumberPair(NamedTuple):
    """A pair of numbers at `at`:`end`; `left` is what stands before it, opening marks aside."""

    scan: Scan
    at: int
    end: int
    left: str
    tail: Tail

    def before(self, group: str) -> bool:
        """Whether a word of the group stands right before."""
        return bool(cues(group).before(self.left))

    def after(self, group: str) -> str:
        """The word of the group that stands right after, a space aside."""
        at = self.end + 1 if self.scan.char(self.end) == " " else self.end
        return cues(group).after(self.scan.text, at)

    def near(self, group: str, reach: int) -> bool:
        """Whether a word of the group stands within `reach` characters on either side."""
        words = cues(group)
        return words.within(self.scan.left(self.at, reach)) or words.within(
            self.scan.text[self.end : self.end + reach]
        )


Judge = Callable[[NumberPair], bool | None]
"""Says yes or no, or None to leave it to the next judge."""


def place(scan: Scan, at: int, end: int) -> NumberPair:
    """The place `at`:`end`."""
    left = scan.left(at, 8).rstrip(" (：:“\"‘'")
    return NumberPair(scan, at, end, left, scan.tail(end))


def verdict(judges: tuple[Judge, ...], where: NumberPair) -> bool:
    """What the first judge says who says anything; no if none does."""
    for judge in judges:
        said = judge(where)
        if said is not None:
            return said
    return False
