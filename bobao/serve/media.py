"""What each file is: its media type, and whether other sites' players may read it.

Types are those registered with IANA, or, for chapters.json, of the podcast namespace.
"""

from __future__ import annotations

_TEXT = "; charset=utf-8"

_NAMES = {
    "chapters.json": "application/json+chapters",
}
"""Files whose name says more than its ending."""

_FEED = ("feed", "rss")
_FEED_TYPE = "application/rss+xml" + _TEXT

_ENDINGS = {
    ".css": "text/css" + _TEXT,
    ".htm": "text/html" + _TEXT,
    ".html": "text/html" + _TEXT,
    ".js": "text/javascript" + _TEXT,
    ".md": "text/markdown" + _TEXT,
    ".srt": "application/x-subrip" + _TEXT,
    ".tsv": "text/tab-separated-values" + _TEXT,
    ".txt": "text/plain" + _TEXT,
    ".vtt": "text/vtt" + _TEXT,
    ".json": "application/json",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".ncx": "application/x-dtbncx+xml",
    ".opf": "application/oebps-package+xml",
    ".rss": _FEED_TYPE,
    ".smil": "application/smil+xml",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".xhtml": "application/xhtml+xml" + _TEXT,
    ".xml": "application/xml" + _TEXT,
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".wav": "audio/wav",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
UNKNOWN = "application/octet-stream"

_SHARED = (".vtt", ".srt", ".json", ".xml", ".rss")
"""Transcripts, chapters and feeds: a web player on another site has to be able to fetch them."""


def media_type(name: str) -> str:
    """The Content-Type of a file, by its name."""
    name = name.lower()
    stem, dot, ending = name.rpartition(".")
    if ending == "xml" and stem.startswith(_FEED):
        return _FEED_TYPE
    return _NAMES.get(name) or _ENDINGS.get(dot + ending, UNKNOWN)


def shared(name: str) -> bool:
    """Whether any site may read the file from a browser (CORS)."""
    return name.lower().endswith(_SHARED)
