"""Chinese words, by jieba: loaded once, on first use, with its table in our own cache folder."""

from __future__ import annotations

import functools
import gc
import logging
import marshal
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bobao.files import user_cache


@functools.cache
def _tokenizer() -> Any:
    """jieba's tokenizer.

    By itself it keeps its table in the shared temporary folder, where another user of the machine
    could put a file for it to load; ours is in the user's own cache.
    """
    with unhurried_collector():
        jieba = _jieba()
        jieba.setLogLevel(logging.CRITICAL)  # it tells of a table that it could not write
        folder = user_cache() / "jieba" / str(jieba.__version__)
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        tokenizer = jieba.Tokenizer()
        tokenizer.tmp_dir = str(folder)
        if not _filled(tokenizer, folder / "jieba.cache"):
            tokenizer.initialize()  # builds the table, and writes it for the next time
    return tokenizer


def _filled(tokenizer: Any, table: Path) -> bool:
    """Fill the tokenizer from the table that it wrote; False where that is not to be had.

    It could do so itself, but reads the file a few bytes at a time, which takes four times as long.
    """
    try:
        frequencies, total = marshal.loads(table.read_bytes())  # noqa: S302 - our own file
    except (OSError, EOFError, ValueError, TypeError):
        return False
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies, total, True
    return True


def _jieba() -> Any:
    """Import jieba without pkg_resources, and without its warnings.

    It uses the former only to open its own files, does so without just as well, and the import
    takes a quarter of a second. Its source has escapes that Python 3.12 warns of.
    """
    wanted = "pkg_resources" not in sys.modules
    if wanted:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import jieba
    finally:
        if wanted:
            del sys.modules["pkg_resources"]
    return jieba


@contextmanager
def unhurried_collector() -> Iterator[None]:
    """Hold Python's garbage collector while a large table is loaded.

    It would look through the half-made table again and again, and there is nothing to collect.
    """
    held = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if held:
            gc.enable()


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
