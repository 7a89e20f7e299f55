"""The draft: an article → the script that an editor will read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bobao.model import (
    Article,
    Block,
    BlockKind,
    Header,
    Line,
    LineKind,
    Paragraph,
    Script,
    Section,
)
from bobao.script import signposts
from bobao.script.glosses import glossing, read_beside
from bobao.script.markup import sealed
from bobao.script.notation import DEEPEST
from bobao.script.outline import Outline, list_mark, numbered, outline
from bobao.script.sentences import sentence_ranges, sentences
from bobao.script.signposts import date, number
from bobao.script.spans import Spans, cut, line, said, silent, spoken, written
from bobao.script.tablelines import table
from bobao.script.unread import heard
from bobao.script.wording import (
    Normalise,
    closed,
    hushed,
    paused,
    paused_after_dateline,
    squeezed,
    worded,
)

_OWN_WORDS = ("图片说明", "图说", "图注", "图片：", "圖片")
"""A caption that starts so needs no announcement."""


def signpost(text: str) -> Line:
    """A sentence of bobao's own."""
    return line(LineKind.SIGNPOST, said(text))


def headline(text: str, normalise: Normalise) -> Spans:
    """A title or heading as it is said, without what announces or ends it."""
    mark, rest = list_mark(squeezed(text))
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
    mark, rest = list_mark(squeezed(block.text))
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
    kind = LineKind.WITHHELD if block.withheld else LineKind.SILENT
    return (line(kind, silent(squeezed(block.text))),)


def _line(spans: Spans, kind: LineKind = LineKind.TEXT) -> Line:
    """A line, visibly silent if there is nothing in it to hear."""
    if heard(spoken(spans)):
        return line(kind, spans)
    return line(LineKind.SILENT if kind is LineKind.TEXT else kind, silent(written(spans)))


CAPTIONS = ("announce", "silent")
_TITLE_LENGTH = 30


@dataclass(frozen=True, slots=True)
class DraftOptions:
    """How a script is drafted.

    `date` is ISO 8601 and said in the opening; `station` is said in opening and closing. With
    `signposts` off only the article itself is read, and no article is divided into parts.
    `captions` are read at the end of their section ("announce") or left out ("silent").
    `ai_label` has the opening tell that the voice is synthetic.
    """

    slug: str
    date: str = ""
    station: str = ""
    engine: str = ""
    voice: str = ""
    style: str = ""
    source: str = ""
    source_sha256: str = ""
    signposts: bool = True
    captions: str = "announce"
    ai_label: bool = True

    def __post_init__(self) -> None:
        if self.captions not in CAPTIONS:
            raise ValueError(f"captions are one of {CAPTIONS}, not {self.captions!r}")


def draft(article: Article, options: DraftOptions, normalise: Normalise) -> Script:
    """The script of `article`, sealed with its fingerprint.

    Every character of every block is in it once as written (`bobao.script.unread.prove`). Raises
    `BobaoError` for a date that is none.
    """
    shape = outline(article, divide=options.signposts)
    desk = _Drafting(options, glossing(normalise, [block.text for block in article.blocks]))
    title = squeezed(shape.title.text if shape.title else article.title)
    sections = list(desk.sections(shape, title))
    if shape.title:
        sections[0] = replace(sections[0], heading=_read(sections[0].heading, shape.title))
    if options.signposts:
        last = sections[-1]
        closing = (signpost(signposts.closing(desk.station)),)
        sections[-1] = Section(last.heading, (*last.paragraphs, closing))
    header = Header(
        slug=options.slug,
        title=title or _first_words(article) or options.slug,
        date=options.date,
        source=options.source,
        source_sha256=options.source_sha256,
        engine=options.engine,
        voice=options.voice,
        style=options.style,
    )
    return sealed(Script(header, tuple(sections)))


def redated(script: Script, iso: str) -> tuple[Script, bool]:
    """`script` as it is on another day, and whether a sentence of it says that day.

    The header's date changes, and with it the signpost that says the old one, unless an editor
    put another in its place. Raises `BobaoError` for a date that is none.
    """
    before = script.header.date
    old = signposts.say("date", date=date(before)) if before else ""
    new = signpost(signposts.say("date", date=date(iso)))
    told = False

    def dated(paragraph: Paragraph) -> Paragraph:
        nonlocal told
        says = [line.kind is LineKind.SIGNPOST and line.spoken == old for line in paragraph]
        told = told or any(says)
        return tuple(new if says else line for line, says in zip(paragraph, says, strict=True))

    sections = tuple(
        replace(section, paragraphs=tuple(map(dated, section.paragraphs)))
        for section in script.sections
    )
    return replace(script, header=replace(script.header, date=iso), sections=sections), told


def _first_words(article: Article) -> str:
    """A name for an article that has none."""
    text = next((squeezed(block.text) for block in article.blocks if heard(block.text)), "")
    first = next(iter(sentences(text[:200])), "")
    return first[:_TITLE_LENGTH].rstrip("，。；：、,;: ")


def _read(heading: Line, block: Block) -> Line:
    """`heading` with the readings that print has beside the text of its `block`."""
    return read_beside((heading,), block)[0]


class _Drafting:
    """What every part of one draft shares."""

    def __init__(self, options: DraftOptions, normalise: Normalise) -> None:
        self.options, self.normalise = options, normalise
        self.station = spoken(worded(options.station, normalise)) if options.station else ""

    def sections(self, shape: Outline, title: str) -> Iterator[Section]:
        """The opening, then a section for each part."""
        bodies = [
            headline(part.heading.text, self.normalise) if part.heading else ()
            for part in shape.parts
        ]
        own = [part.heading is not None and numbered(part.heading.text) for part in shape.parts]
        if sum(own) * 2 >= len(own):  # the article counts its parts itself
            own = [True] * len(own)
        contents = [(spoken(body), mine) for body, mine in zip(bodies, own, strict=True)]
        posts = signposts.opening(
            iso=self.options.date if self.options.signposts else "",
            label=self.options.ai_label,
            headings=contents if self.options.signposts and not shape.divided else (),
            divided=len(shape.parts) if shape.divided else 0,
        )
        opening = tuple(signpost(post) for post in posts)
        paragraphs = self._paragraphs(shape.opening, shape.top)
        yield Section(self._title(title), ((opening,) if opening else ()) + paragraphs)
        several = len(shape.parts) > 1 and self.options.signposts
        for place, (part, body) in enumerate(zip(shape.parts, bodies, strict=True), start=1):
            counted = several and (shape.divided or not own[place - 1])
            alone = signposts.say("part alone", number=number(place)) if counted else ""
            announcement = signposts.say("part", number=number(place)) if counted else ""
            headed = heading(body, announcement, alone)
            headed = _read(headed, part.heading) if part.heading else headed
            yield Section(headed, self._paragraphs(part.blocks, shape.top))

    def _title(self, title: str) -> Line:
        """The first line: who speaks, and what of."""
        station = self.station if self.options.signposts else ""
        untitled = signposts.say("untitled" if station else "untitled plain", station=station)
        welcome = signposts.say("welcome", station=station) if station else ""
        return heading(headline(title, self.normalise), welcome, untitled)

    def _paragraphs(self, blocks: Sequence[Block], top: int) -> tuple[Paragraph, ...]:
        """The paragraphs of a section, captions gathered at its end."""
        captions = [block for block in blocks if block.kind is BlockKind.CAPTION]
        running = [self._paragraph(b, top) for b in blocks if b.kind is not BlockKind.CAPTION]
        announce = self.options.captions == "announce"
        shown = [
            read_beside(caption(block, self.normalise, announce=announce, first=place == 0), block)
            for place, block in enumerate(captions)
        ]
        return tuple(paragraph for paragraph in (*running, *shown) if paragraph)

    def _paragraph(self, block: Block, top: int) -> Paragraph:
        return read_beside(self._lines(block, top), block)

    def _lines(self, block: Block, top: int) -> Paragraph:
        if block.kind in (BlockKind.META, BlockKind.FURNITURE):
            return unsaid(block)
        if block.kind is BlockKind.HEADING:
            return subhead(block, block.level - top + 2, self.normalise)
        if block.kind is BlockKind.TABLE:
            return table(block, self.normalise)
        return prose(block, self.normalise)
