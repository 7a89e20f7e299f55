"""Which rules are asked at which character, in which order. The first token made is taken."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

from bobao.model import LOST
from bobao.normalise.rules import (
    characters,
    codes,
    codewords,
    colons,
    dates,
    hyphens,
    integers,
    joints,
    letters,
    marks,
    operators,
    quantities,
    years,
)
from bobao.normalise.scan import Scan, Token

Rule = Callable[[Scan, int], Token | None]

LOUD = re.compile(
    "[^\\s\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\U00020000-\U0003ffff\u3001\u3002"
    "\u3008-\u3011\u3014-\u301b\u301d-\u301f\u3040-\u309a\u309d-\u30ff\uac00-\ud7a3，。；！？、“”‘’…‥·"
    ",;:!?\"'()\\[\\]{}]"
)
"""A character that a rule may have to read. All others are hanzi, kana, or plain punctuation."""

UNSAYABLE = re.compile(LOUD.pattern.replace("{}]", "{}A-Za-z.—-]"))
"""A character that may not be left in a reading, unless it is a letter of another script."""

_RUN = re.compile(r"\d+")
_LETTERS = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")

_FRACTIONS: tuple[Rule, ...] = (
    integers.all_day, integers.blood, integers.score, integers.fraction,
)  # fmt: skip
_AFTER_FIGURES: dict[str, tuple[Rule, ...]] = {
    "-": (codes.telephone, dates.full_date, dates.month_date, hyphens.season,
          hyphens.season_short, dates.day_date, codes.flat, codes.paired, hyphens.score,
          quantities.quantity),
    ":": (letters.address, colons.colon, quantities.quantity),
    ".": (letters.address, codes.stock, dates.full_date, codes.dotted, dates.month_date,
          dates.event, dates.short_date, dates.day_date, colons.colon, quantities.quantity),
    "/": (dates.full_date, codes.sizes, dates.month_date, hyphens.season, hyphens.season_short,
          dates.event, dates.short_date, dates.day_date, *_FRACTIONS, quantities.quantity),
    "'": (colons.marked, quantities.quantity),
    "′": (colons.marked, quantities.quantity),
    "·": (dates.full_date, dates.event, quantities.quantity),
    "~": (hyphens.season, hyphens.season_short, quantities.quantity),
    "—": (codes.telephone, hyphens.chaptered, hyphens.season, hyphens.season_short, hyphens.score,
          quantities.quantity),
    "*": (codes.telephone, quantities.quantity),
    " ": (codes.telephone, colons.colon, *_FRACTIONS, dates.era, colons.half_day, hyphens.score,
          quantities.quantity),
}  # fmt: skip
_AFTER_FIGURES_LETTER: tuple[Rule, ...] = (
    letters.address, codes.telephone, codes.mixed, dates.era, colons.half_day,
    letters.english_ordinal, years.quarter, colons.marked, quantities.quantity,
)  # fmt: skip
_FIGURES: tuple[Rule, ...] = (codes.telephone, quantities.quantity)
_SHORT: tuple[Rule, ...] = (quantities.quantity,)

_LATIN: tuple[Rule, ...] = (
    letters.address, letters.fixed_word, codes.plate, codes.periodical, codes.mixed, codes.numero,
    quantities.currency, codes.standard, codewords.stake, letters.unit_alone, letters.roman,
    letters.grade, codewords.code,
)  # fmt: skip
_OTHERS: tuple[Rule, ...] = (
    quantities.currency_sign, characters.greek, characters.table_sign, characters.numeral,
    characters.private, characters.emoji, characters.quiet, characters.form,
)  # fmt: skip
_SHORT_LATIN: tuple[Rule, ...] = (letters.roman,)

_SIGNS: dict[str, tuple[Rule, ...]] = {
    "-": (marks.ruler, joints.locant, joints.no_range, joints.range_joint, joints.hyphen),
    "—": (joints.range_joint,),
    "~": (marks.ruler, joints.range_joint, joints.wave),
    "+": (marks.ruler, operators.plus),
    "/": (marks.ruler, marks.slash),
    "×": (operators.times,),
    "x": (operators.times,),
    "X": (operators.times,),
    "*": (marks.ruler, codes.telephone, marks.asterisk),
    "#": (marks.ruler, marks.hash_sign),
    "<": (marks.ruler, operators.compare),
    ">": (marks.ruler, operators.compare),
    "=": (marks.ruler, operators.equals),
    "^": (operators.power,),
    ".": (marks.point,),
    "_": (marks.ruler, marks.underscore),
    "|": (marks.ruler, marks.bar),
    "↑": (operators.rise,),
    "↓": (operators.rise,),
    "▲": (operators.rise_triangle,),
    "▼": (operators.rise_triangle,),
    "№": (codes.numero,),
    "〇": (characters.zero,),
    "○": (characters.zero, characters.blank),
    "◯": (characters.blank,),
    "μ": (letters.unit_alone,),
    "⁻": (characters.numeral,),
    "⁺": (characters.numeral,),
    "√": (operators.root,),
    "→": (marks.arrow,),
    "★": (marks.star,),
    "☆": (marks.star,),
    "§": (marks.section,),
    "□": (characters.blank,),
    "々": (characters.repeated,),
    "〻": (characters.repeated,),
}


def token_at(scan: Scan, at: int) -> Token | int:
    """The token that begins at `at`, or, if the text stays as it is, where to look next."""
    sign = scan.text[at]
    if sign in "0123456789":
        return _at_figures(scan, at)
    if sign.isascii() and sign.isalpha():
        return _at_letters(scan, at)
    for rule in _SIGNS.get(sign, ()):
        token = rule(scan, at)
        if token:
            return token
    if sign in "-—.":
        return at + 1
    return _at_other(scan, at, sign)


def _at_figures(scan: Scan, at: int) -> Token | int:
    text = scan.text
    found = _RUN.match(text, at)
    end = found.end() if found else at + 1
    follower = text[end : end + 1]
    rules = _AFTER_FIGURES.get(follower)
    if rules is None:
        if follower.isascii() and (follower.isalpha() or follower in "@_%+"):
            rules = _AFTER_FIGURES_LETTER
        else:
            rules = _FIGURES if end - at > 4 else _SHORT
    for rule in rules:
        token = rule(scan, at)
        if token:
            return token
    return end


def _at_letters(scan: Scan, at: int) -> Token | int:
    text = scan.text
    beside = text[at - 1 : at] in tuple("0123456789 ") or scan.previous.reach == at
    if text[at] in "xX" and at and beside:
        token = operators.times(scan, at)
        if token:
            return token
    found = _LETTERS.match(text, at)
    end = found.end() if found else at + 1
    follower = text[end : end + 1]
    plain = not follower or "\u4e00" <= follower <= "\u9fff" or follower in "，。、；"
    for rule in _SHORT_LATIN if plain else _LATIN:
        token = rule(scan, at)
        if token:
            return token
    if plain:
        token = letters.unit_alone(scan, at)
        if token:
            return token
    return end


def _at_other(scan: Scan, at: int, sign: str) -> Token | int:
    """A sign no rule of its own reads: currency, table, number, letter of another script."""
    for rule in _OTHERS:
        token = rule(scan, at)
        if token:
            return token
    if is_sayable(sign):
        return at + 1
    silent = unicodedata.category(sign)[0] == "P"
    return (
        Token(at, at + 1, "", "silent", "silent-mark") if silent else characters.refused(scan, at)
    )


_UNREAD = frozenset("%&*+/<=>@#\\^_|~¢§¶†‡‰‱※′″‴⁂¡¿")
_MARKS = re.compile("[\0-\xff\u2010-\u205e\u2e3a\u2e3b\u3001-\u303f\ufe10-\ufe6b\uff00-\uff65]")


@functools.cache
def is_sayable(sign: str) -> bool:
    """Whether a character may stay in a reading: no number, no symbol, no unread sign."""
    category = unicodedata.category(sign)
    if category[0] == "P":
        return category != "Pc" and sign not in _UNREAD and _MARKS.match(sign) is not None
    return category[0] in "LMZ" or sign == LOST
