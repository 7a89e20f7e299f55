"""The word lists under ``data/``, read once each on first use.

A list is UTF-8 text, words separated by white space; lines that start with ``#`` are comments.
"""

from __future__ import annotations

import functools
from importlib import resources


@functools.cache
def words(name: str) -> frozenset[str]:
    """The words of ``data/<name>.txt``."""
    text = resources.files(__package__).joinpath(f"data/{name}.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())
