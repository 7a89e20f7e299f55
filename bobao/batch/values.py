"""What passes between the driver of a batch and its workers: small, frozen, without sound."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from bobao.station.journal import WorkSpan
from bobao.voices.delivery import Delivery

Chunk = tuple[tuple[str, Delivery], ...]
"""Lines to be spoken by one worker in one go, each with the key of its take."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A bulletin is there. `fresh` is False where it was there before and nothing had changed."""

    duration_ms: int
    chapters: int
    fresh: bool
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """What drafting an article tells the driver: what it is, and which takes are missing.

    `finished` is its bulletin, where that is there already and nothing more is to be done.
    """

    slug: str
    title: str
    characters: int
    lines: int
    engine: str
    missing: Chunk
    finished: Finished | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """A chunk was spoken: so many lines that were not in the store, so long."""

    lines: int
    ms: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Work could not be done, and why, in words."""

    error: str


Value = Drafted | Spoken | Finished | Failed


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker sends back: the value, and what it recorded of its own work."""

    value: Value
    spans: tuple[WorkSpan, ...] = ()


class State(str, Enum):
    """What became of an article."""

    MADE = "made"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Row:
    """An article's line in the report. `seconds` is from its first stage to its last."""

    seed: str
    slug: str = ""
    state: State = State.FAILED
    title: str = ""
    characters: int = 0
    lines: int = 0
    spoken: int = 0
    duration_ms: int = 0
    seconds: float = 0.0
    error: str = ""
    remarks: tuple[str, ...] = field(default_factory=tuple)
