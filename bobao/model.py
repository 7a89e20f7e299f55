"""The values that flow through bobao: Article → Script → Take → Bulletin.

All are frozen and hold plain data; no I/O happens here. Times are integer milliseconds, sample
counts are at `RATE`, text offsets count Unicode code points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

RATE = 24_000
"""Samples per second of every take and section recording (the embedded voice's own rate)."""

GRID_MS = 10
"""Every line, pause and chapter starts on this grid: 10 ms are exactly 240 samples at 24 kHz and
441 at 44.1 kHz, so a time is the same whole number in every file we write."""


# ── Article: what was read ──────────────────────────────────────────────────────────────────────


class BlockKind(str, Enum):
    """What a block of the article is; the names are those of the labelled sets."""

    TITLE = "title"
    LEAD = "lead"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"
    TABLE = "table"
    META = "meta"
    FURNITURE = "furniture"


DELETED, HIDDEN = "deleted, a tracked change", "hidden text"
WITHHELD = (DELETED, HIDDEN)
"""Reasons for which a text was never meant for readers: the script has it, nothing published."""

Ruby = tuple[int, int, str]
"""A half-open range of a text and its reading in pinyin, which print sets beside it."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an article.

    `source` are the half-open ranges of `Article.text` it was made from, in order; `text` is their
    join, mended. A table's rows are joined by a newline, its cells by a tab. `level` is 1 for a
    chapter heading, 2 and more below it, 0 for anything else. `reason` and `confidence` (0–1) say
    why it was taken for what it is.
    """

    kind: BlockKind
    text: str
    source: tuple[tuple[int, int], ...] = ()
    level: int = 0
    list: bool = False
    reason: str = ""
    confidence: float = 1.0
    readings: tuple[Ruby, ...] = ()  # of stretches of `text`

    @property
    def withheld(self) -> bool:
        """Whether it was never meant for readers."""
        return self.reason.startswith(WITHHELD)


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it was read: the decoded `text` and the blocks that are spans of it."""

    title: str
    blocks: tuple[Block, ...]
    text: str
    name: str = ""
    encoding: str = "utf-8"


# ── Script: what the voice reads ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line in both its forms.

    Equal forms are plain text. An empty `spoken` is shown and not said, an empty `written` is said
    and not shown. `reading` is an editor's (or the lexicon's) pinyin for the hanzi of `written`,
    syllables separated by one space (``chóng``); then `spoken` equals `written`.
    """

    written: str
    spoken: str
    reading: str = ""

    @property
    def plain(self) -> bool:
        """Whether the span reads as it is written."""
        return self.written == self.spoken and not self.reading


class LineKind(str, Enum):
    """What a line of the script is; all but TEXT and SUBHEAD are visibly labelled in the file."""

    TEXT = "text"
    SUBHEAD = "subhead"
    CAPTION = "caption"
    TABLE = "table"
    SIGNPOST = "signpost"
    SILENT = "silent"
    WITHHELD = "withheld"  # in the script and at the desk, in nothing that is published

    @property
    def quiet(self) -> bool:
        """Whether nothing of such a line is said."""
        return self in (LineKind.SILENT, LineKind.WITHHELD)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the script: the unit that is recorded, timed and shown."""

    spans: tuple[Span, ...]
    kind: LineKind = LineKind.TEXT
    level: int = 0  # of a SUBHEAD: 3 for "### ", 4 for "#### " …

    @property
    def written(self) -> str:
        """The author's text."""
        return "".join(span.written for span in self.spans)

    @property
    def spoken(self) -> str:
        """The text the voice says."""
        return "".join(span.spoken for span in self.spans)

    @property
    def shown(self) -> str:
        """The author's text with all that is said besides (see `marked`)."""
        return marked(self.sides(span.written, span.spoken) for span in self.spans)

    @property
    def remark(self) -> str:
        """What is said beside what is written, by itself: “第二部分”; empty where nothing is."""
        only_said = (span.spoken for span in self.spans if not span.written.strip())
        return marked(("", said) for said in only_said).strip("［］") * bool(self.written.strip())

    def sides(self, written: str, spoken: str) -> tuple[str, str]:
        """Both forms of a piece of the line; nothing in a signpost is the author's."""
        if self.kind is LineKind.SIGNPOST:
            return "", written if audible(written) or not audible(spoken) else spoken
        return written, spoken


def marked(pieces: Iterable[tuple[str, str]]) -> str:
    """The written and spoken forms of pieces in turn, as one text: what is only said in ［］.

    Subtitles for the deaf set off in square brackets what is not the speaker's own. Wide ones are
    no author's: （） and 【】 are anybody's, and 〔〕 belongs to the numbers of documents.
    """
    shown: list[str] = []
    for only_said, run in groupby(pieces, key=lambda piece: not piece[0].strip()):
        written, spoken = map("".join, zip(*run, strict=True))
        said = only_said and audible(spoken)
        shown.append(written + f"［{spoken.strip(_ROUND_A_REMARK)}］" * said)
    return "".join(shown)


_ROUND_A_REMARK = "，。、：；\u3000 "


Paragraph = tuple[Line, ...]
"""The lines between two blank lines of the script."""


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the bulletin: its heading line and its paragraphs."""

    heading: Line
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def title(self) -> str:
        """The chapter's name: as written, or, where nothing is written, as said."""
        return self.heading.written.strip() or self.heading.spoken.strip(" ，。：；！？")

    def lines(self) -> Iterator[Line]:
        """The heading, then every line in order."""
        yield self.heading
        for paragraph in self.paragraphs:
            yield from paragraph


RUNDOWN = "rundown"


@dataclass(frozen=True, slots=True)
class Header:
    """The front matter of a script. Dates are ISO 8601; `extra` keeps keys bobao does not know."""

    slug: str
    title: str
    date: str = ""
    source: str = ""
    source_sha256: str = ""
    engine: str = ""
    voice: str = ""  # one name, or the anchors' with commas between
    style: str = ""
    signposts: str = ""  # this and the next two: how it was asked to be drafted; "": as the station
    captions: str = ""
    simplify: str = ""
    drafted: str = ""  # fingerprint of the body as drafted: tells whether an editor changed it
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def stories(self) -> tuple[str, ...]:
        """Of a rundown (串联单): the slugs of its stories, kept under the key `RUNDOWN`."""
        return tuple(filter(None, dict(self.extra).get(RUNDOWN, "").split(", ")))


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script. `sections[0]` is the opening: its heading is the article's title ("# ")."""

    header: Header
    sections: tuple[Section, ...]

    def lines(self) -> Iterator[Line]:
        """Every line in reading order, headings included."""
        for section in self.sections:
            yield from section.lines()


# ── Take: what was recorded ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Mark:
    """When a voice says the characters `start:end` (offsets in the utterance's text)."""

    start: int
    end: int
    start_ms: int
    end_ms: int


LOST = "\ufffd"
"""Stands in a text for a character that was lost, in what is said for one nobody knows to say."""


def audible(text: str) -> bool:
    """Whether there is anything in `text` to be said: a letter, hanzi or digit of any script."""
    return any(character.isalnum() for character in text)


@dataclass(frozen=True, slots=True)
class Take:
    """A recorded line: `samples` at `RATE`, silence trimmed, a whole number of grid steps long.

    `key` names it in the take store and is a hash of everything that decides its sound; `sha256` is
    that of the sound itself as it is stored, empty where nobody took it.
    """

    key: str
    samples: int
    marks: tuple[Mark, ...]
    sha256: str = ""

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds, exact by construction."""
        return self.samples * 1000 // RATE


# ── Bulletin: what is published ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Word:
    """A word in both forms with its time."""

    start_ms: int
    end_ms: int
    written: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A line of the script with its time on the bulletin's timeline.

    `paragraph` counts the paragraphs of its chapter from 1; the heading's is 0. `voice` is who says
    it, where that is not the bulletin's own voice.
    """

    start_ms: int
    end_ms: int
    line: Line
    words: tuple[Word, ...] = ()
    take: str = ""  # key of its take
    paragraph: int = 0
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: [start_ms, end_ms) of the bulletin; chapters tile it without gap or overlap."""

    number: int  # from 1
    title: str
    start_ms: int
    end_ms: int
    cues: tuple[Cue, ...]
    file: str = ""  # its own MP3, relative to the bulletin's folder


@dataclass(frozen=True, slots=True)
class Loudness:
    """Measured per EBU R128: integrated LUFS of the one channel, true peak in dBTP, range in LU."""

    integrated: float
    true_peak: float
    range: float = 0.0


@dataclass(frozen=True, slots=True)
class Product:
    """A file of a finished bulletin: its name relative to the bulletin's folder, size, digest."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A finished bulletin: the one timeline from which every output is written.

    `voice` is its own voice (the first anchor's), `voices` are all in the order they are heard.
    `instead_of` names the engine that was asked for and gave up, where another stood in for it.
    `recipe` is a fingerprint of everything it was made from, `mix` the number of what mixed it
    (`bobao.station.versions`); `products` are its files, all but its own manifest.
    """

    header: Header
    chapters: tuple[Chapter, ...]
    duration_ms: int
    engine: str
    engine_version: str
    voice: str
    loudness: Loudness | None = None
    chapter_loudness: tuple[Loudness, ...] = ()
    recipe: str = ""
    products: tuple[Product, ...] = ()
    voices: tuple[str, ...] = ()
    style: str = ""
    instead_of: str = ""
    mix: int = 1

    def cues(self) -> Iterator[Cue]:
        """Every cue in time order."""
        for chapter in self.chapters:
            yield from chapter.cues
