"""What machines are told about a page: schema.org as JSON-LD."""

from __future__ import annotations

from typing import Any

from bobao.model import Bulletin
from bobao.publish.site import formats, safe
from bobao.publish.site.links import summary
from bobao.publish.site.values import Links, Site

_FEATURES = (
    "transcript",
    "synchronizedAudioText",
    "structuralNavigation",
    "displayTransformability",
    "readingOrder",
)


def episode(bulletin: Bulletin, site: Site, links: Links) -> dict[str, Any]:
    """A ``PodcastEpisode`` with its sound, and how it can be taken in (accessMode)."""
    root = _root(site, links.page)
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "name": safe.clean(bulletin.header.title),
        "url": f"{site.base_url}{safe.url(links.page)}" if root else "",
        "description": safe.clean(summary(bulletin)),
        "datePublished": bulletin.header.date if formats.day(bulletin.header.date) else "",
        "inLanguage": site.language,
        "timeRequired": formats.iso_length(bulletin.duration_ms),
        "accessMode": ["auditory", "textual"],
        "accessModeSufficient": ["auditory", "textual"],
        "accessibilityFeature": list(_FEATURES),
        "partOfSeries": _filled({"@type": "PodcastSeries", "name": safe.clean(site.name)}),
        "associatedMedia": {
            "@type": "AudioObject",
            "contentUrl": f"{root}{safe.url(links.audio)}",
            "encodingFormat": "audio/mpeg",
            "duration": formats.iso_length(bulletin.duration_ms),
        },
    }
    return _filled(found)


def series(site: Site) -> dict[str, Any]:
    """A ``PodcastSeries``."""
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "PodcastSeries",
            "name": safe.clean(site.name),
            "description": safe.clean(site.description),
            "inLanguage": site.language,
            "url": site.base_url,
            "webFeed": f"{site.base_url}{safe.url(site.feed)}" if site.feed else "",
        }
    )


def _root(site: Site, page: str) -> str:
    """The address of the folder that a page lies in; empty where nobody knows it."""
    if not site.base_url or not page:
        return ""
    return site.base_url + safe.folder(page)


def _filled(tree: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in tree.items() if value}
