"""``publication.json``: the bulletin's folder as a W3C Audiobook (Recommendation 2020-11-10).

The chapter files are its reading order. Its schema:
https://www.w3.org/ns/pub-schema/audiobooks/audiobooks.schema.json
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from bobao.book.clock import iso_duration
from bobao.book.facts import Facts, facts
from bobao.book.layout import one_line
from bobao.config import Station
from bobao.model import Bulletin, Chapter

MANIFEST = "publication.json"
PAGE = "index.html"
"""The primary entry page, with the table of contents; `bobao publish` puts it there."""

_RESOURCES = {
    "{slug}.vtt": ("text/vtt", ""),
    "{slug}.epub": ("application/epub+zip", ""),
    "chapters.json": ("application/json+chapters", ""),
    "cover.png": ("image/png", "cover"),
    "cover.jpg": ("image/jpeg", "cover"),
}
_ALWAYS = frozenset({"{slug}.epub"})
"""Written with this manifest, so not among the products that the bulletin lists."""


def render_audiobook(bulletin: Bulletin, station: Station, identifier: str = "") -> str:
    """The manifest, to lie beside the chapter files. `identifier` as for the EPUB."""
    about = facts(bulletin, station, identifier)
    tree: dict[str, Any] = {
        "@context": [
            "https://schema.org",
            "https://www.w3.org/ns/pub-context",
            {"language": about.language},
        ],
        "conformsTo": "https://www.w3.org/TR/audiobooks/",
        "type": "Audiobook",
        **_about(about, bulletin),
        "url": _address(station, bulletin.header.slug),
        "readingOrder": [_chapter(chapter) for chapter in bulletin.chapters],
        "resources": _resources(bulletin),
    }
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def _about(about: Facts, bulletin: Bulletin) -> dict[str, Any]:
    return {
        "id": about.identifier,
        "name": about.title,
        "author": {"type": "Organization", "name": about.author},
        "publisher": {"type": "Organization", "name": about.publisher},
        "readBy": list(about.narrators),
        "description": about.description,
        "inLanguage": about.language,
        "readingProgression": "ltr",
        "datePublished": about.date,
        "dateModified": about.date,
        "duration": iso_duration(bulletin.duration_ms),
        "abridged": False,
        "accessMode": list(about.modes),
        "accessModeSufficient": [
            {"type": "ItemList", "itemListElement": way.split(",")} for way in about.sufficient
        ],
        "accessibilityFeature": [f for f in about.features if f != "displayTransformability"],
        "accessibilityHazard": list(about.hazards),
        "accessibilitySummary": about.summary,
    }


def _address(station: Station, slug: str) -> str:
    return f"{station.site.rstrip('/')}/{quote(slug)}/" if station.site else PAGE


def _chapter(chapter: Chapter) -> dict[str, Any]:
    return {
        "type": "LinkedResource",
        "url": quote(chapter.file),
        "encodingFormat": "audio/mpeg",
        "name": one_line(chapter.title) or f"第{chapter.number}章",
        "duration": iso_duration(chapter.end_ms - chapter.start_ms),
        "alternate": {
            "type": "LinkedResource",
            "url": f"{PAGE}#chapter-{chapter.number}",
            "encodingFormat": "text/html",
        },
    }


def _resources(bulletin: Bulletin) -> list[dict[str, Any]]:
    there = {product.name for product in bulletin.products}
    found: list[dict[str, Any]] = [
        {
            "type": "LinkedResource",
            "url": PAGE,
            "encodingFormat": "text/html",
            "rel": "contents",
        }
    ]
    for pattern, (media, relation) in _RESOURCES.items():
        name = pattern.replace("{slug}", bulletin.header.slug)
        if name in there or pattern in _ALWAYS:
            link = {"type": "LinkedResource", "url": quote(name), "encodingFormat": media}
            found.append({**link, "rel": relation} if relation else link)
    return found
