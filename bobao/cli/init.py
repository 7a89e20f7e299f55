"""``bobao init DIR``."""

from __future__ import annotations

from pathlib import Path

import click

from bobao.cli.desk import Desk, at_desk
from bobao.station import workspace


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@at_desk
def init(desk: Desk, folder: Path) -> None:
    """Make a workspace in FOLDER: seeds, scripts, audio, output and bobao.toml.

    What is there already is left as it is.
    """
    made = made_in(folder)
    desk.console.say(f"{made.root}: ready. Put an article into {folder / 'seeds'}, then:")
    desk.console.say(f"  cd {folder} && bobao produce NAME")
    desk.console.result({"workspace": str(made.root)})


def made_in(folder: Path) -> workspace.Workspace:
    """The workspace in `folder`, made where it is not there yet."""
    from bobao.mix.stings import make_library

    made = workspace.create(folder)
    make_library(made.library)
    return made
