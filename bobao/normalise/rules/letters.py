"""Latin letters that are no code: words with a reading of their own, Roman numerals, units."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.rules.quantities import unit
from bobao.normalise.scan import JOINTS, Scan, Token, cues, reading, unit_sign

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{1,9}(?![A-Za-z0-9])")
_ROMAN = re.compile(r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})(?![A-Za-z0-9])")
_IN_CODE = re.compile(
    "[0-9零一二三四五六七八九十百千万亿幺点杠号]"
)  # before it: an address, a code
_ENGLISH_ORDINAL = re.compile(
    r"([1-9]?1(?=st)|[1-9]?2(?=nd)|[1-9]?3(?=rd)|[1-9]?\d(?=th))(?:st|nd|rd|th)(?![A-Za-z0-9])"
)
_GRADE = re.compile(r"([A-D]{1,3})-")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_LETTER_TOO = {"X": "", "XX": "", "V": "级类"}  # after these words only it is not the letter
_MEASURED = frozenset(("raised", "power", "fraction", "fraction-character"))
GRADE_AFTER = tuple("级等的”，。、；）)")
"""What the minus of a grade stands before: AA-级."""
ROMAN_AFTER = tuple("级类期型度区段代卷章册部篇届世")
"""Words before which I, II, IV … are numbers."""


def fixed_word(scan: Scan, at: int) -> Token | None:
    """A word with figures that has a reading of its own: O2O."""
    found = _WORD.match(scan.text, at)
    said = tables.mapping("latin").get(found[0]) if found else None
    return Token(at, at + len(found[0]), said, "latin", "latin-word") if found and said else None


def english_ordinal(scan: Scan, at: int) -> Token | None:
    """1st, 2nd, 21st as English words."""
    found = _ENGLISH_ORDINAL.match(scan.text, at)
    if not found:
        return None
    known = {row[0]: row[1:] for row in tables.rows("english")}
    figures = found[1]
    if figures in known:
        said = known[figures][0]
    else:
        said = f"{known[figures[0] + '0'][1]}-{known[figures[1]][0]}"
    return reading(at, found.end(), said, "ordinal", "english-ordinal")


def roman(scan: Scan, at: int) -> Token | None:
    """A Roman numeral in Latin letters before 级, 类, 期 and the like: III期."""
    found = _ROMAN.match(scan.text, at)
    if not found or _IN_CODE.match(scan.char(at - 1)):
        return None
    end = found.end()
    if cues("ruler-before").before(scan.left(at, 6).rstrip(" ·")) and len(found[0]) > 1:
        spoken = _value(found[0]) + ("" if scan.char(end) == "世" else "世")
        return reading(at, end, spoken, "roman", "roman-letters")
    span = scan.char(end) in JOINTS and _ROMAN.match(scan.text, end + 1)
    if not scan.text.startswith(ROMAN_AFTER, span.end() if span else end):
        return None
    if not span and scan.char(end) not in _LETTER_TOO.get(found[0], ROMAN_AFTER):
        return None
    return reading(at, end, _value(found[0]), "roman", "roman-letters")


def _value(letters: str) -> str:
    values = [_ROMAN_VALUES[letter] for letter in letters]
    total = sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
    return cardinal(str(total))


def unit_alone(scan: Scan, at: int) -> Token | None:
    """A unit without a number: （单位：km²）, 每kg."""
    sign = unit_sign(scan.text, at)
    if sign and _after_power(scan, at):
        return reading(at, at + len(sign), "".join(unit(sign)), "measure", "unit-alone")
    if not sign or (len(sign) < 2 and sign.isascii()):
        return None
    if sign.isascii() and not _names_unit(scan, at):
        return None
    said = unit(sign)
    return Token(at, at + len(sign), said.before + said.after, "measure", "unit-alone")


def _after_power(scan: Scan, at: int) -> bool:
    """Whether a power or a fraction ends before it: 10³⁰kg, 1/2kg."""
    gap = at - scan.previous.end
    beside = gap == 0 or (gap == 1 and scan.text[at - 1] == " ")
    return beside and scan.previous.rule in _MEASURED


def _names_unit(scan: Scan, at: int) -> bool:
    return scan.left(at, 4).rstrip(" :：（(为").endswith(("单位", "每"))


def grade(scan: Scan, at: int) -> Token | None:
    """A minus after a grade: AA-级, B-."""
    found = _GRADE.match(scan.text, at)
    before = scan.char(at - 1)
    if not found or _IN_CODE.match(before) or (before.isalpha() and before.isascii()):
        return None
    if not scan.text.startswith(GRADE_AFTER, found.end()) and found.end() < len(scan.text):
        return None
    return Token(at, found.end(), found[1] + "减", "grade", "grade-minus")


_HINT = re.compile(r"[A-Za-z0-9_%+-]{1,63}(?:://|[.@][A-Za-z0-9_-])")
_MAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_.%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}"
)
_URL = re.compile(
    r"(?:[A-Za-z]{2,8}://|www\.(?=[A-Za-z0-9]))[A-Za-z0-9._~:/?#\[\]@!$&'*+,;=%-]{1,2000}", re.I
)
_DOI = re.compile(
    r"(?:doi ?[:：] ?10\.\d{4,9}/|10\.\d{4,9}/(?=[\d.-]{0,20}[a-z]))[a-z0-9._;()/:<>-]{1,200}", re.I
)
"""A DOI (ISO 26324), in the letters that publishers use."""
_PATHED = re.compile(r"(?:[A-Za-z]+://)?[^/:]+(?::\d+)?/.")
_NAMED = re.compile(r"(?:网址|链接|地址|官网|网站|doi)[是为:：（( ]{0,2}$", re.I)
_PIECE = re.compile(r"[A-Za-z]+|\d+|.", re.S)
_PATH = r"(?::\d{2,5})?(?:/[A-Za-z0-9._~/?#=&%+-]{0,2000})?"


@functools.cache
def _domain() -> re.Pattern[str]:
    def ends(group: str) -> str:
        return "|".join(
            sorted(next(row[1] for row in tables.rows("domains") if row[0] == group).split())
        )

    label = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
    return re.compile(
        rf"(?:{label}\.){{1,6}}(?:(?:{ends('domain')})(?![A-Za-z]){_PATH}"
        rf"|(?:{ends('file')})(?![A-Za-z]))",
        re.I,
    )


def address(scan: Scan, at: int) -> Token | None:
    """An e-mail address, a URL, a bare domain (gov.cn) or a file name (report.pdf)."""
    if found := _DOI.match(scan.text, at):
        return _look(scan, at, found[0])
    if not _HINT.match(scan.text, at):
        return None
    for pattern, rule in ((_MAIL, "mail"), (_URL, "url"), (_domain(), "url")):
        found = pattern.match(scan.text, at)
        if found:
            written = found[0].rstrip(".,;:!?'")
            if rule == "url" and _PATHED.match(written):
                return _look(scan, at, written)
            spoken = "".join(map(_say(scan.style.yao), _PIECE.findall(written)))
            return Token(at, at + len(written), spoken, "address", rule)
    return None


def _look(scan: Scan, at: int, written: str) -> Token:
    """What nobody could write down while it is said."""
    end = at + len(written.rstrip(".,;:!?'"))
    before = scan.left(at, 8)
    spoken = "见文字稿" if _NAMED.search(before) else "网址见文字稿"
    spoken = "文字稿" if before.endswith("见") else spoken
    return Token(at, end, spoken, "address", "url-in-text")


def _say(yao: bool) -> Callable[[str], str]:
    names = tables.mapping("address")

    def say(piece: str) -> str:
        if piece.isdigit():
            return one_by_one(piece, yao=yao)
        return piece if piece.isalpha() else names.get(piece, "")

    return say
