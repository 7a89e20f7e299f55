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
from bobao.commands.voice import show_recorded
from bobao.workspace import slug_of


@click.command()
@click.argument("seed")
@choosing(*PRODUCE)
@at_desk
def produce(desk: Desk, seed: str, **options: Any) -> None:
    """Turn SEED (a file, or a name in seeds/) into a bulletin in output/.

    A run that was stopped goes on where it was; nothing that is finished is done again.
    """
    workspace, choices = desk.workspace(), choices_of(options)
    path = workspace.find_seed(seed)
    drafted = steps.draft(workspace, path, choices, today())
    show_draft(desk, workspace.relative(drafted.path), drafted)
    slug = slug_of(path)
    show_recorded(desk, steps.voice(workspace, slug, choices, desk.console.progress))
    mixed = steps.mix(workspace, slug, choices, desk.console.progress)
    show_bulletin(desk, workspace.relative(workspace.bulletin(slug)), mixed)
    desk.console.result(plain_chapters(mixed.bulletin))
