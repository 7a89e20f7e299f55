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
from bobao.commands.verify import show_report, write_page
from bobao.commands.voice import show_recorded
from bobao.workspace import slug_of


@click.command()
@click.argument("seed")
@choosing(*PRODUCE)
@at_desk
def produce(desk: Desk, seed: str, **options: Any) -> int:
    """Turn SEED (a file, or a name in seeds/) into a bulletin in output/, verified and published.

    A run that was stopped goes on where it was; nothing that is finished is done again. Where a
    fault is found in the bulletin, the run ends with 1 before the site is brought up to date.
    """
    from bobao.publish import refresh
    from bobao.verifying.verify import verify

    workspace, choices = desk.workspace(), choices_of(options)
    path = workspace.find_seed(seed)
    drafted = steps.draft(workspace, path, choices, today())
    show_draft(desk, workspace.relative(drafted.path), drafted)
    slug = slug_of(path)
    show_recorded(desk, steps.voice(workspace, slug, choices, desk.console.progress))
    mixed = steps.mix(workspace, slug, choices, desk.console.progress)
    show_bulletin(desk, workspace.relative(workspace.bulletin(slug)), mixed)
    report = verify(workspace, slug, progress=desk.console.progress)
    if report.good:
        desk.console.note(f"{slug}: verified, nothing is wrong")
        done = refresh(workspace, desk.console.progress)
        show_published(desk, workspace.relative(workspace.site), done)
    else:
        show_report(desk, report)
        desk.console.note(workspace.relative(write_page(workspace, slug, report)))
    desk.console.result(plain_chapters(mixed.bulletin))
    return 0 if report.good and done.whole else 1
