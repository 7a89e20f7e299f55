"""The front end: a spoken text → its sounds, with what people have fixed above every table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bobao.errors import BobaoError
from bobao.pronounce import model, names, particles, phrases, sandhi
from bobao.pronounce.lexicon import EMPTY, Entry, Lexicon
from bobao.pronounce.pinyin import is_hanzi, joined
from bobao.pronounce.sandhi import merged, merges, stem
from bobao.pronounce.sounds import DIGITS, Claim, Context, Layer, Reading, Sound, SoundKind, tiles


def _fixed(context: Context, readings: Sequence[Reading]) -> Iterator[Claim]:
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


def _from_lexicon(context: Context, lexicon: Lexicon) -> Iterator[Claim]:
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
    for layer in (phrases.phrases, phrases.usual):
        for claim in layer(context, frozenset(range(len(spelling)))):
            for place, pinyin in enumerate(claim.pinyin, claim.start):
                found.setdefault(place, pinyin)
    return tuple(found[place] for place in sorted(found))


def _latin(text: str, span: tuple[int, int], word: int, lexicon: Lexicon) -> Sound:
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


LAYERS: tuple[Layer, ...] = (
    names.names,
    particles.straddled,
    phrases.phrases,
    particles.particles,
    phrases.senses,
    model.model,
    phrases.usual,
)
"""Who decides a reading, the strongest first, after the fixed readings and the lexicon."""


def pronounce(
    text: str,
    readings: Sequence[Reading] = (),
    lexicon: Lexicon = EMPTY,
    *,
    unknown: str = "",
) -> tuple[Sound, ...]:
    """The sounds of `text`; they tile it in order, so their texts join to `text` again.

    `readings` (offsets into `text`) overrule everything, `lexicon` overrules all but them. Raises
    `BobaoError` for a fixed reading that does not fit, and for a hanzi that no table can read,
    unless `unknown` says what to put in place of its pinyin.
    """
    context = Context.of(text)
    claims = _decide(context, readings, lexicon, unknown)
    citation = ["" if claim is None else claim.pinyin[0] for claim in claims]
    said = sandhi.surface(text, citation, context.words)
    return tuple(_sounds(context, claims, said, lexicon))


def syllables(sounds: Sequence[Sound], *, surface: bool = False) -> tuple[str, ...]:
    """One syllable with its tone digit for every hanzi of the sounds' text.

    Citation readings, or, with `surface`, what is said; 花儿 gives two, the second ``r5`` then.
    """
    found: list[str] = []
    for sound in sounds:
        if sound.kind is not SoundKind.HANZI or not is_hanzi(sound.text[0]):
            continue
        if not surface:
            found += sound.citation.split()
        elif len(sound.text) == 2:
            found += (stem(sound.pinyin), "r5")
        else:
            found.append(sound.pinyin)
    return tuple(found)


def _decide(
    context: Context, readings: Sequence[Reading], lexicon: Lexicon, unknown: str
) -> list[Claim | None]:
    """For every offset of the text, who decided its reading: a claim of one syllable, or None."""
    decided: list[Claim | None] = [None] * len(context.text)
    left = {n for n, char in enumerate(context.text) if is_hanzi(char) or char in DIGITS}
    _fill(decided, left, _fixed(context, readings))
    _fill(decided, left, _from_lexicon(context, lexicon))
    for layer in LAYERS:
        _fill(decided, left, layer(context, frozenset(left)))
    for position in sorted(left):
        char = context.text[position]
        if not unknown:
            raise BobaoError(
                f"no reading is known for the character “{char}” (U+{ord(char):04X})",
                advice=f"Give one in the script, as {{{char}|pinyin}}, or in lexicon.tsv.",
            )
        decided[position] = Claim(position, (unknown,), "unknown", 0.0)
    return decided


def _fill(decided: list[Claim | None], left: set[int], claims: Iterator[Claim]) -> None:
    """Put claims where nothing is decided, and take these offsets from what is `left`."""
    for claim in claims:
        for position, pinyin in enumerate(claim.pinyin, claim.start):
            if pinyin and decided[position] is None:
                one = len(claim.pinyin) == 1
                decided[position] = (
                    claim if one else Claim(position, (pinyin,), claim.source, claim.confidence)
                )
                left.discard(position)


def _sounds(
    context: Context, claims: Sequence[Claim | None], said: Sequence[str], lexicon: Lexicon
) -> Iterator[Sound]:
    """The sounds in order, of what was decided and what is said at each offset of a hanzi."""
    text, word, done = context.text, 0, 0
    for kind, start, end in tiles(text):
        if start < done:
            continue
        word += start > 0 and start in context.edges
        claim = claims[start]
        if kind is SoundKind.LATIN:
            sound = _latin(text, (start, end), word, lexicon)
        elif claim is None:
            sound = Sound(kind, text[start:end], start, end, word)
        else:
            (citation,), source, confidence = claim.pinyin, claim.source, claim.confidence
            pinyin = said[start]
            if text.startswith("儿", end) and merges(context, claims, end):
                done, pinyin, citation = end + 1, merged(pinyin), f"{citation} er2"
            else:
                done = end
            sound = Sound(
                kind, text[start:done], start, done, word, pinyin, citation, source, confidence
            )
        done = sound.end
        yield sound
