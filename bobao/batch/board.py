"""The board of a batch: which articles are under way, and which work is to be done next. Pure.

Work for an earlier article always comes first, so that the first bulletin is ready early and few
articles are under way at a time. A line that several articles have is spoken once. An article
that fails takes its own work off the board and nothing else.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from bobao.batch.report import Chunk, Drafted, Failed, Finished, Row, Spoken, State, Value
from bobao.batch.tasks import chunks


class Stage(str, Enum):
    """What a piece of work is."""

    DRAFT = "draft"
    SPEAK = "speak"
    MIX = "mix"


@dataclass(slots=True)
class Article:
    """An article under way."""

    index: int
    seed: str
    started: float
    drafted: Drafted | None = None
    left: set[str] = field(default_factory=set)
    spoken: int = 0


@dataclass(slots=True)
class Work:
    """A piece of work for one worker. `deaths` counts the workers that died over it."""

    article: Article
    stage: Stage
    chunk: Chunk = ()
    deaths: int = 0


class Board:
    """Told of answers and failures; hands out work."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ready: list[tuple[int, int, Work]] = []
        self._number = 0
        self._waiting: dict[str, list[Article]] = {}  # keys that are being spoken, or will be
        self._open: set[int] = set()
        self._rows: list[Row] = []

    @property
    def under_way(self) -> int:
        """How many articles are begun and not finished."""
        return len(self._open)

    def admit(self, index: int, seed: str) -> None:
        """Begin an article."""
        article = Article(index, seed, self._clock())
        self._open.add(index)
        self._put(Work(article, Stage.DRAFT))

    def next(self) -> Work | None:
        """The work that comes first; None where there is none for now."""
        while self._ready:
            work = heapq.heappop(self._ready)[2]
            if work.article.index in self._open:
                return work
            self._hand_on(work)
        return None

    def again(self, work: Work) -> None:
        """Put back work that was not done."""
        self._put(work)

    def answer(self, work: Work, value: Value) -> None:
        """Note what a worker has done."""
        article = work.article
        if isinstance(value, Failed):
            self.fail(work, value.error)
        elif isinstance(value, Drafted):
            self._drafted(article, value)
        elif isinstance(value, Spoken):
            article.spoken += value.lines
            self._recorded(key for key, _ in work.chunk)
        elif article.index in self._open:
            self._close(article, self._row(article, value))

    def fail(self, work: Work, error: str) -> None:
        """Give up an article; with a line, every article that has it."""
        articles = [work.article]
        for key, _ in work.chunk:
            articles += self._waiting.pop(key, [])
        for article in {each.index: each for each in articles}.values():
            if article.index in self._open:
                self._close(article, self._row(article, None, error))

    def rows(self) -> Iterator[Row]:
        """The rows of articles that were finished since this was last asked."""
        while self._rows:
            yield self._rows.pop(0)

    def _drafted(self, article: Article, drafted: Drafted) -> None:
        article.drafted = drafted
        if drafted.finished:
            self._close(article, self._row(article, drafted.finished))
            return
        mine = [each for each in drafted.missing if each[0] not in self._waiting]
        for key, _ in drafted.missing:
            article.left.add(key)
            self._waiting.setdefault(key, []).append(article)
        for run in chunks(mine):
            self._put(Work(article, Stage.SPEAK, run))
        if not article.left:
            self._put(Work(article, Stage.MIX))

    def _recorded(self, keys: Iterator[str]) -> None:
        for key in keys:
            for article in self._waiting.pop(key, []):
                article.left.discard(key)
                if not article.left and article.index in self._open:
                    self._put(Work(article, Stage.MIX))

    def _hand_on(self, work: Work) -> None:
        """An article was given up: lines of it that others wait for become the first other's."""
        for key, utterance in work.chunk:
            heirs = [a for a in self._waiting.get(key, []) if a.index in self._open]
            if heirs:
                self._waiting[key] = heirs
                self._put(Work(heirs[0], Stage.SPEAK, ((key, utterance),)))
            else:
                self._waiting.pop(key, None)

    def _put(self, work: Work) -> None:
        self._number += 1
        heapq.heappush(self._ready, (work.article.index, self._number, work))

    def _close(self, article: Article, row: Row) -> None:
        self._open.discard(article.index)
        self._rows.append(row)

    def _row(self, article: Article, finished: Finished | None, error: str = "") -> Row:
        drafted = article.drafted
        made = finished is not None and (finished.fresh or article.spoken)
        return Row(
            seed=article.seed,
            slug=drafted.slug if drafted else "",
            state=State.FAILED if error else State.MADE if made else State.KEPT,
            title=drafted.title if drafted else "",
            characters=drafted.characters if drafted else 0,
            lines=drafted.lines if drafted else 0,
            spoken=article.spoken,
            duration_ms=finished.duration_ms if finished else 0,
            seconds=round(self._clock() - article.started, 3),
            error=error,
            remarks=(
                *(drafted.remarks if drafted else ()),
                *(finished.remarks if finished else ()),
            ),
        )
