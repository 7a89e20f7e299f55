"""``bobao estimate SEEDS…``: what producing them comes to, before any work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bobao.commands.articles import articles, passed_over
from bobao.commands.choices import PRODUCE, choices_of, choosing, today
from bobao.commands.desk import Desk, at_desk
from bobao.console import clock
from bobao.errors import BobaoError
from bobao.files import processors

if TYPE_CHECKING:
    from bobao.planning.machine import Machine
    from bobao.planning.values import Plan


@click.command()
@click.argument("seeds", nargs=-1)
@choosing(*PRODUCE)
@click.option(
    "--ask", is_flag=True, help="Let an online voice say one sentence, to measure it. It is asked "
    "nothing otherwise."
)  # fmt: skip
@at_desk
def estimate(desk: Desk, seeds: tuple[str, ...], ask: bool, **options: Any) -> None:
    """Tell what `bobao batch SEEDS` would come to: characters, minutes, time, disk, requests.

    SEEDS are files, folders or names in seeds/, all of it where none are named. The voices say one
    sentence each, which shows how fast they and this machine are. Lines that are recorded already
    count as done. Nothing is written into the workspace.
    """
    from bobao.planning.machine import Machine
    from bobao.planning.plan import Planner

    workspace, choices, machine = desk.workspace(), choices_of(options), Machine(ask)
    paths = articles(workspace, seeds)
    if others := passed_over(workspace, seeds):
        desk.console.note(others)
    update, plans = desk.console.progress("estimate"), list["Plan"]()
    for plan in Planner(workspace, choices, today(), machine).plans(paths):
        plans.append(plan)
        update(len(plans), len(paths), plan.slug)
        if plan.error:
            desk.console.note(f"failed  {plan.slug}: {plan.error}")
    jobs, free = choices.jobs or processors(), shutil.disk_usage(workspace.root).free
    _show(desk, plans, machine, jobs, free)
    failed = [plan.slug for plan in plans if plan.error]
    if failed:
        raise BobaoError(
            f"{len(failed)} of {len(plans)} articles cannot be produced: {', '.join(failed[:5])}",
            advice="Mend them as the messages above say.",
        )


def _show(desk: Desk, plans: Sequence[Plan], machine: Machine, jobs: int, free: int) -> None:
    from bobao.planning.values import total

    whole, say = total(plans), desk.console.note
    start = machine.start_s() if whole.work_s else 0.0
    seconds = start + whole.work_s / jobs
    good = [plan for plan in plans if not plan.error]
    desk.console.table(_head(whole), _rows(good, whole, jobs, start))
    if machine.basis:
        say(f"Time is that of {jobs} processors with nothing else to do. It rests on:")
    for line in machine.basis:
        say(f"  {line}")
    if whole.disk_bytes > free:
        say(f"warning: the disk has room for {_size(free)} only")
    desk.console.result(
        {
            "articles": [asdict(plan) for plan in plans],
            "total": {**asdict(whole), "seconds": round(seconds, 1), "jobs": jobs},
            "disk_free": free,
            "basis": machine.basis,
        }
    )


def _head(whole: Plan) -> tuple[str, ...]:
    head = ("CHARACTERS", "LENGTH", "LINES", "TO SAY", "TIME", "DISK")
    return (*head, *(["REQUESTS"] if whole.requests else []), "ARTICLE")


def _rows(plans: Sequence[Plan], whole: Plan, jobs: int, start: float) -> Iterator[tuple[str, ...]]:
    """A row for each article, and their sums, which have the start of the workers too."""
    for plan in plans:
        yield _row(plan, whole, plan.work_s / jobs, plan.slug)
    if len(plans) != 1:
        yield _row(whole, whole, start + whole.work_s / jobs, f"{len(plans)} articles")
    elif whole.work_s:
        yield _row(whole, whole, start + whole.work_s / jobs, "with the start")


def _row(plan: Plan, whole: Plan, seconds: float, name: str) -> tuple[str, ...]:
    time = "done" if plan.finished else clock(round(seconds * 1000))
    cells = (f"{plan.characters}", clock(plan.duration_ms), f"{plan.lines}", f"{plan.missing}")
    asked = [f"{plan.requests}"] if whole.requests else []
    return (*cells, time, _size(plan.disk_bytes), *asked, name)


def _size(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
