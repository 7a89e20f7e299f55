"""What the site must never forget: who is who in the feed. `output/.bobao/site.json`.

An episode keeps its GUID, its number and its day's order when its bulletin is made again. One that
was withdrawn stays in the list, so that a later article under the same slug gets a GUID of its own.
Lost, the file is made again with the same GUIDs, but what was withdrawn is forgotten.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bobao.errors import BobaoError
from bobao.files import write_text
from bobao.publish.feed.identity import item_guid

NAME = "site.json"
SCHEMA = "bobao-site"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode that is or was on the site.

    `date` is the day it is published under (ISO 8601), `rank` its place among that day's episodes
    (from 0), `number` its place in the `season` (0: none). `guid` is empty until there is a feed.
    `kept` is the folder among the withdrawn that one lies in; empty: the one of its slug.
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
class State:
    """The site's memory: the show's GUID, its address, and its episodes in the order they came.

    `former` is the address that it had before it moved to this one; empty if it never did.
    """

    guid: str = ""
    base_url: str = ""
    former: str = ""
    entries: tuple[Entry, ...] = ()

    def live(self) -> dict[str, Entry]:
        """The entries that were not withdrawn, by slug."""
        return {entry.slug: entry for entry in self.entries if not entry.withdrawn}


def load(folder: Path) -> State:
    """Read the state kept in `folder`; an empty one if there is none.

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
        entries = tuple(Entry(**entry) for entry in tree["entries"])
        return State(tree["guid"], tree["base_url"], tree.get("former", ""), entries)
    except FileNotFoundError:
        return State()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BobaoError(
            f"the site's state cannot be read ({error or type(error).__name__})",
            where=str(path),
            advice="Take it from a backup. If there is none delete it: GUIDs are made the same "
            "again, only what was withdrawn is forgotten.",
        ) from error


def save(folder: Path, state: State) -> None:
    """Write the state, one episode a line, if it has changed."""
    entries = ",\n".join(json.dumps(asdict(e), ensure_ascii=False) for e in state.entries)
    text = (
        f'{{"schema": "{SCHEMA}", "version": {VERSION},\n'
        f'"guid": {json.dumps(state.guid)}, "base_url": {json.dumps(state.base_url)}, '
        f'"former": {json.dumps(state.former)},\n'
        f'"entries": [\n{entries}\n]}}\n'
    )
    path = folder / NAME
    if not path.is_file() or path.read_bytes() != text.encode("utf-8"):
        write_text(path, text)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An episode as it lies in the output: its date and season (0: no seasons)."""

    slug: str
    date: str
    season: int


def enrol(state: State, arrivals: tuple[Arrival, ...]) -> State:
    """The state with an entry for every episode, new ones in the order of their dates.

    An episode whose date or season was changed moves there, behind those that it finds.
    """
    entries = list(state.entries)
    at = {entry.slug: index for index, entry in enumerate(entries) if not entry.withdrawn}
    ranks: dict[str, int] = {}
    numbers: dict[int, int] = {}
    for entry in entries:
        ranks[entry.date] = max(ranks.get(entry.date, 0), entry.rank + 1)
        numbers[entry.season] = max(numbers.get(entry.season, 0), entry.number)
    for arrival in sorted(arrivals, key=lambda arrival: (arrival.date, arrival.slug)):
        index = at.get(arrival.slug)
        entry = entries[index] if index is not None else Entry(arrival.slug, "", 0, -1, 0)
        if entry.date != arrival.date:
            rank = ranks.get(arrival.date, 0)
            ranks[arrival.date] = rank + 1
            entry = replace(entry, date=arrival.date, rank=rank)
        if entry.season != arrival.season:
            numbers[arrival.season] = numbers.get(arrival.season, 0) + 1
            entry = replace(entry, season=arrival.season, number=numbers[arrival.season])
        if index is None:
            entries.append(entry)
        else:
            entries[index] = entry
    return replace(state, entries=tuple(entries))


def named(state: State) -> State:
    """The state with a GUID for every entry, made from the show's.

    The first of a slug is named by it, a later one by the slug and how many there were before.
    """
    before: dict[str, int] = {}
    entries = []
    for entry in state.entries:
        count = before.get(entry.slug, 0)
        before[entry.slug] = count + 1
        name = f"{entry.slug}\n{count + 1}" if count else entry.slug
        guid = entry.guid or item_guid(state.guid, name)
        entries.append(replace(entry, guid=guid))
    return replace(state, entries=tuple(entries))


def retire(state: State, slug: str, kept: str) -> State:
    """The state with the live entry of `slug` withdrawn, its folder now called `kept`."""
    return replace(
        state,
        entries=tuple(
            replace(entry, withdrawn=True, kept=kept)
            if entry.slug == slug and not entry.withdrawn
            else entry
            for entry in state.entries
        ),
    )


def reinstate(state: State, gone: Entry) -> State:
    """The state with a withdrawn entry live again, as it was: same GUID, number and date."""
    back = replace(gone, withdrawn=False, kept="")
    return replace(state, entries=tuple(back if e == gone else e for e in state.entries))
