"""What the site has of one bulletin, as it was last published: read, and nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bobao.model import Bulletin, Product
from bobao.publish import catalogue
from bobao.publish import state as memory
from bobao.publish.addresses import base
from bobao.publish.feed.render import render
from bobao.publish.feed.values import Page
from bobao.publish.feeds import item_of, sheets
from bobao.publish.files import HIDDEN
from bobao.publish.gather import newest_first
from bobao.publish.products import OUTPUTS, Job
from bobao.publish.run import settings
from bobao.publish.work import Published, Run
from bobao.station.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Standing:
    """The files of the bulletin's folder that were made as they would be made today.

    `files` has what writes each again, `feeds` the pages of the feeds that list it, each with
    nothing but its own items. What is stale (the settings or a neighbour have changed since) is in
    neither: it is the next publishing's work.
    """

    files: dict[str, Callable[[Path], None]]
    feeds: dict[str, bytes]


def standing(workspace: Workspace, slug: str, bulletin: Bulletin, sha256: str) -> Standing:
    """How the bulletin stands whose `bulletin.json` has this digest; empty where it never was."""
    hidden = workspace.site / HIDDEN
    state, found = memory.load(hidden), catalogue.load(hidden)
    record = found.records.get(slug)
    live = state.live()
    if record is None or record.sha256 != sha256 or not found.records.keys() <= live.keys():
        return Standing({}, {})
    root = state.base_url or base(workspace.config.station.site)
    config = replace(workspace.config, station=replace(workspace.config.station, site=root))
    order = newest_first(state, found.records)
    run = Run(workspace, config, hidden, state, found, order, Published(len(order), root))
    return Standing(dict(_files(run, slug, bulletin)), dict(_feeds(run, slug)))


def _files(run: Run, slug: str, bulletin: Bulletin) -> Iterator[tuple[str, Callable[[Path], None]]]:
    setting = next(each for each in settings(run) if each.slug == slug)
    record, folder = run.found.records[slug], run.workspace.bulletin(slug)
    beside: tuple[Product, ...] = ()
    for output in OUTPUTS:
        name = output.name.replace("{slug}", slug)
        made = record.made.get(name)
        if made and made.key == output.key(record.sha256, setting, beside):
            yield name, partial(output.make, Job(bulletin, folder, setting, beside))
        beside = (*beside, Product(name, made.stamp[0] if made else 0, ""))


def _feeds(run: Run, slug: str) -> Iterator[tuple[str, bytes]]:
    for sheet in sheets(run) if run.done.base_url else ():
        made = run.found.made.get(sheet.name)
        own = [each for each in sheet.sources if each.record.episode.slug == slug]
        if made and made.key == sheet.key and own:
            items = tuple(item_of(run.config, run.state.base_url, each) for each in own)
            yield sheet.name, render(Page(sheet.channel, items, sheet.number, sheet.count))
