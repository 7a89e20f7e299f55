"""What the site must never forget: who is who in the feed. `output/.bobao/site.json`.

An episode keeps its GUID, its number and its day's order when its bulletin is made again. One that
was withdrawn stays in the list, so that a later article under the same slug gets a GUID of its own.
Lost, the file is made again with the same GUIDs, but what was withdrawn is forgotten.
"""

from __future__ import annotations

import itertools
import json
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bobao.errors import BobaoError, refusals
from bobao.files import write_text
from bobao.publish.making import at_work
from bobao.station.workspace import Workspace

NAME = "site.json"
SCHEMA = "bobao-site"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An episode that is or was on the site.

    `date` is the day it is published under (ISO 8601), `rank` its place among that day's episodes
    (from 0), `number` its place in the `season` (0: none). `guid` is empty until there is a feed.
    `kept` is the folder among the withdrawn that holds it; empty: the one of its slug.
    """

    slug: str
    date: str
    rank: int
    season: int
    number: int
    guid: str = ""
    withdrawn: bool = False
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """The site's memory: the show's GUID, its address, and its episodes in the order they came.

    `former` is the address that it had before it moved to this one; empty if it never did.
    """

    guid: str = ""
    base_url: str = ""
    former: str = ""
    entries: tuple[Enrolment, ...] = ()

    def live(self) -> dict[str, Enrolment]:
        """The entries that were not withdrawn, by slug."""
        return {entry.slug: entry for entry in self.entries if not entry.withdrawn}


def load(folder: Path) -> Register:
    """Read the register kept in `folder`; an empty one if there is none.

    Raises `BobaoError` where it is damaged: guessing would give every episode a new identity.
    """
    path = folder / NAME
    try:
        tree = json.loads(path.read_text("utf-8"))
        if tree["schema"] != SCHEMA or tree["version"] != VERSION:
            raise BobaoError(
                f"the site's state is of version {tree['version']}, this bobao reads {VERSION}",
                where=str(path),
                advice="Install the bobao that wrote it, or a newer one.",
            )
        entries = tuple(Enrolment(**entry) for entry in tree["entries"])
        return Register(tree["guid"], tree["base_url"], tree.get("former", ""), entries)
    except FileNotFoundError:
        return Register()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BobaoError(
            f"the site's state cannot be read ({error or type(error).__name__})",
            where=str(path),
            advice="Take it from a backup. If there is none delete it: GUIDs are made the same "
            "again, only what was withdrawn is forgotten.",
        ) from error


def save(folder: Path, register: Register) -> None:
    """Write the register, one episode a line, if it has changed."""
    entries = ",\n".join(json.dumps(asdict(e), ensure_ascii=False) for e in register.entries)
    text = (
        f'{{"schema": "{SCHEMA}", "version": {VERSION},\n'
        f'"guid": {json.dumps(register.guid)}, "base_url": {json.dumps(register.base_url)}, '
        f'"former": {json.dumps(register.former)},\n'
        f'"entries": [\n{entries}\n]}}\n'
    )
    path = folder / NAME
    if not path.is_file() or path.read_bytes() != text.encode("utf-8"):
        write_text(path, text)


def enrol(register: Register, arrivals: Mapping[str, tuple[str, int]]) -> Register:
    """The register with an entry for every episode, new ones in the order of their dates.

    `arrivals` are date and season (0: no seasons) by slug. An episode whose date or season was
    changed moves there, behind those that it finds.
    """
    entries = list(register.entries)
    at = {entry.slug: index for index, entry in enumerate(entries) if not entry.withdrawn}
    ranks: dict[str, int] = {}
    numbers: dict[int, int] = {}
    for entry in entries:
        ranks[entry.date] = max(ranks.get(entry.date, 0), entry.rank + 1)
        numbers[entry.season] = max(numbers.get(entry.season, 0), entry.number)
    for slug, (date, season) in sorted(arrivals.items(), key=lambda each: (each[1][0], each[0])):
        if slug not in at:
            at[slug] = len(entries)
            entries.append(Enrolment(slug, "", 0, -1, 0))
        entry = entries[at[slug]]
        if entry.date != date:
            rank = ranks.get(date, 0)
            ranks[date] = rank + 1
            entry = replace(entry, date=date, rank=rank)
        if entry.season != season:
            numbers[season] = numbers.get(season, 0) + 1
            entry = replace(entry, season=season, number=numbers[season])
        entries[at[slug]] = entry
    return replace(register, entries=tuple(entries))


def named(register: Register) -> Register:
    """The register with a GUID for every entry, made from the show's.

    The first of a slug is named by it, a later one by the slug and how many there were before.
    """
    before: dict[str, int] = {}
    entries = []
    for entry in register.entries:
        count = before.get(entry.slug, 0)
        before[entry.slug] = count + 1
        name = f"{entry.slug}\n{count + 1}" if count else entry.slug
        entries.append(replace(entry, guid=entry.guid or item_guid(register.guid, name)))
    return replace(register, entries=tuple(entries))


def item_guid(show: str, name: str) -> str:
    """The UUIDv5 of the item `name` of the show with the GUID `show`."""
    return str(uuid.uuid5(uuid.UUID(show), name))


def changed(register: Register, entry: Enrolment, **changes: Any) -> Register:
    """The register with one entry changed."""
    other = replace(entry, **changes)
    entries = tuple(other if each is entry else each for each in register.entries)
    return replace(register, entries=entries)


# ── Off the site and back ───────────────────────────────────────────────────────────────────────


def withdraw(workspace: Workspace, slug: str) -> Path:
    """Move a bulletin's folder out of the output and retire its GUID; gives where it is now.

    A later article of the same name gets a GUID of its own. The site itself follows with the next
    `publish`. Raises `BobaoError` where the folder cannot be moved; then nothing has changed.
    """
    with at_work(workspace.site) as hidden:
        register = load(hidden)
        names = itertools.chain([slug], (f"{slug}-{number}" for number in itertools.count(2)))
        target = next(path for path in map(workspace.withdrawn, names) if not path.exists())
        _move(workspace.bulletin(slug), target)
        if entry := register.live().get(slug):
            save(hidden, changed(register, entry, withdrawn=True, kept=target.name))
    return target


def restore(workspace: Workspace, typed: str) -> str:
    """Move the bulletin that was withdrawn last under a name back; gives its slug.

    Its episode has the GUID, the number and the date that it had. The site itself follows with the
    next `publish`. Raises `BobaoError` where none was withdrawn, another bulletin has its name now,
    or the folder cannot be moved; then nothing has changed.
    """
    with at_work(workspace.site) as hidden:
        register = load(hidden)
        gone = {entry.slug: entry for entry in register.entries if entry.withdrawn}
        slug = workspace.find(typed, tuple(sorted(gone)), "withdrawn bulletin")
        if slug in register.live() or workspace.bulletin(slug).exists():
            raise BobaoError(
                f"another bulletin is called “{slug}” now",
                where=str(workspace.bulletin(slug)),
                advice=f"Withdraw that one first: `bobao withdraw {slug}`.",
            )
        entry = gone[slug]
        _move(workspace.withdrawn(entry.kept or slug), workspace.bulletin(slug))
        save(hidden, changed(register, entry, withdrawn=False, kept=""))
    return slug


def _move(folder: Path, target: Path) -> None:
    advice = "Check that it is there, and that both folders may be written to."
    with refusals("cannot move the bulletin", folder, advice):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, target)
