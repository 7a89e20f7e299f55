"""The talking book: a bulletin as EPUB 3.3 with Media Overlays, and as a W3C Audiobook."""

from __future__ import annotations

from bobao.book.audiobook import MANIFEST, render_audiobook
from bobao.book.write import write_epub

__all__ = ["MANIFEST", "render_audiobook", "write_epub"]
