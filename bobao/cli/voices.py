"""``bobao voices``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Protocol, runtime_checkable

import click

from bobao.cli.desk import Desk, at_desk


@runtime_checkable
class Asking(Protocol):
    """An engine whose voices are a service's: it can be made to ask for them."""

    def update_voices(self, *, now: bool = False) -> str:
        """Ask, unless the last answer is fresh; returns where the list is from, in words."""
        ...


@click.command()
@click.option("--engine", "only", default="", help="Only this engine's voices.")
@click.option("--refresh", is_flag=True, help="Ask an online engine's service again.")
@at_desk
def voices(desk: Desk, only: str, refresh: bool) -> None:
    """List the voices, each engine's suggested one first.

    An online engine's service is asked once a day at most, and only with --engine or --refresh.
    """
    from bobao.voices import registry

    engines = [registry.engine(name) for name in ([only] if only else registry.names())]
    for engine in engines:
        if (only or refresh) and isinstance(engine, Asking):
            desk.console.note(f"{engine.name}: {engine.update_voices(now=refresh)}")
    rows = [(engine.name, voice) for engine in engines for voice in engine.voices()]
    desk.console.table(
        ("ENGINE", "VOICE", "", "NOTE"), [(n, v.name, v.gender, v.note) for n, v in rows]
    )
    desk.console.result([{"engine": name, **asdict(voice)} for name, voice in rows])
