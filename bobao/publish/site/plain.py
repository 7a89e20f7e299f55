"""``<slug>.txt``: the text to take along, for any reader and any Braille display."""

from __future__ import annotations

from collections.abc import Iterator

from bobao.model import Bulletin
from bobao.publish.site import formats
from bobao.publish.site.layout import Block, Shape, blocks, heading, heard, is_opening, parted
from bobao.publish.site.safe import clean


def render_text(bulletin: Bulletin) -> str:
    """The bulletin as text: a paragraph a line, an empty line between, chapters set off.

    What is said and not written is in ［］; a table is its rows as the author wrote them.
    """
    header = bulletin.header
    top = [header.title, formats.written_day(header.date)]
    paragraphs = [clean(line).strip() for line in top if line.strip()]
    for chapter in bulletin.chapters:
        head = heading(chapter)
        if head and is_opening(bulletin, chapter):
            paragraphs += [f"［{clean(head.line.remark)}］"] if head.line.remark else []
        elif head:
            paragraphs.append(f"【{clean(head.line.shown.strip() or chapter.title)}】")
        paragraphs += (text for block in blocks(chapter) for text in _lines(block))
    return "\n\n".join(paragraphs) + "\n"


def joined(block: Block) -> str:
    """The sentences of a block one after the other; only Latin ones have a blank between."""
    text, before = "", None
    for cue in block.cues:
        text += " " if before and parted(before, cue) else ""
        text += clean(cue.line.shown)
        before = cue
    return text.strip()


def _lines(block: Block) -> Iterator[str]:
    if block.shape is Shape.TABLE:
        rows = block.rows or tuple((cue.line.shown,) for cue in block.cues)
        yield "\n".join("\t".join(clean(cell).strip() for cell in row) for row in rows)
    elif block.shape is Shape.CAPTION and not heard(block.cues[0]):
        yield f"（图片说明：{joined(block)}）"
    elif block.shape is Shape.ASIDE:
        yield "\n".join(clean(cue.line.shown) for cue in block.cues)
    else:
        yield joined(block)
