"""How bobao talks, and what every verb is given: a `Console` that finds the workspace and prints.

On a terminal one progress line is redrawn; elsewhere, and with ``--plain`` (for screen readers),
a line is printed at the end of each step, and every half minute of a long one. Results go to
standard output, the rest to standard error.
"""

from __future__ import annotations

import datetime
import json
import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from bobao.pipeline import Choices, Update
from bobao.station import journal
from bobao.station.config import STYLES
from bobao.station.workspace import Workspace, locate

EVERY_S = 30.0
"""How often a long step is told of in plain lines."""
Verb = TypeVar("Verb", bound=Callable[..., Any])
_NOT_GIVEN = (ParameterSource.DEFAULT, ParameterSource.ENVIRONMENT)


def width(text: str) -> int:
    """Columns that `text` takes on a terminal: two for a wide character, none for a mark."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def clock(ms: int) -> str:
    """``1:23`` or ``1:02:03`` for a time in milliseconds, rounded down."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def counted(count: int, what: str) -> str:
    """A number with its noun, in the plural by ``s``: ``1 fault``, ``3 faults``."""
    return f"{count} {what}{'' if count == 1 else 's'}"


@dataclass(slots=True)
class Console:
    """Where a command's words go, and the folder that it was started in."""

    start: Path = field(default_factory=Path)
    plain: bool = False
    quiet: bool = False
    as_json: bool = False
    _open: bool = field(default=False, init=False)

    def workspace(self) -> Workspace:
        """Find the workspace; raises `BobaoError` where there is none."""
        return locate(self.start)

    @property
    def silent(self) -> bool:
        """Whether only errors are printed, and JSON."""
        return self.quiet or self.as_json

    def say(self, text: str, *, err: bool = False) -> None:
        """Print a line of the result."""
        self._close()
        if not self.silent:
            click.echo(text, err=err)

    def note(self, text: str) -> None:
        """Print a remark."""
        self.say(text, err=True)

    def error(self, text: str) -> None:
        """Print what is wrong, or was not done: nothing silences it."""
        self._close()
        click.echo(text, err=True)

    def result(self, value: Any) -> None:
        """Print `value` as JSON where that was asked for."""
        self._close()
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, indent=2))

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print rows in columns; the last column is not padded."""
        lines = [tuple(head), *(tuple(row) for row in rows)]
        widths = [max(width(line[i]) for line in lines) for i in range(len(head))]
        for line in lines:
            cells = (cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(line))
            self.say("  ".join(cells).rstrip())

    def progress(self, label: str) -> Update:
        """Return a function that shows how far a piece of long work has come."""
        started = told = time.monotonic()
        live = not (self.plain or self.silent) and sys.stderr.isatty()

        def update(done: int, total: int, remark: str = "") -> None:
            nonlocal told
            share = done / total if total else 1.0
            left = _left(share, time.monotonic() - started)
            if live:
                self._open = True
                full = round(share * 24)
                bar = "█" * full + "░" * (24 - full)
                click.echo(
                    f"\r\x1b[K{label} {bar} {done}/{total} {remark}{left}", nl=False, err=True
                )
            elif (share >= 1 or time.monotonic() - told >= EVERY_S) and not self.silent:
                told = time.monotonic()
                click.echo(f"{label}: {done}/{total} {remark}{left}", err=True)
            if done >= total:
                self._close()

        return update

    def _close(self) -> None:
        """End the line that is being redrawn."""
        if self._open:
            self._open = False
            click.echo(err=True)


def _left(share: float, spent_s: float) -> str:
    if share >= 1:
        return f" · {clock(int(spent_s * 1000))}"
    if share <= 0 or spent_s < 1:
        return ""
    return f" · {clock(int(spent_s / share * (1 - share) * 1000))} left"


# ── The options that every verb has ─────────────────────────────────────────────────────────────

_COMMON = (
    click.option(
        *("--workspace", "-w"),
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
    click.option(
        "--log",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Add what is done to this file, as JSON lines.",
    ),
)


def with_options(verb: Verb, options: Iterable[Callable[[Verb], Verb]]) -> Verb:
    """Give a verb some options, in this order."""
    for option in reversed(tuple(options)):
        verb = option(verb)
    return verb


def common(verb: Verb) -> Verb:
    """Give a verb, or the command itself, the options that every verb has."""
    return with_options(verb, _COMMON)


def verb(function: Verb) -> Verb:
    """Give a verb the common options, and a `Console` as its first argument.

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
        own = [options.pop(name) for name in ("workspace", "plain", "quiet", "as_json")]
        with journal.recording(options.pop("log")):
            return function(Console(*own), **options)

    given.__doc__, given.__name__ = function.__doc__, function.__name__
    # Options that click has put on the verb itself (below this decorator) come along.
    given.__click_params__ = [  # type: ignore[attr-defined]
        *getattr(given, "__click_params__", []),
        *getattr(function, "__click_params__", []),
    ]
    return given  # type: ignore[return-value]


# ── The options that draft, voice, mix and produce share ────────────────────────────────────────

_CHOICES: dict[str, Callable[[Verb], Verb]] = {
    "date": click.option(
        "--date",
        type=click.DateTime(formats=["%Y-%m-%d"]),
        help="Date of the broadcast, YYYY-MM-DD [today].",
    ),
    "captions": click.option(
        "--captions",
        type=click.Choice(["announce", "silent"]),
        help="Photo captions: read at the end of their section, or left silent.",
    ),
    "signposts": click.option(
        "--signposts/--no-signposts", default=None, help="Opening, contents, “第二部分”, closing."
    ),
    "simplify": click.option(
        "--simplify/--no-simplify",
        default=None,
        help="Say traditional hanzi as their simplified forms; what is shown stays.",
    ),
    "force": click.option("--force", is_flag=True, help="Draft afresh over an edited script."),
    "engine": click.option("--engine", help="Voice engine; `bobao voices` lists them."),
    "voice": click.option("--voice", help="One voice for everything, for example zf_xiaoxiao."),
    "anchors": click.option(
        "--anchors", help="Voices that take turns by section: zf_xiaoxiao,zm_yunjian."
    ),
    "style": click.option(
        "--style",
        type=click.Choice(STYLES),
        help="How it is spoken: as news, slow for elderly listeners, for village loudspeakers.",
    ),
    "fallback": click.option(
        "--fallback", metavar="ENGINE", help="Speaks the whole bulletin if the engine gives up."
    ),
    "rate": click.option(
        "--rate", type=click.FloatRange(0.5, 2.0), help="Pace; 1.0 is that of the style."
    ),
    "jobs": click.option(
        "--jobs", "-j", type=click.IntRange(1, 64), help="Lines recorded at once [all cores]."
    ),
    "stings": click.option(
        "--stings/--no-stings", default=None, help="Music at the opening, sections and closing."
    ),
}
SPEAKING = ("engine", "voice", "anchors", "style")
DRAFT = ("date", "captions", "signposts", "simplify", "force", *SPEAKING)
VOICE = (*SPEAKING, "rate", "fallback", "jobs")
MIX = (*SPEAKING, "rate", "fallback", "stings")
PRODUCE = tuple(dict.fromkeys(DRAFT + VOICE + MIX))


def choosing(*names: str) -> Callable[[Verb], Verb]:
    """Give a verb the named options of those that the steps share."""
    return lambda verb: with_options(verb, (_CHOICES[name] for name in names))


def choices_of(options: dict[str, Any]) -> Choices:
    """Turn the options of a verb into `Choices`; those not given stay at their default."""
    given = {name: value for name, value in options.items() if value is not None}
    if isinstance(given.get("date"), datetime.date):
        given["date"] = given["date"].strftime("%Y-%m-%d")
    if "anchors" in given:
        from bobao.voices.casting import split

        given["anchors"] = split(given["anchors"])
    return Choices(**given)


def today() -> str:
    """Tell the date: today's, or that of ``SOURCE_DATE_EPOCH`` for a repeatable run."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).date().isoformat()
    return datetime.date.today().isoformat()
