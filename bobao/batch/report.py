"""What passes between the driver of a batch and its workers, and the report of a whole batch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import IO, Any

from bobao.errors import refusals
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


@dataclass(slots=True)
class Totals:
    """What a batch has come to so far. Only the failures are kept one by one."""

    states: Counter[State] = field(default_factory=Counter)
    lines: int = 0
    spoken: int = 0
    duration_ms: int = 0
    failed: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Count an article."""
        self.states[row.state] += 1
        self.lines += row.lines
        self.spoken += row.spoken
        self.duration_ms += row.duration_ms
        if row.state is State.FAILED:
            self.failed.append(row)

    @property
    def articles(self) -> int:
        """How many articles are finished, one way or the other."""
        return self.states.total()

    def summary(self) -> dict[str, Any]:
        """The totals as plain data."""
        counts = {state.value: self.states[state] for state in State}
        return {
            "articles": self.articles,
            **counts,
            "lines": self.lines,
            "spoken": self.spoken,
            "duration_ms": self.duration_ms,
            "failures": [{"seed": row.seed, "error": row.error} for row in self.failed],
        }


def as_json(row: Row) -> str:
    """A row as one line of JSON."""
    return json.dumps(asdict(row), ensure_ascii=False)


@contextmanager
def reporting(path: Path | None) -> Iterator[Callable[[Row], None]]:
    """Yield a function that adds a row to the report at `path`; without one it does nothing.

    Each row is there at once, so that a killed run has its report so far. Raises `BobaoError` where
    the file cannot be written.
    """
    if path is None:
        yield lambda row: None
        return
    with refusals("cannot write", path, "Name another file with --report."):
        file = path.open("w", encoding="utf-8", buffering=1)
    with file:
        yield lambda row: _write(file, row)


def _write(file: IO[str], row: Row) -> None:
    file.write(as_json(row) + "\n")  # a line is written out when it ends
