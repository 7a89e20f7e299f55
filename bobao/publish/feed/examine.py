"""Examining a feed in a folder, all its pages with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from bobao.errors import BobaoError, refusals
from bobao.publish.feed.check import check
from bobao.publish.feed.document import MOST_BYTES, Document, Part, inside, read, where
from bobao.publish.feed.findings import ORDER, Finding, Severity
from bobao.publish.feed.looks import Looker

PAGES = 50
"""Pages of a feed that are examined; with ours these are 5,000 items."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was examined, and what was found, errors first."""

    pages: tuple[str, ...]
    items: int
    findings: tuple[Finding, ...]


def examine(path: Path, now: datetime) -> Report:
    """Examine a feed in a folder, which is taken for the place that its atom:link names.

    Raises `BobaoError` where it cannot be read.
    """
    pages: list[str] = []
    findings: list[Finding] = []
    guids: dict[str, str] = {}
    items, data, here = 0, _bytes(path), ""
    base = _base(data)
    looker = Looker(base, path.parent) if base else None
    while len(pages) < PAGES:
        document = _read(data, here)
        name = here if pages else ""
        findings += [_on(each, name) for each in check(data, now, url=here, looker=looker)]
        pages.append(here or "feed")
        if document is None:
            break
        findings += (_on(each, name) for each in _again(document, guids))
        items += len(document.items)
        here = _next(document.channel)
        if not base or not here.startswith(base) or here in pages:
            break
        try:
            data = _bytes(path.parent / Path(unquote(here[len(base) :])).name)
        except BobaoError as error:
            findings.append(_lost(error, here))
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
    advice = "Give a file. Ours is made by `bobao publish`."
    with refusals("cannot read the feed", path, advice), path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
