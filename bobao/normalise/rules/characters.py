"""Single characters that are numbers or letters in themselves: Ⅳ, ①, ½, ², ₂, 〇, α, emoji."""

from __future__ import annotations

import re
import unicodedata

from bobao.normalise import tables
from bobao.normalise.numbers import cardinal, decimal, one_by_one
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
    return _part(scan, at, sign, value)


def _whole(scan: Scan, at: int, value: int) -> Token:
    spoken, rule = cardinal(str(value)), "numeral-character"
    if "ROMAN" in unicodedata.name(scan.text[at], ""):
        return Token(at, at + 1, spoken, "roman", "roman", at + 1)
    first = at == 0 or scan.text[at - 1] in _STARTS
    after = scan.char(at + 1)
    if first and "\u4e00" <= after <= "\u9fff":
        return Token(at, at + 1, spoken + "、", "enumerator", "enumerator", at + 1)
    return Token(at, at + 1, spoken, "enumerator", rule, at + 1)


def _part(scan: Scan, at: int, sign: str, value: float) -> Token:
    upper, _, lower = unicodedata.normalize("NFKC", sign).partition("\u2044")
    if upper.isdecimal() and lower.isdecimal():
        spoken = f"{cardinal(lower)}分之{cardinal(upper)}"
    else:
        whole, _, fraction = f"{abs(value):.6f}".rstrip("0").partition(".")
        spoken = ("负" if value < 0 else "") + (
            decimal(whole, fraction) if fraction else cardinal(whole)
        )
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
    """A sign of `data/signs.tsv`."""
    said = tables.mapping("signs").get(scan.text[at])
    return None if said is None else Token(at, at + 1, said, "sign", "sign", at + 1)


def emoji(scan: Scan, at: int) -> Token | None:
    """The name of an emoji, where the style wants it."""
    if not scan.style.emoji:
        return None
    said = tables.mapping("emoji").get(scan.text[at])
    return Token(at, at + 1, said, "emoji", "emoji") if said else None
