"""What is known of every bulletin without reading it again: `output/.bobao/catalogue.jsonl`.

Only a help: lost or damaged it is made again. One line for each bulletin, so that a thousand of
them are read and written quickly and none is in memory but as these few facts. Beside it is what
the last verification found, which holds for the bulletin that was verified: of one that was mixed
again since, and came out otherwise, nothing is known.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from bobao.errors import BobaoError
from bobao.files import sha256, stays_within, write_text
from bobao.model import Bulletin
from bobao.publish import manifest
from bobao.publish.layout import summary
from bobao.publish.outputs import COVERS
from bobao.station.workspace import Workspace

NAME = "catalogue.jsonl"
VERSION = 2
"""Counts up when more or other things are known of a bulletin: then all are read again."""

Stamp = tuple[int, int]
"""Size and time of last change (ns) of a file: it has not changed while these are the same."""


class EpisodeChapter(NamedTuple):
    """A chapter as the feed lists it."""

    number: int
    title: str
    start_ms: int


@dataclass(frozen=True, slots=True)
class Episode:
    """A bulletin as the index and the feed show it. `extra` are unknown keys of its header."""

    slug: str
    title: str
    date: str
    duration_ms: int
    summary: str
    bytes: int
    cover: str
    parts: tuple[EpisodeChapter, ...]
    extra: tuple[tuple[str, str], ...]

    def header(self, key: str) -> str:
        """What its header says under a key that bobao itself does not know."""
        return dict(self.extra).get(key, "")


class Made(NamedTuple):
    """A file that was made: from what (a digest), and its stamp then."""

    key: str
    size: int
    changed: int

    @property
    def stamp(self) -> Stamp:
        """Size and time of its last change."""
        return self.size, self.changed


@dataclass(frozen=True, slots=True)
class Record:
    """A bulletin as it was last seen, and what was made of it, by file name."""

    stamp: Stamp
    sha256: str
    episode: Episode
    made: dict[str, Made] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The records by slug, and the files made for the site as a whole."""

    records: dict[str, Record] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)


def stamp_of(path: Path | str) -> Stamp | None:
    """The stamp of a file, None if there is none. Many are quicker asked for by a text."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def load(folder: Path) -> Catalogue:
    """Read the catalogue kept in `folder`; an empty one where there is none that fits."""
    try:
        with (folder / NAME).open(encoding="utf-8") as file:
            head = json.loads(next(file))
            if head["version"] != VERSION:
                return Catalogue()
            records = {row["slug"]: _record(row) for row in map(json.loads, file)}
            return Catalogue(records, _made(head["made"]))
    except (OSError, StopIteration, ValueError, KeyError, TypeError):
        return Catalogue()


def save(folder: Path, catalogue: Catalogue) -> None:
    """Write the catalogue."""
    rows: list[dict[str, Any]] = [
        {"version": VERSION, "made": dict(sorted(catalogue.made.items()))}
    ]
    for slug, record in sorted(catalogue.records.items()):
        episode = {name: getattr(record.episode, name) for name in _EPISODE}
        made = dict(sorted(record.made.items()))
        facts = {"stamp": record.stamp, "sha256": record.sha256, "made": made, "episode": episode}
        rows.append({"slug": slug, **facts})
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    write_text(folder / NAME, text)


_EPISODE = tuple(each.name for each in fields(Episode))


def _record(row: dict[str, Any]) -> Record:
    facts = {name: row["episode"][name] for name in _EPISODE}
    facts["parts"] = tuple(EpisodeChapter(*part[:3]) for part in facts["parts"])
    facts["extra"] = tuple((key, value) for key, value in facts["extra"])
    size, changed = row["stamp"]
    return Record((size, changed), row["sha256"], Episode(**facts), _made(row["made"]))


def _made(rows: dict[str, Any]) -> dict[str, Made]:
    return {name: Made(*row) for name, row in rows.items()}


def look(folder: Path, old: Record | None) -> Record | None:
    """The record of a bulletin's folder, None if there is no bulletin in it.

    The bulletin is read only if it has changed since `old`. Raises `BobaoError` for a bulletin that
    cannot be read.
    """
    path = folder / manifest.NAME
    stamp = stamp_of(path)
    if stamp is None or (old and old.stamp == stamp):
        return old if stamp else None
    data = path.read_bytes()
    digest, made = sha256(data), old.made if old else {}
    if old and old.sha256 == digest:
        return Record(stamp, digest, old.episode, made)
    bulletin = manifest.load(data.decode("utf-8", errors="replace"), where=str(path))
    return Record(stamp, digest, _episode(bulletin, folder.name), made)


def _episode(bulletin: Bulletin, slug: str) -> Episode:
    """What index and feed need of the bulletin in the folder `slug`."""
    sizes = {product.name: product.bytes for product in bulletin.products}
    header, chapters = bulletin.header, bulletin.chapters
    names = [header.slug, *sizes, *(chapter.file for chapter in chapters)]
    astray = [name for name in names if name and not stays_within(name)]
    if header.slug != slug or astray:
        raise BobaoError(
            f"a file of the bulletin is outside its folder: “{astray[0]}”"
            if astray
            else f"the bulletin in this folder is called “{header.slug}”",
            where=slug,
            advice=f"Make it again: bobao mix {slug}.",
        )
    return Episode(
        slug=slug,
        title=header.title,
        date=header.date,
        duration_ms=bulletin.duration_ms,
        summary=summary(bulletin),
        bytes=sizes.get(f"{slug}.mp3", 0),
        cover=next((name for name in COVERS if name in sizes), ""),
        parts=tuple(EpisodeChapter(c.number, c.title, c.start_ms) for c in chapters),
        extra=header.extra,
    )


# ── Verdicts ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """How many faults were found, and the first of them in words, or what else forbids publishing.

    `sha256` is that of the `bulletin.json` that was verified, `code` tells by which checks (empty:
    it is not known). `doubts` are those of a recogniser, as plain data: they are among the faults
    until it listens again or a person has.
    """

    sha256: str
    faults: int
    first: str = ""
    code: str = ""
    doubts: tuple[dict[str, Any], ...] = ()


def keep_verdict(workspace: Workspace, slug: str, verdict: KeptVerdict) -> None:
    """Keep a verdict in place of the last one. Raises `BobaoError` where it cannot be written."""
    text = json.dumps(asdict(verdict), ensure_ascii=False)
    write_text(workspace.verdict(slug), text + "\n")


def last_verdict(workspace: Workspace, slug: str) -> KeptVerdict | None:
    """The last verdict; None where there is none that can be read."""
    try:
        tree = json.loads(workspace.verdict(slug).read_bytes())
        about = str(tree["sha256"]), int(tree["faults"]), str(tree["first"])
        doubts = tuple(map(dict, tree.get("doubts", ())))
        return KeptVerdict(*about, str(tree.get("code", "")), doubts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
