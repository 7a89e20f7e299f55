"""Cutting a spoken text into what a voice has to do with each stretch of it."""

from __future__ import annotations

from collections.abc import Iterator

from bobao.pronounce.pinyin import is_hanzi
from bobao.pronounce.sounds import SoundKind

PAUSES = frozenset("，。！？；：、…—～,.!?;:~﹐﹑。﹔﹕﹖﹗｡､")
"""Marks that are heard: as a pause, or in the tune of the sentence."""

_JOINERS = "-'’&.‐‑"
DIGITS = "0123456789０１２３４５６７８９"


def tiles(text: str) -> Iterator[tuple[SoundKind, int, int]]:
    """Stretches ``(kind, start, end)`` of `text` that follow one another without a gap.

    A hanzi or a digit is one stretch, so is a run of other letters with the hyphens, apostrophes,
    full stops and & inside it; marks and mute characters run together with their like.
    """
    position = 0
    while position < len(text):
        kind = _kind(text[position])
        end = position + 1
        if kind is SoundKind.LATIN:
            end = _latin_end(text, position)
        elif kind is not SoundKind.HANZI:
            while end < len(text) and _kind(text[end]) is kind:
                end += 1
        yield kind, position, end
        position = end


def _kind(char: str) -> SoundKind:
    if is_hanzi(char) or char in DIGITS:
        return SoundKind.HANZI
    if char in PAUSES:
        return SoundKind.PAUSE
    return SoundKind.LATIN if char.isalpha() else SoundKind.MUTE


def _latin_end(text: str, start: int) -> int:
    """Where the run of letters that starts at `start` ends."""
    end = start
    while end < len(text):
        char = text[end]
        joins = char in _JOINERS and end + 1 < len(text) and _kind(text[end + 1]) is SoundKind.LATIN
        if not joins and _kind(char) is not SoundKind.LATIN and not _combines(char):
            break
        end += 1
    return end


def _combines(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"
