"""The package's word lists."""

from __future__ import annotations

from bobao import datafiles


def words(name: str) -> frozenset[str]:
    """The words of ``data/<name>.txt``."""
    return datafiles.words("bobao.scripting", f"{name}.txt")
