"""What has been decided about single lines."""

from __future__ import annotations

from dataclasses import dataclass

from bobao.model import BlockKind


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind of a line, why, how sure; `joins` the index of the line whose block it goes on."""

    kind: BlockKind
    reason: str = ""
    confidence: float = 1.0
    joins: int | None = None
    level: int = 0
    item: bool = False


Verdicts = dict[int, Verdict]
"""Verdicts by line number; a line without one is still open."""
