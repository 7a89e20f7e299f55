"""The values of a proof: what the page shows, as plain data."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from bobao import files
from bobao.model import LineKind


class PieceMark(str, Enum):
    """What is the matter with a piece of a line; the page has a sign for each."""

    NONE = ""
    CHANGED = "changed"  # said otherwise than written
    ADDED = "added"  # said and not written
    MUTE = "mute"  # written and not said
    EDITED = "edited"  # an editor's own words
    READING = "reading"  # an editor's pinyin


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable or a stretch without one: `text` and its `pinyin` with tone mark, if it has one.

    `doubtful` is set where the reading has to be checked.
    """

    text: str
    pinyin: str = ""
    doubtful: bool = False


Word = tuple[Syllable, ...]
"""The units of one word: they stay together at line ends."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of the line; `note` is the number of the note that gives the reason, 0 for none."""

    written: str
    spoken: tuple[Word, ...]
    mark: PieceMark = PieceMark.NONE
    note: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Why pieces of a line are said as they are: class, reason, the pairs of written and spoken."""

    number: int
    label: str
    reason: str
    pairs: tuple[tuple[str, str], ...]
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A reading to be checked: the `reading` taken and the `others` there are, with tone marks.

    `name` says that it stands in a word no dictionary has: as a rule a name. `before` and `after`
    are what is said around it.
    """

    text: str
    reading: str
    others: tuple[str, ...]
    source: str
    confidence: float
    name: bool = False
    word: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Playable:
    """Where a line's sound lies, relative to the page, and how long it is in milliseconds.

    At the desk a line that is not recorded yet has one of no length: it is recorded when asked for.
    """

    url: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class ProofLine:
    """A line of the script with all that is to be said about it. `number` counts from 1."""

    number: int
    kind: LineKind
    level: int
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...] = ()
    queries: tuple[Query, ...] = ()
    unread: str = ""
    rewritten: bool = False
    recording: Playable | None = None

    @property
    def written(self) -> str:
        """The author's text."""
        return "".join(piece.written for piece in self.pieces)

    @property
    def spoken(self) -> str:
        """The text the voice says."""
        return "".join(unit.text for piece in self.pieces for word in piece.spoken for unit in word)

    @property
    def changes(self) -> int:
        """How many pieces are marked."""
        return sum(piece.mark is not PieceMark.NONE for piece in self.pieces)

    @property
    def asked(self) -> tuple[Query, ...]:
        """The readings to be checked, each once."""
        return tuple({(query.text, query.reading): query for query in self.queries}.values())

    @property
    def doubtful(self) -> bool:
        """Whether there is something to decide here."""
        return bool(self.queries or self.unread)


@dataclass(frozen=True, slots=True)
class ProofSection:
    """A chapter: its heading line, its paragraphs, about how long it takes on air."""

    number: int
    title: str
    heading: ProofLine
    paragraphs: tuple[tuple[ProofLine, ...], ...]
    characters: int
    seconds: int

    def lines(self) -> Iterator[ProofLine]:
        """The heading, then every line in order."""
        yield self.heading
        for paragraph in self.paragraphs:
            yield from paragraph


@dataclass(frozen=True, slots=True)
class Asked:
    """A reading to be checked, with every place it stands at: (line number, the query there)."""

    text: str
    reading: str
    others: tuple[str, ...]
    name: bool
    word: str
    places: tuple[tuple[int, Query], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Another thing to look at: a text, why, and the numbers of its lines."""

    text: str
    why: str = ""
    lines: tuple[int, ...] = ()
    foreign: bool = False  # `why` is English


@dataclass(frozen=True, slots=True)
class Doubts:
    """What the desk should look at first, the gravest kind first.

    `unread`: signs left in what is said. `readings`: polyphones and names. `dropped`: sentences of
    the article that the script has not. `rewritten`: lines that the article has not. `structure`:
    blocks the reader was not sure of. `silent`: words that are shown and not said. `unvoiced`:
    signs that are shown and not said.
    """

    unread: tuple[Item, ...] = ()
    readings: tuple[Asked, ...] = ()
    dropped: tuple[Item, ...] = ()
    rewritten: tuple[Item, ...] = ()
    structure: tuple[Item, ...] = ()
    silent: tuple[Item, ...] = ()
    unvoiced: tuple[Item, ...] = ()

    @property
    def to_decide(self) -> int:
        """How many need a decision; what is only shown and not said is listed for knowledge."""
        return sum(
            map(len, (self.unread, self.readings, self.dropped, self.rewritten, self.structure))
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """A script as it is proofed. `fingerprint` tells it from any other version of the script."""

    slug: str
    title: str
    date: str
    source: str
    engine: str
    voice: str
    fingerprint: str
    edited: bool
    stale: bool
    sections: tuple[ProofSection, ...]
    doubts: Doubts = Doubts()

    def lines(self) -> Iterator[ProofLine]:
        """Every line in reading order."""
        for section in self.sections:
            yield from section.lines()

    @property
    def changes(self) -> int:
        """How many pieces are not said as they are written."""
        return sum(line.changes for line in self.lines())

    @property
    def recorded(self) -> int:
        """How many lines can be played."""
        return sum(bool(line.recording and line.recording.duration_ms) for line in self.lines())

    @property
    def audible(self) -> int:
        """How many lines say something."""
        return sum(bool(line.spoken.strip()) for line in self.lines())

    @property
    def characters(self) -> int:
        """Length of the whole as spoken, in Chinese characters."""
        return sum(section.characters for section in self.sections)

    @property
    def seconds(self) -> int:
        """About how long the whole takes on air."""
        return sum(section.seconds for section in self.sections)


@functools.cache
def table(name: str) -> dict[str, tuple[str, ...]]:
    """The rows of ``data/<name>.tsv`` by their first cell."""
    return {first: tuple(rest) for first, *rest in files.rows(__package__, f"{name}.tsv")}


def name_of(name: str, key: str) -> str:
    """The page's word for `key`; `key` itself where the table does not know it."""
    return table(name).get(key, (key,))[0]


@functools.cache
def characters(name: str) -> frozenset[str]:
    """The characters of ``data/<name>.txt``."""
    return files.words(__package__, f"{name}.txt")
