"""Chinese words, by jieba: loaded once, on first use, with its table in our own cache folder."""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from typing import Any

from bobao.files import user_cache


@functools.cache
def _tokenizer() -> Any:
    """jieba's tokenizer.

    By itself it keeps its table in the shared temporary folder, where another user of the machine
    could put a file for it to load; ours is in the user's own cache.
    """
    import jieba

    jieba.setLogLevel(logging.WARNING)
    folder = user_cache() / "jieba"
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(folder)
    tokenizer.initialize()
    return tokenizer


def cut(text: str) -> list[str]:
    """The words of `text` in order; joined they are `text` again, for any text."""
    return list(_tokenizer().cut(text, HMM=True)) if text else []


def frequencies() -> tuple[Mapping[str, int], int]:
    """How often each word of jieba's table stands in its corpus, and how many words that has.

    The beginnings of longer words are in the table too, with 0.
    """
    tokenizer = _tokenizer()
    return tokenizer.FREQ, tokenizer.total


def edges(text: str) -> frozenset[int]:
    """The offsets in `text` at which a word starts or ends, 0 and ``len(text)`` included."""
    ends, position = {0}, 0
    for word in cut(text):
        position += len(word)
        ends.add(position)
    return frozenset(ends)
