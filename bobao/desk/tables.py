"""The tables under ``data/``."""

from __future__ import annotations

import functools

from bobao import files


@functools.cache
def rows(name: str) -> dict[str, tuple[str, ...]]:
    """The rows of ``data/<name>.tsv`` by their first cell."""
    return {first: tuple(rest) for first, *rest in files.rows(__package__, f"{name}.tsv")}


def name_of(table: str, key: str) -> str:
    """The page's word for `key`; `key` itself where the table does not know it."""
    return rows(table).get(key, (key,))[0]


@functools.cache
def characters(name: str) -> frozenset[str]:
    """The characters of ``data/<name>.txt``."""
    return files.words(__package__, f"{name}.txt")
