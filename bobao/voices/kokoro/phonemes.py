"""From sounds to the model's phonemes: Mandarin, English words, and the tables of both."""

from __future__ import annotations

import functools
import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from bobao import files
from bobao.errors import BobaoError
from bobao.pronounce.letters import ascii_of
from bobao.pronounce.sounds import Sound, SoundKind

_PACKAGE = "bobao.voices.kokoro"


@functools.cache
def mapping(name: str) -> dict[str, str]:
    """``data/<name>.tsv`` as key → value; ␠ stands for a space."""
    pairs = files.rows(_PACKAGE, f"{name}.tsv")
    return {key.replace("␠", " "): value.replace("␠", " ") for key, value in pairs}


@functools.cache
def _dictionary() -> dict[str, str]:
    """English words and their symbols."""
    file = resources.files(_PACKAGE) / "data" / "words.tsv.gz"
    rows = gzip.decompress(file.read_bytes()).decode("utf-8").splitlines()
    return dict(row.split("\t") for row in rows)


_PIECE = re.compile(r"[A-Z]{2,}'?s(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+(?:'[a-z]+)?|[A-Z]+|&")
_VOWELS = frozenset("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ")
_PRIMARY, _SECONDARY = "ˈ", "ˌ"


def latin(text: str) -> str:
    """The symbols for a run of letters such as ``NBA``, ``iPhone``, ``Wi-Fi``, ``café`` or ``α``.

    Words are separated by a space. Never empty; raises `BobaoError` naming a letter without a name.
    """
    whole = "".join(map(_ascii_of, text)).strip(".-'")
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


def _ascii_of(char: str) -> str:
    """A letter without accents, or its name in Unicode (α → Alpha)."""
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
        acronym = piece in files.words(_PACKAGE, "acronyms.txt")
        return (acronym and _looked_up(piece)) or letters(piece)
    if piece[:-1].isupper() and piece.endswith("s"):
        return letters(piece.rstrip("s").rstrip("'")) + "z"
    return _looked_up(piece) or _derived(piece) or spelled(piece) or letters(piece)


def _own(word: str) -> str:
    said = mapping("english").get(word, "")
    return letters(word) if said == "-" else said


def letters(text: str) -> str:
    """The letters of `text` by name as one word, stressed on the last: ``nba`` → ˌɛnbˌiˈA."""
    names = mapping("letters")
    said = "".join(names[char] for char in text.upper() if char in names)
    head, stress, tail = said.replace(_PRIMARY, _SECONDARY).rpartition(_SECONDARY)
    return f"{head}{_PRIMARY if stress else ''}{tail}"


def _looked_up(word: str) -> str:
    """`word` in the dictionary: as written, in lower case, capitalised; empty for none."""
    forms = map(_dictionary().get, (word, word.lower(), word.capitalize()))
    return next(filter(None, forms), "")


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
    rules, marked = mapping("spelling"), f"^{word.lower()}$"
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


_ARROWS = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
SPACE = " "
BETWEEN = -1
"""`Phoneme.sound` of a space that stands between two words and belongs to neither."""


@dataclass(frozen=True, slots=True)
class Phoneme:
    """One symbol, its token id, and the index of the sound it is part of (or `BETWEEN`)."""

    symbol: str
    token: int
    sound: int


def phonemes(sounds: Sequence[Sound]) -> tuple[Phoneme, ...]:
    """The phonemes of `sounds` in order; every HANZI and LATIN sound has at least one.

    The first and last are never spaces, no two spaces meet. Raises `BobaoError` for letters that
    the voice has no way to say.
    """
    vocabulary = _vocabulary()
    found: list[Phoneme] = []
    for symbol, index in _symbols(sounds):
        if symbol == SPACE and (not found or found[-1].symbol == SPACE):
            continue
        found.append(Phoneme(symbol, vocabulary[symbol], index))
    if found and found[-1].symbol == SPACE:
        found.pop()
    heard = {phoneme.sound for phoneme in found}
    for index, sound in enumerate(sounds):
        assert index in heard or sound.kind in (SoundKind.PAUSE, SoundKind.MUTE), sound  # noqa: S101
    return tuple(found)


def _symbols(sounds: Sequence[Sound]) -> Iterator[tuple[str, int]]:
    """Symbols with the index of their sound; spaces may still meet."""
    before: Sound | None = None
    for index, sound in enumerate(sounds):
        if before is not None and _apart(before, sound):
            yield SPACE, BETWEEN
        if sound.kind is SoundKind.HANZI:
            said = syllable(sound.pinyin)
        elif sound.kind is SoundKind.LATIN:
            said = _latin(sound)
        else:
            said = "".join(_mark(char) for char in sound.text)
        yield from ((symbol, BETWEEN if symbol == SPACE else index) for symbol in said)
        before = sound


def _apart(before: Sound, sound: Sound) -> bool:
    """Whether a space stands between two sounds that are said."""
    kinds = (before.kind, sound.kind)
    if SoundKind.PAUSE in kinds or SoundKind.MUTE in kinds:
        return False
    return before.word != sound.word or SoundKind.LATIN in kinds or _blurred(before, sound)


def _blurred(before: Sound, sound: Sound) -> bool:
    """Whether two syllables of a word would be written as two others: 民以 like 迷你, ``mi↗ni↓``.

    The tone arrow stands before a final n, so nothing but a space tells whose n it is; the same
    holds for a syllable that starts with a vowel (粮食安全). On 24 sentences full of such pairs, in
    three voices, a recogniser's error fell from 5.1 % to 3.7 % with the space.
    """
    glide = sound.pinyin.startswith(("y", "w")) and before.pinyin.rstrip("12345").endswith("n")
    return glide or sound.pinyin.startswith(("a", "o", "e"))


def _mark(char: str) -> str:
    return SPACE if char.isspace() else mapping("marks").get(char, "")


def _latin(sound: Sound) -> str:
    if sound.pinyin:
        return "".join(map(syllable, sound.pinyin.split()))
    return SPACE.join(map(latin, (sound.said or sound.text).split()))


@functools.lru_cache(maxsize=4096)
def syllable(pinyin: str) -> str:
    """The symbols of one syllable with its tone digit: ``zhong4`` → ꭧʊ↘ŋ, ``huar1`` → xwa→ɚ.

    Raises `BobaoError` where it is no syllable.
    """
    base, tone = pinyin[:-1], pinyin[-1:]
    table = mapping("syllables")
    shape = table.get(base)
    if shape is None and base.endswith("r") and base[:-1] in table:
        shape = _coloured(table[base[:-1]])
    if shape is None or tone not in _ARROWS:
        raise BobaoError(
            f"the voice cannot say the pinyin “{pinyin}”",
            advice="Write a syllable of Mandarin with its tone, such as chóng or chong2.",
        )
    return shape.replace("0", _ARROWS[tone])


def _coloured(shape: str) -> str:
    """A syllable's shape with 儿化."""
    for ending, left in mapping("erhua").items():
        if shape.endswith(ending):
            return f"{shape.removesuffix(ending)}{left}ɚ"
    return f"{shape}ɚ"


@functools.cache
def _vocabulary() -> dict[str, int]:
    return {symbol: int(token) for symbol, token in mapping("vocabulary").items()}
