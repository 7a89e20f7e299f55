"""`bobao publish`: brings the site up to date with the bulletins in the output."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone

from bobao.errors import BobaoError
from bobao.files import sha256
from bobao.publish import catalogue, register, text
from bobao.publish.catalogue import Catalogue, Made, Record, stamp_of
from bobao.publish.feed import Show, podcast_guid, render
from bobao.publish.feedcheck import FeedFinding, Severity, check
from bobao.publish.feeddoc import Folder
from bobao.publish.making import Make, at_work, bring, fulfil, place, remove
from bobao.publish.outputs import FEED, INDEX, cover_name
from bobao.publish.register import Register
from bobao.publish.siteplan import Held, SitePlan, located, survey
from bobao.publish.text import address, lasting
from bobao.station import versions
from bobao.station.config import Config
from bobao.station.journal import span
from bobao.station.workspace import Workspace

Update = Callable[[int, int, str], None]
Progress = Callable[[str], Update]
"""Given the name of a piece of work, gives the function to call with: done, in all, a remark."""


def silent(_: str) -> Update:
    """Report to nobody."""
    return lambda done, total, remark: None


@dataclass(slots=True)
class Published:
    """What a run has done: the site's episodes, files written and removed (paths from its root).

    `base_url` is the site's address, `feed` that of its feed, `former` the address that the site
    had before it moved; empty where there is none.
    `findings` are those of the feed's check, `faults` what kept a bulletin from being published,
    `held` the bulletins that were left out because their verification found faults.
    """

    episodes: int = 0
    base_url: str = ""
    feed: str = ""
    former: str = ""
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    findings: tuple[FeedFinding, ...] = ()
    faults: list[BobaoError] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether everything is as it should be."""
        return not self.faults and not any(map(FeedFinding.is_error, self.findings))


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
    with a bulletin or the feed is in the result. A bulletin in which the last verification
    found faults is left out until another finds none, or until it is mixed again.
    """
    moment = now or datetime.now(timezone.utc)
    with span("publish"), at_work(workspace.site) as hidden:
        state, old = register.load(hidden), catalogue.load(hidden)
        config = located(workspace, base_url, state)
        root = config.station.site
        today = moment.astimezone(Show(config, root, "").zone).date()
        records, held, faults = survey(workspace, old)
        plain = _enrolled(state, records, config, today)
        state = _identified(plain, config)
        register.save(hidden, state if lasting(root) else plain)
        plan = SitePlan(workspace, config, hidden, state, Catalogue(records, dict(old.made)))
        done = Published(len(records), root, faults=faults, held=held)
        try:
            _station(plan, done)
            _bulletins(plan, done, old, progress)
            _feed(plan, done, moment, strict)
        finally:
            if plan.found != old:
                catalogue.save(hidden, plan.found)
    return done


def refresh(workspace: Workspace, progress: Progress = silent) -> Published:
    """What every verb that makes a bulletin calls at its end: publish as last time."""
    return publish(workspace, progress=progress)


def _enrolled(state: Register, records: dict[str, Record], config: Config, today: date) -> Register:
    """The register with a place for every bulletin.

    A bulletin without a date is published under the day on which it is first seen.
    """
    known, arrivals = state.live(), {}
    for slug, record in records.items():
        if found := text.day(record.episode.date):
            day = found.isoformat()
        else:
            day = known[slug].date if slug in known else today.isoformat()
        arrivals[slug] = (day, int(day[:4]) if config.podcast.seasons == "year" else 0)
    return register.enrol(state, arrivals)


def _identified(state: Register, config: Config) -> Register:
    """The register with the site's address and everybody's GUID; without an address as it is.

    Where the show had another address that lasted, that one is remembered: it has moved.
    """
    root = config.station.site
    if not root:
        return state
    guid = config.podcast.guid or state.guid or podcast_guid(address(root, FEED))
    former = state.former if root == state.base_url else state.base_url
    former = former if lasting(root) else ""
    return register.named(replace(state, guid=guid, base_url=root, former=former))


def _writing(data: bytes) -> Make:
    return lambda path: path.write_bytes(data)


def _station(plan: SitePlan, done: Published) -> None:
    """The station's cover and page."""
    from bobao.publish.page import index_page

    listings, made = tuple(plan.listings()), plan.found.made
    key = f"{versions.named('site')}{plan.masthead!r}{listings!r}".encode()
    index = lambda path: path.write_bytes(index_page(plan.masthead, listings).encode())  # noqa: E731
    files: dict[str, tuple[bytes, Make]] = {cover_name(plan.config): _cover(plan)}
    for name, (facts, make) in {**files, INDEX: (key, index)}.items():
        target, digest = plan.workspace.site / name, sha256(facts)[:32]
        made[name], fresh = bring(target, digest, made.get(name), make, plan.hidden)
        done.written += [name] * fresh
    _drop(plan, done, [name for name in made if name.startswith("cover.") and name not in files])


def _cover(plan: SitePlan) -> tuple[bytes, Make]:
    """What decides the station's cover and what writes it: its own, or one drawn for its name.

    Raises `BobaoError` for a cover that podcast directories would refuse.
    """
    from bobao.publish import cover

    if given := plan.config.podcast.cover:
        data = cover.load(plan.workspace.root / given)
        return data, _writing(data)
    name = plan.config.station.name
    return (versions.named("mix") + name).encode(), lambda path: path.write_bytes(cover.draw(name))


def _bulletins(plan: SitePlan, done: Published, old: Catalogue, progress: Progress) -> None:
    """Every bulletin's own files; what was made of those that are no more, or held, is removed."""
    tell, records = progress("publish"), plan.found.records
    work = [each for each in plan.work() if each.stale()]
    for number, (made, written, fault) in enumerate(fulfil(work), start=1):
        slug = work[number - 1].slot.slug
        records[slug] = replace(records[slug], made=made)
        done.written += (f"{slug}/{name}" for name in written)
        done.faults += [fault] if fault else []
        tell(number, len(work), slug)
    there = set(plan.workspace.bulletins()) - {each.slug for each in done.held}
    for slug in sorted(old.records.keys() - there):
        names = remove(plan.workspace.bulletin(slug), old.records[slug].made)
        done.removed += (f"{slug}/{name}" for name in names)


def _drop(plan: SitePlan, done: Published, names: Iterable[str]) -> None:
    """Remove files of the station that are no more."""
    done.removed += remove(plan.workspace.site, names)
    for name in names:
        del plan.found.made[name]


def _feed(plan: SitePlan, done: Published, now: datetime, strict: bool) -> None:
    """The feed, where the site has an address: built, checked, and only then put into the site.

    One that has an error leaves the old one in place, unless it is not `strict`.
    """
    made, site = plan.found.made, plan.workspace.site
    old = [name for name in made if name.startswith("feed")]
    if done.faults:
        return
    if not done.base_url:
        _drop(plan, done, old)
        return
    documents, wanted = dict[str, bytes](), dict[str, Made]()
    for name, page, key in plan.feed_pages():
        wanted[name] = Made(key, *(stamp_of(site / name) or (0, 0)))
        if wanted[name] == made.get(name):
            continue
        documents[name] = render(page)
        url, folder = address(done.base_url, name), Folder(done.base_url, site)
        found = check(documents[name], now, url=url, folder=folder)
        told = (each for each in found if each.severity is not Severity.HINT)
        done.findings += tuple(replace(each, where=f"{name}, {each.where}") for each in told)
        if any(map(FeedFinding.is_error, found)):  # looked at again the next time, whatever happens
            wanted[name] = wanted[name]._replace(key="")
    if strict and not done.whole:
        return
    for name, data in documents.items():
        done.written += [name] * place(site / name, _writing(data), plan.hidden)
        wanted[name] = Made(wanted[name].key, *(stamp_of(site / name) or (0, 0)))
    made.update(wanted)
    done.feed = address(done.base_url, FEED)
    done.former = plan.register.former
    _drop(plan, done, [name for name in old if name not in wanted])
