"""Proof that a draft says the article, the whole article, and nothing else.

Called on every draft: a bulletin with a paragraph missing sounds as good as a whole one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bobao.errors import BobaoError
from bobao.model import Article, BlockKind, Line, Script
from bobao.script.unread import heard, unread

_ADVICE = "This is a defect of bobao: please report it with the article."


def prove(article: Article, script: Script) -> None:
    """Raise `BobaoError` at the first block of `article` that `script` does not hold exactly once.

    White space apart, the titles, headings and paragraphs of the script as written must be the
    blocks of the article (and its title, where no block has it), in any order; every line must
    have something to hear or be visibly silent, with no digit or sign left in what is said.
    """
    there = Counter(text for _, text in _chunks(script))
    for where, text in _wanted(article):
        if not there[text]:
            raise BobaoError(f"the script lost {_start(text)}", where=where, advice=_ADVICE)
        there[text] -= 1
    for where, text in _chunks(script):
        if there[text]:
            what = f"the article does not have {_start(text)}"
            raise BobaoError(what, where=where, advice=_ADVICE)
    for line in script.lines():
        _prove_line(line)


def _prove_line(line: Line) -> None:
    where = _start(line.written or line.spoken)
    if left := unread(line.spoken):
        raise BobaoError(f"“{left}” is left in what is said", where=where, advice=_ADVICE)
    if line.spoken and not heard(line.spoken):
        raise BobaoError(
            "a line has nothing to hear and is not marked silent", where=where, advice=_ADVICE
        )


def _wanted(article: Article) -> Iterator[tuple[str, str]]:
    """The texts that must be there, with a name for each."""
    blocks = [(block.kind, _solid(block.text)) for block in article.blocks]
    if all(kind is not BlockKind.TITLE or not text for kind, text in blocks):
        blocks.insert(0, (BlockKind.TITLE, _solid(article.title)))
    for place, (kind, text) in enumerate(blocks, start=1):
        if text:
            yield f"block {place} ({kind.value})", text


def _chunks(script: Script) -> Iterator[tuple[str, str]]:
    """The headings and paragraphs of a script as written, with a name for each."""
    for place, section in enumerate(script.sections, start=1):
        units = [(section.heading,), *section.paragraphs]
        for unit in units:
            if text := _solid("".join(line.written for line in unit)):
                yield f"section {place}", text


def _solid(text: str) -> str:
    return "".join(text.split())


def _start(text: str) -> str:
    return f"“{text[:24]}…”" if len(text) > 24 else f"“{text}”"
