"""Show notes: what a player shows under an episode, in the few tags of HTML that all know."""

from __future__ import annotations

from collections.abc import Sequence

from bobao.publish.feed.text import clock, html, quoted
from bobao.publish.feed.values import Mark

DISCLOSURE = "本节目由人工智能合成语音播报，文字为原文。"

Links = Sequence[tuple[str, str]]
"""Label and URL of what belongs to an episode."""


def notes(summary: str, marks: Sequence[Mark], links: Links, synthetic: bool = True) -> str:
    """The notes as HTML: what it is about, the chapters with their times, the links.

    The time of a chapter is plain text, which players turn into a jump; its title is a link to the
    chapter on the page.
    """
    parts = [f"<p>{html(line)}</p>" for line in summary.splitlines() if line.strip()]
    if marks:
        parts += ["<p><strong>章节</strong></p>", "<ul>", *map(_chapter, marks), "</ul>"]
    if links:
        parts.append("<p>" + " · ".join(_link(label, url) for label, url in links) + "</p>")
    if synthetic:
        parts.append(f"<p>{html(DISCLOSURE)}</p>")
    return "\n".join(parts)


def _chapter(mark: Mark) -> str:
    title = _link(mark.title, mark.url) if mark.url else html(mark.title)
    return f"<li>{clock(mark.start_ms)} {title}</li>"


def _link(label: str, url: str) -> str:
    return f'<a href="{quoted(url)}">{html(label)}</a>'
