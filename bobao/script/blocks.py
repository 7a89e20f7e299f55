"""From a block of the article to the lines of a paragraph."""

from __future__ import annotations

from bobao.model import Block, Line, LineKind, Paragraph
from bobao.script import numbering, signposts
from bobao.script.asides import hushed
from bobao.script.lines import DEEPEST
from bobao.script.sentences import sentence_ranges
from bobao.script.spans import Spans, cut, line, said, silent, spoken, written
from bobao.script.unread import heard
from bobao.script.wording import Normalise, closed, paused, paused_after_dateline, squeezed, worded

_OWN_WORDS = ("图片说明", "图说", "图注", "图片：", "圖片")
"""A caption that starts so needs no announcement."""


def signpost(text: str) -> Line:
    """A sentence of bobao's own."""
    return line(LineKind.SIGNPOST, said(text))


def headline(text: str, normalise: Normalise) -> Spans:
    """A title or heading as it is said, without what announces or ends it."""
    mark, rest = numbering.mark(squeezed(text))
    return (*mark, *paused(hushed(worded(rest, normalise))))


def heading(body: Spans, announcement: str, alone: str = "") -> Line:
    """The line of a title or chapter heading.

    `announcement` is said before it; `alone` instead where the heading has nothing to say itself.
    """
    if not heard(spoken(body)):
        return line(LineKind.TEXT, said(alone), silent(written(body)))
    return line(LineKind.TEXT, said(announcement), closed(body))


def subhead(block: Block, level: int, normalise: Normalise) -> Paragraph:
    """A heading inside a chapter."""
    body = headline(block.text, normalise)
    if not heard(spoken(body)):
        return unsaid(block)
    return (line(LineKind.SUBHEAD, closed(body), level=min(level, DEEPEST)),)


def prose(block: Block, normalise: Normalise) -> Paragraph:
    """Running text or a list item, a sentence a line.

    The block is normalised whole before it is cut, so that context decides how a number is read;
    a span is never cut through.
    """
    mark, rest = numbering.mark(squeezed(block.text))
    spans = paused_after_dateline(hushed(worded(rest, normalise)))
    pieces = list(cut(spans, sentence_ranges(written(spans))))
    pieces[:1] = [(*mark, *pieces[0])] if pieces else [mark]
    pieces[-1] = closed(pieces[-1])
    return tuple(_line(piece) for piece in pieces)


def caption(block: Block, normalise: Normalise, *, announce: bool, first: bool) -> Paragraph:
    """What stands under a picture: announced as such, or silent."""
    spans = paused(hushed(worded(block.text, normalise), caption=True))
    if not announce or not heard(spoken(spans)):
        return (line(LineKind.CAPTION, silent(written(spans))),)
    own = written(spans).startswith(_OWN_WORDS)
    lead = "" if own else signposts.say("caption" if first else "next caption")
    pieces = list(cut(spans, sentence_ranges(written(spans))))
    pieces[0] = (*said(lead), *pieces[0])
    pieces[-1] = closed(pieces[-1])
    return tuple(_line(piece, LineKind.CAPTION) for piece in pieces)


def unsaid(block: Block) -> Paragraph:
    """A byline, a date line, page furniture: kept in its place, marked as silent."""
    return (line(LineKind.SILENT, silent(squeezed(block.text))),)


def _line(spans: Spans, kind: LineKind = LineKind.TEXT) -> Line:
    """A line, visibly silent if there is nothing in it to hear."""
    if heard(spoken(spans)):
        return line(kind, spans)
    return line(LineKind.SILENT if kind is LineKind.TEXT else kind, silent(written(spans)))
