"""What has been decided about single lines."""

from __future__ import annotations

from typing import NamedTuple

from bobao.model import BlockKind


class Verdict(NamedTuple):
    """The kind of a line, why, how sure; `joins` the index of the line whose block it goes on.

    `other` is the next best decision (a word of `decisions`), "" where nothing else was weighed.
    """

    kind: BlockKind
    reason: str = ""
    confidence: float = 1.0
    joins: int | None = None
    level: int = 0
    item: bool = False
    other: str = ""


Verdicts = dict[int, Verdict]
"""Verdicts by line number; a line without one is still open."""
