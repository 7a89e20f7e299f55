"""What a page needs beside its bulletin: whose it is and where its files lie.

Every path is as files are named, relative to the page and with ``/``; it is made a URL when the
page is rendered.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """The station as its pages show it.

    `base_url` is where the site's root will be, ``https://…/``; empty where nobody knows yet: then
    pages have no canonical address. `feed` and `cover` lie relative to the root; empty for none.
    """

    name: str
    description: str = ""
    author: str = ""
    language: str = "zh-CN"
    base_url: str = ""
    feed: str = ""
    cover: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file to take along. `type` is its media type, `note` says what it is good for."""

    path: str
    label: str
    type: str
    bytes: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The bulletin before or after."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Links:
    """Where everything is that a bulletin's page leads to.

    `page` is its own path from the site's root. `chapters` are the files of single chapters, those
    that there are.
    """

    audio: str
    cover: str = ""
    home: str = "../index.html"
    feed: str = ""
    page: str = ""
    downloads: tuple[Download, ...] = ()
    chapters: tuple[Download, ...] = ()
    newer: Neighbour | None = None
    older: Neighbour | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A bulletin in the station's list. `date` is ISO 8601, or empty; paths are from the root."""

    path: str
    title: str
    date: str = ""
    duration_ms: int = 0
    chapters: int = 1
    summary: str = ""
    cover: str = ""
