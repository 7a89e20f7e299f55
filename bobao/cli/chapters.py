"""``bobao chapters SLUG``."""

from __future__ import annotations

from typing import Any

import click

from bobao import pipeline
from bobao.cli.console import clock
from bobao.cli.desk import Desk, at_desk
from bobao.model import Bulletin


@click.command()
@click.argument("slug")
@at_desk
def chapters(desk: Desk, slug: str) -> None:
    """Show the chapters of the bulletin SLUG with their times."""
    workspace = desk.workspace()
    bulletin = pipeline.load_bulletin(
        workspace, workspace.find(slug, workspace.bulletins(), "bulletin")
    )
    show_chapters(desk, bulletin)
    desk.console.result(plain_chapters(bulletin))


def show_chapters(desk: Desk, bulletin: Bulletin) -> None:
    """Print number, start, length and title of each chapter."""
    rows = [
        (str(c.number), clock(c.start_ms), clock(c.end_ms - c.start_ms), c.title)
        for c in bulletin.chapters
    ]
    rows.append(("", clock(bulletin.duration_ms), "", "(end)"))
    desk.console.table(("", "START", "LENGTH", "TITLE"), rows)


def plain_chapters(bulletin: Bulletin) -> dict[str, Any]:
    """Give the chapters as plain data, times in milliseconds."""
    return {
        "slug": bulletin.header.slug,
        "title": bulletin.header.title,
        "duration_ms": bulletin.duration_ms,
        "chapters": [
            {
                "number": c.number,
                "title": c.title,
                "start_ms": c.start_ms,
                "end_ms": c.end_ms,
                "file": c.file,
            }
            for c in bulletin.chapters
        ],
    }
