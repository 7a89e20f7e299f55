"""Understood: the bytes of an article to its title, headings, paragraphs and captions.

    bytes ── formats ──▶ Source: text and lines with hints (decode, markdown, web, docx, pdf, epub)
          ── tables ───▶ lines that are rows of cells
          ── page ─────▶ page furniture: page numbers, menus, what stands after the article
          ── wraps ────▶ lines broken at a fixed width put together
          ── evidence ─▶ what is seen of each line, of its neighbours and of the whole
          ── chain ────▶ title, headings, text, captions and their cuts, for the whole at once
          ── blocks ───▶ Article, its blocks spans of the text; nothing lost, checked every time

What was decided about every line, why and how surely, is kept (`Understood`), shown to a person
(`review`), overruled (`decisions`, `overrule`).

Words, patterns and the learnt weights are tables in ``data/``.
"""

from __future__ import annotations

from bobao.model import Article
from bobao.reading.formats import source_of
from bobao.reading.read import Understood, reading_of, said_something

__all__ = ["Understood", "read_article", "read_in_detail"]


def read_article(data: bytes, name: str = "") -> Article:
    """The article in `data`; `name` tells the format by its ending and is kept as its name.

    `Article.text` is the text as decoded (of a web page, all its visible text), `Block.source` are
    ranges of it and `Block.text` the words of a block: lines joined, mark-up left out, half-width
    marks between ideographs made full-width (`punctuation.offsets` maps each character back to its
    place in the text). A pure function of `data` and `name`. Raises `BobaoError` for what holds no
    text, is too long, or is in a format that bobao does not read.
    """
    return read_in_detail(data, name).article


def read_in_detail(data: bytes, name: str = "") -> Understood:
    """Like `read_article`, with what was decided about each line, and why."""
    return said_something(reading_of(source_of(data, name), name))
