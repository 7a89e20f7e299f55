"""Whether words run over a line break, and what a line's first and last word ask for."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping

from bobao import words
from bobao.reading.tablefiles import fold, word_set

REACH = 6
"""Characters looked at on either side of a break: longer than nearly every word."""
_SURE = 1.0
"""Nats by which the text must be likelier in one piece than in two for a word to run over: nine in
ten breaks in a word reach it, one in fifty between blocks."""
_NUMBER = re.compile(r"\d[.,]?$")
_NUMBER_ON = re.compile(r"[.,]?\d|%")
_IS = re.compile(r"是[^,。的]{1,8}的$")
"""A whole sentence, 是 … 的, and none that asks for more."""
_UNKNOWN = 0.5
"""Count taken for a character that the dictionary does not have."""


@functools.lru_cache(maxsize=8192)
def word_over(tail: str, head: str) -> bool:
    """Whether a word lies over the break between lines that end in `tail` and start in `head`.

    Compares the likeliest words of both together with those of each by itself (unigram counts of
    the dictionary), so that 缓解|除了 is no case of 解除.
    """
    if _NUMBER.search(tail) and _NUMBER_ON.match(head):
        return True
    if not (tail[-1:].isalnum() and head[:1].isalnum()):
        return False
    if tail[-1].isascii() and head[0].isascii():
        return True
    counts, _ = _counts()
    if any(not counts.get(char) for char in tail[-2:] + head[:2] if char.isalpha()):
        return False  # names, traditional characters: nothing is known of them
    together = _likelihood(tail + head)
    return together - _likelihood(tail) - _likelihood(head) > _SURE


def _likelihood(text: str) -> float:
    """The log probability of the likeliest words that make up `text`."""
    counts, total = _counts()
    best = [0.0]
    for end in range(1, len(text) + 1):
        ways = []
        for start in range(max(0, end - REACH), end):
            count = counts.get(text[start:end], 0) or (_UNKNOWN if end - start == 1 else 0)
            if count:
                ways.append(best[start] + math.log(count / total))
        best.append(max(ways))
    return best[-1]


@functools.cache
def _counts() -> tuple[Mapping[str, int], float]:
    frequencies, total = words.frequencies()
    return frequencies, float(total)


def known(word: str) -> bool:
    """Whether the dictionary has a word."""
    return bool(_counts()[0].get(word))


@functools.lru_cache(maxsize=8192)
def _ends(text: str) -> tuple[str, str]:
    found = words.cut(text)
    return (found[0], found[-1]) if found else ("", "")


@functools.cache
def _listed(sign: str, last: bool = False) -> dict[str, tuple[str, ...]]:
    """The words under `sign` by their first character, or their `last`."""
    found: dict[str, list[str]] = {}
    for word in word_set(sign):
        found.setdefault(word[-1 if last else 0], []).append(word)
    return {char: tuple(words) for char, words in found.items()}


def unfinished(tail: str) -> bool:
    """Whether a line that ends in `tail` ends in a word that asks for more, such as 的 or 将."""
    listed = _listed("ends_open", last=True).get(tail[-1:], ())
    if not tail.endswith(listed) or _IS.search(tail):
        return False
    return _ends(tail[-REACH:])[1] in word_set("ends_open")


def starts_with(head: str, sign: str) -> bool:
    """Whether the first word of a line is one of those listed under `sign`."""
    if not head.startswith(_listed(sign).get(head[:1], ())):
        return False
    return _ends(head[:REACH])[0] in word_set(sign)


def goes_on(head: str) -> bool:
    """Whether a line starts with what cannot start a sentence, such as “后，” or “等地”."""
    return head.startswith(_listed("starts_on").get(head[:1], ()))


def runs_over(line: str, after: str) -> bool:
    """Whether a word runs over the break between two lines."""
    return word_over(fold(line[-REACH:]), fold(after[:REACH]))
