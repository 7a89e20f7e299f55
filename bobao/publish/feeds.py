"""Writing the feeds: built, checked, and only then put into the site.

A page is built only if something in it has changed, which is known without building it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from bobao.files import sha256
from bobao.publish import show
from bobao.publish.catalogue import Made, Record, stamp_of
from bobao.publish.feed.check import check, errors
from bobao.publish.feed.findings import Finding, Severity
from bobao.publish.feed.looks import Looker
from bobao.publish.feed.paging import page_name, split
from bobao.publish.feed.render import render
from bobao.publish.feed.values import Channel, Item, Page
from bobao.publish.files import place
from bobao.publish.state import Entry
from bobao.publish.station import FEED
from bobao.publish.work import Run
from bobao.station import versions
from bobao.station.config import Config


@dataclass(frozen=True, slots=True)
class Feeds:
    """What became of the feeds: their files, those that were written, what the check found.

    `there`: the feed in the site is that of these episodes.
    """

    there: bool
    made: dict[str, Made] = field(default_factory=dict)
    written: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What an item is made from: an episode; `seen` are its files' sizes."""

    record: Record
    entry: Entry
    seen: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to be, with a digest of everything that decides its bytes and whether it is right."""

    name: str
    url: str
    channel: Channel
    sources: tuple[Source, ...]
    number: int
    count: int
    key: str


def bring_feeds(run: Run, now: datetime, strict: bool = True) -> Feeds:
    """Write the feeds of a run's episodes; nothing is written where an error is found.

    With `strict` False they are written in any case.
    """
    site, root = run.workspace.site, run.state.base_url
    looker = Looker(root, site)
    documents: dict[str, bytes] = {}
    findings: list[Finding] = []
    made: dict[str, Made] = {}
    for sheet in sheets(run):
        made[sheet.name] = Made(sheet.key, stamp_of(site / sheet.name) or (0, 0))
        if made[sheet.name] == run.found.made.get(sheet.name):
            continue
        items = tuple(item_of(run.config, root, source) for source in sheet.sources)
        data = render(Page(sheet.channel, items, sheet.number, sheet.count))
        told = check(data, now, url=sheet.url, looker=looker)
        findings += [
            replace(each, where=f"{sheet.name}, {each.where}")
            for each in told
            if each.severity is not Severity.HINT
        ]
        documents[sheet.name] = data
        if errors(told):  # looked at again the next time, whatever happens
            made[sheet.name] = replace(made[sheet.name], key="")
    if strict and errors(findings):
        return Feeds(False, findings=tuple(findings))
    written = [
        name
        for name, data in documents.items()
        if place(site / name, partial(_write, data), run.hidden)
    ]
    for name in documents:
        made[name] = replace(made[name], stamp=stamp_of(site / name) or (0, 0))
    return Feeds(True, made, tuple(written), tuple(findings))


def _write(data: bytes, path: Path) -> None:
    path.write_bytes(data)


def item_of(config: Config, root: str, source: Source) -> Item:
    """The item that is made from a source."""
    return show.item(config, root, source.record.episode, source.entry)


def sheets(run: Run) -> Iterator[Sheet]:
    """The pages of the feed, nothing of them built yet."""
    site, config, state, live = run.workspace.site, run.config, run.state, run.state.live()
    root = state.base_url
    sources = []
    for slug in run.order:
        record = run.found.records[slug]
        names = show.files(record.episode)
        stamps = (stamp_of(f"{site}/{slug}/{name}") for name in names)
        seen = " ".join(str(stamp[0]) if stamp else "-" for stamp in stamps)
        sources.append(Source(record, live[slug], seen))
    channel = show.channel(config, root, FEED, state.guid)
    if state.former:
        channel = replace(channel, moved_to=channel.url)
    yield from _split(site, config, channel, FEED, sources)


def _split(
    site: Path, config: Config, channel: Channel, name: str, sources: Sequence[Source]
) -> Iterator[Sheet]:
    slices = split(len(sources))
    cover = stamp_of(site / channel.image.url.rsplit("/", maxsplit=1)[-1])
    common = f"{versions.named('site')} {config.station} {config.podcast} {channel} {cover}"
    for number, part in enumerate(slices, start=1):
        mine = tuple(sources[part])
        told = [f"{s.record.sha256} {s.entry} {s.seen}" for s in mine]
        where = f"{min(number, 3)} {len(slices) - number}"
        key = sha256("\n".join([common, where, *told]).encode("utf-8"))[:32]
        file = page_name(name, number, len(slices))
        url = page_name(channel.url, number, len(slices))
        yield Sheet(file, url, channel, mine, number, len(slices), key)
