"""The language tables under ``data/``, as this package wants them."""

from __future__ import annotations

import functools

from bobao import files


def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``data/<name>.tsv``."""
    return files.rows(__package__, f"{name}.tsv")


def word_set(name: str) -> frozenset[str]:
    """The words of ``data/<name>.txt``."""
    return files.words(__package__, f"{name}.txt")


@functools.cache
def readings(name: str) -> dict[str, tuple[str, ...]]:
    """A table of words and their pinyin: word, then syllables with tone digits."""
    return {row[0]: tuple(row[1].split()) for row in rows(name)}
