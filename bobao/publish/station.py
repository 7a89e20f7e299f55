"""The station on its site: its cover and its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bobao.files import sha256
from bobao.publish.catalogue import Episode
from bobao.station import versions
from bobao.station.config import Config

if TYPE_CHECKING:
    from bobao.publish.site import Entry, Site

FEED = "feed.xml"
INDEX = "index.html"
DRAWN_ALT = "声波的图案：一排竖条，四周一圈圈声波散开"


def cover_name(config: Config) -> str:
    """The file name of the station's cover: the ending tells what it is."""
    return "cover.jpg" if _given(config).suffix.lower() in {".jpg", ".jpeg"} else "cover.png"


def cover_alt(config: Config) -> str:
    """What the station's cover shows, in words."""
    return config.podcast.cover_alt or ("" if config.podcast.cover else DRAWN_ALT)


def cover(root: Path, config: Config) -> tuple[str, Callable[[Path], None]]:
    """The key of the station's cover and what writes it: its own, or one drawn for its name.

    Raises `BobaoError` for a cover that podcast directories would refuse.
    """
    if not config.podcast.cover:
        key = versions.named("mix") + config.station.name
        return sha256(key.encode("utf-8"))[:32], lambda path: _draw(config.station.name, path)
    from bobao.publish.cover import load

    data = load(root / _given(config))

    def copy(path: Path) -> None:
        path.write_bytes(data)

    return sha256(data)[:32], copy


def site_of(config: Config, base_url: str) -> Site:
    """The station as its pages show it."""
    from bobao.publish.site import Site

    station = config.station
    return Site(
        name=station.name,
        description=description(config),
        author=station.author,
        language=station.language,
        base_url=base_url,
        feed=FEED if base_url else "",
        cover=cover_name(config),
    )


def description(config: Config) -> str:
    """What the station says of itself, or what is true of every station."""
    told = config.podcast.description.strip()
    return told or f"“{config.station.name}”把文章读给你听：有声播报，配全文、字幕和分章。"


def entries(episodes: Sequence[Episode], dates: Mapping[str, str]) -> tuple[Entry, ...]:
    """The list on the station's page; `episodes` newest first, `dates` by slug."""
    from bobao.publish.site import Entry

    return tuple(
        Entry(
            path=f"{episode.slug}/{INDEX}",
            title=episode.title,
            date=dates[episode.slug],
            duration_ms=episode.duration_ms,
            chapters=len(episode.parts),
            summary=episode.summary,
            cover=f"{episode.slug}/{episode.cover}" if episode.cover else "",
        )
        for episode in episodes
    )


def index(site: Site, listed: tuple[Entry, ...]) -> tuple[str, Callable[[Path], None]]:
    """The key of the station's page and what writes it."""

    def make(path: Path) -> None:
        from bobao.publish.site import render_index

        path.write_bytes(render_index(site, listed).encode("utf-8"))

    key = f"{versions.named('site')}{site!r}{listed!r}"
    return sha256(key.encode("utf-8"))[:32], make


def _given(config: Config) -> Path:
    return Path(config.podcast.cover)


def _draw(name: str, path: Path) -> None:
    from bobao.publish.cover import draw

    path.write_bytes(draw(name))
