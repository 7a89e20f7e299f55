"""The report of a batch: a line of JSON for each article as it is finished, and the totals."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from bobao.batch.values import Row, State
from bobao.errors import refusals


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
