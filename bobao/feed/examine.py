"""Examining a feed where it lies, all its pages with it: at an address, or in a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from bobao.errors import BobaoError
from bobao.feed.check import check
from bobao.feed.document import MOST_BYTES, Document, Part, inside, read, where
from bobao.feed.findings import ORDER, Finding, Severity
from bobao.feed.looks import FolderLooker, Looker
from bobao.feed.web import Web
from bobao.reading.exchange import joined

PAGES = 50
"""Pages of a feed that are examined; with ours these are 5,000 items."""

Fetch = Callable[[str], tuple[bytes, str]]
"""From the address of a page to its bytes and where they were in the end."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was examined, and what was found, errors first."""

    pages: tuple[str, ...]
    items: int
    findings: tuple[Finding, ...]


def examine_url(url: str, now: datetime, web: Web, newest: int) -> Report:
    """Examine the feed at an address, and by `web` what its `newest` items point to.

    Raises `BobaoError` where the feed itself cannot be had.
    """

    def fetch(page: str) -> tuple[bytes, str]:
        answer = web.feed(page)
        return answer.data, answer.url

    return _examine(url, fetch, now, web, newest)


def examine_file(path: Path, now: datetime, newest: int) -> Report:
    """Examine a feed in a folder, which is taken for the place that its atom:link names.

    Raises `BobaoError` where it cannot be read.
    """
    data = _bytes(path)
    base = _base(data)

    def fetch(page: str) -> tuple[bytes, str]:
        inside_folder = base and page.startswith(base)
        name = Path(unquote(page[len(base) :])).name if inside_folder else ""
        return (_bytes(path.parent / name), page) if name else (data, "")

    looker = FolderLooker(base, path.parent) if base else None
    return _examine("", fetch, now, looker, newest)


def _examine(url: str, fetch: Fetch, now: datetime, looker: Looker | None, newest: int) -> Report:
    pages: list[str] = []
    findings: list[Finding] = []
    guids: dict[str, str] = {}
    items, following = 0, url
    while len(pages) < PAGES:
        try:
            data, here = fetch(following)
        except BobaoError as error:
            if not pages:
                raise
            findings.append(_lost(error, following))
            break
        document = _read(data, here)
        own = document is not None and document.channel.text("generator").startswith("bobao ")
        left = max(0, newest - items)
        found = check(data, now, url=here, looker=looker, newest=left, own=own)
        name = following if pages else ""
        findings += [_on(each, name) for each in found]
        pages.append(here or "feed")
        if document is None:
            break
        findings += (_on(each, name) for each in _again(document, guids))
        items += len(document.items)
        following = joined(here, _next(document.channel))
        if not _next(document.channel) or following in pages:
            break
    ordered = sorted(findings, key=lambda finding: ORDER[finding.severity])
    return Report(tuple(pages), items, tuple(ordered))


def _read(data: bytes, url: str) -> Document | None:
    try:
        return read(data, url)
    except BobaoError:  # the check tells it
        return None


def _again(document: Document, guids: dict[str, str]) -> list[Finding]:
    """Items that were on an earlier page: those of this page are remembered in `guids`."""
    found = []
    fresh = {}
    for item in document.items:
        for guid in item.all("guid"):
            name = inside(guid)
            if name in guids:
                found.append(
                    Finding(
                        "page-again",
                        Severity.WARNING,
                        f"the item “{name[:80]}” was on an earlier page",
                        where(guid),
                        "List every item on one page.",
                        "RFC 5005",
                    )
                )
            fresh[name] = name
    guids.update(fresh)
    return found


def _next(channel: Part) -> str:
    links = (link for link in channel.all("atom:link") if link.get("rel") == "next")
    return next((link.get("href", "").strip() for link in links), "")


def _lost(error: BobaoError, page: str) -> Finding:
    return Finding(
        "page-lost",
        Severity.ERROR,
        f"a further page of the feed cannot be read: {error.what}",
        page,
        "Put it there, or take the link to it out.",
        "RFC 5005",
    )


def _on(finding: Finding, page: str) -> Finding:
    return replace(finding, where=f"{page}, {finding.where}") if page else finding


def _base(data: bytes) -> str:
    """The address of the folder that a feed says it lies in; empty if it does not say."""
    try:
        links = read(data).channel.all("atom:link")
    except BobaoError:
        return ""
    urls = (link.get("href", "").strip() for link in links if link.get("rel") == "self")
    url = next(urls, "")
    return url.rpartition("/")[0] + "/" if "://" in url else ""


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BobaoError(
            f"cannot read the feed: {error.strerror or error}",
            where=str(path),
            advice="Give a file or an address. Ours is made by `bobao publish`.",
        ) from error
