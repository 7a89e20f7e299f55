"""``bobao mix SLUG``: step 3, the bulletin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bobao import pipeline
from bobao.cli.chapters import plain_chapters, show_chapters
from bobao.cli.choices import MIX, choices_of, choosing
from bobao.cli.desk import Desk, at_desk

if TYPE_CHECKING:  # numpy comes with it
    from bobao.mix.mix import Mixed


@click.command()
@click.argument("slug")
@choosing(*MIX)
@at_desk
def mix(desk: Desk, slug: str, **options: Any) -> None:
    """Stitch the recordings of SLUG into the bulletin in output/SLUG/."""
    workspace = desk.workspace()
    slug = workspace.find(slug, workspace.scripts(), "script")
    made = pipeline.mix(workspace, slug, choices_of(options), desk.console.progress)
    show_bulletin(desk, workspace.relative(workspace.bulletin(slug)), made)
    desk.console.result(plain_chapters(made.bulletin))


def show_bulletin(desk: Desk, folder: str, mixed: Mixed) -> None:
    """Print the chapter table, the loudness and where the bulletin lies."""
    made = mixed.bulletin
    show_chapters(desk, made)
    if made.loudness:
        desk.console.note(
            f"loudness {made.loudness.integrated:.1f} LUFS (one channel), "
            f"true peak {made.loudness.true_peak:.1f} dBTP"
        )
    if made.instead_of:
        desk.console.note(f"spoken by {made.engine}, because {made.instead_of} gave up")
    for warning in mixed.warnings:
        desk.console.note(f"warning: {warning}")
    ready = "" if mixed.fresh else " (nothing has changed since it was mixed)"
    desk.console.note(f"{folder}/{made.header.slug}.mp3{ready}")
