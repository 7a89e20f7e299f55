"""The language tables in `data/`: tab-separated, one entry a line, ``#`` starts a comment line."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from bobao import files


@functools.cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``data/<name>.tsv``, their cells stripped; a short row has fewer cells."""
    found = files.rows("bobao.normalise", f"{name}.tsv")
    return tuple(tuple(cell.strip() for cell in row) for row in found)


@functools.cache
def mapping(name: str) -> dict[str, str]:
    """The first two columns of a table; the first may name several keys, separated by spaces."""
    return {key: row[1] for row in rows(name) for key in row[0].split(" ")}


@functools.cache
def words(name: str, group: str = "") -> Words:
    """All words of a table whose rows are ``group <tab> word word …``, or of one group of it."""
    return Words(
        word for row in rows(name) if not group or row[0] == group for word in row[1].split(" ")
    )


class Words:
    """A set of words that is asked at the edges of a place in a text, longest word first."""

    __slots__ = ("_any", "_ends", "_starts", "_words")

    def __init__(self, items: Iterable[str]) -> None:
        self._words = frozenset(items)
        ordered = sorted(self._words, key=lambda word: (-len(word), word))
        self._ends: dict[str, dict[int, None]] = {}  # by last character, longest first
        self._starts: dict[str, dict[int, None]] = {}  # by first character
        for word in ordered:
            self._ends.setdefault(word[-1], {})[len(word)] = None
            self._starts.setdefault(word[0], {})[len(word)] = None
        self._any = re.compile("|".join(map(re.escape, ordered)) or r"(?!)")

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def all(self) -> frozenset[str]:
        """Every word of the set."""
        return self._words

    def before(self, left: str) -> str:
        """The longest word that `left` ends with, or an empty text."""
        for length in self._ends.get(left[-1:], ()):
            if left[-length:] in self._words:
                return left[-length:]
        return ""

    def after(self, text: str, at: int) -> str:
        """The longest word that stands in `text` from `at` on, or an empty text."""
        for length in self._starts.get(text[at : at + 1], ()):
            if text[at : at + length] in self._words:
                return text[at : at + length]
        return ""

    def within(self, text: str) -> bool:
        """Whether any of the words stands anywhere in `text`."""
        return self._any.search(text) is not None
