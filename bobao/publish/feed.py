"""The podcast feed: RSS 2.0 with iTunes and Podcasting 2.0, and the pages of a long one.

Which elements it has, and from which setting or fact each comes, is in two tables: `CHANNEL` and
`ITEM`. Sources: rssboard.org/rss-specification; Apple, “A podcaster's guide to RSS”;
podcast-namespace, docs/tags; PSP-1; RFC 4287 and 5005 (atom:link); podlove.org/simple-chapters;
RSS 1.0 content module.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from bobao import __version__
from bobao.errors import BobaoError
from bobao.files import rows
from bobao.publish import outputs
from bobao.publish.catalogue import Episode
from bobao.publish.outputs import FEED, cover_alt, cover_name, description
from bobao.publish.register import Enrolment
from bobao.publish.text import (
    address,
    clock,
    html,
    link,
    rss_line,
    rss_paragraph,
    rss_text,
    rss_title,
    stamp,
)
from bobao.station.config import Config, PodcastSettings, Station

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "psc": "http://podlove.org/simple-chapters",
}
PODCASTS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcast:guid (podcast-namespace, docs/tags/guid.md)."""
DISCLOSURE = "本节目由人工智能合成语音播报，文字为原文。"
COVER_SIDE = 1400
"""Pixels of the covers that bobao draws."""

# ── What a feed is about ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Show:
    """The show: its settings, the address of its site, its podcast:guid.

    `moved`: it had another address before, and says so.
    """

    config: Config
    root: str
    guid: str
    moved: bool = False

    @property
    def station(self) -> Station:
        """The settings of the station."""
        return self.config.station

    @property
    def podcast(self) -> PodcastSettings:
        """The settings of the feed."""
        return self.config.podcast

    @property
    def url(self) -> str:
        """The address of the feed's first page."""
        return address(self.root, FEED)

    @property
    def author(self) -> str:
        """Who makes it."""
        return self.station.author or self.station.name

    @property
    def zone(self) -> timezone:
        """The zone of its dates. Raises `BobaoError` where the setting is none."""
        given = self.podcast.timezone
        try:
            return datetime.strptime(given, "%z").tzinfo  # type: ignore[return-value]
        except ValueError as error:
            raise BobaoError(
                f"[podcast] timezone must be like +08:00, not “{given[:40]}”",
                advice="Correct the setting.",
            ) from error


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An episode of the show, and its entry in the memory of the site."""

    show: Show
    episode: Episode
    entry: Enrolment

    @property
    def link(self) -> str:
        """The address of its page."""
        return address(self.show.root, self.episode.slug) + "/"

    def at(self, name: str) -> str:
        """The address of a file of its folder, ``{slug}`` being its own."""
        slug = self.episode.slug
        return address(self.show.root, slug, name.replace("{slug}", slug))

    @property
    def title(self) -> str:
        """What it is called."""
        return rss_title(self.episode.title or self.episode.slug)

    @property
    def cover(self) -> str:
        """The address of its own cover; empty: it has none."""
        return self.at(self.episode.cover) if self.episode.cover else ""

    @property
    def summary(self) -> str:
        """What it is about."""
        return self.episode.header("summary") or self.episode.summary or self.episode.title

    @property
    def season(self) -> int:
        """Its season; 0: none."""
        return _number(self.episode.header("season")) or self.entry.season

    @property
    def number(self) -> int:
        """Its number in the season; 0: none."""
        return _number(self.episode.header("episode")) or self.entry.number

    @property
    def published(self) -> datetime:
        """Midnight of its day, never in the future, and a minute more for each before it."""
        start = datetime.combine(date.fromisoformat(self.entry.date), time(), self.show.zone)
        return start + timedelta(minutes=self.entry.rank)

    @property
    def chapters(self) -> list[tuple[int, str, str]]:
        """Start, title and place on the page of every chapter."""
        parts = self.episode.parts
        return [(p.start_ms, p.title, f"{self.link}#chapter-{p.number}") for p in parts]

    def files(self) -> list[str]:
        """The files that it points to, but those that are made by publishing."""
        names = ("{slug}.mp3", "{slug}.vtt", "chapters.json", self.episode.cover)
        return [name.replace("{slug}", self.episode.slug) for name in names if name]


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One document of a feed: some of its items, and its place among the other pages (from 1)."""

    show: Show
    items: tuple[FeedItem, ...]
    number: int = 1
    count: int = 1


def podcast_guid(feed: str) -> str:
    """The UUIDv5 of a show whose feed is first published at the address `feed`.

    Taken over the address without its scheme and trailing slashes.
    """
    return str(uuid.uuid5(PODCASTS, re.sub(r"^[a-z][a-z0-9+.-]*://", "", feed.strip()).rstrip("/")))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


# ── Pages (RFC 5005, 3) ─────────────────────────────────────────────────────────────────────────

MOST = 100
"""Items on the first page, which players load at every look for something new."""
BLOCK = 50
"""Items on each older page; the first keeps more than these."""


def split(count: int) -> list[slice]:
    """Which of `count` items, the newest first, are on which page; one page if there are none.

    Older pages are filled from the oldest item on and numbered by age (``feed-1.xml`` is the
    oldest): a new item changes the first page only.
    """
    older = max(0, -(-(count - MOST) // BLOCK))
    first = count - older * BLOCK
    starts = range(first, count, BLOCK) if older else ()
    return [slice(0, first), *(slice(start, start + BLOCK) for start in starts)]


def page_name(first: str, number: int, count: int) -> str:
    """The file name or URL of a page, given that of the first: ``feed.xml``, ``feed-2.xml``."""
    if number == 1:
        return first
    suffix = PurePosixPath(first).suffix
    return f"{first.removesuffix(suffix)}-{count - number + 1}{suffix}"


# ── The elements ────────────────────────────────────────────────────────────────────────────────


class Tag(NamedTuple):
    """The inside of an element. Attributes without a value are left out; `html` is its CDATA.

    One whose `text` is empty is left out whole, whatever its attributes; None: it has no text.
    """

    text: str | None = None
    attributes: Mapping[str, str] = {}
    children: Mapping[str, Content] = {}
    html: str = ""


Content = str | Tag | list[Tag]


def _attributes(**given: str) -> Tag:
    return Tag(attributes=given)


def _people(given: Sequence[str]) -> list[Tag]:
    """Each “name; role; group; URL”, the last three as they are or by default."""
    found = []
    for person in given:
        parts = [part.strip() for part in person.split(";")][:4]
        name, role, group, href = (*parts, *[""] * (4 - len(parts)))
        named = {"role": role or "host", "group": group or "cast", "href": href}
        found.append(Tag(rss_line(name, 128), named))
    return found


def _own_people(item: FeedItem) -> list[Tag]:
    """Those of the episode with those of the show, whom they would hide otherwise."""
    own = item.episode.header("people")
    return _people((*own.split("|"), *item.show.podcast.people)) if own else []


def _picture(href: str, alt: str) -> Tag:
    """podcast:image: the cover with its text, for those who cannot see it."""
    about = {"href": href, "alt": rss_line(alt), "aspect-ratio": "1/1", "width": str(COVER_SIDE)}
    return Tag(attributes={**about, "type": outputs.media_type(href), "purpose": "artwork"})


def _cover(show: Show) -> str:
    return address(show.root, cover_name(show.config))


def _categories(names: Sequence[str]) -> list[Tag]:
    """Paths of Apple's; a name that Apple has not is left for the check to find."""
    known, found = {row[-1]: row for row in rows(__package__, "categories.tsv")[::-1]}, []
    for outer, *inner in (known.get(name, (name,)) for name in names):
        below = {"itunes:category": [_attributes(text=name) for name in inner]}
        found.append(Tag(attributes={"text": outer}, children=below))
    return found


def _links(page: FeedPage) -> list[Tag]:
    """Links of a page to itself and the others."""
    wanted = {"self": page.number}
    if page.count > 1:
        wanted |= {"first": 1, "previous": page.number - 1, "next": page.number + 1}
        wanted |= {"last": page.count}
    kind = outputs.media_type(FEED)
    return [
        _attributes(rel=rel, type=kind, href=page_name(page.show.url, number, page.count))
        for rel, number in wanted.items()
        if 1 <= number <= page.count
    ]


def _notes(item: FeedItem) -> str:
    """Show notes in the few tags of HTML that all players know.

    What it is about, the chapters with their times, the links. The time of a chapter is plain text,
    which players turn into a jump; its title is a link to the chapter on the page.
    """
    parts = [f"<p>{html(line)}</p>" for line in item.summary.splitlines() if line.strip()]
    if item.chapters:
        chapters = (f"<li>{clock(ms)} {link(title, url)}</li>" for ms, title, url in item.chapters)
        parts += ["<p><strong>章节</strong></p>", "<ul>", *chapters, "</ul>"]
    links = [link(o.notes, item.at(o.name)) for o in reversed(outputs.OUTPUTS) if o.notes]
    return "\n".join([*parts, f"<p>{' · '.join(links)}</p>", f"<p>{html(DISCLOSURE)}</p>"])


def _transcripts(item: FeedItem) -> list[Tag]:
    language, found = item.show.station.language, []
    for output in reversed(outputs.OUTPUTS):
        if output.transcript:
            rel = "captions" if output.transcript == "captions" else ""
            url = item.at(output.name)
            found.append(_attributes(url=url, type=output.type, language=language, rel=rel))
    return found


def _simple_chapters(item: FeedItem) -> Content:
    chapters = [
        _attributes(start=stamp(ms), title=rss_line(title), href=url)
        for ms, title, url in item.chapters
    ]
    return Tag(None, {"version": "1.2"}, {"psc:chapter": chapters}) if chapters else ""


def _owner(show: Show) -> Tag:
    email = show.podcast.email.strip()
    return Tag(children={"itunes:name": rss_line(show.author), "itunes:email": email})


def _logo(show: Show) -> Tag:
    """RSS's own image, which repeats title and link of the channel."""
    name = rss_title(show.station.name)
    return Tag(children={"url": _cover(show), "title": name, "link": show.root})


def _season(item: FeedItem) -> Tag:
    name = f"{item.season}年" if item.show.podcast.seasons == "year" else ""
    return Tag(str(item.season or ""), {"name": name})


def _locked(show: Show) -> Tag:
    owner = show.podcast.email.strip()
    return Tag("yes" if show.podcast.locked else "no", {"owner": owner})


def _license(show: Show) -> Tag:
    return Tag(rss_line(show.podcast.license, 128), {"url": show.podcast.license_url})


def _enclosure(item: FeedItem) -> Tag:
    size = str(item.episode.bytes)
    return _attributes(url=item.at("{slug}.mp3"), length=size, type="audio/mpeg")


def _chapters(item: FeedItem) -> Tag:
    name = "chapters.json"
    return _attributes(url=item.at(name), type=outputs.media_type(name))


_SYNTHETIC = Tag("true", {"purpose": "ai-content"})

CHANNEL: dict[str, Callable[[FeedPage], Content]] = {
    "atom:link": _links,
    "title": lambda p: rss_title(p.show.station.name),
    "link": lambda p: p.show.root,
    "description": lambda p: Tag(html=rss_paragraph(description(p.show.config))),
    "language": lambda p: p.show.station.language,
    "copyright": lambda p: rss_line(p.show.podcast.copyright),
    "pubDate": lambda p: format_datetime(max(i.published for i in p.items)) if p.items else "",
    "generator": lambda _: f"bobao {__version__}",
    "image": lambda p: _logo(p.show),
    "itunes:author": lambda p: rss_line(p.show.author),
    "itunes:owner": lambda p: _owner(p.show),
    "itunes:image": lambda p: _attributes(href=_cover(p.show)),
    "itunes:category": lambda p: _categories(p.show.podcast.categories),
    "itunes:explicit": lambda p: str(p.show.podcast.explicit).lower(),
    "itunes:type": lambda p: p.show.podcast.type,
    "itunes:new-feed-url": lambda p: p.show.url if p.show.moved else "",
    "podcast:guid": lambda p: p.show.guid,
    "podcast:medium": lambda p: p.show.podcast.medium,
    "podcast:locked": lambda p: _locked(p.show),
    "podcast:person": lambda p: _people(p.show.podcast.people),
    "podcast:license": lambda p: _license(p.show),
    "podcast:image": lambda p: _picture(_cover(p.show), cover_alt(p.show.config)),
    "podcast:txt": lambda _: _SYNTHETIC,
}

ITEM: dict[str, Callable[[FeedItem], Content]] = {
    "title": lambda i: i.title,
    "link": lambda i: i.link,
    "guid": lambda i: Tag(i.entry.guid, {"isPermaLink": "false"}),
    "pubDate": lambda i: format_datetime(i.published),
    "description": lambda i: Tag(html=rss_paragraph(i.summary)),
    "content:encoded": lambda i: Tag(html=_notes(i)),
    "enclosure": _enclosure,
    "itunes:title": lambda i: i.title,
    "itunes:author": lambda i: rss_line(i.show.author),
    "itunes:duration": lambda i: str(max(1, (i.episode.duration_ms + 500) // 1000)),
    "itunes:explicit": lambda i: str(i.show.podcast.explicit).lower(),
    "itunes:image": lambda i: _attributes(href=i.cover),
    "itunes:season": lambda i: str(i.season or ""),
    "itunes:episode": lambda i: str(i.number or ""),
    "itunes:episodeType": lambda _: "full",
    "podcast:season": _season,
    "podcast:episode": lambda i: str(i.number or ""),
    "podcast:chapters": _chapters,
    "podcast:transcript": _transcripts,
    "podcast:person": _own_people,
    "podcast:image": lambda i: _picture(i.cover, f"封面：{i.episode.title}") if i.cover else "",
    "podcast:txt": lambda _: _SYNTHETIC,
    "psc:chapters": _simple_chapters,
}


# ── The document ────────────────────────────────────────────────────────────────────────────────


def render(page: FeedPage) -> bytes:
    """The page as RSS 2.0 in UTF-8, in the same bytes for the same page."""
    from lxml import etree

    root = etree.Element("rss", {"version": "2.0"}, nsmap=NAMESPACES)
    channel = etree.SubElement(root, "channel")
    _fill(channel, {name: content(page) for name, content in CHANNEL.items()})
    for item in page.items:
        element = etree.SubElement(channel, "item")
        _fill(element, {name: content(item) for name, content in ITEM.items()})
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return data


def _fill(parent: Any, contents: Mapping[str, Content]) -> None:
    """Give an element its children; those that are empty are left out."""
    from lxml import etree

    for name, content in contents.items():
        prefix, _, local = name.rpartition(":")
        full = f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local
        for tag in content if isinstance(content, list) else [content]:
            tag = Tag(tag) if isinstance(tag, str) else tag  # noqa: PLW2901
            given = {key: rss_text(value) for key, value in tag.attributes.items() if value}
            element = etree.Element(full, given)
            element.text = etree.CDATA(tag.html) if tag.html else rss_text(tag.text or "") or None
            _fill(element, tag.children)
            if len(element) or element.text or (given and tag.text is None):
                parent.append(element)
