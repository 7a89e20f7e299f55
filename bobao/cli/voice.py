"""``bobao voice SLUG``: step 2, the recordings."""

from __future__ import annotations

from typing import Any

import click

from bobao import pipeline
from bobao.cli.choices import VOICE, choices_of, choosing
from bobao.cli.desk import Desk, at_desk


@click.command()
@click.argument("slug")
@choosing(*VOICE)
@at_desk
def voice(desk: Desk, slug: str, **options: Any) -> None:
    """Record the script SLUG: each line that is not recorded yet, then a file for each section."""
    workspace = desk.workspace()
    slug = workspace.find(slug, workspace.scripts(), "script")
    made = pipeline.voice(workspace, slug, choices_of(options), desk.console.progress)
    show_recorded(desk, made)
    desk.console.result(
        {
            "slug": slug,
            "engine": made.engine,
            "voice": made.voice,
            "voices": made.voices,
            "instead_of": made.instead_of,
            "spoken": made.spoken,
            "reused": made.reused,
        }
    )


def show_recorded(desk: Desk, made: pipeline.Recorded) -> None:
    """Tell what was recorded by whom, and what was there already."""
    for fault in made.damaged:
        desk.console.note(f"damaged, recorded again: {fault}")
    if made.instead_of:
        desk.console.note(
            f"{made.instead_of} gave up: {made.why}. "
            f"The whole bulletin is spoken by {made.engine} instead."
        )
    voices = ", ".join(made.voices)
    desk.console.note(
        f"voice {made.engine}/{voices}: {made.spoken} lines recorded, {made.reused} kept"
    )
