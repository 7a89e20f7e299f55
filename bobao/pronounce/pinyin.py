"""Hanyu Pinyin as a person writes it and as bobao keeps it.

Kept form: lower-case ASCII letters, ``v`` for ü, then the tone digit 1–4, or 5 for the neutral tone
(GB/T 16159 writes tone marks; the digit form is the usual one for machines). 儿化 is an ``r``
before the digit: ``huar1``.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bobao import files
from bobao.errors import BobaoError
from bobao.words import unhurried_collector

_MARKS = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_MARK_OF = {digit: mark for mark, digit in _MARKS.items()}
_UMLAUT = "\u0308"
_DIGITS = ("0", "1", "2", "3", "4", "5")
_VOWELS = "aoeiuv"


@functools.lru_cache(maxsize=1 << 16)
def is_hanzi(char: str) -> bool:
    """Whether `char` is a Chinese character: Unicode's unified and compatibility blocks, and 〇."""
    code = ord(char)
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or code == 0x3007
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
    )


def syllable(written: str) -> str | None:
    """One written syllable in the kept form, or None where it is not one.

    Takes tone marks or a digit (0 and 5 are both neutral), ``ü``, ``v`` or ``u:``, either case.
    """
    letters, tone = _letters_and_tone(unicodedata.normalize("NFD", written.strip().lower()))
    if not letters or tone is None:
        return None
    if letters == "r":
        return "er5"
    base = _spelling(letters)
    if base is None and letters.endswith("r"):
        base = _spelling(letters[:-1])
        return f"{base}r{tone}" if base else None
    return f"{base}{tone}" if base else None


def _spelling(letters: str) -> str | None:
    """`letters` as a syllable of the table; ``lue`` and ``nue`` are taken for ``lve``, ``nve``."""
    if letters in {"lue", "nue"}:
        letters = letters[0] + "ve"
    return letters if letters in word_set("syllables") else None


def _letters_and_tone(decomposed: str) -> tuple[str, str | None]:
    """The letters and the tone digit of an NFD string; the tone is None where it is not pinyin."""
    written = decomposed.replace("u:", "v")
    tone = ""
    if written[-1:] in _DIGITS:
        written, tone = written[:-1], written[-1]
    letters: list[str] = []
    for char in written:
        if char in _MARKS and not tone:
            tone = _MARKS[char]
        elif char == _UMLAUT and letters and letters[-1] == "u":
            letters[-1] = "v"
        elif char == "\u0302" and letters and letters[-1] == "e":
            letters[-1] = "ê"
        elif "a" <= char <= "z":
            letters.append(char)
        else:
            return "", None
    return "".join(letters), {"": "5", "0": "5"}.get(tone, tone)


def parse_pinyin(written: str) -> tuple[str, ...]:
    """The syllables of `written`, separated by spaces, in the kept form.

    ``chóng``, ``chong2`` → ``("chong2",)``; ``lǜ sè`` → ``("lv4", "se4")``. Raises `BobaoError`
    naming the first piece that is not a syllable of Mandarin.
    """
    found = []
    for piece in written.split():
        kept = syllable(piece)
        if kept is None:
            raise BobaoError(
                f"“{piece}” is not a pinyin syllable",
                advice="Write one syllable per character, with spaces: chóng qìng or chong2 qing4.",
            )
        found.append(kept)
    if not found:
        raise BobaoError("no pinyin given", advice="Write a syllable such as chóng or chong2.")
    return tuple(found)


def is_pinyin_for(written: str, text: str) -> bool:
    """Whether `text` is a pinyin reading of `written`, as in the script's ``{重|chóng}``.

    `written` must be all hanzi and `text` exactly that many valid syllables separated by spaces,
    of which at least one carries a tone mark or digit (so that ``{一|a}`` stays a plain spelling).
    """
    pieces = text.split()
    if not written or len(pieces) != len(written) or not all(map(is_hanzi, written)):
        return False
    if any(syllable(piece) is None for piece in pieces):
        return False
    decomposed = unicodedata.normalize("NFD", text)
    return any(char in _MARKS or char in _DIGITS for char in decomposed)


def marked(pinyin: str) -> str:
    """The kept form as people read it: ``chong2`` → chóng, ``lv4`` → lǜ, ``huar1`` → huār."""
    letters, tone = pinyin[:-1], pinyin[-1]
    place = _marked_vowel(letters)
    mark = _MARK_OF.get(tone, "")
    out = letters[: place + 1] + mark + letters[place + 1 :] if place >= 0 else letters + mark
    return unicodedata.normalize("NFC", out.replace("v", "u" + _UMLAUT))


def _marked_vowel(letters: str) -> int:
    """Where the tone mark stands: on a or e, on the o of ou, else on the last vowel."""
    for vowel in ("a", "e", "ê", "ou"):
        if vowel in letters:
            return letters.index(vowel)
    return max((letters.rfind(vowel) for vowel in _VOWELS), default=-1)


def with_tone(pinyin: str, tone: int) -> str:
    """`pinyin` with another tone."""
    return f"{pinyin[:-1]}{tone}"


def joined(pinyin: Sequence[str]) -> str:
    """Syllables as one string."""
    return " ".join(pinyin)


def table_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``data/<name>.tsv``."""
    return files.rows(__package__, f"{name}.tsv")


def word_set(name: str) -> frozenset[str]:
    """The words of ``data/<name>.txt``."""
    return files.words(__package__, f"{name}.txt")


@functools.cache
def readings_in(name: str) -> dict[str, tuple[str, ...]]:
    """A table of words and their pinyin: word, then syllables with tone digits."""
    return {row[0]: tuple(row[1].split()) for row in table_rows(name)}


@functools.cache
def phrase_table() -> dict[str, list[list[str]]]:
    """Phrase → for each character its readings, with tone marks."""
    found = _read("phrases_dict")
    if found is None:
        from pypinyin.constants import PHRASES_DICT

        return dict(PHRASES_DICT)
    return dict(found)


@functools.cache
def character_table() -> dict[int, str]:
    """Code point → its readings, with tone marks, separated by commas."""
    found = _read("pinyin_dict")
    if found is None:
        from pypinyin.constants import PINYIN_DICT

        return dict(PINYIN_DICT)
    return {int(code): readings for code, readings in found.items()}


def _read(name: str) -> Any:
    """The JSON file that recent versions keep a table in; None where there is none."""
    spec = importlib.util.find_spec("pypinyin")
    path = Path(spec.origin or "").parent / f"{name}.json" if spec else Path()
    if not path.is_file():
        return None
    with unhurried_collector():
        return json.loads(path.read_bytes())
