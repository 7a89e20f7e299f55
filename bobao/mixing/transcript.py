"""The author's text of a script as plain text, for the tags."""

from __future__ import annotations

from bobao.model import Paragraph, Script, Section


def transcript(script: Script) -> str:
    """Every written word: sections and paragraphs parted by an empty line."""
    return "\n\n".join(filter(None, map(section_text, script.sections)))


def section_text(section: Section) -> str:
    """A section's heading and paragraphs as they are written."""
    parts = [section.heading.written.strip(), *map(_paragraph, section.paragraphs)]
    return "\n\n".join(part for part in parts if part)


def _paragraph(paragraph: Paragraph) -> str:
    """The lines of a paragraph: run on, with a space between where Latin text meets."""
    text = ""
    for line in paragraph:
        gap = text and text[-1].isascii() and line.written and line.written[0].isascii()
        text += (" " if gap and not text[-1].isspace() else "") + line.written
    return text.strip()
