"""The language tables under ``data/``, read once each on first use.

A table is UTF-8 text; lines that are empty or start with ``#`` are comments. Linguists edit them.
"""

from __future__ import annotations

import functools
from importlib import resources


def rows(name: str) -> list[list[str]]:
    """The rows of ``data/<name>.tsv``, split at tabs."""
    text = resources.files(__package__).joinpath("data").joinpath(f"{name}.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@functools.cache
def word_set(name: str) -> frozenset[str]:
    """The words of ``data/<name>.txt``, separated by white space."""
    text = resources.files(__package__).joinpath("data").joinpath(f"{name}.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


@functools.cache
def mapping(name: str) -> dict[str, str]:
    """The first two columns of ``data/<name>.tsv``; a later row wins."""
    return {row[0]: row[1] for row in rows(name)}


@functools.cache
def readings(name: str) -> dict[str, tuple[str, ...]]:
    """A table of words and their pinyin: word, then syllables with tone digits."""
    return {row[0]: tuple(row[1].split()) for row in rows(name)}
