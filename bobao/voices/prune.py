"""Which takes may go. Pure: a choice among what is stored; removing is the caller's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bobao.errors import BobaoError
from bobao.voices.inventory import Stored

DAY_S = 86_400
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([kmgt]?)i?b?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is to go: takes older than so many days, unused ones, the oldest above a size."""

    older_than_days: float | None = None
    larger_than_bytes: int | None = None
    orphans: bool = False


def chosen(
    stored: Iterable[Stored], limits: Limits, in_use: Collection[str], now_s: float
) -> tuple[Stored, ...]:
    """The takes that `limits` let go, those that have a fault always; oldest first.

    A take that a finished bulletin is made of (`in_use`) is an orphan never, but may go by age or
    size: the bulletin stays, and only changing it would have to record it anew.
    """
    everything = sorted(stored, key=lambda each: (each.used_s, each.key))
    going = {each.key: each for each in everything if _goes(each, limits, in_use, now_s)}
    if limits.larger_than_bytes is not None:
        over = sum(each.bytes for each in everything if each.key not in going)
        for each in sorted(everything, key=lambda e: (e.key in in_use, e.used_s, e.key)):
            if over <= limits.larger_than_bytes:
                break
            if each.key not in going:
                going[each.key] = each
                over -= each.bytes
    return tuple(sorted(going.values(), key=lambda each: (each.used_s, each.key)))


def _goes(each: Stored, limits: Limits, in_use: Collection[str], now_s: float) -> bool:
    days = limits.older_than_days
    old = days is not None and now_s - each.used_s > days * DAY_S
    return bool(each.fault) or old or (limits.orphans and each.key not in in_use)


def size(text: str) -> int:
    """A size in bytes as a person writes it: ``500MB``, ``2.5 G``, ``1000``; k is a thousand.

    Raises `BobaoError` for anything else.
    """
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise BobaoError(f"“{text}” is no size", advice="Write for example 500MB or 2G.")
    return int(float(match[1]) * _UNITS[match[2].lower()])
