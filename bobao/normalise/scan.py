"""What the rules share: the place in the text, the token made there, a station's choices."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bobao import words
from bobao.normalise import tables
from bobao.normalise.numbers import one_by_one


@dataclass(frozen=True, slots=True)
class ReadingStyle:
    """The choices; the defaults are those of a Mandarin newsreader.

    `yao` says 幺 for 1 in telephone, road, train and flight numbers and in codes. `to` joins the
    two ends of a range (到 or 至). `below_zero` is said before a temperature under zero (零下 or
    负). `emoji` says emoji by name; otherwise they are silent.
    """

    yao: bool = True
    to: str = "到"
    below_zero: str = "零下"
    emoji: bool = False


DEFAULT = ReadingStyle()


NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.(\d+))?")
"""A number: whole part, with or without thousands commas, and decimals."""

JOINTS = "-—~"
"""Signs that stand between the two ends of a range."""

_COUNTABLE = (
    "个個名位人口岁万亿千百年天次家元块塊公平里米亩吨斤条只座"
    "所项件种份多户间套辆台小分秒场部本页支艘架"
)
_ABOUT = f"(?:[余餘多几幾]|[来來](?=[{_COUNTABLE}]))?"
_TAIL = re.compile(rf"{_ABOUT}[百千万亿萬億]{{0,3}}{_ABOUT}")
_CHAIN = re.compile(
    r"(?: ?(?:[-~—至到、和与及或/]|以及) ?[-+]?\d{1,16}(?:\.\d{1,8})?[百千万亿萬億]{0,2}){1,8}"
)
_SCALES = frozenset("余餘多几幾来來百千万亿萬億")
_CHAIN_STARTS = frozenset("-~—至到、和与及或以/ ")
_RANGE = re.compile(r" ?[-—~至到] ?[-+]?(?=\.?\d)")


class Token(NamedTuple):
    """A reading: `text[start:end]` is said as `spoken`.

    `kind` is the class of what is read, `rule` the name of the rule (`data/rules.tsv` explains it).
    `reach` is where the phrase ends that the token begins (after the 元 of 30元): what joins on
    looks there.
    """

    start: int
    end: int
    spoken: str
    kind: str
    rule: str
    reach: int = -1


class Link(NamedTuple):
    """The first end of a range whose second end begins at `at`: how it was read, where it began."""

    at: int
    start: int
    kind: str
    prefix: str = ""  # what was said before both ends: 百分之, 每小时


class Tail(NamedTuple):
    """What follows a number: multiplier, then a unit word or sign that ends at `end`.

    `group` says how a number reads before that word (see `data/after.tsv`); ``sign`` is a unit
    written in Latin letters or as a sign. `borrowed` is true when the unit belongs to a later
    number of the same list or range (the 元 after the 3 of 3至5元).
    """

    multiplier: str
    group: str
    unit: str
    end: int
    borrowed: bool = False

    @property
    def counts(self) -> bool:
        """Whether a unit, classifier or rank word of its own follows."""
        return self.group in ("count", "order", "sign") and not self.borrowed


_NO_TAIL = Tail("", "", "", -1)


class Scan:
    """The text under the scan, and what was read last. Only the engine moves it forward."""

    __slots__ = ("_tail", "hashtag", "link", "previous", "style", "text")

    def __init__(self, text: str, style: ReadingStyle) -> None:
        self.text = text
        self.style = style
        self.previous = Token(0, -1, "", "", "")
        self.link = Link(-1, -1, "")
        self._tail = -1, _NO_TAIL  # where it was last asked for
        self.hashtag = -1  # the closing # of the hashtag the scan is in

    def head(self, at: int) -> int:
        """Where the number at `at` begins for its neighbours: a range and a sign are skipped."""
        if self.link.at == at:
            at = self.link.start
        if at and self.text[at - 1] in "-+" and self.previous.end == at:
            at -= 1
        return at

    def left(self, at: int, length: int = 10) -> str:
        """Up to `length` characters before the number at `at`."""
        at = self.head(at)
        return self.text[max(0, at - length) : at]

    def char(self, at: int) -> str:
        """The character at `at`, or an empty text outside."""
        return self.text[at] if 0 <= at < len(self.text) else ""

    def tail(self, at: int) -> Tail:
        """What follows the number that ends at `at`, borrowed along a list or range if need be."""
        if self._tail[0] != at:
            self._tail = at, self._found_tail(at)
        return self._tail[1]

    def _found_tail(self, at: int) -> Tail:
        own = self._own_tail(at)
        if own.group or own.multiplier or self.char(at) not in _CHAIN_STARTS:
            return own
        chain = _CHAIN.match(self.text, at)
        if not chain:
            return own
        lent = self._own_tail(chain.end())
        many = "万" if chain[0][-1] in "百千万亿萬億" else lent.multiplier
        return lent._replace(multiplier=many, borrowed=True)

    def _own_tail(self, at: int) -> Tail:
        start = at
        if self.char(at) in _SCALES:
            found = _TAIL.match(self.text, at)
            start = found.end() if found else at
        sign_at = start + 1 if self.char(start) == " " else start
        sign = unit_sign(self.text, sign_at)
        if sign and not (sign == "g" and cues("mobile-after").after(self.text, sign_at + 1)):
            return Tail(self.text[at:start], "sign", sign, sign_at + len(sign))
        if self.char(start) == " " and start == at:  # 2 个
            word, group = word_after(self.text, start + 1)
            if group == "count":
                return Tail("", group, word, start + 1 + len(word))
        word, group = word_after(self.text, start)
        return Tail(self.text[at:start], group, word, start + len(word))

    def is_range(self, at: int) -> bool:
        """Whether the number that ends at `at` is the first end of a range."""
        return self.char(at) in _CHAIN_STARTS and _RANGE.match(self.text, at) is not None

    def linked(self, token: Token, prefix: str = "") -> Token:
        """`token`, remembered for the second end of the range if it is the first end of one."""
        found = _RANGE.match(self.text, max(token.reach, token.end))
        if found:
            self.link = Link(found.end(), self.head(token.start), token.kind, prefix)
        return token


def reading(start: int, end: int, spoken: str, kind: str, rule: str) -> Token:
    """A token that the next phrase may join on to."""
    return Token(start, end, spoken, kind, rule, end)


def word_after(text: str, at: int) -> tuple[str, str]:
    """The longest word of `data/after.tsv` in `text` from `at`, and its group."""
    known, lengths = _after()
    for length in lengths.get(text[at : at + 1], ()):
        group = known.get(text[at : at + length])
        if group:
            return text[at : at + length], group
    return "", ""


def is_in_longer_word(text: str, at: int, unit: str) -> bool:
    """Whether `unit`, one character at `at`, is only the start of a word that jieba cuts there."""
    if len(unit) != 1 or not text[at + 1 : at + 2].isalpha():
        return False
    first = words.cut(text[at : at + 12])[0]
    known = words.frequencies()[0]
    return len(first) > 1 and bool(known.get(first) or known.get(first[:2]))


def unit_sign(text: str, at: int) -> str:
    """The unit sign (kg, ℃, mg/L …) in `text` from `at`, longest first; it must end there."""
    for end in _sign_ends(text, at):
        over = _sign_ends(text, end + 1) if text.startswith("/", end) else ()
        for last in (*over, end):
            if _SIGN_INSIDE.match(text[last - 1]) is None or not _SIGN_ON.match(text, last):
                return text[at:last]
    return ""


_SIGN_INSIDE = re.compile("[A-Za-z0-9²³]")
_SIGN_ON = re.compile("[A-Za-z0-9μ²³]|/[A-Za-z]")


def _sign_ends(text: str, at: int) -> Iterator[int]:
    """Where the unit signs in `text` from `at` end, the longest first."""
    known = tables.mapping("units")
    lengths = _sign_lengths().get(text[at : at + 1], ())
    ends = (at + length for length in lengths if at + length <= len(text))
    return (end for end in ends if text[at:end] in known)


@functools.cache
def _sign_lengths() -> dict[str, list[int]]:
    return _lengths(tables.mapping("units"))


def _lengths(words: Iterable[str]) -> dict[str, list[int]]:
    """By its first character, how long the words are that begin with it, the longest first."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[0], set()).add(len(word))
    return {first: sorted(sizes, reverse=True) for first, sizes in found.items()}


@functools.cache
def _after() -> tuple[dict[str, str], dict[str, list[int]]]:
    known = {word: row[0] for row in tables.rows("after") for word in row[1].split(" ")}
    return known, _lengths(known)


def cues(group: str) -> tables.Words:
    """The words of one group of `data/cues.tsv`."""
    return tables.words("cues", group)


_CONNECTORS = " 为是：:“\"‘'（(【[的至"
_PLACES = re.compile(r"[的前后末最]{1,3}[\d一二三四五六七八两]位(?:数字|号码|数)?$")  # …号后6位
MANY = frozenset("百千万亿萬億")


class Figures(NamedTuple):
    """A whole number `text` at `at`:`end`; `left` is what stands before it, `tail` after it."""

    scan: Scan
    text: str
    at: int
    end: int
    tail: Tail
    left: str

    def after_cue(self, group: str) -> bool:
        """Whether a word of the group stands right before the number."""
        return bool(cues(group).before(self.left))

    def after_code_word(self) -> bool:
        """Whether a word like 电话, 编号 stands before it, connecting signs and words aside."""
        left = _PLACES.sub("", self.left.rstrip(_CONNECTORS)).rstrip(_CONNECTORS)
        return bool(cues("code-before").before(left)) and not cues("code-not-before").before(left)

    @property
    def counting(self) -> bool:
        """Whether a word before it (达, 共, 超过 …) makes it a quantity."""
        return self.after_cue("quantity-before")

    @property
    def unmarked(self) -> bool:
        """Whether neither a unit word nor a multiplier follows."""
        return self.tail.group not in ("count", "order") and not self.tail.multiplier

    def in_longer_word(self) -> bool:
        """Whether the unit after it is only the start of a word: the 世 of 2025世界大会."""
        start = self.tail.end - len(self.tail.unit)
        return is_in_longer_word(self.scan.text, start, self.tail.unit)

    def follower(self) -> str:
        """The character right after the number."""
        return self.scan.char(self.end)

    def code(self, rule: str, *, yao: bool = True) -> NumberReading:
        """The number said figure by figure; `yao` false keeps 一 (years, names)."""
        return NumberReading(one_by_one(self.text, yao=yao and self.scan.style.yao), "code", rule)


class NumberReading(NamedTuple):
    """How a whole number is said, its class, and the rule that decided."""

    spoken: str
    kind: str
    rule: str
