"""How long a take should be: its syllables, by the pace of the voice that says it.

Measured on 780 takes of the eight embedded voices at rates 0.5 to 2 (lines of the sample and of the
labelled sets, 1 to 60 syllables, and 19 odd ones: letters, single words): without its pauses a take
lasts as long as its syllables and `REST` more would, each the same length, within 0.86–1.25 of the
voice's usual one from ten hanzi on, within 0.7–1.3 from three. Single syllables are drawn out to as
much as 2.3. The bounds leave a quarter more on either side.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

REST = 1.6
"""Syllables' worth of time that every line takes besides: what is last in a clause is drawn out."""
LONG = 5
"""Syllables from which a line tells its voice's pace."""
BOUNDS = {LONG: (0.62, 1.55), 3: (0.45, 1.9), 1: (0.3, 3.0)}
"""From so many syllables on: how many times its voice's usual pace a line may have."""
FEWEST = 5
"""Lines from which a voice's usual pace is taken; else `USUAL` is."""
LEISURELY = 300.0
"""Milliseconds a syllable from which pauses are longer, too, than any at a usual pace."""
USUAL = (70.0, 600.0)
"""Milliseconds a syllable that any voice may take: the embedded ones take 165 to 235 at their own
pace, and half or twice of it at rates 2.0 and 0.5."""

_HANZI = re.compile(r"[㐀-鿿豈-﫿𠀀-𳏿〇]")
_LATIN = re.compile(r"[A-Za-z]+")
_VOWELS = re.compile(r"[aeiouy]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Syllables:
    """Of a text, at least and at most: Latin letters may be spelled out or read as a word."""

    least: float
    most: float

    @property
    def plain(self) -> bool:
        """Whether there is no doubt about the number."""
        return self.least == self.most


def syllables(text: str) -> Syllables:
    """How many syllables saying `text` takes."""
    sure = len(_HANZI.findall(text))
    words = _LATIN.findall(text)
    letters = sum(map(len, words))
    other = sum(map(str.isalnum, text)) - sure - letters  # digits, kana and the like
    spoken = sum(max(1, len(_VOWELS.findall(word))) for word in words)
    return Syllables(sure + other + spoken * 0.6, sure + other * 3 + letters * 3)


def pace(voiced_ms: int, count: float) -> float:
    """Milliseconds a syllable."""
    return voiced_ms / (count + REST)


def usual(lines: Iterable[tuple[str, int, Syllables]]) -> dict[str, float]:
    """The median pace of each voice that says enough; lines are voice, milliseconds, syllables."""
    paces: dict[str, list[float]] = defaultdict(list)
    for voice, voiced_ms, count in lines:
        if count.plain and count.most >= LONG:
            paces[voice].append(pace(voiced_ms, count.most))
    return {voice: median(each) for voice, each in paces.items() if len(each) >= FEWEST}


def room(count: float) -> tuple[float, float]:
    """The bounds for a line of so many syllables."""
    return next(bounds for least, bounds in BOUNDS.items() if count >= least or least == 1)
