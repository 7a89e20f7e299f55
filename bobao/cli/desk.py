"""What every verb is given: a console to speak through, and the workspace, found when asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from bobao.cli.console import Console
from bobao.station import journal
from bobao.station.workspace import Workspace, locate

Verb = TypeVar("Verb", bound=Callable[..., Any])
_FILE = click.Path(dir_okay=False, path_type=Path)
_NOT_GIVEN = (ParameterSource.DEFAULT, ParameterSource.ENVIRONMENT)


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk a command is given at."""

    console: Console
    start: Path

    def workspace(self) -> Workspace:
        """Find the workspace; raises `BobaoError` where there is none."""
        return locate(self.start)


_COMMON = (
    click.option(
        "--workspace",
        "-w",
        type=click.Path(path_type=Path),
        default=Path(),
        envvar="BOBAO_WORKSPACE",
        help="Work in this workspace, not the current folder.",
    ),
    click.option(
        "--plain",
        is_flag=True,
        envvar="BOBAO_PLAIN",
        help="Plain lines only, nothing redrawn (for screen readers and logs).",
    ),
    click.option("--quiet", "-q", is_flag=True, help="Print errors only."),
    click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
    click.option("--log", type=_FILE, help="Add what is done to this file, as JSON lines."),
)


def common(verb: Verb) -> Verb:
    """Give a verb, or the command itself, the options that every verb has."""
    for option in reversed(_COMMON):
        verb = option(verb)
    return verb


def at_desk(verb: Verb) -> Verb:
    """Give a verb the common options, and a `Desk` as its first argument.

    They may stand before the verb as well; what stands behind it counts more.
    """

    @common
    def given(**options: Any) -> Any:
        context = click.get_current_context()
        options |= {
            name: value
            for name, value in context.find_root().params.items()
            if context.get_parameter_source(name) in _NOT_GIVEN
        }
        console = Console(*(options.pop(name) for name in ("plain", "quiet", "as_json")))
        desk = Desk(console, options.pop("workspace"))
        with journal.recording(options.pop("log")):
            return verb(desk, **options)

    given.__doc__, given.__name__ = verb.__doc__, verb.__name__
    # Options that click has put on the verb itself (below this decorator) come along.
    given.__click_params__ = [  # type: ignore[attr-defined]
        *getattr(given, "__click_params__", []),
        *getattr(verb, "__click_params__", []),
    ]
    return given  # type: ignore[return-value]
