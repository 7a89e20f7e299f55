"""What a script will be on air: its length, section by section, and what to look at first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bobao.model import Article, Block, Script
from bobao.pronounce.pinyin import is_hanzi
from bobao.script.outline import TOO_LONG

PER_MINUTE = 265
"""Characters a minute, the pace of a radio news reader (250–270), pauses included."""
DOUBTFUL = 0.6
"""A block of less confidence is shown to the editor."""
_LATIN = re.compile(r"[^\W\d_]+")
_PER_SYLLABLE = 3
_LONGEST_SIGN = 12
"""A family of four is one emoji of eleven characters."""


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A section's title, its length in characters as spoken, and about how long it takes."""

    title: str
    characters: int

    @property
    def seconds(self) -> int:
        """About how long it takes on air."""
        return round(self.characters * 60 / PER_MINUTE)


@dataclass(frozen=True, slots=True)
class DraftNotes:
    """What the editor of a draft is shown beside it.

    `doubts` are the blocks that the reader was not sure of, `unvoiced` the signs of the text that
    are shown and not said (★), each once.
    """

    sections: tuple[SectionPlan, ...]
    doubts: tuple[Block, ...] = ()
    unvoiced: tuple[str, ...] = ()

    @property
    def long(self) -> tuple[SectionPlan, ...]:
        """Sections with more than 600 characters and no landmark of their own."""
        return tuple(section for section in self.sections if section.characters > TOO_LONG)

    @property
    def seconds(self) -> int:
        """About how long the whole takes on air."""
        return sum(section.seconds for section in self.sections)


def characters(spoken: str) -> int:
    """How long a spoken text is, in Chinese characters.

    Each hanzi counts one, each letter of an acronym one, other words one for about three letters.
    """
    hanzi = sum(map(is_hanzi, spoken))
    rest = _LATIN.findall("".join(" " if is_hanzi(char) else char for char in spoken))
    return hanzi + sum(
        len(word) if word.isupper() else -(-len(word) // _PER_SYLLABLE) for word in rest
    )


def plan(script: Script) -> tuple[SectionPlan, ...]:
    """The length of every section."""
    return tuple(
        SectionPlan(section.title, sum(characters(line.spoken) for line in section.lines()))
        for section in script.sections
    )


def notes(article: Article, script: Script) -> DraftNotes:
    """What the editor of a draft should know."""
    doubts = tuple(block for block in article.blocks if block.confidence < DOUBTFUL)
    spans = (span for line in script.lines() if line.spoken for span in line.spans)
    signs = dict.fromkeys(
        span.written for span in spans if not span.spoken.strip() and _is_sign(span.written)
    )
    return DraftNotes(plan(script), doubts, tuple(signs))


def _is_sign(text: str) -> bool:
    shown = any(char.isprintable() and not char.isspace() for char in text)
    return shown and len(text) <= _LONGEST_SIGN and not any(map(str.isalnum, text))
