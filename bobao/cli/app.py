"""The command line: every verb, and the one place where errors are caught and printed.

Exit codes: 0 done, 1 the work could not be done (the message says what, where, what next),
2 wrong usage, 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, cast

import click

from bobao import __version__
from bobao.cli.console import common
from bobao.errors import DEBUG, BobaoError, unforeseen

VERBS = {
    "init": "Make a workspace: the four folders and a commented bobao.toml.",
    "produce": "Article in, bulletin out: draft, voice and mix.",
    "rundown": "The bulletin of the day: several articles, one bulletin.",
    "batch": "Many articles at once, on this machine or a cluster.",
    "estimate": "Before any work: minutes, disk, requests.",
    "draft": "Step 1: write the script of an article, for an editor to correct.",
    "proof": "The page the desk reads and signs: written and spoken, doubts first.",
    "desk": "The editor's desk in the browser: correct, hear, make, publish.",
    "voice": "Step 2: record the script, one take a sentence.",
    "mix": "Step 3: stitch the takes into the bulletin.",
    "verify": "Prove a bulletin: files, sound, takes, times, tags, script; --listen hears it.",
    "publish": "Make output/ a site with pages, books and a podcast feed.",
    "withdraw": "Take a bulletin off the site and the feed.",
    "restore": "Put a bulletin back that was withdrawn.",
    "feed": "Check the podcast feed.",
    "serve": "Serve the site on this machine, and make it again as scripts are edited.",
    "chapters": "Show a bulletin's chapters and their times.",
    "play": "Play a bulletin, or one chapter of it.",
    "voices": "List the voices.",
    "normalise": "Standard input, line by line: written Chinese to spoken Chinese.",
    "pronounce": "Standard input, line by line: Chinese to pinyin.",
    "lexicon": "The station's own readings: list, add, import (PLS or TSV).",
    "read": "Show how an article is understood: its blocks and why.",
    "cache": "Recorded lines: how much there is, what may go, whether all is whole.",
    "doctor": "What is installed, what is missing, what to do.",
}
MODULES = {
    "steps": ("produce", "rundown", "draft", "voice", "mix", "chapters"),
    "many": ("batch", "estimate"),
    "bulletins": ("desk", "proof", "verify", "play"),
    "site": ("publish", "withdraw", "restore", "feed", "serve"),
    "words": ("read", "normalise", "pronounce", "lexicon"),
    "machine": ("init", "voices", "cache", "doctor"),
}
"""The modules of this package, and the verbs that each has."""


class Verbs(click.Group):
    """Loads a verb's module when it is called for, so that ``--help`` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the verbs in the order of the work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one verb."""
        if cmd_name not in VERBS:
            return None
        name = next(module for module, verbs in MODULES.items() if cmd_name in verbs)
        module = import_module(f"bobao.cli.{name}")
        command = getattr(module, cmd_name)
        return cast("click.Command", command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; of one that there is not, tell those that look like it."""
        if args[0] not in VERBS and not args[0].startswith("-"):
            near = get_close_matches(args[0].lower(), VERBS, n=2)
            meant = f" Did you mean {' or '.join(near)}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


HELP = """bobao (播报) turns a Chinese article into an accessible spoken bulletin.

\b
bobao init my-station && cd my-station
cp article.txt seeds/
bobao produce article
"""


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]}, help=HELP)
@click.version_option(__version__, prog_name="bobao")
@common
def bobao(**before: Any) -> None:
    """Take the common options that stand before the verb: `console.verb` reads them."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    os.environ.setdefault("PATH", os.defpath)  # libraries take it for granted
    for stream in (sys.stdout, sys.stderr):  # a terminal in GBK shows ? for what it has not
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    try:
        code = bobao.main(args=arguments, prog_name="bobao", standalone_mode=False)
    except BobaoError as error:
        return _failed(error)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; what was finished is kept, run it again to go on", err=True)
        return 130
    except BrokenPipeError:  # the reader of a pipe has gone: nobody is left to tell
        sys.stderr.close()
        return 1
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        return _failed(unforeseen(error))
    return code if isinstance(code, int) else 0


def _failed(error: BobaoError) -> int:
    click.echo(f"error: {error}", err=True)
    return 1
