"""The site: its address, the station as its pages show it, and a bulletin's place on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from bobao.errors import BobaoError
from bobao.model import Bulletin, Product
from bobao.station.config import Config

FEED, INDEX = "feed.xml", "index.html"
DRAWN_ALT = "声波的图案：一排竖条，四周一圈圈声波散开"

# ── Addresses ───────────────────────────────────────────────────────────────────────────────────

_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")


def base(url: str) -> str:
    """The address of the site's root with a slash at its end; empty stays empty.

    Raises `BobaoError` for what is no address of the web.
    """
    text = url.strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1) > 0
        host = parts.hostname or ""
        place = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
        place += f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        fits, place = False, ""
    plain = _HOST.fullmatch(place) is not None
    if not (fits and plain) or parts.query or parts.fragment or "@" in parts.netloc:
        raise BobaoError(
            f"“{text[:200]}” cannot be the address of a site",
            where="[station] site",
            advice="Write it like https://example.org/podcast/, where output/ will be published.",
        )
    path = quote(unquote(parts.path).rstrip("/"), safe="/:@!$&'()*+,;=~-._")
    return f"{parts.scheme}://{place}{path}/"


def lasting(root: str) -> bool:
    """Whether a site's address is worth remembering: not that of a trial on one's own machine."""
    host = urlsplit(root).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return bool(host) and host != "localhost" and not host.endswith(".localhost")


def address(root: str, *names: str) -> str:
    """The URL of a file below `root`; all but letters and digits of ASCII as ``%XX``."""
    return root + "/".join(quote(part, safe="") for name in names for part in name.split("/"))


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
