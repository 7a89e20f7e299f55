"""What a feed says, as plain values. All URLs are absolute, all times have a zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the show, with a role and a group of the Podcast Taxonomy."""

    name: str
    role: str = "host"
    group: str = "cast"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A square picture, `width` pixels wide, and what it shows."""

    url: str
    alt: str = ""
    width: int = 0
    type: str = "image/png"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The sound of an item: where it is and how many bytes it has."""

    url: str
    bytes: int
    type: str = "audio/mpeg"


@dataclass(frozen=True, slots=True)
class Transcript:
    """The text of an item in one format; `captions`: with times."""

    url: str
    type: str
    language: str = ""
    captions: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a chapter starts, and its place on the item's page."""

    start_ms: int
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A show. `categories` are paths of Apple's names, ``("News", "Daily News")``."""

    url: str  # of the feed's first page
    link: str
    title: str
    description: str
    language: str
    guid: str
    image: Image
    author: str = ""
    owner: str = ""
    email: str = ""
    categories: tuple[tuple[str, ...], ...] = ()
    explicit: bool = False
    type: str = "episodic"
    medium: str = "podcast"
    locked: bool = True
    people: tuple[Person, ...] = ()
    license: str = ""
    license_url: str = ""
    copyright: str = ""
    synthetic: bool = True
    generator: str = ""
    moved_to: str = ""  # where the feed is now; empty: where it always was


@dataclass(frozen=True, slots=True)
class Item:
    """An episode. `notes` is HTML; `season` and `episode` are 0 where there is none."""

    guid: str
    title: str
    link: str
    published: datetime
    summary: str
    enclosure: Enclosure
    duration_ms: int
    notes: str = ""
    author: str = ""
    image: Image | None = None
    season: int = 0
    season_name: str = ""
    episode: int = 0
    kind: str = "full"
    explicit: bool = False
    people: tuple[Person, ...] = ()
    transcripts: tuple[Transcript, ...] = ()
    chapters_url: str = ""
    marks: tuple[Mark, ...] = ()
    synthetic: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """One document of a feed: some of its items, and its place among the other pages (from 1)."""

    channel: Channel
    items: tuple[Item, ...]
    number: int = 1
    count: int = 1
