"""What people have fixed: the readings in a script, and the station's lexicon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bobao.errors import BobaoError
from bobao.pronounce import characters, phrases
from bobao.pronounce.context import Claim, Context
from bobao.pronounce.lexicon import Entry, Lexicon
from bobao.pronounce.pinyin import is_hanzi, joined
from bobao.pronounce.sounds import Reading, Sound, SoundKind
from bobao.pronounce.tiling import tiles


def fixed(context: Context, readings: Sequence[Reading]) -> Iterator[Claim]:
    """Claims for the readings of a script, one syllable per hanzi of their ranges."""
    for reading in readings:
        hanzi = [
            position
            for position in range(reading.start, reading.end)
            if is_hanzi(context.text[position])
        ]
        if len(hanzi) != len(reading.pinyin):
            raise BobaoError(
                f"“{context.text[reading.start : reading.end]}” has {len(hanzi)} characters to"
                f" read, its reading {len(reading.pinyin)} syllables: {joined(reading.pinyin)}",
                advice="Write one pinyin syllable for each character, with spaces between.",
            )
        for position, pinyin in zip(hanzi, reading.pinyin, strict=True):
            yield Claim(position, (pinyin,), "fixed")


def from_lexicon(context: Context, lexicon: Lexicon) -> Iterator[Claim]:
    """Claims for the lexicon's words, the longest at each place."""
    text, position = context.text, 0
    while lexicon.lengths and position < len(text):
        entry = _longest(context, lexicon, position)
        if entry is None:
            position += 1
            continue
        pinyin = iter(entry.pinyin or _sound_of(entry.spelling))
        for place in range(position, position + len(entry.word)):
            if is_hanzi(text[place]):
                yield Claim(place, (next(pinyin),), "lexicon")
        position += len(entry.word)


def _longest(context: Context, lexicon: Lexicon, position: int) -> Entry | None:
    for length in lexicon.lengths:
        word = context.text[position : position + length]
        entry = lexicon.get(word) if len(word) == length else None
        if entry and any(map(is_hanzi, word)) and _stands(context, position, position + length):
            return entry
    return None


def _stands(context: Context, start: int, end: int) -> bool:
    """Whether `start:end` may be a word of its own: 人和 is none in 本人和他.

    Three characters or more hardly ever meet by chance; fewer must start where a word starts, or
    end where one ends if they start in a word that was only guessed.
    """
    if end - start >= 3 or (start in context.edges and (end - start == 2 or end in context.edges)):
        return True
    return end - start == 2 and end in context.edges and not _in_known_word(context, start)


def _in_known_word(context: Context, position: int) -> bool:
    return phrases.is_word(context.in_word(position)[0])


def _sound_of(spelling: str) -> tuple[str, ...]:
    """The readings of a spelling's hanzi."""
    context = Context.of(spelling)
    found: dict[int, str] = {}
    for layer in (phrases.phrases, characters.usual):
        for claim in layer(context, frozenset(range(len(spelling)))):
            for place, pinyin in enumerate(claim.pinyin, claim.start):
                found.setdefault(place, pinyin)
    return tuple(found[place] for place in sorted(found))


def latin(text: str, span: tuple[int, int], word: int, lexicon: Lexicon) -> Sound:
    """The sound of the Latin run `span`, or of a longer stretch that the lexicon has."""
    start, end = span
    reach = text[start : start + max(lexicon.lengths, default=0)]
    for stop in reversed([stop for _, _, stop in tiles(reach)]):
        found = lexicon.get(text[start : start + stop])
        if found is not None and not any(map(is_hanzi, found.word)):
            return _as_the_lexicon_has_it(found, start, word)
    return Sound(SoundKind.LATIN, text[start:end], start, end, word, source="latin")


def _as_the_lexicon_has_it(entry: Entry, start: int, word: int) -> Sound:
    pinyin = entry.pinyin
    if not pinyin and any(map(is_hanzi, entry.spelling)):
        pinyin = _sound_of(entry.spelling)
    return Sound(
        SoundKind.LATIN,
        entry.word,
        start,
        start + len(entry.word),
        word,
        joined(pinyin),
        source="lexicon",
        said="" if pinyin else entry.spelling,
    )
