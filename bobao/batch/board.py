"""The board of a batch: articles under way, the work that comes next, what became of them.

Work for an earlier article always comes first, so that the first bulletin is ready early and few
articles are under way at a time. A line that several articles have is spoken once. An article
that fails takes its own work off the board and nothing else.
"""

from __future__ import annotations

import heapq
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any

from bobao.errors import refusals
from bobao.station.journal import WorkSpan
from bobao.voices.delivery import Delivery

Chunk = tuple[tuple[str, Delivery], ...]
"""Lines to be spoken by one worker in one go, each with the key of its take."""
CHUNK_CHARACTERS = 160
"""Lines are handed out by about so many characters, half a minute of speech: much less, and
asking costs more than the work of the cheapest engines; much more, and a worker waits at the end
of an article while another still speaks."""


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
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """A bulletin is there. `fresh` is False where it was there before and nothing had changed."""

    duration_ms: int
    fresh: bool
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """What drafting an article tells: its row so far, and which takes are missing.

    `finished` is its bulletin, where that is there already and nothing more is to be done.
    """

    row: Row
    engine: str
    missing: Chunk
    finished: Finished | None = None


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """What a worker sends back: what it did, or why it could not; what it recorded of its work.

    `value` is what came of a draft or a mix, or how many lines were spoken.
    """

    value: ArticleDraft | int | Finished | None
    error: str = ""
    spans: tuple[WorkSpan, ...] = ()


class Stage(str, Enum):
    """What a piece of work is."""

    DRAFT = "draft"
    SPEAK = "speak"
    MIX = "mix"


@dataclass(slots=True)
class Underway:
    """An article that is begun. `left` are the keys of its lines that are not recorded yet."""

    index: int
    row: Row
    engine: str = ""
    left: set[str] = field(default_factory=set)
    open: bool = True
    began: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class Work:
    """A piece of work for one worker. `deaths` counts the workers that died over it."""

    article: Underway
    stage: Stage
    chunk: Chunk = ()
    deaths: int = 0


class Board:
    """Told of answers and failures; hands out work."""

    def __init__(self) -> None:
        self._ready: list[tuple[int, int, Work]] = []
        self._number = itertools.count()
        self._waiting: dict[str, list[Underway]] = {}  # keys that are being spoken, or will be
        self._rows: list[Row] = []

    def admit(self, index: int, seed: str) -> None:
        """Begin an article."""
        self.put(Work(Underway(index, Row(seed)), Stage.DRAFT))

    def put(self, work: Work) -> None:
        """Add work; that of the earliest article comes first, and of its work the oldest."""
        heapq.heappush(self._ready, (work.article.index, next(self._number), work))

    def next(self) -> Work | None:
        """The work that comes first; None where there is none for now."""
        while self._ready:
            work = heapq.heappop(self._ready)[2]
            if work.article.open:
                return work
            self._hand_on(work)
        return None

    def answer(self, work: Work, answer: TaskAnswer) -> None:
        """Note what a worker has done."""
        article, value = work.article, answer.value
        if answer.error:
            self.fail(work, answer.error)
        elif isinstance(value, ArticleDraft):
            self._drafted(article, value)
        elif isinstance(value, Finished):
            self._finished(article, value)
        else:
            article.row = replace(article.row, spoken=article.row.spoken + (value or 0))
            self._recorded(key for key, _ in work.chunk)

    def fail(self, work: Work, error: str) -> None:
        """Give up an article; with a line, every article that has it."""
        self._close(work.article, error=error)
        for key, _ in work.chunk:
            for article in self._waiting.pop(key, []):
                self._close(article, error=error)

    def rows(self) -> Iterator[Row]:
        """The rows of articles that were finished since this was last asked."""
        while self._rows:
            yield self._rows.pop(0)

    def _drafted(self, article: Underway, drafted: ArticleDraft) -> None:
        article.row, article.engine = drafted.row, drafted.engine
        if drafted.finished:
            self._finished(article, drafted.finished)
            return
        mine = [each for each in drafted.missing if each[0] not in self._waiting]
        for key, _ in drafted.missing:
            article.left.add(key)
            self._waiting.setdefault(key, []).append(article)
        for run in chunks(mine):
            self.put(Work(article, Stage.SPEAK, run))
        if not article.left:
            self.put(Work(article, Stage.MIX))

    def _recorded(self, keys: Iterable[str]) -> None:
        for key in keys:
            for article in self._waiting.pop(key, []):
                article.left.discard(key)
                if not article.left and article.open:
                    self.put(Work(article, Stage.MIX))

    def _hand_on(self, work: Work) -> None:
        """An article was given up: lines of it that others wait for become the first other's."""
        for key, said in work.chunk:
            heirs = [article for article in self._waiting.pop(key, []) if article.open]
            if heirs:
                self._waiting[key] = heirs
                self.put(Work(heirs[0], Stage.SPEAK, ((key, said),)))

    def _finished(self, article: Underway, finished: Finished) -> None:
        made = finished.fresh or article.row.spoken
        self._close(
            article,
            state=State.MADE if made else State.KEPT,
            duration_ms=finished.duration_ms,
            remarks=(*article.row.remarks, *finished.remarks),
        )

    def _close(self, article: Underway, **about: Any) -> None:
        if article.open:
            article.open = False
            seconds = round(time.monotonic() - article.began, 3)
            self._rows.append(replace(article.row, seconds=seconds, **about))


def chunks(lines: Sequence[tuple[str, Delivery]]) -> Iterator[Chunk]:
    """Cut lines, in order, into runs of about `CHUNK_CHARACTERS`."""
    start = filled = 0
    for at, (_, said) in enumerate(lines):
        if filled and filled + len(said.text) > CHUNK_CHARACTERS:
            yield tuple(lines[start:at])
            start, filled = at, 0
        filled += len(said.text)
    if lines:
        yield tuple(lines[start:])


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
        return {
            "articles": self.articles,
            **{state.value: self.states[state] for state in State},
            "lines": self.lines,
            "spoken": self.spoken,
            "duration_ms": self.duration_ms,
            "failures": [{"seed": row.seed, "error": row.error} for row in self.failed],
        }


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
        file = path.open("w", encoding="utf-8", buffering=1)  # a line is written when it ends
    with file:
        yield lambda row: print(json.dumps(asdict(row), ensure_ascii=False), file=file)
