"""`bobao publish`: brings the site up to date with the bulletins in the output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone

from bobao.files import sha256
from bobao.publish import catalogue, show, station
from bobao.publish import state as memory
from bobao.publish.addresses import address, base, lasting
from bobao.publish.catalogue import Catalogue
from bobao.publish.feeds import bring_feeds
from bobao.publish.files import at_work, bring, remove
from bobao.publish.gather import enrolled, identified, newest_first, sorted_out, survey
from bobao.publish.make import Order, fulfil, stale
from bobao.publish.products import Setting
from bobao.publish.work import Progress, Published, Run, silent
from bobao.station.journal import span
from bobao.station.workspace import Workspace


def publish(
    workspace: Workspace,
    base_url: str = "",
    *,
    strict: bool = True,
    now: datetime | None = None,
    progress: Progress = silent,
) -> Published:
    """Bring pages, books, the station's page and its feed up to date; what is, is left alone.

    `base_url` is where `output/` will be published; empty: as the settings say, or as last time.
    Without any there is no feed. With `strict` a feed that has an error is not written. Raises
    `BobaoError` for settings that are wrong and an output that cannot be written; what is wrong
    with a bulletin or the feed is told in the result. A bulletin in which the last verification
    found faults is left out until another finds none, or until it is mixed anew.
    """
    moment = now or datetime.now(timezone.utc)
    with span("publish"), at_work(workspace.site) as hidden:
        state, old = memory.load(hidden), catalogue.load(hidden)
        root = base(base_url or workspace.config.station.site) or state.base_url
        config = replace(workspace.config, station=replace(workspace.config.station, site=root))
        today = moment.astimezone(show.zone(config)).date()
        seen, faults = survey(workspace, old)
        records, held = sorted_out(workspace, seen)
        plain = enrolled(state, records, config, today)
        state = identified(plain, config)
        memory.save(hidden, state if lasting(root) else plain)
        found, done = Catalogue(records, dict(old.made)), Published(len(records), root)
        done.faults += faults
        done.held = held
        run = Run(workspace, config, hidden, state, found, newest_first(state, records), done)
        try:
            _station(run)
            _bulletins(run, progress)
            _gone(run, old)
            _feeds(run, moment, strict)
        finally:
            if found != old:
                catalogue.save(hidden, found)
    return done


def refresh(workspace: Workspace, progress: Progress = silent) -> Published:
    """What every verb that makes a bulletin calls at its end: publish as last time."""
    return publish(workspace, progress=progress)


def _station(run: Run) -> None:
    """The station's cover and page."""
    live = run.state.live()
    episodes = [run.found.records[slug].episode for slug in run.order]
    listed = station.entries(episodes, {slug: live[slug].date for slug in run.order})
    site = station.site_of(run.config, run.done.base_url)
    files = {
        station.cover_name(run.config): station.cover(run.workspace.root, run.config),
        station.INDEX: station.index(site, listed),
    }
    made = run.found.made
    for name, (key, make) in files.items():
        made[name], fresh = bring(run.workspace.site / name, key, made.get(name), make, run.hidden)
        if fresh:
            run.done.written.append(name)
    _drop(run, [name for name in made if name.startswith("cover.") and name not in files])


def _bulletins(run: Run, progress: Progress) -> None:
    """Every bulletin's own files."""
    tell, records = progress("publish"), run.found.records
    orders = [
        Order(run.workspace.bulletin(slug), records[slug], setting, run.hidden)
        for slug, setting in zip(run.order, settings(run), strict=True)
    ]
    orders = [order for order in orders if stale(order)]
    for number, outcome in enumerate(fulfil(orders), start=1):
        slug = outcome.slug
        records[slug] = replace(records[slug], made=outcome.made)
        run.done.written += (f"{slug}/{name}" for name in outcome.written)
        if outcome.fault:
            run.done.faults.append(outcome.fault)
        tell(number, len(orders), slug)


def settings(run: Run) -> Sequence[Setting]:
    """What surrounds each bulletin, in the order of the site."""
    from bobao.publish.site import Neighbour

    site, live = station.site_of(run.config, run.done.base_url), run.state.live()
    about = sha256(f"{site!r} {run.config.station!r}".encode())
    records = run.found.records
    doors = [Neighbour(records[s].episode.title, f"../{s}/{station.INDEX}") for s in run.order]
    ends = [None, *doors, None]
    return [
        Setting(
            slug,
            site,
            run.config.station,
            about,
            identifier=f"urn:uuid:{live[slug].guid}" if live[slug].guid else "",
            newer=ends[number],
            older=ends[number + 2],
        )
        for number, slug in enumerate(run.order)
    ]


def _gone(run: Run, old: Catalogue) -> None:
    """Remove what was made of bulletins that are no more, or are held back."""
    there = set(run.workspace.bulletins()) - {each.slug for each in run.done.held}
    for slug in sorted(old.records.keys() - there):
        names = remove(run.workspace.bulletin(slug), old.records[slug].made)
        run.done.removed += (f"{slug}/{name}" for name in names)


def _feeds(run: Run, now: datetime, strict: bool) -> None:
    """The feeds, where the site has an address; one with an error leaves the old one in place."""
    made, done = run.found.made, run.done
    old = [name for name in made if name.startswith("feed")]
    if done.faults:
        return
    if not done.base_url:
        _drop(run, old)
        return
    feeds = bring_feeds(run, now, strict)
    done.findings = feeds.findings
    if feeds.there:
        made.update(feeds.made)
        done.written += feeds.written
        done.feed = address(done.base_url, station.FEED)
        done.former = run.state.former
        _drop(run, [name for name in old if name not in feeds.made])


def _drop(run: Run, names: Sequence[str]) -> None:
    """Remove files of the station that are no more."""
    run.done.removed += remove(run.workspace.site, names)
    for name in names:
        del run.found.made[name]
