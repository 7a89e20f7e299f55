"""Which lines of a paragraph are nothing but quoted speech, so that another voice may say them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from bobao.model import Line, LineKind
from bobao.script.sentences import Pair, pairs

LEAST = 6
"""Letters and hanzi: a shorter quotation is an exclamation or a name, no change of voice."""
_FULL = frozenset("。！？!?…")


def quoted(paragraph: Sequence[Line]) -> tuple[bool, ...]:
    """For each line, whether it is part of a quotation that fills whole lines.

    The quotation must begin where a line begins and end where one ends, be a sentence, and have no
    other beside it: a quoted word, a speech with its speaker (他说：“……”) and a turn of two voices
    are the reader's own text.
    """
    texts = [line.spoken if line.kind is LineKind.TEXT else "" for line in paragraph]
    whole = "".join(texts)
    ends = list(accumulate(map(len, texts)))
    starts = [end - len(text) for end, text in zip(ends, texts, strict=True)]
    flags = [False] * len(texts)
    for pair in _outermost(pairs(whole)):
        first = next(i for i, end in enumerate(ends) if pair.start < end)
        last = next(i for i, end in enumerate(ends) if pair.end < end)
        before = whole[starts[first] : pair.start]
        after = whole[pair.end + 1 : ends[last]].strip()
        if not before.strip() and _FULL.issuperset(after) and _sentence(whole, pair, after):
            flags[first : last + 1] = [True] * (last + 1 - first)
    return tuple(flags)


def _outermost(found: Sequence[Pair]) -> list[Pair]:
    """The quotations that stand in no other."""
    quotes = sorted((pair for pair in found if pair.quote), key=lambda pair: pair.start)
    kept: list[Pair] = []
    for pair in quotes:
        if not kept or pair.start > kept[-1].end:
            kept.append(pair)
    return kept


def _sentence(whole: str, pair: Pair, after: str) -> bool:
    inside = whole[pair.start + 1 : pair.end].rstrip()
    long_enough = sum(map(str.isalnum, inside)) >= LEAST
    return long_enough and (bool(after) or inside[-1] in _FULL)
