"""What is made of every bulletin for the site: one table, in the order of the work.

A product is made again only if its bulletin, its station, its links or the version of what makes it
have changed, or if its file is not as it was left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bobao.files import sha256
from bobao.model import Bulletin, Product
from bobao.station import versions
from bobao.station.config import Station

if TYPE_CHECKING:  # loaded only where a page is made
    from bobao.publish.site import Neighbour, Site


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds a bulletin on the site.

    `about` is a digest of `site` and `station`; `identifier` names its book for ever (a URN).
    """

    slug: str
    site: Site
    station: Station
    about: str
    identifier: str = ""
    newer: Neighbour | None = None
    older: Neighbour | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One product of one bulletin: from what it is made. `beside` were made before it."""

    bulletin: Bulletin
    folder: Path
    setting: Setting
    beside: tuple[Product, ...]


Make = Callable[[Job, Path], None]
"""Writes a product of a job to a path; raises `BobaoError` where it cannot be made."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file of a bulletin's folder, and what writes it.

    `linked`: it shows what lies beside it and the neighbours, and changes with them.
    """

    name: str
    make: Make
    linked: bool = False

    def key(self, sha: str, setting: Setting, beside: tuple[Product, ...]) -> str:
        """A digest of everything that decides the product's bytes."""
        parts = [versions.named("site"), sha, setting.slug, setting.about, setting.identifier]
        if self.linked:
            parts += [repr(setting.newer), repr(setting.older), repr(beside)]
        return sha256("\n".join(parts).encode("utf-8"))[:32]


def _text(render: Callable[[Job], str]) -> Make:
    def make(job: Job, target: Path) -> None:
        target.write_bytes(render(job).encode("utf-8"))

    return make


def _transcript(job: Job) -> str:
    from bobao.publish.site import render_transcript

    return render_transcript(job.bulletin, job.setting.site)


def _plain(job: Job) -> str:
    from bobao.publish.site import render_text

    return render_text(job.bulletin)


def _epub(job: Job, target: Path) -> None:
    from bobao.publish.book import write_epub

    write_epub(job.bulletin, job.folder, target, job.setting.station, job.setting.identifier)


def _page(job: Job) -> str:
    from bobao.publish.site import links_of, render_page

    files = (*job.bulletin.products, *job.beside)
    setting = job.setting
    feed = f"../{setting.site.feed}" if setting.site.feed else ""
    links = links_of(job.bulletin, files, feed=feed, page=f"{setting.slug}/index.html")
    links = replace(links, newer=setting.newer, older=setting.older)
    return render_page(job.bulletin, setting.site, links)


OUTPUTS = (
    Output("transcript.html", _text(_transcript)),
    Output("{slug}.txt", _text(_plain)),
    Output("{slug}.epub", _epub),
    Output("index.html", _text(_page), linked=True),
)
