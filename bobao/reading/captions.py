"""How much the words of a line make it a photo caption."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from bobao.reading.tablefiles import caption_signs

CREDIT = 6.0
"""Weight from which a caption sign is sure by itself, even on a long line."""
HEADS = frozenset("图▲△▼▽↑↓◀▶◤◣☝☟上下左右题配组([【表")
"""What a long line that is a caption starts with, if nothing at its end says so."""
_TAILS = frozenset("摄图影)]】绘供")


@functools.cache
def _sure() -> re.Pattern[str]:
    return re.compile("|".join(p.pattern for weight, p, _ in caption_signs() if weight >= CREDIT))


def scene_weight(head: str, tail: str, whole: bool) -> tuple[float, str]:
    """The weight of a line's caption signs and the strongest reason.

    `head` and `tail` are its two ends, folded; `whole` tells that `head` is all of a line that may
    be a caption by any sign. Else only sure ones count, such as a credit. Signs of the same reason
    count once.
    """
    if not whole and head is not tail and head[0] not in HEADS and tail[-1] not in _TAILS:
        return 0.0, ""
    signs: Sequence[tuple[float, re.Pattern[str], str]] = caption_signs() if whole else ()
    if _sure().search(head) or (not whole and _sure().search(tail)):
        signs = caption_signs()
    found: dict[str, float] = {}
    for weight, pattern, reason in signs:
        if not whole and weight < CREDIT:
            continue
        if pattern.search(head) or (not whole and pattern.search(tail)):
            found[reason] = max(weight, found.get(reason, 0.0))
    if not found:
        return 0.0, ""
    return sum(found.values()), max((weight, reason) for reason, weight in found.items())[1]
