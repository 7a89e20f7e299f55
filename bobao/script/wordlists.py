"""The package's word lists."""

from __future__ import annotations

from bobao import files


def words(name: str) -> frozenset[str]:
    """The words of ``data/<name>.txt``."""
    return files.words("bobao.script", f"{name}.txt")
