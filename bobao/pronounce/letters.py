"""What a voice can say as it stands: hanzi with a reading, letters that have an English name."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

from bobao.model import LOST
from bobao.pronounce.phrases import candidates
from bobao.pronounce.pinyin import is_hanzi, marked, syllable, word_set
from bobao.pronounce.sounds import DIGITS

_LATIN = re.compile(r"LATIN (?:SMALL|CAPITAL) (?:LETTER|LIGATURE) ([A-Z]{1,2})\b")
_NAMED = re.compile("(?:GREEK|CYRILLIC) (?:SMALL|CAPITAL) LETTER .*?([A-Z]+)")
_PAIRS = "ß=ss ẞ=SS þ=th Þ=Th ð=d Ð=D ŋ=ng Ŋ=Ng ə=e ı=i ĸ=k ’=' ‐=- ‑=- ь= Ь= ъ= Ъ="
_OTHERS = dict(pair.split("=") for pair in _PAIRS.split(" "))
_ACCENT = re.compile("[\u0300-\u0333\u0339-\u036f]")  # the others strike a letter through


@functools.lru_cache(maxsize=4096)
def sayable(char: str) -> bool:
    """Whether a voice says `char`, or may pass over it, as it stands in what is said.

    It is none where it would be left out of a word, or stop the recording: a hanzi without a
    reading, a letter of an alphabet that has no names in English, a sign above such.
    """
    if is_hanzi(char):
        return bool(candidates(char))
    if char.isalpha():
        return bool((ascii_of(char) or "").strip(" '-"))
    if unicodedata.category(char)[0] == "M":
        return _ACCENT.match(char) is not None
    return char in DIGITS or not (char.isnumeric() or char == LOST)


def ascii_of(char: str) -> str | None:
    """A letter in ASCII: without accents, of another alphabet by its name (α → -Alpha-).

    None for one that cannot be put so.
    """
    if char.isascii():
        return char
    if char in _OTHERS:
        return _OTHERS[char]
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    if plain != char:
        parts = [ascii_of(part) for part in plain]
        return None if None in parts else "".join(part or "" for part in parts)
    name = unicodedata.name(char, "")
    if char < "\u0250" and (found := _LATIN.match(name)):  # what follows are letters of phonetics
        return found[1].lower() if "SMALL" in name else found[1]
    named = _NAMED.fullmatch(name.partition(" WITH ")[0])
    if named and char < "\u0530":
        return f"-{named[1].capitalize()}-"
    return None if char.isalpha() else ""


_APART = re.compile(r"[\s'’`·\-‐/]+")
_PINYIN = re.compile(r"[a-zêü:\u0300\u0301\u0302\u0304\u0308\u030c0-5\s'’`·\-‐/]+")
_TONES = re.compile("[\u0300\u0301\u0304\u030c]")
_SURELY = re.compile("[\u0304\u030c]")
"""Tones that no other language marks so: ā ǎ; é and à are French, too."""
_ALIKE = str.maketrans("ɑɡøĭ", "agoǐ") | {"ŏ": "ǒ", "ă": "ǎ", "ĕ": "ě", "ŭ": "ǔ"}
_BOPOMOFO = re.compile(r"˙?[\u3105-\u3129]{1,3}[ˊˇˋ˙]?")
_LONGEST = 60


def reading_of(hanzi: str, text: str) -> str:
    """The reading that `text` gives the `hanzi`, as in a script's ``{重庆|chóng qìng}``, or "".

    It comes without tones where `text` has none and the letters are those of the usual reading:
    then the hanzi are read as ever.
    """
    if not hanzi or len(text) > _LONGEST or not all(map(is_hanzi, hanzi)):
        return ""
    written = _latin(text)
    if not _PINYIN.fullmatch(written):
        return ""
    pieces = [piece for piece in _APART.split(written) if piece]
    found = next(_cut(pieces, len(hanzi)), ())
    sure = _TONES.search(written) is not None
    kept = [_fits(char, piece, sure) for char, piece in zip(hanzi, found, strict=False)]
    if not kept or not all(kept):
        return ""
    known = sum(
        one == "r" or one[:-1] in {other[:-1] for other in candidates(char)}
        for char, one in zip(hanzi, kept, strict=True)
    )
    if 2 * known < len(kept):
        return ""  # of other hanzi
    usual = [candidates(char)[0][:-1] for char in hanzi] if not re.search("[1-5]", written) else []
    if not sure and usual == [one[:-1] for one in kept]:
        return " ".join(usual)
    said = " ".join(one if one == "r" else marked(one) for one in kept)
    return said if _TONES.search(unicodedata.normalize("NFD", said)) else " ".join(kept)


def spoken_syllables(text: str, *, told: bool) -> tuple[str, ...]:
    """The syllables of the pinyin `text`, each with its tone, or none where it may be no pinyin.

    `told` says that the words before it announce a pronunciation.
    """
    written = _latin(text)
    pieces = [piece for piece in _APART.split(written) if piece]
    marks = len(_TONES.findall(written))
    digits = told and re.search("[1-4]", written) is not None
    if not marks and not digits:
        return ()
    if len(written) < 3 and not told and not _SURELY.search(written):
        return ()
    found = [
        next((cut for n in range(1, 9) for cut in _cut([piece], n)), ()) if len(piece) < 40 else ()
        for piece in pieces
    ]
    kept = tuple(syllable(one) or "" for cut in found for one in cut)
    whole = all(one[-1:] in "1234" for one in kept)
    return kept if all(found) and (whole or (told and marks)) else ()


def _latin(text: str) -> str:
    """`text` in small letters with its tone marks apart; Bopomofo as pinyin."""
    if _BOPOMOFO.search(text):
        text = _BOPOMOFO.sub(_from_bopomofo, text)
    plain = unicodedata.normalize("NFKC", text.translate(_ALIKE)).translate(_ALIKE)
    return unicodedata.normalize("NFD", plain.strip().lower())


def _cut(pieces: list[str], count: int) -> Iterator[tuple[str, ...]]:
    """The ways to cut `pieces` into `count` syllables."""
    if not pieces or count < len(pieces):
        if not pieces and not count:
            yield ()
        return
    first, rest = pieces[0], pieces[1:]
    for size in range(min(len(first), 9), 0, -1):
        head, tail = first[:size], first[size:]
        if tail[:1] and (unicodedata.combining(tail[0]) or tail[0].isdigit() or tail[0] == ":"):
            continue
        if len(_TONES.findall(head)) < 2 and syllable(head):
            for more in _cut([tail, *rest] if tail else rest, count - 1):
                yield (head, *more)


def _fits(hanzi: str, piece: str, sure: bool) -> str:
    """The syllable that is meant for `hanzi`; without tone marks it must be a reading of it."""
    kept = syllable(piece) or ""
    if hanzi in "儿兒" and piece == "r":
        return piece
    if kept[-2:-1] == "r" and kept[:-1] != "er":
        return ""  # 儿 has a syllable of its own
    if sure or not kept:
        return kept
    size = len(kept) if piece[-1:].isdigit() else -1
    return next((one for one in candidates(hanzi) if one[:size] == kept[:size]), "")


@functools.cache
def _bopomofo() -> dict[str, str]:
    from pypinyin import Style
    from pypinyin.style import convert

    known = sorted(word_set("syllables"))
    return {convert(marked(f"{one}1"), Style.BOPOMOFO, strict=False): one for one in known}


def _from_bopomofo(found: re.Match[str]) -> str:
    tone = {"ˊ": "2", "ˇ": "3", "ˋ": "4", "˙": "5"}
    letters = _bopomofo().get(found[0].strip("ˊˇˋ˙"), "?")
    mark = next((tone[char] for char in found[0] if char in tone), "1")
    return f"{marked(letters + mark)} "
