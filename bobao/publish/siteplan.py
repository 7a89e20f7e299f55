"""What the site should have, found without writing anything; and what of it stands as it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from bobao.errors import BobaoError
from bobao.files import sha256
from bobao.model import Bulletin
from bobao.publish import catalogue, outputs, register
from bobao.publish.catalogue import Catalogue, Record, stamp_of
from bobao.publish.feed import FeedItem, FeedPage, Show, page_name, render, split
from bobao.publish.making import HIDDEN, BulletinWork
from bobao.publish.outputs import (
    FEED,
    INDEX,
    Listing,
    Masthead,
    Material,
    Neighbour,
    Slot,
    cover_name,
    masthead_of,
)
from bobao.publish.register import Register
from bobao.publish.text import base
from bobao.station import versions
from bobao.station.config import Config
from bobao.station.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Held:
    """A bulletin that is not published: faults were found in it as it is now, the first in words.

    `report` is the page that has them all. One without faults says nothing, being a dry run. So
    many of the faults as `doubts` are those of a recogniser.
    """

    slug: str
    faults: int
    first: str
    report: str
    doubts: int = 0


def survey(
    workspace: Workspace, old: Catalogue
) -> tuple[dict[str, Record], list[Held], list[BobaoError]]:
    """The bulletins that may be published, those held back, and what is wrong with the others.

    Held back is one in which the last verification found faults, or nothing that is said, if it is
    the one that was verified; one that was never verified may be published. They are looked at one
    at a time: what is in memory are a few facts of each.
    """
    records, held, faults = dict[str, Record](), list[Held](), list[BobaoError]()
    for slug in workspace.bulletins():
        try:
            record = catalogue.look(workspace.bulletin(slug), old.records.get(slug))
        except BobaoError as error:
            faults.append(error)
            continue
        found = catalogue.last_verdict(workspace, slug)
        if record and found and found.first and found.sha256 == record.sha256:
            report = workspace.relative(workspace.report(slug)) if found.faults else ""
            held.append(Held(slug, found.faults, found.first, report, len(found.doubts)))
        elif record:
            records[slug] = record
    return records, held, faults


@dataclass(frozen=True, slots=True)
class SitePlan:
    """What there is to publish, and its settings; `hidden` is the folder for work in hand."""

    workspace: Workspace
    config: Config
    hidden: Path
    register: Register
    found: Catalogue

    @property
    def order(self) -> list[str]:
        """The slugs in the order of the site and the feed: newest first."""
        live = self.register.live()
        by_day = lambda slug: (live[slug].date, live[slug].rank, slug)  # noqa: E731
        return sorted(self.found.records, key=by_day, reverse=True)

    @property
    def masthead(self) -> Masthead:
        """The station on its site."""
        return masthead_of(self.config, self.config.station.site)

    def listings(self) -> Iterator[Listing]:
        """What the station's page lists."""
        live = self.register.live()
        for slug in self.order:
            episode = self.found.records[slug].episode
            yield Listing(
                path=f"{slug}/{INDEX}",
                title=episode.title,
                date=live[slug].date,
                duration_ms=episode.duration_ms,
                chapters=len(episode.parts),
                summary=episode.summary,
                cover=f"{slug}/{episode.cover}" if episode.cover else "",
                audio=f"{slug}/{slug}.mp3",
            )

    def work(self) -> Iterator[BulletinWork]:
        """Each bulletin with what surrounds it, in the order of the site."""
        live, records = self.register.live(), self.found.records
        order, masthead = self.order, self.masthead
        doors = [Neighbour(records[slug].episode.title, f"../{slug}/{INDEX}") for slug in order]
        for slug, newer, older in zip(order, [None, *doors], [*doors[1:], None], strict=False):
            urn, folder = live[slug].guid and f"urn:uuid:{live[slug].guid}", self.workspace.bulletin
            slot = Slot(slug, folder(slug), masthead, urn, newer, older)
            yield BulletinWork(records[slug], slot, self.hidden)

    def feed_pages(self) -> Iterator[tuple[str, FeedPage, str]]:
        """The feed's pages: file name, page, and a digest of all that decides whether it is right.

        Nothing of them is built yet.
        """
        site, state, live = self.workspace.site, self.register, self.register.live()
        show = Show(self.config, state.base_url, state.guid, moved=bool(state.former))
        items, seen = [], []
        for slug in self.order:
            record = self.found.records[slug]
            item = FeedItem(show, record.episode, live[slug])
            stamps = (stamp_of(f"{site}/{slug}/{name}") for name in item.files())
            sizes = " ".join(str(stamp[0]) if stamp else "-" for stamp in stamps)
            items.append(item)
            seen.append(f"{record.sha256} {live[slug]} {sizes}")
        cover = stamp_of(site / cover_name(self.config))
        common = f"{versions.named('site')} {self.config.station} {self.config.podcast} {show.root}"
        linked = [(o.name, o.type, o.notes, o.transcript) for o in outputs.OUTPUTS]
        common += f" {show.guid} {show.moved} {cover} {linked}"
        parts = split(len(items))
        for number, part in enumerate(parts, start=1):
            where = f"{min(number, 3)} {len(parts) - number}"
            key = sha256("\n".join([common, where, *seen[part]]).encode("utf-8"))[:32]
            page = FeedPage(show, tuple(items[part]), number, len(parts))
            yield page_name(FEED, number, len(parts)), page, key


def located(workspace: Workspace, base_url: str, state: Register) -> Config:
    """The settings, with the address that the site has."""
    config = workspace.config
    root = base(base_url or config.station.site) or state.base_url
    return replace(config, station=replace(config.station, site=root))


# ── What stands ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Standing:
    """The files of the bulletin's folder that were made as they would be made today.

    `files` has what writes each again, `feeds` the pages of the feeds that list it, each with
    nothing but its own items. What is stale (the settings or a neighbour have changed since) is in
    neither: it is the next publishing's work.
    """

    files: dict[str, Callable[[Path], None]] = field(default_factory=dict)
    feeds: dict[str, bytes] = field(default_factory=dict)


def standing(workspace: Workspace, slug: str, bulletin: Bulletin, sha256: str) -> Standing:
    """How the bulletin stands whose `bulletin.json` has this digest; empty where it never was.

    Read, and nothing written.
    """
    hidden = workspace.site / HIDDEN
    state, found = register.load(hidden), catalogue.load(hidden)
    record = found.records.get(slug)
    if record is None or record.sha256 != sha256 or not found.records.keys() <= state.live().keys():
        return Standing()
    config = located(workspace, state.base_url, state)
    plan, stands = SitePlan(workspace, config, hidden, state, found), Standing()
    work = next(each for each in plan.work() if each.slot.slug == slug)
    for output, name, key, beside in work.outputs(record.made):
        if name in record.made and record.made[name].key == key:
            stands.files[name] = partial(output.make, Material(bulletin, work.slot, beside))
    for name, page, key in plan.feed_pages() if state.base_url else ():
        own = tuple(item for item in page.items if item.episode.slug == slug)
        if own and name in found.made and found.made[name].key == key:
            stands.feeds[name] = render(replace(page, items=own))
    return stands
