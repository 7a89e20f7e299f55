"""What was done when: spans of work, written to a log of JSON lines.

`span` is put round a stage of work wherever it is; it costs next to nothing while nobody records.
The log has one object a line, its time in UTC.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import IO

from bobao.errors import BobaoError, refusals

About = str | int | float
"""What may be said about a span: never text of an article, which may be long or private."""


@dataclass(frozen=True, slots=True)
class WorkSpan:
    """A finished piece of work; times in microseconds of this machine's clock since 1970."""

    name: str
    start_us: int
    length_us: int
    about: dict[str, About] = field(default_factory=dict)
    error: str = ""


class _Recorder:
    """Where spans go: a log, or a list. Written to from many threads."""

    def __init__(self, log: IO[str] | None, kept: list[WorkSpan] | None) -> None:
        self._lock = threading.Lock()
        self._log, self._kept = log, kept

    def take(self, span: WorkSpan) -> None:
        with self._lock:
            if self._kept is not None:
                self._kept.append(span)
            if self._log:
                self._log.write(json.dumps(_entry(span), ensure_ascii=False) + "\n")
                self._log.flush()


_recorders: list[_Recorder] = []


@contextmanager
def span(name: str, **about: About) -> Iterator[dict[str, About]]:
    """Record the work inside as `name`; what is put into the yielded dict is said about it.

    An exception that passes is recorded by its type, and goes on.
    """
    if not _recorders:
        yield about
        return
    start, clock, error = time.time_ns() // 1000, time.perf_counter_ns(), ""
    try:
        yield about
    except BaseException as raised:
        error = raised.what if isinstance(raised, BobaoError) else type(raised).__name__
        raise
    finally:
        spent = (time.perf_counter_ns() - clock) // 1000
        tell(WorkSpan(name, start, spent, about, error))


def tell(done: WorkSpan) -> None:
    """Record a span that was measured elsewhere: by another process, or another machine."""
    for recorder in _recorders:
        recorder.take(done)


@contextmanager
def recording(log: Path | None = None) -> Iterator[None]:
    """Add the spans of the work inside to the file `log`.

    Raises `BobaoError` where it cannot be written.
    """
    if log is None:
        yield
        return
    with _opened(log) as file, _added(_Recorder(file, None)):
        yield


@contextmanager
def collecting() -> Iterator[list[WorkSpan]]:
    """Collect the spans of the work inside, to be sent to the process that records."""
    spans: list[WorkSpan] = []
    with _added(_Recorder(None, spans)):
        yield spans


@contextmanager
def _added(recorder: _Recorder) -> Iterator[None]:
    _recorders.append(recorder)
    try:
        yield
    finally:
        _recorders.remove(recorder)


def _opened(path: Path) -> IO[str]:
    with refusals("cannot write", path, "Name another file."):
        return path.open("a", encoding="utf-8")


def _entry(span: WorkSpan) -> dict[str, object]:
    began = datetime.fromtimestamp(span.start_us / 1e6, timezone.utc)
    return {
        "time": began.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "event": span.name,
        "ms": span.length_us // 1000,
        **span.about,
        **({"error": span.error} if span.error else {}),
    }
