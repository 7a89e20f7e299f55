"""Chapter lists: Podcasting 2.0 JSON and plain text."""

from __future__ import annotations

import json

from bobao.model import Bulletin

VERSION = "1.2.0"


def render_json(bulletin: Bulletin) -> str:
    """``chapters.json``, version 1.2 of the podcast namespace: times in seconds.

    Source: podcast-namespace, docs/examples/chapters/jsonChapters.md.
    """
    chapters = [
        {"startTime": c.start_ms / 1000, "endTime": c.end_ms / 1000, "title": c.title}
        for c in bulletin.chapters
    ]
    tree = {"version": VERSION, "title": bulletin.header.title, "chapters": chapters}
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def render_text(bulletin: Bulletin) -> str:
    """``chapters.txt``: a line ``00:01:23 标题`` for each chapter, for show notes.

    Rounded down, so that nothing of a chapter is missed.
    """
    return "".join(f"{_clock(c.start_ms)} {one_line(c.title)}\n" for c in bulletin.chapters)


def one_line(text: str) -> str:
    """Text for a format in which a line break would begin something new."""
    return " ".join(text.split())


def _clock(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"
