"""The front end: a spoken text → its sounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bobao.pronounce import characters, erhua, fixed, model, names, phrases, sandhi, senses
from bobao.pronounce.context import Claim, Context, Layer
from bobao.pronounce.lexicon import EMPTY, Lexicon
from bobao.pronounce.pinyin import is_hanzi
from bobao.pronounce.sounds import Reading, Sound, SoundKind
from bobao.pronounce.tiling import DIGITS, tiles

LAYERS: tuple[Layer, ...] = (
    names.names,
    phrases.phrases,
    senses.senses,
    model.model,
    characters.usual,
)
"""Who decides a reading, the strongest first, after the fixed readings and the lexicon."""


def pronounce(
    text: str, readings: Sequence[Reading] = (), lexicon: Lexicon = EMPTY
) -> tuple[Sound, ...]:
    """The sounds of `text`; they tile it in order, so their texts join to `text` again.

    `readings` (offsets into `text`) overrule everything, `lexicon` overrules all but them. Raises
    `BobaoError` for a hanzi that no table can read, and for a fixed reading that does not fit.
    """
    context = Context.of(text)
    claims = _decide(context, readings, lexicon)
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
            found += (erhua.stem(sound.pinyin), "r5")
        else:
            found.append(sound.pinyin)
    return tuple(found)


def _decide(context: Context, readings: Sequence[Reading], lexicon: Lexicon) -> list[Claim | None]:
    """For every offset of the text, who decided its reading (a claim of one syllable)."""
    decided: list[Claim | None] = [None] * len(context.text)
    _fill(decided, fixed.fixed(context, readings))
    _fill(decided, fixed.from_lexicon(context, lexicon))
    for layer in LAYERS:
        _fill(decided, layer(context, _undecided(context, decided)))
    return decided


def _undecided(context: Context, decided: Sequence[Claim | None]) -> frozenset[int]:
    """The offsets of the hanzi and digits that have no reading yet."""
    return frozenset(
        position
        for position, char in enumerate(context.text)
        if decided[position] is None and (is_hanzi(char) or char in DIGITS)
    )


def _fill(decided: list[Claim | None], claims: Iterator[Claim]) -> None:
    for claim in claims:
        for position, pinyin in enumerate(claim.pinyin, claim.start):
            if pinyin and decided[position] is None:
                decided[position] = Claim(position, (pinyin,), claim.source, claim.confidence)


def _sounds(
    context: Context, claims: Sequence[Claim | None], said: Sequence[str], lexicon: Lexicon
) -> Iterator[Sound]:
    word, skip = 0, 0
    for kind, start, end in tiles(context.text):
        if start < skip:
            continue
        word += start in context.edges and start > 0
        if kind is SoundKind.HANZI:
            claim = claims[start]
            assert claim is not None  # noqa: S101 - `characters.usual` claims every one
            if erhua.merges(context, claims, end):
                end += 1
            yield _syllable(context.text, start, end, word, claim, said[start])
        elif kind is SoundKind.LATIN:
            sound = fixed.latin(context.text, start, end, word, lexicon)
            end = sound.end
            yield sound
        else:
            yield Sound(kind, context.text[start:end], start, end, word)
        skip = end


def _syllable(text: str, start: int, end: int, word: int, claim: Claim, said: str) -> Sound:
    citation = claim.pinyin[0]
    if end - start == 2:
        said, citation = erhua.merged(said), f"{citation} er2"
    return Sound(
        SoundKind.HANZI,
        text[start:end],
        start,
        end,
        word,
        said,
        citation,
        claim.source,
        claim.confidence,
    )
