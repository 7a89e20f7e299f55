"""The files of a finished bulletin: one table, for all that makes, offers, serves or proves one.

Before it is what they are made from: the station as its pages show it, a bulletin's place there.

To add an output: write its function and its row. `publish` (or `mix`) then makes it, the page
offers it, `serve` knows its type, `verify` compares it, and it is removed once the row is gone.
"""

from __future__ import annotations

import functools
import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from bobao.files import sha256
from bobao.model import Bulletin, Product
from bobao.publish import lists
from bobao.publish.layout import plain_text
from bobao.station import versions
from bobao.station.config import Config

FEED, INDEX = "feed.xml", "index.html"
DRAWN_ALT = "声波的图案：一排竖条，四周一圈圈声波散开"

# ── The station ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Masthead:
    """The station as its pages and books show it.

    `base_url` is where the site's root will be, ``https://…/``; empty where nobody knows yet: then
    pages have no canonical address. `feed` and `cover` are relative to the root; empty for none.
    """

    name: str
    description: str = ""
    author: str = ""
    language: str = "zh-CN"
    base_url: str = ""
    feed: str = ""
    cover: str = ""


def masthead_of(config: Config, root: str) -> Masthead:
    """The masthead of these settings, for a site at `root`."""
    station = config.station
    return Masthead(
        name=station.name,
        description=description(config),
        author=station.author,
        language=station.language,
        base_url=root,
        feed=FEED if root else "",
        cover=cover_name(config),
    )


def description(config: Config) -> str:
    """What the station says of itself, or what is true of every station."""
    own = config.podcast.description.strip()
    return own or f"“{config.station.name}”把文章读给你听：有声播报，配全文、字幕和分章。"


def cover_name(config: Config) -> str:
    """The file name of the station's cover: the ending tells what it is."""
    given = Path(config.podcast.cover).suffix.lower()
    return "cover.jpg" if given in {".jpg", ".jpeg"} else "cover.png"


def cover_alt(config: Config) -> str:
    """What the station's cover shows, in words."""
    return config.podcast.cover_alt or ("" if config.podcast.cover else DRAWN_ALT)


# ── A bulletin on the site ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The bulletin before or after: its title, and the path to its page."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Slot:
    """What surrounds a bulletin on the site. `identifier` names its book for ever (a URN)."""

    slug: str
    folder: Path
    station: Masthead
    identifier: str = ""
    newer: Neighbour | None = None
    older: Neighbour | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """What an output is made from: a bulletin, its place, the files beside it in its folder."""

    bulletin: Bulletin
    slot: Slot
    beside: tuple[Product, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A bulletin in the station's list. `date` is ISO 8601, or empty; paths are from the root."""

    path: str
    title: str
    date: str = ""
    duration_ms: int = 0
    chapters: int = 1
    summary: str = ""
    cover: str = ""
    audio: str = ""


# ── The table ───────────────────────────────────────────────────────────────────────────────────


class Step(str, Enum):
    """Which step makes a file: with the sound, or for the site."""

    MIX = "mix"
    SITE = "site"


Text = Callable[[Material], str]
Write = Callable[[Material, Path], None]
"""Writes an output to a path; raises `BobaoError` where it cannot be made."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file of a bulletin's folder.

    `name` may hold ``{slug}`` and ``*``; `type` is its media type. `label` and `note` offer it on
    the page as something to take along, `notes` in the notes of the feed; `transcript` makes it one
    of the feed's transcripts ("text", or with times "captions"). It is made by `text` or `write`;
    what has neither comes from elsewhere (the sound, covers). `linked`: it shows what is beside it
    and its neighbours, and changes with them. `shared`: players on other sites may read it.
    """

    name: str
    type: str
    label: str = ""
    note: str = ""
    step: Step = Step.SITE
    text: Text | None = None
    write: Write | None = None
    notes: str = ""
    transcript: str = ""
    linked: bool = False
    shared: bool = False

    def file(self, slug: str) -> str:
        """Its name in the folder of a bulletin."""
        return self.name.replace("{slug}", slug)

    def make(self, job: Material, target: Path) -> None:
        """Write it to `target`. Raises `BobaoError` where it cannot be made."""
        if self.text is not None:
            target.write_bytes(self.text(job).encode("utf-8"))
        elif self.write is not None:
            self.write(job, target)

    def key(self, sha: str, slot: Slot, beside: tuple[Product, ...]) -> str:
        """A digest of everything that decides its bytes; `sha` is that of `bulletin.json`."""
        parts = [versions.named("site"), sha, slot.slug, repr(slot.station), slot.identifier]
        if self.linked:
            offered = [(o.name, o.type, o.label, o.note) for o in OUTPUTS if o.label]
            parts += [repr(slot.newer), repr(slot.older), repr(beside), repr(offered)]
        return sha256("\n".join(parts).encode("utf-8"))[:32]


def _of(write: Callable[[Bulletin], str]) -> Text:
    return lambda job: write(job.bulletin)


def _later(module: str, name: str) -> Callable[..., Any]:
    """A function of this package whose module is loaded when it is called: it brings jinja2."""

    def call(*given: Any) -> Any:
        return getattr(import_module(f"bobao.publish.{module}"), name)(*given)

    return call


MIX = Step.MIX
COVERS = ("cover.png", "cover.jpg")
_BOOK, _PAGE = _later("book", "write_epub"), _later("page", "bulletin_page")
_TRANSCRIPT = _later("page", "transcript")
_LIST = "application/vnd.apple.mpegurl"
OUTPUTS: tuple[Output, ...] = (
    Output("{slug}.mp3", "audio/mpeg", "整期音频", "MP3，内嵌章节", MIX),
    Output(
        "{slug}.epub", "application/epub+zip", "有声电子书", "EPUB，边听边读",
        write=_BOOK, notes="有声电子书",
    ),
    Output("{slug}.txt", "text/plain", "文字稿", "TXT，纯文本", text=_of(plain_text)),
    Output(
        "transcript.html", "text/html", "带时间的文字稿", "HTML",
        text=_TRANSCRIPT, notes="文字稿", transcript="text",
    ),
    Output(
        "{slug}.vtt", "text/vtt", "字幕", "WebVTT", MIX,
        text=_of(lists.webvtt), transcript="captions", shared=True,
    ),
    Output(
        "chapters.json", "application/json+chapters", "章节时间", "JSON，供播客软件", MIX,
        text=_of(lists.chapters_json), shared=True,
    ),
    Output(
        "chapters.txt", "text/plain", "章节时间表", "TXT", MIX, text=_of(lists.chapters_text)
    ),
    Output("{slug}.m3u8", _LIST, "播放列表", "M3U8，按章播放", MIX, text=_of(lists.playlist)),
    Output(INDEX, "text/html", text=_PAGE, notes="全文边听边读", linked=True),
    Output("embed.html", "text/html", text=_later("page", "embed_page")),
    Output(
        "oembed.json", "application/json+oembed", text=_later("page", "oembed"), shared=True
    ),
    Output("bulletin.json", "application/json", step=MIX, shared=True),
    Output("cover.png", "image/png", step=MIX),
    Output("cover.jpg", "image/jpeg", step=MIX),
    Output("chapters/*.mp3", "audio/mpeg", step=MIX),
    Output("feed*.xml", "application/rss+xml", shared=True),
)  # fmt: skip
"""In the order in which the page offers them; the feed names them the other way round, the page
first."""


def made(step: Step) -> list[Output]:
    """The outputs that functions of the table make at a step, in the order of the work."""
    found = [o for o in OUTPUTS if o.step is step and (o.text or o.write)]
    return sorted(found, key=lambda output: output.linked)


def texts(bulletin: Bulletin) -> dict[str, str]:
    """The texts that are made with a bulletin's sound, by file name: all but its manifest."""
    slug = bulletin.header.slug
    job = Material(bulletin, Slot(slug, Path(), Masthead("")))
    return {o.file(slug): o.text(job) for o in made(Step.MIX) if o.text}


def of_mix(slug: str, name: str) -> bool:
    """Whether a mix makes the file or folder `name` in the folder of a bulletin."""
    tops = (PurePosixPath(o.file(slug)).parts[0] for o in OUTPUTS if o.step is Step.MIX)
    return name in set(tops)


# ── Media types ─────────────────────────────────────────────────────────────────────────────────

_MORE = {
    ".js": "text/javascript", ".m4a": "audio/mp4", ".m4b": "audio/mp4", ".md": "text/markdown",
    ".ogg": "audio/ogg", ".webp": "image/webp", ".woff2": "font/woff2", ".xml": "application/xml",
}  # fmt: skip
"""Of files that a person puts beside ours, what not every Python knows."""


def _rows(name: str) -> Iterator[Output]:
    name = name.lower()
    patterns = ((PurePosixPath(o.name.replace("{slug}", "*")).name, o) for o in OUTPUTS)
    return (output for pattern, output in patterns if fnmatchcase(name, pattern))


def media_type(name: str) -> str:
    """The media type of a file by its name, without a charset."""
    name = PurePosixPath(name).name
    if output := next(_rows(name), None):
        return output.type
    ending = PurePosixPath(name).suffix.lower()
    return _MORE.get(ending) or _known().get(ending) or "application/octet-stream"


@functools.cache
def _known() -> dict[str, str]:
    """What Python knows by itself, whatever the system's tables say."""
    return mimetypes.MimeTypes(()).types_map[True]


def shared(name: str) -> bool:
    """Whether players on other sites may read the file from a browser (CORS)."""
    return any(output.shared for output in _rows(name))
