"""Single characters: numbers and letters in themselves (Ⅳ, ①, ½, ², 〇, α), signs, emoji."""

from __future__ import annotations

import functools
import re
import unicodedata
from fractions import Fraction

from bobao.model import LOST
from bobao.normalise import tables
from bobao.normalise.numbers import cardinal, one_by_one
from bobao.normalise.rules.operators import exponent, in_formula
from bobao.normalise.scan import Scan, Token

_UP = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ"
_SUPERS = re.compile(rf"[{_UP}]+(?:\.[⁰¹²³⁴-⁹]+)?")
_DOWN = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
_SUBS = re.compile(rf"[{_DOWN}]+(?:\.[₀-₉]+)?")
_ISOTOPE = re.compile(r"[A-Z][a-z]?(?![A-Za-z])")
_NOTED = re.compile(r"[A-Za-z]{2}$")
_STARTS = frozenset("\n\t 。；：:;，！？")
_CHINESE_DIGITS = frozenset("零〇○一二三四五六七八九十")
_STRUCK = "\u0338"  # the stroke through ≠
_NAME = re.compile("[A-Za-z0-9]")
_LETTERS = re.compile("[A-Za-z0-9\u4e00-\u9fff]+")
_FIGURES = re.compile("[0-9]+")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
_BLANKS = re.compile("[□○◯]{1,40}")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]+")


def zero(scan: Scan, at: int) -> Token | None:
    """〇, and ○ used for it between numerals (二○二二年), is 零."""
    if scan.text[at] == "○":
        beside = (scan.char(at - 1), scan.char(at + 1))
        if not any(sign in _CHINESE_DIGITS for sign in beside if sign and sign != "○"):
            return None
    return Token(at, at + 1, "零", "zero", "zero", at + 1)


def numeral(scan: Scan, at: int) -> Token | None:
    """Any character Unicode calls a number: circled, bracketed, Roman, a fraction, raised, low."""
    text, sign = scan.text, scan.text[at]
    found = _SUPERS.match(text, at)
    if found:
        return _raised(scan, found)
    found = _SUBS.match(text, at)
    if found:
        figures = unicodedata.normalize("NFKC", found[0])
        zeros = figures.isdecimal() and figures[0] == "0"
        said = one_by_one(figures) if zeros else in_formula(figures)
        return Token(at, found.end(), said, "formula", "lowered", found.end())
    value = unicodedata.numeric(sign, None)
    if value is None or unicodedata.category(sign)[0] != "N":
        return None
    if value == int(value) and value >= 0:
        return _whole(scan, at, int(value))
    return _part(scan, at, value)


def _whole(scan: Scan, at: int, value: int) -> Token:
    spoken, rule = cardinal(str(value)), "numeral-character"
    if "ROMAN" in unicodedata.name(scan.text[at], ""):
        return Token(at, at + 1, spoken, "roman", "roman", at + 1)
    first = at == 0 or scan.text[at - 1] in _STARTS
    after = scan.char(at + 1)
    if first and "\u4e00" <= after <= "\u9fff":
        return Token(at, at + 1, spoken + "、", "enumerator", "enumerator", at + 1)
    return Token(at, at + 1, spoken, "enumerator", rule, at + 1)


def _part(scan: Scan, at: int, value: float) -> Token:
    part = Fraction(value).limit_denominator(1000)
    said = f"{cardinal(str(part.denominator))}分之{cardinal(str(abs(part.numerator)))}"
    spoken = f"{'负' if value < 0 else ''}{said}"
    if at and scan.previous.end == at and scan.text[at - 1].isdigit():
        spoken = "又" + spoken
    return Token(at, at + 1, spoken, "fraction", "fraction-character", at + 1)


def _raised(scan: Scan, found: re.Match[str]) -> Token:
    """A power after a letter or figure; after a hanzi or punctuation the mark of a note."""
    at, end = found.start(), found.end()
    figures = unicodedata.normalize("NFKC", found[0]).replace("−", "-")
    before, number = scan.char(at - 1), figures.strip("+-")
    if before == "米" and figures in ("2", "3"):
        return Token(at, end, exponent(figures), "power", "raised", end)
    if not _takes_power(scan, at, figures):
        isotope = number.isdecimal() and _ISOTOPE.match(scan.text, end)
        return Token(at, end, cardinal(number) if isotope else "", "silent", "note-mark")
    if not number:
        spoken = "正" if "+" in figures else "负"
    elif number.isdecimal() and figures[-1] in "+-":
        spoken = cardinal(number) + ("正" if figures[-1] == "+" else "负")
    else:
        spoken = figures if figures.isupper() else exponent(figures)
    return Token(at, end, spoken, "power", "raised", end)


def _takes_power(scan: Scan, at: int, figures: str) -> bool:
    before = scan.char(at - 1)
    if figures == "1" and _NOTED.search(scan.text[max(0, at - 2) : at]):
        return False  # the power one is never written
    greek = "\u0370" <= before <= "\u03ff"
    return (
        (before.isascii() and (before.isalnum() or before == ")"))
        or (before != "" and before in _DOWN)
        or greek
    )


def greek(scan: Scan, at: int) -> Token | None:
    """A Greek letter by its name; a μ that begins a unit is read with the unit."""
    said = tables.mapping("greek").get(scan.text[at])
    if not said:
        return None
    beside = scan.text[at + 1 : at + 2]
    if (
        beside.isalpha()
        and not beside.isascii()
        and unicodedata.name(beside, "").startswith("GREEK")
    ):
        said += " "  # a Greek word: its letters stay apart
    return Token(at, at + 1, said, "greek", "greek")


def table_sign(scan: Scan, at: int) -> Token | None:
    """A sign of `data/signs.tsv` or currency.tsv; one struck through is 不 and its name (≮, ∉)."""
    sign, end = scan.text[at], at + 1
    base, _, more = unicodedata.normalize("NFD", sign).partition(_STRUCK)
    row = _signs().get(sign)
    if row is None and not more and base != sign:
        row = _signs().get(base)
        return Token(at, end, f"不{row[1]}", "sign", "sign", end) if row else None
    if row is None:
        return None
    if scan.char(end) == _STRUCK:
        return Token(at, end + 1, f"不{row[1]}", "sign", "sign", end + 1)
    beside = scan.char(at - 1) if row[-1] == "after" else scan.char(end)
    if len(row) > 2 and not (beside.isalnum() if row[-1] == "after" else _NAME.match(beside)):
        return None
    return Token(at, end, row[1], "sign", "sign", end)


@functools.cache
def _signs() -> dict[str, tuple[str, ...]]:
    rows = (row for name in ("currency", "signs") for row in tables.rows(name))
    return {key: row for row in rows for key in row[0].split(" ") if len(row) > 1}


def repeated(scan: Scan, at: int) -> Token | None:
    """々 and 〻 are the hanzi before them once more; two of them repeat two."""
    end = at + 1
    while scan.char(end) == scan.text[at] and end < at + 4:
        end += 1
    before = scan.text[max(0, at - (end - at)) : at]
    said = before if len(before) == end - at else before[-1:] * (end - at)
    if not said or not all(map(is_ideograph, said)):
        return None
    return Token(at, end, said, "form", "repeated", end)


def is_ideograph(char: str) -> bool:
    """Whether `char` is a hanzi."""
    return bool(char) and unicodedata.name(char, "").startswith("CJK UNIFIED")


def form(scan: Scan, at: int) -> Token | None:
    """One sign for several letters: ㎏, ㋀, ㏂, ﬁ; a unit by its name."""
    sign = scan.text[at]
    letters = unicodedata.normalize("NFKC", sign).strip("()〔〕")
    if letters == sign or not _LETTERS.fullmatch(letters):
        return None
    unit = tables.mapping("units").get(sign)
    said = unit or _FIGURES.sub(lambda found: cardinal(found[0]), letters)
    return Token(at, at + 1, said, "form", "common-form", at + 1)


def emoji(scan: Scan, at: int) -> Token | None:
    """An emoji, with all its parts: its name where the style wants it, else silence."""
    found = _emoji().match(scan.text, at)
    if not found:
        return None
    if scan.style.emoji:
        said = tables.mapping("emoji").get(_SKIN.sub("", found[0]), "")
        return Token(at, found.end(), said, "emoji", "emoji")
    end = at
    while found:  # a row of them is as silent as one
        end, found = found.end(), _emoji().match(scan.text, found.end())
    return Token(at, end, "", "emoji", "emoji")


@functools.cache
def _emoji() -> re.Pattern[str]:
    one = f"[{''.join(sign for sign, rule in _quiet().items() if rule == 'emoji')}]{_SKIN.pattern}?"
    return re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|{one}(?:\u200d{one})*")


def quiet(scan: Scan, at: int) -> Token | None:
    """An ornament, a bullet, a drawn line."""
    sign, before = scan.text[at], scan.char(at - 1)
    rule = _quiet().get(sign)
    accent = unicodedata.category(sign) == "Mn" and before.isalpha() and not is_ideograph(before)
    if not rule or accent:
        return None
    end = at + 1
    while scan.char(end) == sign:
        end += 1
    return Token(at, end, "", "silent", rule)


@functools.cache
def _quiet() -> dict[str, str]:
    found: dict[str, str] = {}
    for rule, ranges in tables.rows("silent"):
        for span in ranges.split(" "):
            first, _, last = span.partition("-")
            found |= dict.fromkeys(
                map(chr, range(int(first, 16), int(last or first, 16) + 1)), rule
            )
    return found


def blank(scan: Scan, at: int) -> Token | None:
    """□ and ○ in a word stand for what is withheld or lost; elsewhere they are bullets."""
    found = _BLANKS.match(scan.text, at)
    end = found.end() if found else at
    beside = sum(map(is_ideograph, (scan.char(at - 1), scan.char(end))))
    return refused(scan, at, end) if beside == 2 or (beside and end - at > 1) else None


def private(scan: Scan, at: int) -> Token | None:
    """A private character by itself is the icon of a font; in a word it is a lost character."""
    found = _PRIVATE.match(scan.text, at)
    if not found:
        return None
    before, after = scan.char(at - 1), scan.char(found.end())
    bullet = not before and "\uf020" <= found[0] <= "\uf0ff"  # Word's Symbol and Wingdings
    if not bullet and (before.isalnum() or after.isalnum()):
        return refused(scan, at, found.end())
    return Token(at, found.end(), "", "silent", "icon")


def refused(_scan: Scan, at: int, end: int = 0) -> Token:
    """What nobody knows how to say: somebody has to decide before it is recorded."""
    return Token(at, end or at + 1, LOST, "refused", "refused")
