"""The voice's tables under ``data/``, read once each on first use; ``#`` starts a comment line."""

from __future__ import annotations

import functools
import gzip
from importlib import resources

from bobao import files

_PACKAGE = "bobao.voices.kokoro"


@functools.cache
def mapping(name: str) -> dict[str, str]:
    """``data/<name>.tsv`` as key → value; ␠ stands for a space."""
    pairs = files.rows(_PACKAGE, f"{name}.tsv")
    return {key.replace("␠", " "): value.replace("␠", " ") for key, value in pairs}


@functools.cache
def zipped(name: str) -> dict[str, str]:
    """``data/<name>.tsv.gz`` as key → value."""
    file = resources.files(_PACKAGE) / "data" / f"{name}.tsv.gz"
    rows = gzip.decompress(file.read_bytes()).decode("utf-8").splitlines()
    return dict(row.split("\t") for row in rows)


def word_set(name: str) -> frozenset[str]:
    """The words of ``data/<name>.txt``."""
    return files.words(_PACKAGE, f"{name}.txt")
