"""The lists beside a bulletin's sound: chapters as JSON and as text, and a playlist."""

from __future__ import annotations

import json

from bobao.model import Bulletin
from bobao.publish.text import clock


def chapters_json(bulletin: Bulletin) -> str:
    """``chapters.json``, version 1.2 of the podcast namespace: times in seconds.

    Source: podcast-namespace, docs/examples/chapters/jsonChapters.md.
    """
    chapters = [
        {"startTime": c.start_ms / 1000, "endTime": c.end_ms / 1000, "title": c.title}
        for c in bulletin.chapters
    ]
    tree = {"version": "1.2.0", "title": bulletin.header.title, "chapters": chapters}
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def chapters_text(bulletin: Bulletin) -> str:
    """``chapters.txt``: a line ``00:01:23 标题`` for each chapter, for show notes."""
    return "".join(f"{clock(c.start_ms)} {_one_line(c.title)}\n" for c in bulletin.chapters)


def playlist(bulletin: Bulletin) -> str:
    """The chapter files as extended M3U in UTF-8: length in seconds, title, file of each."""
    lines = ["#EXTM3U", "#EXTENC:UTF-8", f"#PLAYLIST:{_one_line(bulletin.header.title)}"]
    for chapter in bulletin.chapters:
        seconds = round((chapter.end_ms - chapter.start_ms) / 1000)
        lines += [f"#EXTINF:{seconds},{_one_line(chapter.title)}", chapter.file]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    """Text for a format in which a line break would begin something new."""
    return " ".join(text.split())
