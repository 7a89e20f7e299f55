"""``bobao produce SEED``: all the steps."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from bobao import pipeline as steps
from bobao.cli.chapters import plain_chapters
from bobao.cli.choices import PRODUCE, choices_of, choosing, today
from bobao.cli.desk import Desk, at_desk
from bobao.cli.draft import show_draft
from bobao.cli.init import made_in
from bobao.cli.mix import show_bulletin
from bobao.cli.publish import show_published
from bobao.cli.verify import show_report
from bobao.cli.voice import show_recorded
from bobao.errors import BobaoError
from bobao.station.workspace import NO_WORKSPACE, Workspace, slug_of


@click.command()
@click.argument("seed", metavar="SEED|URL|-")
@click.option("--allow-private", is_flag=True, help="Fetch from one's own network, too.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    help="Work in the workspace DIR, and make it where it is not there yet.",
    metavar="DIR",
)
@choosing(*PRODUCE)
@at_desk
def produce(desk: Desk, seed: str, allow_private: bool, output: Path | None, **options: Any) -> int:
    """Turn SEED (a file, or a name in seeds/) into a bulletin in output/, verified and published.

    The article at a URL, or from standard input (-), is put into seeds/. A run that was stopped
    goes on where it was; nothing that is finished is done again. Where a fault is found in the
    bulletin, the run ends with 1 and it is not published.
    """
    from bobao.reading.seeds import seed_of

    workspace, choices = _workspace(desk, seed, output), choices_of(options)
    path = seed_of(workspace, seed, private=allow_private)
    slug, progress = slug_of(path), desk.console.progress
    drafted = steps.draft(workspace, path, choices, today())
    show_draft(desk, workspace, drafted)
    show_recorded(desk, steps.voice(workspace, slug, choices, progress))
    mixed = steps.mix(workspace, slug, choices, progress)
    show_bulletin(desk, workspace.relative(workspace.bulletin(slug)), mixed)
    good = _proved(desk, workspace, slug, fresh=mixed.fresh)
    done = _published(desk, workspace) and good  # what is faulty leaves the site
    desk.console.result(plain_chapters(mixed.bulletin))
    return 0 if done else 1


def _workspace(desk: Desk, seed: str, output: Path | None) -> Workspace:
    """Find the workspace. For a file outside of any, one is made where a person agrees to it."""
    if output is not None:
        return made_in(output)
    try:
        return desk.workspace()
    except BobaoError as error:
        if not Path(seed).is_file() or error.what != NO_WORKSPACE:
            raise
        if sys.stdin.isatty() and sys.stderr.isatty():
            here = desk.start.resolve()
            click.confirm(f"{here} is no workspace yet. Make one here?", abort=True, err=True)
            return made_in(desk.start)
        advice = f'Name a folder for all that is made: `bobao produce "{seed}" -o DIR`, or make '
        raise BobaoError(
            error.what, where=error.where, advice=f"{advice}a workspace with `bobao init DIR`."
        ) from error


def _proved(desk: Desk, workspace: Workspace, slug: str, *, fresh: bool) -> bool:
    """Verify, unless a bulletin that is not `fresh` was found good before; whether it is right."""
    from bobao.verify.verify import proved, verify

    if not fresh and proved(workspace, slug):
        desk.console.note(f"{slug}: verified before, nothing has changed")
        return True
    report = verify(workspace, slug, progress=desk.console.progress)
    if report.good:
        desk.console.note(f"{slug}: verified, nothing is wrong")
    else:
        show_report(desk, report)
        desk.console.note(workspace.relative(workspace.report(slug)))
    return report.good


def _published(desk: Desk, workspace: Workspace) -> bool:
    """Bring the site up to date; whether it is whole."""
    from bobao.publish import refresh

    done = refresh(workspace, desk.console.progress)
    show_published(desk, workspace.relative(workspace.site), done)
    return done.whole
