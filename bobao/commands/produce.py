"""``bobao produce SEED``: all the steps."""

from __future__ import annotations

from typing import Any

import click

from bobao import produce as steps
from bobao.commands.chapters import plain_chapters
from bobao.commands.choices import PRODUCE, choices_of, choosing, today
from bobao.commands.desk import Desk, at_desk
from bobao.commands.draft import show_draft
from bobao.commands.mix import show_bulletin
from bobao.commands.publish import show_published
from bobao.commands.verify import show_report
from bobao.commands.voice import show_recorded
from bobao.workspace import Workspace, slug_of


@click.command()
@click.argument("seed", metavar="SEED|URL")
@click.option("--allow-private", is_flag=True, help="Fetch from one's own network, too.")
@choosing(*PRODUCE)
@at_desk
def produce(desk: Desk, seed: str, allow_private: bool, **options: Any) -> int:
    """Turn SEED (a file, or a name in seeds/) into a bulletin in output/, verified and published.

    The article at a URL is put into seeds/. A run that was stopped goes on where it was; nothing
    that is finished is done again. Where a fault is found in the bulletin, the run ends with 1 and
    it is not published.
    """
    from bobao.reading.seeds import seed_of

    workspace, choices = desk.workspace(), choices_of(options)
    path = seed_of(workspace, seed, private=allow_private)
    slug, progress = slug_of(path), desk.console.progress
    drafted = steps.draft(workspace, path, choices, today())
    show_draft(desk, workspace.relative(drafted.path), drafted)
    show_recorded(desk, steps.voice(workspace, slug, choices, progress))
    mixed = steps.mix(workspace, slug, choices, progress)
    show_bulletin(desk, workspace.relative(workspace.bulletin(slug)), mixed)
    good = _proved(desk, workspace, slug, fresh=mixed.fresh)
    done = _published(desk, workspace) and good  # what is faulty leaves the site
    desk.console.result(plain_chapters(mixed.bulletin))
    return 0 if done else 1


def _proved(desk: Desk, workspace: Workspace, slug: str, *, fresh: bool) -> bool:
    """Verify, unless a bulletin that is not `fresh` was found good before; whether it is right."""
    from bobao.verifying.verify import proved, verify

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
