"""All the texts that lie beside a bulletin's MP3: one table from file name to renderer."""

from __future__ import annotations

from collections.abc import Callable

from bobao.model import Bulletin
from bobao.publish import captions, chapters, playlist

Render = Callable[[Bulletin], str]

RENDERERS: dict[str, Render] = {
    "{slug}.vtt": captions.render,
    "{slug}.m3u8": playlist.render,
    "chapters.json": chapters.render_json,
    "chapters.txt": chapters.render_text,
}
"""File names in a bulletin's folder. Its manifest, which names them all, is rendered after them."""


def documents(bulletin: Bulletin) -> dict[str, str]:
    """Every text of a bulletin but its manifest, by its file name."""
    slug = bulletin.header.slug
    return {name.replace("{slug}", slug): render(bulletin) for name, render in RENDERERS.items()}
