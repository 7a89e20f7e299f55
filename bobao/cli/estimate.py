"""``bobao estimate SEEDS…``: what producing them comes to, before any work."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bobao.cli.articles import articles, passed_over
from bobao.cli.choices import PRODUCE, choices_of, choosing, today
from bobao.cli.console import clock
from bobao.cli.desk import Desk, at_desk
from bobao.errors import BobaoError

if TYPE_CHECKING:
    from bobao.pipeline.plans import Plan


@click.command()
@click.argument("seeds", nargs=-1)
@choosing(*PRODUCE)
@at_desk
def estimate(desk: Desk, seeds: tuple[str, ...], **options: Any) -> None:
    """Tell what `bobao batch SEEDS` would come to: characters, minutes, disk, requests.

    SEEDS are files, folders or names in seeds/, all of it where none are named. Nothing is spoken
    and no service is asked: what is not recorded yet counts at the usual pace of news. Lines that
    are recorded already count as done. Nothing is written into the workspace.
    """
    from bobao.pipeline.plan import Planner

    workspace, choices = desk.workspace(), choices_of(options)
    paths = articles(workspace, seeds)
    if others := passed_over(workspace, seeds):
        desk.console.note(others)
    update, plans = desk.console.progress("estimate"), list["Plan"]()
    for plan in Planner(workspace, choices, today()).plans(paths):
        plans.append(plan)
        update(len(plans), len(paths), plan.slug)
        if plan.error:
            desk.console.note(f"failed  {plan.slug}: {plan.error}")
    _show(desk, plans, shutil.disk_usage(workspace.root).free)
    failed = [plan.slug for plan in plans if plan.error]
    if failed:
        raise BobaoError(
            f"{len(failed)} of {len(plans)} articles cannot be produced: {', '.join(failed[:5])}",
            advice="Mend them as the messages above say.",
        )


def _show(desk: Desk, plans: Sequence[Plan], free: int) -> None:
    from bobao.pipeline.plans import total

    whole, good = total(plans), [plan for plan in plans if not plan.error]
    head = ("CHARACTERS", "LENGTH", "LINES", "TO SAY", "DISK")
    asked = ["REQUESTS"] if whole.requests else []
    rows = [_row(plan, whole, plan.slug) for plan in good]
    if len(good) != 1:
        rows.append(_row(whole, whole, f"{len(good)} articles"))
    desk.console.table((*head, *asked, "ARTICLE"), rows)
    if whole.disk_bytes > free:
        desk.console.note(f"warning: the disk has room for {_size(free)} only")
    listed = [asdict(plan) for plan in plans]
    desk.console.result({"articles": listed, "total": asdict(whole), "disk_free": free})


def _row(plan: Plan, whole: Plan, name: str) -> tuple[str, ...]:
    missing = "done" if plan.finished else f"{plan.missing}"
    cells = (f"{plan.characters}", clock(plan.duration_ms), f"{plan.lines}", missing)
    asked = [f"{plan.requests}"] if whole.requests else []
    return (*cells, _size(plan.disk_bytes), *asked, name)


def _size(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
