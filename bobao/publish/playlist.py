"""The playlist over the chapter files: extended M3U in UTF-8 (``.m3u8``)."""

from __future__ import annotations

from bobao.model import Bulletin
from bobao.publish.chapters import one_line


def render(bulletin: Bulletin) -> str:
    """One entry for each chapter: its length in seconds, its title, its file."""
    lines = ["#EXTM3U", "#EXTENC:UTF-8", f"#PLAYLIST:{one_line(bulletin.header.title)}"]
    for chapter in bulletin.chapters:
        seconds = round((chapter.end_ms - chapter.start_ms) / 1000)
        lines += [f"#EXTINF:{seconds},{one_line(chapter.title)}", chapter.file]
    return "\n".join(lines) + "\n"
