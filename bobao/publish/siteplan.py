"""What the site should have, found without writing anything; and what of it stands as it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from bobao.files import sha256
from bobao.model import Bulletin
from bobao.publish import catalogue, outputs, register
from bobao.publish.bulletins import BulletinWork
from bobao.publish.catalogue import Catalogue, stamp_of
from bobao.publish.feed import FeedItem, FeedPage, Show, page_name, render, split
from bobao.publish.files import HIDDEN
from bobao.publish.register import Register
from bobao.publish.site import (
    FEED,
    INDEX,
    Masthead,
    Material,
    Neighbour,
    Slot,
    base,
    cover_name,
    masthead_of,
)
from bobao.station import versions
from bobao.station.config import Config
from bobao.station.workspace import Workspace


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


def located(workspace: Workspace, base_url: str, state: Register) -> Config:
    """The settings, with the address that the site has."""
    config = workspace.config
    root = base(base_url or config.station.site) or state.base_url
    return replace(config, station=replace(config.station, site=root))


def slots(plan: SitePlan) -> Iterator[Slot]:
    """What surrounds each bulletin, in the order of the site."""
    live, records = plan.register.live(), plan.found.records
    order, masthead = plan.order, plan.masthead
    doors = [Neighbour(records[slug].episode.title, f"../{slug}/{INDEX}") for slug in order]
    for slug, newer, older in zip(order, [None, *doors], [*doors[1:], None], strict=False):
        guid, folder = live[slug].guid, plan.workspace.bulletin(slug)
        yield Slot(slug, folder, masthead, f"urn:uuid:{guid}" if guid else "", newer, older)


def feed_pages(plan: SitePlan) -> Iterator[tuple[str, FeedPage, str]]:
    """The pages of the feed: file name, page, and a digest of all that decides whether it is right.

    Nothing of them is built yet.
    """
    site, state, live = plan.workspace.site, plan.register, plan.register.live()
    show = Show(plan.config, state.base_url, state.guid, moved=bool(state.former))
    items, seen = [], []
    for slug in plan.order:
        record = plan.found.records[slug]
        item = FeedItem(show, record.episode, live[slug])
        stamps = (stamp_of(f"{site}/{slug}/{name}") for name in item.files())
        sizes = " ".join(str(stamp[0]) if stamp else "-" for stamp in stamps)
        items.append(item)
        seen.append(f"{record.sha256} {live[slug]} {sizes}")
    cover = stamp_of(site / cover_name(plan.config))
    common = f"{versions.named('site')} {plan.config.station} {plan.config.podcast} {show.root}"
    linked = [(o.name, o.type, o.notes, o.transcript) for o in outputs.OUTPUTS]
    common += f" {show.guid} {show.moved} {cover} {linked}"
    parts = split(len(items))
    for number, part in enumerate(parts, start=1):
        where = f"{min(number, 3)} {len(parts) - number}"
        key = sha256("\n".join([common, where, *seen[part]]).encode("utf-8"))[:32]
        page = FeedPage(show, tuple(items[part]), number, len(parts))
        yield page_name(FEED, number, len(parts)), page, key


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
    slot = next(each for each in slots(plan) if each.slug == slug)
    for output, name, key, beside in BulletinWork(record, slot, hidden).outputs(record.made):
        if name in record.made and record.made[name].key == key:
            stands.files[name] = partial(output.make, Material(bulletin, slot, beside))
    for name, page, key in feed_pages(plan) if state.base_url else ():
        own = tuple(item for item in page.items if item.episode.slug == slug)
        if own and name in found.made and found.made[name].key == key:
            stands.feeds[name] = render(replace(page, items=own))
    return stands
