"""``bobao cache``: what is stored, and clearing up."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import click

from bobao.cli.desk import Desk, at_desk
from bobao.errors import BobaoError
from bobao.files import folder_bytes, user_cache
from bobao.station.workspace import Workspace
from bobao.voices import inventory, prune
from bobao.voices.inventory import Stored


@click.group()
def cache() -> None:
    """Recorded lines and prepared voices: how much there is, what may go, whether it is whole."""


@cache.command()
@at_desk
def size(desk: Desk) -> None:
    """Show how much is stored, by engine."""
    workspace = desk.workspace()
    by_engine: dict[str, list[Stored]] = defaultdict(list)
    for each in inventory.stored(workspace.takes):
        by_engine[each.engine].append(each)
    rows = [
        (
            f"takes, {engine}",
            len(takes),
            round(sum(each.ms for each in takes) / 60_000, 1),
            sum(each.bytes for each in takes),
        )
        for engine, takes in sorted(by_engine.items())
    ]
    rows.append(("prepared for this user", 0, 0.0, folder_bytes(user_cache())))
    desk.console.table(
        ("WHAT", "COUNT", "MINUTES", "MB"),
        ((what, f"{count or ''}", f"{long or ''}", _mb(size)) for what, count, long, size in rows),
    )
    names = ("what", "count", "minutes", "bytes")
    desk.console.result([dict(zip(names, row, strict=True)) for row in rows])


@cache.command()
@at_desk
def verify(desk: Desk) -> None:
    """Read every take and compare it with its digest; exit code 1 if one is damaged."""
    workspace = desk.workspace()
    faults = [each for each in inventory.stored(workspace.takes, listen=True) if each.fault]
    for each in faults:
        desk.console.say(f"{workspace.relative(each.path)}: {each.fault}")
    desk.console.result([{"take": each.key, "fault": each.fault} for each in faults])
    if faults:
        raise BobaoError(
            f"{len(faults)} takes are damaged",
            advice="Remove them with `bobao cache prune`; they are recorded anew when wanted.",
        )
    desk.console.note("every take is as it was recorded")


@cache.command("prune")
@click.option("--older-than", "days", type=click.FloatRange(0), help="Not used for so many days.")
@click.option("--larger-than", "limit", help="The oldest, until so much is left: 500MB, 2G.")
@click.option("--orphans", is_flag=True, help="Those of which no finished bulletin is made.")
@click.option("--dry-run", "-n", is_flag=True, help="Only say what would go.")
@at_desk
def prune_takes(
    desk: Desk, days: float | None, limit: str | None, orphans: bool, dry_run: bool
) -> None:
    """Remove takes, and always those that are damaged. Bulletins stay as they are.

    What is removed is recorded anew when it is wanted again.
    """
    workspace = desk.workspace()
    limits = prune.Limits(days, prune.size(limit) if limit else None, orphans)
    going = prune.chosen(inventory.stored(workspace.takes), limits, _in_use(workspace), time.time())
    if not dry_run:
        for each in going:
            each.path.unlink(missing_ok=True)  # first: without it the sound counts for nothing
            each.path.with_suffix(".flac").unlink(missing_ok=True)
    freed = sum(each.bytes for each in going)
    verb = "would remove" if dry_run else "removed"
    desk.console.say(f"{verb} {len(going)} takes, {_mb(freed)} MB")
    desk.console.result({"takes": [each.key for each in going], "bytes": freed, "dry": dry_run})


def _in_use(workspace: Workspace) -> frozenset[str]:
    manifests = [_manifest(workspace, slug) for slug in workspace.bulletins()]
    try:
        return inventory.in_use(manifests)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BobaoError(
            f"a finished bulletin cannot be read, so nothing is known to be unused: {error}",
            where=str(workspace.root / "output"),
            advice="Make it again with `bobao mix`, then prune.",
        ) from error


def _manifest(workspace: Workspace, slug: str) -> Path:
    return workspace.bulletin(slug) / "bulletin.json"


def _mb(count: int) -> str:
    return f"{count / 1e6:.1f}"
