"""``bobao draft SEED``: step 1, the script."""

from __future__ import annotations

from typing import Any

import click

from bobao import pipeline
from bobao.cli.choices import DRAFT, choices_of, choosing, today
from bobao.cli.console import clock
from bobao.cli.desk import Desk, at_desk
from bobao.station.workspace import Workspace

MOST_DOUBTS = 5
"""More doubts than this are not all printed; `bobao read --review` has the rest."""


@click.command()
@click.argument("seed", metavar="SEED|URL")
@click.option("--allow-private", is_flag=True, help="Fetch from one's own network, too.")
@choosing(*DRAFT)
@at_desk
def draft(desk: Desk, seed: str, allow_private: bool, **options: Any) -> None:
    """Write the script of SEED (a file, or a name in seeds/) into scripts/.

    Read it and correct it there: one sentence a line, {written|spoken} where the two differ. An
    edited script is never overwritten without --force. The article at a URL is put into seeds/.
    """
    from bobao.reading.seeds import seed_of

    workspace = desk.workspace()
    path = seed_of(workspace, seed, private=allow_private)
    made = pipeline.draft(workspace, path, choices_of(options), today())
    show_draft(desk, workspace, made)
    desk.console.result(
        {
            "script": str(made.path),
            "state": made.state.value,
            "sections": [s.title for s in made.script.sections],
        }
    )


def show_draft(desk: Desk, workspace: Workspace, made: pipeline.Drafted) -> None:
    """Tell what became of the script, how long it will be, and what to look at first."""
    from bobao.script.plan import notes
    from bobao.script.unread import named

    told, say = notes(made.article, made.script), desk.console.note
    lines = sum(1 for _ in made.script.lines())
    name = workspace.relative(made.path)
    say(f"{name}: {made.state.value} ({len(told.sections)} sections, {lines} lines, "
        f"about {clock(told.seconds * 1000)})")  # fmt: skip
    undecided = pipeline.undecided(workspace, made.path.stem)
    if undecided:
        say("  to decide before it is recorded, with {x|what to say} or {x|} for silence: "
            f"{len(undecided)}")  # fmt: skip
    for number, what in undecided[:MOST_DOUBTS]:
        say(f"  · line {number}: {named(what)}")
    for remark in made.remarks:
        desk.console.error(f"  {remark}")
    if made.state in {pipeline.State.EDITED, pipeline.State.REDATED}:
        return
    for section in told.long:
        say(f"  long section, {section.characters} characters: {section.title}")
    if told.unvoiced:
        say("  shown but not said: " + " ".join(told.unvoiced))
    if told.doubts:
        say(f"  {len(told.doubts)} doubtful places, all in `bobao read --review`:")
    for doubt in told.doubts[:MOST_DOUBTS]:
        say(f"  · {doubt.kind}: {doubt.text[:24]} ({doubt.reason})")
