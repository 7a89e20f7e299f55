"""Understood: the bytes of an article to its title, headings, paragraphs and captions.

    bytes ── formats ──▶ Source: text and lines with hints (decode, markdown, web, docx, pdf, epub)
          ── tables ───▶ lines that are rows of cells
          ── page ─────▶ page furniture: page numbers, menus, what stands after the article
          ── front ────▶ title, byline, signature; what is attached after it (attached)
          ── habits ───▶ how this document wraps, indents, spaces and heads its text
          ── decide ───▶ headings, captions, paragraphs and their cuts, for the whole at once
          ── blocks ───▶ Article, its blocks spans of the text; nothing lost, checked every time

What was decided about every line, why and how surely, is kept (`Understood`), shown to a person
(`review`), overruled (`decisions`, `overrule`).

Words, patterns and costs are tables in ``data/``.
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
    source = source_of(data, name)
    return said_something(reading_of(source.text, source.lines, name, source.encoding))
