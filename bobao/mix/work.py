"""Long work: side by side, and its progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from bobao.mix.options import Progress

T = TypeVar("T")


class Meter:
    """Turns milliseconds of sound into progress in seconds, told no oftener than that."""

    def __init__(self, progress: Progress, length_ms: int, name: str) -> None:
        self._update = progress(name)
        self._total = max(1, length_ms // 1000)
        self._ms, self._told = 0, 0

    def __enter__(self) -> Meter:
        self._update(0, self._total, "")
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None and self._told < self._total:
            self._update(self._total, self._total, "")

    def add(self, ms: int) -> None:
        """Count more milliseconds."""
        self.reach(self._ms + ms)

    def reach(self, ms: int) -> None:
        """Tell how many milliseconds are done."""
        self._ms = ms
        seconds = min(ms // 1000, self._total)
        if seconds > self._told:
            self._told = seconds
            self._update(seconds, self._total, "")


def side_by_side(
    work: Callable[..., T], items: Iterable[object], spans: list[int], workers: int, meter: Meter
) -> list[T]:
    """`work` of every item, `workers` at once, in order; each done counts its span for `meter`."""
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="mix") as pool:
        futures = {pool.submit(work, item): i for i, item in enumerate(items)}
        try:
            for future in as_completed(futures):
                future.result()
                meter.add(spans[futures[future]])
        except BaseException:  # Ctrl-C too: what has not begun is dropped, then it goes on up
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]
