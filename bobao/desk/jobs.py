"""Long work at the desk: one job after another in a thread, each telling how far it has come."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bobao import pipeline
from bobao.errors import BobaoError, unforeseen
from bobao.pipeline import Choices, Progress, Update
from bobao.station.workspace import Workspace, locate

STEPS = {
    "voice": "录音",
    "level": "调音量",
    "encode": "编码",
    "check": "检查",
    "verify": "校验",
    "publish": "发布",
}
KEPT = 20
"""Jobs that are remembered."""
SHOWN = 50
"""Findings of a verification that are told."""


@dataclass(slots=True)
class DeskJob:
    """What was asked for, and how far it has come. `findings`: what is wrong, where it is heard."""

    slug: str
    what: str
    number: int
    step: str = ""
    done: int = 0
    total: int = 0
    remark: str = ""
    ended: bool = False
    error: str = ""
    findings: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0


class Jobs:
    """The jobs of a desk. `voice` is held while a voice speaks for somebody who waits."""

    def __init__(self) -> None:
        self.voice = threading.Lock()
        self._lock = threading.Lock()
        self._jobs: list[DeskJob] = []
        self._waiting: queue.Queue[tuple[DeskJob, Path]] = queue.Queue()
        threading.Thread(target=self._work, name="desk", daemon=True).start()

    def begin(self, slug: str, what: str, root: Path) -> None:
        """Put a job into the queue. Raises `BobaoError` where the same is waiting already."""
        if what not in _WORK:
            raise BobaoError(f"没有“{what}”这件事", advice="请刷新页面。")
        with self._lock:
            if any(j.slug == slug and j.what == what and not j.ended for j in self._jobs):
                raise BobaoError("正在做，请稍等", advice="进度在页面上方。")
            job = DeskJob(slug, what, self._jobs[-1].number + 1 if self._jobs else 1)
            self._jobs = [*self._jobs[-KEPT:], job]
        self._waiting.put((job, root))

    def state(self) -> list[dict[str, Any]]:
        """All jobs that are remembered, as plain data."""
        with self._lock:
            return [asdict(job) for job in self._jobs]

    def _work(self) -> None:
        while True:
            job, root = self._waiting.get()
            started = time.monotonic()
            try:
                _WORK[job.what](locate(root), job, _telling(job, started))
            except BobaoError as error:
                job.error = str(error)
            except Exception as error:  # noqa: BLE001 - the desk goes on
                job.error = str(unforeseen(error))
            job.seconds, job.ended = time.monotonic() - started, True


def _telling(job: DeskJob, started: float) -> Progress:
    def progress(step: str) -> Update:
        job.step, job.done, job.total = STEPS.get(step, step), 0, 0

        def update(done: int, total: int, remark: str) -> None:
            job.done, job.total, job.remark = done, total, remark
            job.seconds = time.monotonic() - started

        return update

    return progress


def _make(place: Workspace, job: DeskJob, progress: Progress) -> None:
    """Record, mix, prove, publish."""
    from bobao.verify.page import CHINESE, phrase
    from bobao.verify.verify import proved, verify

    choices = Choices()
    pipeline.voice(place, job.slug, choices, progress)
    mixed = pipeline.mix(place, job.slug, choices, progress)
    if mixed.fresh or not proved(place, job.slug):
        for found in verify(place, job.slug, progress=progress).findings[:SHOWN]:
            what, advice = phrase(found, job.slug, CHINESE)
            at = found.where
            where = {"at_ms": at.at_ms, "line": at.line, "file": at.file}
            job.findings.append({"what": what, "advice": advice, **where})
    _publish(place, job, progress)


def _publish(place: Workspace, job: DeskJob, progress: Progress) -> None:
    """Bring the site up to date."""
    from bobao.publish import refresh

    done = refresh(place, progress)
    if done.faults:
        raise done.faults[0]


def _withdraw(place: Workspace, job: DeskJob, progress: Progress) -> None:
    """Take the bulletin off the site."""
    from bobao.publish import withdraw

    withdraw(place, place.find(job.slug, place.bulletins(), "bulletin"))
    _publish(place, job, progress)


def _restore(place: Workspace, job: DeskJob, progress: Progress) -> None:
    """Put the bulletin back."""
    from bobao.publish import restore

    restore(place, job.slug)
    _publish(place, job, progress)


_WORK: dict[str, Callable[[Workspace, DeskJob, Progress], None]] = {
    "make": _make,
    "publish": _publish,
    "withdraw": _withdraw,
    "restore": _restore,
}
