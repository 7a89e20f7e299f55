"""``bobao draft SEED``: step 1, the script."""

from __future__ import annotations

from typing import Any

import click

from bobao import produce
from bobao.commands.choices import DRAFT, choices_of, choosing, today
from bobao.commands.desk import Desk, at_desk


@click.command()
@click.argument("seed")
@choosing(*DRAFT)
@at_desk
def draft(desk: Desk, seed: str, **options: Any) -> None:
    """Write the script of SEED (a file, or a name in seeds/) into scripts/.

    Read it and correct it there: one sentence a line, {written|spoken} where the two differ. An
    edited script is never overwritten without --force.
    """
    workspace = desk.workspace()
    made = produce.draft(workspace, workspace.find_seed(seed), choices_of(options), today())
    show_draft(desk, workspace.relative(made.path), made)
    desk.console.result(
        {
            "script": str(made.path),
            "state": made.state.value,
            "sections": [s.title for s in made.script.sections],
        }
    )


def show_draft(desk: Desk, name: str, made: produce.Drafted) -> None:
    """Tell what became of the script, and what the reader was unsure of."""
    sections = made.script.sections
    lines = sum(1 for _ in made.script.lines())
    desk.console.note(f"{name}: {made.state.value} ({len(sections)} sections, {lines} lines)")
    doubtful = [b for b in made.article.blocks if b.confidence < 0.6]
    if doubtful and made.state is not produce.State.EDITED:
        desk.console.note(f"  {len(doubtful)} doubtful places; see `bobao read --review`:")
        for block in doubtful[:5]:
            desk.console.note(f"  · {block.kind.value}: {block.text[:24]} ({block.reason})")
