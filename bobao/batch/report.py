"""The report of a batch: a line of JSON for each article as it is finished, and the totals."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bobao.batch.values import Row, State
from bobao.errors import BobaoError


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


def reported(rows: Iterable[Row], path: Path | None) -> Iterator[Row]:
    """Pass rows on, each written to `path` first, so that a killed run has its report so far.

    Raises `BobaoError` where the file cannot be written.
    """
    with ExitStack() as files:
        try:
            file = files.enter_context(path.open("w", encoding="utf-8")) if path else None
        except OSError as error:
            raise BobaoError(
                f"cannot write: {error.strerror or error}",
                where=str(path),
                advice="Name another file with --report.",
            ) from error
        for row in rows:
            if file:
                file.write(as_json(row) + "\n")
                file.flush()
            yield row
