"""Checking a feed: before it is written, and where it is, all its pages with it.

What a feed must and should be is in three tables in ``data/``: ``needs.tsv`` has the elements that
must be there, ``values.tsv`` the form of what is in them, ``rules.tsv`` the rest: an XPath of what
is wrong, or a function of `feedrules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from bobao.errors import BobaoError, refusals
from bobao.files import rows
from bobao.publish import feedrules
from bobao.publish.feeddoc import (
    MOST_BYTES,
    WANTED,
    FeedDocument,
    FeedPart,
    Hit,
    LinkedFile,
    inside,
    part_of,
    read,
    where,
)

PAGES = 50
"""Pages of a feed that are examined; with ours these are 5,000 items."""


class Severity(str, Enum):
    """How bad it is: an error keeps the feed or an item from somebody."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


_ORDER = {severity: number for number, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class FeedFinding:
    """One fault: which rule, what is wrong, where (line and item), what to do, who says so."""

    rule: str
    severity: Severity
    what: str
    where: str
    advice: str
    source: str

    def __str__(self) -> str:
        return f"{self.severity.value}: {self.where}: {self.what}\n  {self.advice}"

    def is_error(self) -> bool:
        """Whether it keeps a feed from being published."""
        return self.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder that is or will be published at `base` (a URL that ends in a slash)."""

    base: str
    path: Path

    def look(self, url: str, most: int) -> LinkedFile | None:
        """What is in the folder for an address, `most` bytes; None for an address elsewhere."""
        if not url.startswith(self.base):
            return None
        name = unquote(urlsplit(url[len(self.base) :]).path)
        path = self.path / name
        if name == "" or name.endswith("/"):
            path /= "index.html"
        try:
            if not path.resolve().is_relative_to(self.path.resolve()):
                return LinkedFile("it is outside the folder")
            with path.open("rb") as file:
                return LinkedFile(size=path.stat().st_size, data=file.read(most))
        except (OSError, ValueError):
            return LinkedFile("there is no such file")


def check(
    data: bytes, now: datetime, *, url: str = "", folder: Folder | None = None
) -> tuple[FeedFinding, ...]:
    """What is wrong with a feed, errors first, then by line.

    `url` is where it was read from; what it points to is looked at in `folder`.
    """
    try:
        feed = read(data, url, now)
    except BobaoError as error:
        unread = ("xml", Severity.ERROR, error.what, error.where, error.advice, "XML 1.0")
        return (FeedFinding(*unread),)
    for place in feed.places() if folder else ():
        if folder and (look := folder.look(place.url, WANTED[place.kind])):
            feed.seen.append((place, look))
    return _sorted(_findings(feed))


def _sorted(findings: Iterator[FeedFinding] | Sequence[FeedFinding]) -> tuple[FeedFinding, ...]:
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.severity]))


# ── The tables ──────────────────────────────────────────────────────────────────────────────────


def _findings(feed: FeedDocument) -> Iterator[FeedFinding]:
    """All that is wrong with a feed, rule by rule."""
    for name, severity, source, path, detail, what, advice in rows(__package__, "rules.tsv"):
        for element, found in feed.breaking(path, detail) if path else _rule(name)(feed):
            said = what.replace("{}", found)
            yield FeedFinding(name, Severity(severity), said, where(element), advice, source)
    for level, path, severity, source, advice in rows(__package__, "needs.tsv"):
        said = f"the {level} has no {path.split('/')[-1].replace('@', ' ')}"
        for part in feed.parts(level):
            if not any(_values(part, path)):
                place, name = where(part.element), _need(level, path)
                yield FeedFinding(name, Severity(severity), said, place, advice, source)
    for row in rows(__package__, "values.tsv"):
        level, path, severity, source, needed, form, wanted, advice = row
        said = f"{path.replace('@', ' ')} of the {level}"
        for element, found in _misfits(feed, level, path, form, needed=bool(needed)):
            what = f"{said} is {found}; it should be {wanted}"
            name, place = _value(level, path), where(element)
            yield FeedFinding(name, Severity(severity), what, place, advice, source)


def _rule(name: str) -> Callable[[FeedDocument], Iterator[Hit]]:
    """The function of a rule."""
    return cast(
        "Callable[[FeedDocument], Iterator[Hit]]", getattr(feedrules, name.replace("-", "_"))
    )


def rule_names() -> frozenset[str]:
    """The names of all rules."""
    rules = [row[0] for row in rows(__package__, "rules.tsv")]
    rules += [_need(*row[:2]) for row in rows(__package__, "needs.tsv")]
    return frozenset([*rules, *(_value(*row[:2]) for row in rows(__package__, "values.tsv"))])


def _need(level: str, path: str) -> str:
    return f"{level}-{path.replace('@', '-').split('/')[-1]}"


def _value(level: str, path: str) -> str:
    return f"{level}-{path.replace('@', '-')}-value"


def _values(within: FeedPart, path: str) -> Iterator[str]:
    outer, _, inner = path.partition("/")
    name, _, attribute = outer.partition("@")
    for element in within.all(name):
        if inner:
            yield from _values(part_of(element), inner)
        elif attribute:
            yield element.get(attribute, "").strip()
        else:  # atom:link has no text
            yield inside(element) or " ".join(element.attrib.values())


def _misfits(
    feed: FeedDocument, level: str, path: str, form: str, *, needed: bool
) -> Iterator[Hit]:
    name, _, attribute = path.partition("@")
    for part in feed.parts(level):
        for element in part.all(name):
            value = element.get(attribute) if attribute else inside(element)
            if value is None and needed:
                yield element, "missing"
            elif value and not _fits(value.strip(), form):
                yield element, f"“{value.strip()[:60]}”"


def _fits(value: str, form: str) -> bool:
    if form.startswith("bytes:"):
        return len(value.encode("utf-8")) <= int(form[6:])
    return re.fullmatch(form, value, re.DOTALL) is not None


# ── A feed with its pages ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What was examined, and what was found, errors first."""

    pages: tuple[str, ...]
    items: int
    findings: tuple[FeedFinding, ...]


def examine(path: Path, now: datetime) -> FeedReport:
    """Examine a feed in a folder, which is taken for the place that its atom:link names.

    Raises `BobaoError` where it cannot be read.
    """
    pages: list[str] = []
    findings: list[FeedFinding] = []
    guids: set[str] = set()
    items, data, here = 0, _bytes(path), ""
    first = _read(data)
    base = first.link("self").rpartition("/")[0] + "/" if first else ""
    folder = Folder(base, path.parent) if "://" in base else None
    while len(pages) < PAGES:
        feed = _read(data)
        found = [*check(data, now, url=here, folder=folder), *_repeated(feed, guids)]
        findings += [replace(f, where=f"{here}, {f.where}") if pages else f for f in found]
        pages.append(here or "feed")
        if feed is None:
            break
        items += len(feed.items)
        here = feed.link("next")
        if folder is None or not here.startswith(base) or here in pages:
            break
        try:
            data = _bytes(path.parent / Path(unquote(here[len(base) :])).name)
        except BobaoError as error:
            what = f"a further page of the feed cannot be read: {error.what}"
            advice = "Put it there, or take the link to it out."
            lost = ("page-lost", Severity.ERROR, what, here, advice, "RFC 5005")
            findings.append(FeedFinding(*lost))
            break
    return FeedReport(tuple(pages), items, _sorted(findings))


def _read(data: bytes) -> FeedDocument | None:
    try:
        return read(data)
    except BobaoError:  # the check tells it
        return None


def _repeated(feed: FeedDocument | None, guids: set[str]) -> Iterator[FeedFinding]:
    """Items that were on an earlier page: those of this page are remembered in `guids`."""
    own = [(inside(guid), guid) for guid in feed.each("guid")] if feed else []
    for name, guid in own:
        if name in guids:
            what = f"the item “{name[:80]}” was on an earlier page"
            advice, severity = "List every item on one page.", Severity.WARNING
            yield FeedFinding("page-again", severity, what, where(guid), advice, "RFC 5005")
    guids.update(name for name, _ in own)


def _bytes(path: Path) -> bytes:
    advice = "Give a file. Ours is made by `bobao publish`."
    with refusals("cannot read the feed", path, advice), path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
