"""How much the words of a line make it a photo caption."""

from __future__ import annotations

from bobao.reading.lines import Line
from bobao.reading.tablefiles import caption_signs
from bobao.reading.traits import Trait

CREDIT = 6.0
"""Weight from which a caption sign is sure by itself, even on a long line."""
_HEADS = frozenset("图圖▲△▼▽↑↓◀▶◤◣☝☟上下左右题題配组組(（【[表")
_TAILS = frozenset("摄攝图圖影)）】]绘繪供")


def caption_weight(line: Line, trait: Trait) -> tuple[float, str]:
    """How much the words of a line make it a caption, and the strongest reason.

    Signs of the same reason count once. On a long line only sure ones count, such as a credit.
    """
    whole = trait.short or len(line.text) <= len(trait.head)
    if not whole and line.text[0] not in _HEADS and line.text[-1] not in _TAILS:
        return 0.0, ""
    found: dict[str, float] = {}
    for weight, pattern, reason in caption_signs():
        if not whole and weight < CREDIT:
            continue
        if pattern.search(trait.head) or (not whole and pattern.search(trait.tail)):
            found[reason] = max(weight, found.get(reason, 0.0))
    if not found:
        return 0.0, ""
    return sum(found.values()), max((weight, reason) for reason, weight in found.items())[1]
