"""The language tables that lie in a package's ``data/`` folder, for linguists to edit.

A table is UTF-8 text, one entry a line, cells separated by tabs; empty lines and lines that start
with ``#`` are comments.
"""

from __future__ import annotations

import functools
from importlib import resources


@functools.cache
def lines(package: str, name: str) -> tuple[str, ...]:
    """The lines of ``data/<name>`` of a package, without comments."""
    text = resources.files(package).joinpath("data").joinpath(name).read_text("utf-8")
    return tuple(line for line in text.split("\n") if line.strip() and not line.startswith("#"))


@functools.cache
def rows(package: str, name: str) -> tuple[tuple[str, ...], ...]:
    """The lines as rows of cells; a short row has fewer cells."""
    return tuple(tuple(line.split("\t")) for line in lines(package, name))


@functools.cache
def words(package: str, name: str) -> frozenset[str]:
    """All that white space separates in the lines."""
    return frozenset(word for line in lines(package, name) for word in line.split())
