"""The voice's tables under ``data/``, read once each on first use; ``#`` starts a comment line."""

from __future__ import annotations

import functools
from importlib import resources


def _lines(name: str) -> list[str]:
    text = resources.files(__package__).joinpath("data").joinpath(name).read_text("utf-8")
    return [line for line in text.split("\n") if line and not line.startswith("#")]


@functools.cache
def mapping(name: str) -> dict[str, str]:
    """``data/<name>.tsv`` as key → value; ␠ stands for a space."""
    pairs = (line.split("\t") for line in _lines(f"{name}.tsv"))
    return {key.replace("␠", " "): value.replace("␠", " ") for key, value in pairs}


@functools.cache
def word_set(name: str) -> frozenset[str]:
    """The words of ``data/<name>.txt``."""
    return frozenset(word for line in _lines(f"{name}.txt") for word in line.split())
