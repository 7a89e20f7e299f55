"""How bobao talks: a progress line with the time that remains, plain lines, tables, or JSON.

On a terminal one line is redrawn; elsewhere, and with ``--plain`` (for screen readers), a line is
printed at each tenth. Results go to standard output, progress and remarks to standard error.
"""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

Update = Callable[[int, int, str], None]
"""Reports progress: how many are done, of how many, and a short remark."""


def width(text: str) -> int:
    """Columns that `text` takes on a terminal: two for a wide character, none for a mark."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def clock(ms: int) -> str:
    """``1:23`` or ``1:02:03`` for a time in milliseconds, rounded down."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@dataclass(slots=True)
class Console:
    """Where a command's words go."""

    plain: bool = False
    quiet: bool = False
    as_json: bool = False
    _open: bool = field(default=False, init=False)

    @property
    def live(self) -> bool:
        """Whether one line may be redrawn in place."""
        return not (self.plain or self.quiet or self.as_json) and sys.stderr.isatty()

    def say(self, text: str) -> None:
        """Print a line of the result."""
        self._close()
        if not (self.quiet or self.as_json):
            click.echo(text)

    def note(self, text: str) -> None:
        """Print a remark."""
        self._close()
        if not (self.quiet or self.as_json):
            click.echo(text, err=True)

    def error(self, text: str) -> None:
        """Print what is wrong, or was not done: nothing silences it."""
        self._close()
        click.echo(text, err=True)

    def result(self, value: Any) -> None:
        """Print `value` as JSON where that was asked for."""
        self._close()
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, indent=2))

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print rows in columns; the last column is not padded."""
        lines = [tuple(head), *(tuple(row) for row in rows)]
        widths = [max(width(line[i]) for line in lines) for i in range(len(head))]
        for line in lines:
            cells = (cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(line))
            self.say("  ".join(cells).rstrip())

    def progress(self, label: str) -> Update:
        """Return a function that shows how far a piece of long work has come."""
        started = time.monotonic()
        shown = -1

        def update(done: int, total: int, remark: str = "") -> None:
            nonlocal shown
            share = done / total if total else 1.0
            if self.live:
                self._redraw(
                    f"{label} {_bar(share)} {done}/{total} {remark}{_left(share, started)}"
                )
            elif int(share * 10) > shown and not (self.quiet or self.as_json):
                shown = int(share * 10)
                click.echo(f"{label}: {done}/{total} {remark}{_left(share, started)}", err=True)
            if done >= total:
                self._close()

        return update

    def _redraw(self, text: str) -> None:
        self._open = True
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)

    def _close(self) -> None:
        if self._open:
            self._open = False
            click.echo(err=True)


def _bar(share: float, cells: int = 24) -> str:
    full = round(share * cells)
    return "█" * full + "░" * (cells - full)


def _left(share: float, started: float) -> str:
    spent = time.monotonic() - started
    if share >= 1:
        return f" · {clock(int(spent * 1000))}"
    if share <= 0 or spent < 1:
        return ""
    return f" · {clock(int(spent / share * (1 - share) * 1000))} left"
