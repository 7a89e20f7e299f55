"""What is told about articles before any work is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """What producing an article comes to; with `error` it cannot be produced, and why.

    `characters` are those of its written text, `lines` those that are spoken, `chapters` those of
    the bulletin. `duration_ms` is the bulletin's length. Left to do are `missing` lines of
    `speech_ms`, each line that several articles have counted with the first, by `requests` to a
    service; `disk_bytes` is what is added on the disk. All four are 0 for a bulletin that is
    finished.
    """

    seed: str
    slug: str = ""
    title: str = ""
    characters: int = 0
    lines: int = 0
    chapters: int = 0
    duration_ms: int = 0
    missing: int = 0
    speech_ms: int = 0
    requests: int = 0
    disk_bytes: int = 0
    finished: bool = False
    error: str = ""


SUMMED = (
    "characters", "lines", "chapters", "duration_ms", "missing", "speech_ms", "requests",
    "disk_bytes",
)  # fmt: skip


def total(plans: Iterable[Plan]) -> Plan:
    """The sums of plans, as one; finished where all are, and there are any."""
    listed = [plan for plan in plans if not plan.error]
    finished = bool(listed) and all(plan.finished for plan in listed)
    sums = {name: sum(getattr(plan, name) for plan in listed) for name in SUMMED}
    return Plan(seed="", finished=finished, **sums)
