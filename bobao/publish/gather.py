"""What there is to publish: the bulletins in the output, each with its place in the feed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bobao.errors import BobaoError
from bobao.publish import catalogue, verdict
from bobao.publish import state as memory
from bobao.publish.addresses import address, lasting
from bobao.publish.catalogue import Catalogue, Record
from bobao.publish.feed.identity import podcast_guid
from bobao.publish.state import Arrival, State
from bobao.publish.station import FEED
from bobao.publish.work import Held
from bobao.station.config import Config
from bobao.station.workspace import Workspace

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def survey(workspace: Workspace, old: Catalogue) -> tuple[dict[str, Record], list[BobaoError]]:
    """The record of every bulletin, by slug, and what is wrong with those that have none.

    One at a time: what is in memory are a few facts of each.
    """
    from bobao.publish.site import summary

    records: dict[str, Record] = {}
    faults: list[BobaoError] = []
    for slug in workspace.bulletins():
        try:
            record = catalogue.look(workspace.bulletin(slug), old.records.get(slug), summary)
        except BobaoError as error:
            faults.append(error)
            continue
        if record:
            records[slug] = record
    return records, faults


def sorted_out(
    workspace: Workspace, records: Mapping[str, Record]
) -> tuple[dict[str, Record], tuple[Held, ...]]:
    """The records of what may be published, and what is held back.

    Held back is a bulletin in which the last verification found faults, or nothing that is said, if
    it is the one that was verified; one that was never verified may be published.
    """
    good, held = dict(records), list[Held]()
    for slug, record in records.items():
        found = verdict.last(workspace, slug)
        if found and found.first and found.sha256 == record.sha256:
            report = workspace.relative(workspace.report(slug)) if found.faults else ""
            held.append(Held(slug, found.faults, found.first, report, len(found.doubts)))
            del good[slug]
    return good, tuple(held)


def enrolled(state: State, records: Mapping[str, Record], config: Config, today: date) -> State:
    """The state with a place for every bulletin.

    A bulletin without a date is published under the day on which it is first seen.
    """
    known, seasons = state.live(), config.podcast.seasons == "year"
    arrivals = []
    for slug, record in records.items():
        told = record.episode.date[:10]
        day = told if _is_day(told) else known[slug].date if slug in known else today.isoformat()
        arrivals.append(Arrival(slug, day, int(day[:4]) if seasons else 0))
    return memory.enrol(state, tuple(arrivals))


def identified(state: State, config: Config) -> State:
    """The state with the site's address and everybody's GUID; without an address as it is.

    Where the show had another address that lasted, that one is remembered: it has moved.
    """
    root = config.station.site
    if not root:
        return state
    guid = config.podcast.guid or state.guid or podcast_guid(address(root, FEED))
    former = state.former if root == state.base_url else state.base_url
    if not lasting(root):
        former = ""
    return memory.named(replace(state, guid=guid, base_url=root, former=former))


def newest_first(state: State, records: Mapping[str, Record]) -> tuple[str, ...]:
    """The slugs in the order of the site and the feed."""
    live = state.live()
    ordered = sorted(records, key=lambda slug: (live[slug].date, live[slug].rank, slug))
    return tuple(reversed(ordered))


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
