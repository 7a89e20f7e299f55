"""From the site's facts to the values of its feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

from bobao import __version__
from bobao.errors import BobaoError
from bobao.files import rows
from bobao.publish.addresses import address
from bobao.publish.catalogue import Episode
from bobao.publish.feed.notes import notes
from bobao.publish.feed.values import Channel, Enclosure, Image, Item, Mark, Person, Transcript
from bobao.publish.state import Entry
from bobao.publish.station import cover_alt, cover_name, description
from bobao.station.config import Config

SIDE = 1400
"""Pixels of the covers that bobao draws."""
_NOTES = (
    ("index.html", "全文边听边读"),
    ("transcript.html", "文字稿"),
    ("{slug}.epub", "有声电子书"),
)
_TEXTS = (("{slug}.vtt", "text/vtt", True), ("transcript.html", "text/html", False))
_PERSON = ("", "host", "cast", "")


def zone(config: Config) -> timezone:
    """The zone of the dates in the feed. Raises `BobaoError` where the setting is none."""
    try:
        return datetime.strptime(config.podcast.timezone, "%z").tzinfo  # type: ignore[return-value]
    except ValueError as error:
        raise BobaoError(
            f"[podcast] timezone must be like +08:00, not “{config.podcast.timezone[:40]}”",
            advice="Correct the setting.",
        ) from error


def channel(config: Config, root: str, feed: str, guid: str) -> Channel:
    """The show; `feed` is the file name of the feed's first page."""
    station, podcast = config.station, config.podcast
    return Channel(
        url=address(root, feed),
        link=root,
        title=station.name,
        description=description(config),
        language=station.language,
        guid=guid,
        image=_image(address(root, cover_name(config)), cover_alt(config)),
        author=station.author or station.name,
        owner=station.author or station.name,
        email=podcast.email.strip(),
        categories=tuple(map(_category, podcast.categories)),
        explicit=podcast.explicit,
        type=podcast.type,
        medium=podcast.medium,
        locked=podcast.locked,
        people=tuple(map(_person, podcast.people)),
        license=podcast.license,
        license_url=podcast.license_url,
        copyright=podcast.copyright,
        generator=f"bobao {__version__}",
    )


def item(config: Config, root: str, episode: Episode, entry: Entry) -> Item:
    """An episode of the show."""
    slug = episode.slug
    place: Callable[[str], str] = lambda name: address(root, slug, name.replace("{slug}", slug))  # noqa: E731
    page = address(root, slug) + "/"
    marks = tuple(Mark(p.start_ms, p.title, f"{page}#chapter-{p.number}") for p in episode.parts)
    summary = episode.told("summary") or episode.summary or episode.title
    season = _number(episode.told("season")) or entry.season
    return Item(
        guid=entry.guid,
        title=episode.title or slug,
        link=page,
        published=_moment(entry, zone(config)),
        summary=summary,
        enclosure=Enclosure(place("{slug}.mp3"), episode.bytes),
        duration_ms=episode.duration_ms,
        notes=notes(summary, marks, [(label, place(name)) for name, label in _NOTES]),
        author=config.station.author or config.station.name,
        image=_cover(root, episode),
        season=season,
        season_name=f"{season}年" if config.podcast.seasons == "year" else "",
        episode=_number(episode.told("episode")) or entry.number,
        explicit=config.podcast.explicit,
        people=_people(config, episode),
        transcripts=tuple(
            Transcript(place(name), kind, config.station.language, captions)
            for name, kind, captions in _TEXTS
        ),
        chapters_url=place("chapters.json"),
        marks=marks,
    )


def files(episode: Episode) -> tuple[str, ...]:
    """The files that an episode's item points to, but those that are made by publishing."""
    names = (f"{episode.slug}.mp3", f"{episode.slug}.vtt", "chapters.json", episode.cover)
    return tuple(name for name in names if name)


def _moment(entry: Entry, where: timezone) -> datetime:
    """Midnight of its day, which is never in the future, and a minute more for each before it."""
    start = datetime.combine(date.fromisoformat(entry.date), time(), where)
    return start + timedelta(minutes=entry.rank)


def _image(url: str, alt: str) -> Image:
    return Image(url, alt, SIDE, "image/jpeg" if url.endswith(".jpg") else "image/png")


def _cover(root: str, episode: Episode) -> Image | None:
    if not episode.cover:
        return None
    return _image(address(root, episode.slug, episode.cover), f"封面：{episode.title}")


def _category(name: str) -> tuple[str, ...]:
    """The path of a category of Apple's; one that Apple has not is left for the check to find."""
    for row in rows("bobao.publish.feed", "categories.tsv"):
        if row[-1] == name:
            return row
    return (name,)


def _people(config: Config, episode: Episode) -> tuple[Person, ...]:
    """Those of the episode with those of the show, whom they would hide otherwise."""
    own = episode.told("people")
    if not own:
        return ()
    return tuple(map(_person, (*own.split("|"), *config.podcast.people)))


def _person(told: str) -> Person:
    """“name; role; group; URL”."""
    given = [part.strip() for part in told.split(";")]
    name, role, group, href = (*given[:4], *_PERSON[len(given) :])
    return Person(name, role or "host", group or "cast", href)


def _number(told: str) -> int:
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0
