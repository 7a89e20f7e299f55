"""The front end: a spoken text → its sounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bobao.errors import BobaoError
from bobao.pronounce import (
    characters,
    erhua,
    fixed,
    model,
    names,
    particles,
    phrases,
    sandhi,
    senses,
)
from bobao.pronounce.context import Claim, Context, Layer
from bobao.pronounce.lexicon import EMPTY, Lexicon
from bobao.pronounce.pinyin import is_hanzi
from bobao.pronounce.sounds import Reading, Sound, SoundKind
from bobao.pronounce.tiling import DIGITS, tiles

LAYERS: tuple[Layer, ...] = (
    names.names,
    phrases.phrases,
    particles.particles,
    senses.senses,
    model.model,
    characters.usual,
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
    return tuple(_Choices(context, claims, said, lexicon).sounds())


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


def _decide(
    context: Context, readings: Sequence[Reading], lexicon: Lexicon, unknown: str
) -> list[Claim | None]:
    """For every offset of the text, who decided its reading: a claim of one syllable, or None."""
    decided: list[Claim | None] = [None] * len(context.text)
    _fill(decided, fixed.fixed(context, readings))
    _fill(decided, fixed.from_lexicon(context, lexicon))
    for layer in LAYERS:
        _fill(decided, layer(context, _undecided(context, decided)))
    for position in _undecided(context, decided):
        char = context.text[position]
        if not unknown:
            raise BobaoError(
                f"no reading is known for the character “{char}” (U+{ord(char):04X})",
                advice=f"Give one in the script, as {{{char}|pinyin}}, or in lexicon.tsv.",
            )
        decided[position] = Claim(position, (unknown,), "unknown", 0.0)
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


@dataclass(frozen=True)
class _Choices:
    """Everything decided about a text: a claim and what is said at each offset of a hanzi."""

    context: Context
    claims: Sequence[Claim | None]
    said: Sequence[str]
    lexicon: Lexicon

    def sounds(self) -> Iterator[Sound]:
        """The sounds of the text in order."""
        word, done = 0, 0
        for kind, start, end in tiles(self.context.text):
            if start < done:
                continue
            word += start in self.context.edges and start > 0
            sound = self._sound(kind, start, end, word)
            done = sound.end
            yield sound

    def _sound(self, kind: SoundKind, start: int, end: int, word: int) -> Sound:
        text, claim = self.context.text, self.claims[start]
        if kind is SoundKind.LATIN:
            return fixed.latin(text, (start, end), word, self.lexicon)
        if claim is None:
            return Sound(kind, text[start:end], start, end, word)
        said, citation = self.said[start], claim.pinyin[0]
        if erhua.merges(self.context, self.claims, end):
            end, said, citation = end + 1, erhua.merged(said), f"{citation} er2"
        return Sound(
            kind, text[start:end], start, end, word, said, citation, claim.source, claim.confidence
        )
