"""A paper's feed as a source of articles: RSS, Atom, JSON Feed.

What an item brings whole is kept as it is; of one that has only a summary the page is fetched. The
workspace remembers what was taken, so that nothing is taken twice, though it was renamed or thrown
away since; what failed is tried again the next time.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from bobao.errors import BobaoError
from bobao.files import sha256, write_text
from bobao.reading.addresses import is_url
from bobao.reading.fetch import Busy, Fetched, fetch
from bobao.reading.seeds import kept

if TYPE_CHECKING:
    from bobao.station.workspace import Workspace

MOST = 200
"""Items that are taken of one feed at a time, the youngest ones."""
REMEMBERED = 5_000
"""Items of a feed that are remembered."""
WHOLE = 200
"""An item with so many characters of text is the article itself and no summary."""
PAUSE_S = 0.5
"""Between two requests for pages."""
OFTEN_S, SELDOM_S, USUAL_S = 300, 86_400, 900
"""How often a feed that is watched is asked: at most, at least, and where it says nothing."""
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class NewsItem:
    """An item: what names it for ever, its title, its page, and what it brings as HTML."""

    key: str
    title: str = ""
    link: str = ""
    content: str = ""
    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a feed: files in `seeds/`, and what was wrong with which address."""

    paths: tuple[Path, ...] = ()
    faults: dict[str, BobaoError] = field(default_factory=dict)
    wait_s: int = USUAL_S


@dataclass(slots=True)
class Known:
    """What is remembered of a feed: the server's marks of its last state, the items taken."""

    etag: str = ""
    modified: str = ""
    taken: list[str] = field(default_factory=list)


def taken(workspace: Workspace, address: str, *, private: bool = False) -> Taken:
    """Take what is new at an address: the new items of a feed, or the one article there.

    Raises `BobaoError` where nothing can be had at all.
    """
    state = _remembered(workspace)
    known = state.setdefault(address, Known())
    got = fetch(address, private=private, since=(known.etag, known.modified))
    if not got.fresh:
        return Taken(wait_s=_wait(got.age_s))
    parsed = parse(got)
    if parsed is None:
        return Taken((kept(workspace.seeds, got),))
    items, ttl_s = parsed
    done, faults = list[Path](), dict[str, BobaoError]()
    for item in items:
        key = sha256(item.key.encode("utf-8", "replace"))[:16]
        if key in known.taken:
            continue
        try:
            done.append(kept(workspace.seeds, _article(item, private=private)))
        except BobaoError as error:
            faults[item.link or item.title] = error
            if isinstance(error, Busy):
                break
            continue
        known.taken = [*known.taken, key][-REMEMBERED:]
        _remember(workspace, state)
    if not faults:  # else the whole feed is looked at again the next time
        known.etag, known.modified = got.etag, got.modified
    _remember(workspace, state)
    return Taken(tuple(done), faults, _wait(got.age_s or ttl_s))


def _wait(seconds: int) -> int:
    return max(OFTEN_S, min(SELDOM_S, seconds or USUAL_S))


def parse(got: Fetched) -> tuple[list[NewsItem], int] | None:
    """The youngest items of a feed, the oldest of them first, and how long it says to wait.

    None for what is no feed. Raises `BobaoError` for a feed that declares entities: they are how
    XML is made to explode, and feeds need none.
    """
    data = got.data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if data[:1] == b"{":
        found, ttl_s = _json_items(data, got.url)
        return None if found is None else (found[:MOST][::-1], ttl_s)
    if not _FEED.search(data[:2_000]) or b"<html" in data[:500].lower():
        return None
    if b"<!ENTITY" in data:
        raise BobaoError(
            "this feed declares entities", where=got.url, advice="Ask its maker for a plain one."
        )
    import feedparser

    tree = feedparser.parse(data, response_headers={"content-location": got.url})
    ttl = str(tree.feed.get("ttl", ""))
    items = [_item(entry, got.url) for entry in tree.entries[:MOST]]
    return items[::-1], int(ttl) * 60 if ttl.isdecimal() and len(ttl) < 6 else 0


def _item(entry: Any, base: str) -> NewsItem:
    contents = [str(each.get("value", "")) for each in entry.get("content", ())]
    content = max([*contents, str(entry.get("summary", ""))], key=len)
    link = urljoin(base, str(entry.get("link", "")))
    return NewsItem(
        key=str(entry.get("id") or link or entry.get("title") or content),
        title=str(entry.get("title", "")),
        link=link,
        content=content,
        author=str(entry.get("author", "")),
        date=str(entry.get("published", "") or entry.get("updated", "")),
    )


def _json_items(data: bytes, base: str) -> tuple[list[NewsItem] | None, int]:
    """The items of a JSON Feed (jsonfeed.org, version 1.1); None for other JSON."""
    try:
        tree = json.loads(data)
        if "jsonfeed.org" not in str(tree["version"]):
            return None, 0
        return [_json_item(row, base) for row in tree["items"][:MOST]], 0
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, 0


def _json_item(row: dict[str, Any], base: str) -> NewsItem:
    text = "".join(f"<p>{html.escape(p)}</p>" for p in str(row.get("content_text", "")).split("\n"))
    link = urljoin(base, str(row.get("url", "")))
    authors = [str(each.get("name", "")) for each in row.get("authors", ())]
    return NewsItem(
        key=str(row.get("id") or link),
        title=str(row.get("title", "")),
        link=link,
        content=str(row.get("content_html", "")) or text,
        author="、".join(authors),
        date=str(row.get("date_published", "")),
    )


def _article(item: NewsItem, *, private: bool) -> Fetched:
    """The article of an item: what it brings, if that is whole, else its page."""
    words = len("".join(_TAG.sub("", item.content).split()))
    if words < WHOLE and is_url(item.link):
        time.sleep(PAUSE_S)
        return fetch(item.link, private=private)
    if not words:
        raise BobaoError(
            "this item has neither a text nor an address", where=item.title, advice="Skip it."
        )
    return Fetched("".join(_page(item)).encode("utf-8", "replace"), "item.html", item.link)


def _page(item: NewsItem) -> Iterator[str]:
    title = html.escape(_TAG.sub("", html.unescape(item.title)))
    yield '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
    yield f"<title>{title}</title>"
    if item.author:
        yield f'<meta name="author" content="{html.escape(item.author)}">'
    if urlsplit(item.link).scheme in ("http", "https"):
        yield f'<link rel="canonical" href="{html.escape(item.link)}">'
    yield f"</head>\n<body><article><h1>{title}</h1>\n{item.content}\n</article></body></html>\n"


def _remembered(workspace: Workspace) -> dict[str, Known]:
    try:
        rows = json.loads(workspace.feeds.read_text("utf-8"))
        return {address: Known(**row) for address, row in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _remember(workspace: Workspace, state: dict[str, Known]) -> None:
    rows = {address: asdict(known) for address, known in state.items() if known.taken}
    if rows:
        write_text(workspace.feeds, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
