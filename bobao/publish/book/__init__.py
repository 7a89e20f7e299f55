"""The talking book: a bulletin as EPUB 3.3 with Media Overlays."""

from __future__ import annotations

from bobao.publish.book.write import write_epub

__all__ = ["write_epub"]
