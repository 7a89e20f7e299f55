"""Which elements a feed has: two tables from their names to what they hold, in document order.

A value is a text, a `Tag`, or several of either; what is empty is left out of the feed. Sources:
rssboard.org/rss-specification; Apple, “A podcaster's guide to RSS”; podcast-namespace, docs/tags;
PSP-1; RFC 4287 and 5005 (atom:link); podlove.org/simple-chapters; RSS 1.0 content module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bobao.publish.feed.paging import relations
from bobao.publish.feed.text import normal_play_time, one_line, paragraph, rfc2822, seconds, title
from bobao.publish.feed.values import Image, Item, Page, Person

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "psc": "http://podlove.org/simple-chapters",
}
FEED_TYPE = "application/rss+xml"
CHAPTERS_TYPE = "application/json+chapters"


@dataclass(frozen=True, slots=True)
class Tag:
    """The inside of an element. Attributes without a value are left out; `html` is its CDATA.

    One whose `text` is empty is left out whole, whatever its attributes; None: it has no text.
    """

    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, Content] = field(default_factory=dict)
    html: str = ""


Content = str | Tag | Sequence[Tag]


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


def _true(fact: bool) -> str:
    return "true" if fact else "false"


def _people(people: Sequence[Person]) -> list[Tag]:
    return [
        Tag(one_line(p.name, 128), {"role": p.role, "group": p.group, "href": p.href})
        for p in people
    ]


def _picture(image: Image) -> Tag:
    """podcast:image: the same picture with its text, for those who cannot see it."""
    attributes = {
        "href": image.url,
        "alt": one_line(image.alt),
        "aspect-ratio": "1/1",
        "width": str(image.width or ""),
        "type": image.type,
        "purpose": "artwork",
    }
    return Tag(attributes=attributes)


def _synthetic(synthetic: bool) -> Tag:
    return Tag(_true(synthetic), {"purpose": "ai-content"})


def _category(path: Sequence[str]) -> Tag:
    inner = {"itunes:category": _category(path[1:])} if path[1:] else {}
    return Tag(attributes={"text": path[0]}, children=inner)


def _rss_image(page: Page) -> Tag:
    show = page.channel
    children = {"url": show.image.url, "title": title(show.title), "link": show.link}
    return Tag(children=children)


def _links(page: Page) -> list[Tag]:
    return [
        Tag(attributes={"rel": rel, "type": FEED_TYPE, "href": url}) for rel, url in relations(page)
    ]


def _newest(page: Page) -> str:
    return rfc2822(max(item.published for item in page.items)) if page.items else ""


CHANNEL: dict[str, Callable[[Page], Content]] = {
    "atom:link": _links,
    "title": lambda p: title(p.channel.title),
    "link": lambda p: p.channel.link,
    "description": lambda p: Tag(html=paragraph(p.channel.description)),
    "language": lambda p: p.channel.language,
    "copyright": lambda p: one_line(p.channel.copyright),
    "pubDate": _newest,
    "generator": lambda p: p.channel.generator,
    "image": _rss_image,
    "itunes:author": lambda p: one_line(p.channel.author),
    "itunes:owner": lambda p: Tag(
        children={"itunes:name": one_line(p.channel.owner), "itunes:email": p.channel.email}
    ),
    "itunes:image": lambda p: Tag(attributes={"href": p.channel.image.url}),
    "itunes:category": lambda p: [_category(path) for path in p.channel.categories],
    "itunes:explicit": lambda p: _true(p.channel.explicit),
    "itunes:type": lambda p: p.channel.type,
    "itunes:new-feed-url": lambda p: p.channel.moved_to,
    "podcast:guid": lambda p: p.channel.guid,
    "podcast:medium": lambda p: p.channel.medium,
    "podcast:locked": lambda p: Tag(_yes(p.channel.locked), {"owner": p.channel.email}),
    "podcast:person": lambda p: _people(p.channel.people),
    "podcast:license": lambda p: Tag(
        one_line(p.channel.license, 128), {"url": p.channel.license_url}
    ),
    "podcast:image": lambda p: _picture(p.channel.image),
    "podcast:txt": lambda p: _synthetic(p.channel.synthetic),
}

ITEM: dict[str, Callable[[Item], Content]] = {
    "title": lambda i: title(i.title),
    "link": lambda i: i.link,
    "guid": lambda i: Tag(i.guid, {"isPermaLink": "false"}),
    "pubDate": lambda i: rfc2822(i.published),
    "description": lambda i: Tag(html=paragraph(i.summary)),
    "content:encoded": lambda i: Tag(html=i.notes),
    "enclosure": lambda i: Tag(
        attributes={
            "url": i.enclosure.url,
            "length": str(i.enclosure.bytes),
            "type": i.enclosure.type,
        }
    ),
    "itunes:title": lambda i: title(i.title),
    "itunes:author": lambda i: one_line(i.author),
    "itunes:duration": lambda i: seconds(i.duration_ms),
    "itunes:explicit": lambda i: _true(i.explicit),
    "itunes:image": lambda i: Tag(attributes={"href": i.image.url if i.image else ""}),
    "itunes:season": lambda i: str(i.season or ""),
    "itunes:episode": lambda i: str(i.episode or ""),
    "itunes:episodeType": lambda i: i.kind,
    "podcast:season": lambda i: Tag(str(i.season or ""), {"name": one_line(i.season_name, 128)}),
    "podcast:episode": lambda i: str(i.episode or ""),
    "podcast:chapters": lambda i: Tag(
        attributes={"url": i.chapters_url, "type": CHAPTERS_TYPE if i.chapters_url else ""}
    ),
    "podcast:transcript": lambda i: [
        Tag(
            attributes={
                "url": t.url,
                "type": t.type,
                "language": t.language,
                "rel": "captions" if t.captions else "",
            }
        )
        for t in i.transcripts
    ],
    "podcast:person": lambda i: _people(i.people),
    "podcast:image": lambda i: _picture(i.image) if i.image else "",
    "podcast:txt": lambda i: _synthetic(i.synthetic),
    "psc:chapters": lambda i: Tag(
        attributes={"version": "1.2" if i.marks else ""},
        children={
            "psc:chapter": [
                Tag(
                    attributes={
                        "start": normal_play_time(m.start_ms),
                        "title": one_line(m.title),
                        "href": m.url,
                    }
                )
                for m in i.marks
            ]
        },
    ),
}
