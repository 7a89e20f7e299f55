"""How much the words of a line make it a photo caption."""

from __future__ import annotations

from bobao.reading.tablefiles import caption_signs

CREDIT = 6.0
"""Weight from which a caption sign is sure by itself, even on a long line."""
_HEADS = frozenset("图▲△▼▽↑↓◀▶◤◣☝☟上下左右题配组([【表")
_TAILS = frozenset("摄图影)]】绘供")


def scene_weight(head: str, tail: str, whole: bool) -> tuple[float, str]:
    """The weight of a line's caption signs and the strongest reason.

    `head` and `tail` are its two ends, folded; `whole` tells that `head` is all of a short line.
    Signs of the same reason count once. On a long line only sure ones count, such as a credit.
    """
    if not whole and head[0] not in _HEADS and tail[-1] not in _TAILS:
        return 0.0, ""
    found: dict[str, float] = {}
    for weight, pattern, reason in caption_signs():
        if not whole and weight < CREDIT:
            continue
        if pattern.search(head) or (not whole and pattern.search(tail)):
            found[reason] = max(weight, found.get(reason, 0.0))
    if not found:
        return 0.0, ""
    return sum(found.values()), max((weight, reason) for reason, weight in found.items())[1]
