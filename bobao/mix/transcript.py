"""The author's text of a bulletin as plain text, for the tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from bobao.model import Bulletin, Chapter, Line


def transcript(bulletin: Bulletin) -> str:
    """Every written word: chapters and paragraphs parted by an empty line."""
    return "\n\n".join(filter(None, map(chapter_text, bulletin.chapters)))


def chapter_text(chapter: Chapter) -> str:
    """A chapter's heading and paragraphs as they are written."""
    return "\n\n".join(filter(None, map(_paragraph, _paragraphs(chapter))))


def _paragraphs(chapter: Chapter) -> Iterator[Iterable[Line]]:
    for _, cues in groupby(chapter.cues, key=lambda cue: cue.paragraph):
        yield (cue.line for cue in cues)


def _paragraph(lines: Iterable[Line]) -> str:
    """The lines of a paragraph: run on, with a space between where Latin text meets."""
    text = ""
    for line in lines:
        gap = text and text[-1].isascii() and line.written and line.written[0].isascii()
        text += (" " if gap and not text[-1].isspace() else "") + line.written
    return text.strip()
