"""What lies behind the addresses in a feed: which are looked at, and what is seen there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bobao.publish.feed.artwork import HEAD_BYTES
from bobao.publish.feed.document import Document, Element, Part

SMALL_BYTES = 2_000_000
"""No list of chapters is larger; more of one is not read."""


class Kind(str, Enum):
    """What an address in a feed stands for."""

    SOUND = "enclosure"
    ARTWORK = "artwork"
    TRANSCRIPT = "transcript"
    CHAPTERS = "chapters"
    PAGE = "page"


WANTED = {
    Kind.SOUND: 4096,
    Kind.ARTWORK: HEAD_BYTES,
    Kind.TRANSCRIPT: 4096,
    Kind.CHAPTERS: SMALL_BYTES,
    Kind.PAGE: 0,
}
"""How many bytes of each are needed to judge it."""

_PLACES = (
    ("itunes:image", "href", Kind.ARTWORK),
    ("enclosure", "url", Kind.SOUND),
    ("podcast:transcript", "url", Kind.TRANSCRIPT),
    ("podcast:chapters", "url", Kind.CHAPTERS),
    ("link", "", Kind.PAGE),
)


@dataclass(frozen=True, slots=True)
class Target:
    """An address in a feed and the element it stands in."""

    url: str
    kind: Kind
    element: Element


@dataclass(frozen=True, slots=True)
class Look:
    """What was found: the size of the file and how it starts, or the `fault` that kept it."""

    fault: str = ""
    size: int = 0
    data: bytes = b""


def targets(document: Document) -> Iterator[Target]:
    """The addresses of the channel and of the items, each once for its kind."""
    known: set[tuple[str, Kind]] = set()
    for part in (document.channel, *document.items):
        for target in _of(part):
            if target.url and (target.url, target.kind) not in known:
                known.add((target.url, target.kind))
                yield target


def _of(part: Part) -> Iterator[Target]:
    for name, attribute, kind in _PLACES:
        for element in part.all(name):
            url = element.get(attribute, "") if attribute else element.text or ""
            yield Target(url.strip(), kind, element)


@dataclass(frozen=True, slots=True)
class Looker:
    """Looks into the folder that will be published at `base` (a URL that ends in a slash)."""

    base: str
    folder: Path

    def look(self, target: Target) -> Look | None:
        """What is in the folder for an address; None for an address elsewhere."""
        if not target.url.startswith(self.base):
            return None
        name = unquote(urlsplit(target.url[len(self.base) :]).path)
        path = self.folder / name
        if name == "" or name.endswith("/"):
            path /= "index.html"
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()):
                return Look("it is outside the folder")
            with path.open("rb") as file:
                return Look(size=path.stat().st_size, data=file.read(WANTED[target.kind]))
        except (OSError, ValueError):
            return Look("there is no such file")
