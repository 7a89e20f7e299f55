"""Latin letters in a Chinese bulletin → Kokoro's US-English symbols.

Capitals are said letter by letter, words by a dictionary (misaki's, Apache-2.0), what it has not by
a small table of rules of our own, and what cannot be said so, by the names of its letters.
"""

from __future__ import annotations

import functools
import re

from bobao.errors import BobaoError
from bobao.pronounce.letters import ascii_of
from bobao.voices.kokoro import tables

_PIECE = re.compile(r"[A-Z]{2,}'?s(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+(?:'[a-z]+)?|[A-Z]+|&")
_VOWELS = frozenset("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ")
_PRIMARY, _SECONDARY = "ˈ", "ˌ"


def latin(text: str) -> str:
    """The symbols for a run of letters such as ``NBA``, ``iPhone``, ``Wi-Fi``, ``café`` or ``α``.

    Words are separated by a space. Never empty; raises `BobaoError` naming a letter without a name.
    """
    plain = romanised(text)
    whole = plain.strip(".-'")
    if known := _own(whole):
        return known
    pieces = [_word(piece) for piece in _PIECE.findall(whole)]
    symbols = " ".join(piece for piece in pieces if piece)
    if not symbols:
        raise BobaoError(
            f"the voice has no way to say “{text}”",
            advice=f"Write what should be said, as {{{text}|…}} in the script, or in lexicon.tsv.",
        )
    return symbols


def romanised(text: str) -> str:
    """`text` in ASCII letters: without accents, other letters by their Unicode name (α → Alpha)."""
    return "".join(map(_ascii_of, text))


def _ascii_of(char: str) -> str:
    found = ascii_of(char)
    if found is None:
        raise BobaoError(
            f"the voice has no way to say “{char}” (U+{ord(char):04X})",
            advice=f"Write what should be said, as {{{char}|…}} in the script.",
        )
    return found


def _word(piece: str) -> str:
    """One word, acronym or letter."""
    if piece == "&":
        return "ænd"
    if len(piece) == 1:
        return letters(piece)
    if known := _own(piece):
        return known
    if piece.isupper():
        return _looked_up(piece) or letters(piece) if piece in _acronyms() else letters(piece)
    if piece[:-1].isupper() and piece.endswith("s"):
        return letters(piece.rstrip("s").rstrip("'")) + "z"
    return _looked_up(piece) or _derived(piece) or spelled(piece) or letters(piece)


def _own(word: str) -> str:
    said = tables.mapping("english").get(word, "")
    return letters(word) if said == "-" else said


@functools.cache
def _acronyms() -> frozenset[str]:
    return tables.word_set("acronyms")


def letters(text: str) -> str:
    """The letters of `text` by name as one word, stressed on the last: ``nba`` → ˌɛnbˌiˈA."""
    names = tables.mapping("letters")
    said = "".join(names[char] for char in text.upper() if char in names)
    head, stress, tail = said.replace(_PRIMARY, _SECONDARY).rpartition(_SECONDARY)
    return f"{head}{_PRIMARY if stress else ''}{tail}"


def _looked_up(word: str) -> str:
    """`word` in the dictionary: as written, in lower case, capitalised; empty for none."""
    known = tables.zipped("words")
    return next(
        (known[form] for form in (word, word.lower(), word.capitalize()) if form in known), ""
    )


def _derived(word: str) -> str:
    """A plural, possessive, past or -ing form of a word that the dictionary has."""
    for ending, symbols in (("'s", "z"), ("s", "z"), ("ed", "d"), ("ing", "ɪŋ"), ("d", "d")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            if said := _looked_up(stem) or (ending == "ing" and _looked_up(stem + "e")):
                return said + _voicing(said[-1], symbols)
    return ""


def _voicing(last: str, symbols: str) -> str:
    """English -s and -ed after the sound `last`: cats, dogs, boxes; walked, wanted, called."""
    if symbols == "z":
        return "ᵻz" if last in "szʃʒʧʤ" else "s" if last in "ptkfθ" else "z"
    if symbols == "d":
        return "ᵻd" if last in "tdɾ" else "t" if last in "pkfθsʃʧ" else "d"
    return symbols


def spelled(word: str) -> str:
    """`word` by letter-to-sound rules, stressed on its first vowel; empty if it has no vowel."""
    rules, marked = tables.mapping("spelling"), f"^{word.lower()}$"
    said, position = "", 1
    while position < len(marked) - 1:
        size, symbols = _longest_rule(rules, marked, position)
        said += symbols
        position += size
    vowel = next((place for place, char in enumerate(said) if char in _VOWELS), -1)
    return "" if vowel < 0 else f"{said[:vowel]}{_PRIMARY}{said[vowel:]}"


def _longest_rule(rules: dict[str, str], marked: str, position: int) -> tuple[int, str]:
    """How many letters the best rule at `position` takes, and what they sound like."""
    for size in range(min(4, len(marked) - 1 - position), 0, -1):
        core = marked[position : position + size]
        head = "^" if position == 1 else ""
        tail = "$" if position + size == len(marked) - 1 else ""
        for key in (head + core + tail, head + core, core + tail, core):
            if key in rules:
                return size, rules[key]
    return 1, ""
