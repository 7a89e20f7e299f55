"""The tables under ``data/``, read once each on first use; lines that start with ``#`` explain."""

from __future__ import annotations

import functools
from importlib import resources


def text(folder: str, name: str) -> str:
    """A file that comes with this package."""
    return (resources.files(__package__) / folder / name).read_text("utf-8")


@functools.cache
def rows(name: str) -> dict[str, tuple[str, ...]]:
    """The rows of ``data/<name>.tsv`` by their first cell."""
    cells = (line.split("\t") for line in _lines(f"{name}.tsv"))
    return {first: tuple(rest) for first, *rest in cells}


def name_of(table: str, key: str) -> str:
    """The page's word for `key`; `key` itself where the table does not know it."""
    return rows(table).get(key, (key,))[0]


@functools.cache
def characters(name: str) -> frozenset[str]:
    """The characters of ``data/<name>.txt``; blanks and line ends do not count."""
    return frozenset(char for line in _lines(f"{name}.txt") for char in line if not char.isspace())


def _lines(name: str) -> list[str]:
    return [line for line in text("data", name).splitlines() if line and not line.startswith("#")]
