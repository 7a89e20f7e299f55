"""``bobao voices``."""

from __future__ import annotations

from dataclasses import asdict

import click

from bobao.commands.desk import Desk, at_desk


@click.command()
@click.option("--engine", "only", default="", help="Only this engine's voices.")
@at_desk
def voices(desk: Desk, only: str) -> None:
    """List the voices, each engine's suggested one first."""
    from bobao.voices import registry

    rows = [
        (name, voice)
        for name in ([only] if only else registry.names())
        for voice in registry.engine(name).voices()
    ]
    desk.console.table(
        ("ENGINE", "VOICE", "", "NOTE"), [(n, v.name, v.gender, v.note) for n, v in rows]
    )
    desk.console.result([{"engine": name, **asdict(voice)} for name, voice in rows])
