"""``bobao proof SLUG``: the page that the desk reads, corrects and signs."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bobao import pipeline
from bobao.cli.choices import choices_of, choosing
from bobao.cli.desk import Desk, at_desk
from bobao.errors import BobaoError
from bobao.files import write_text
from bobao.pipeline import Choices, Seed
from bobao.station.workspace import Workspace

if TYPE_CHECKING:  # jieba's table comes with these
    from bobao.desk import Proof, Recording
    from bobao.model import Script


@click.command()
@click.argument("slug")
@choosing("engine", "voice", "anchors", "style", "rate")
@click.option("--open", "open_", is_flag=True, help="Show the page in the browser.")
@at_desk
def proof(desk: Desk, slug: str, open_: bool, **options: Any) -> None:
    """Write the proof page of SLUG beside its script: scripts/SLUG.proof.html.

    Written and spoken side by side with the reason of every change, doubtful readings first, each
    sentence playable once it is recorded, boxes to sign. Print it or read it in any browser.
    """
    from bobao.desk import render

    workspace = desk.workspace()
    slug = workspace.find(slug, workspace.scripts(), "script")
    page = workspace.script(slug).with_name(f"{slug}.proof.html")
    made = examined(desk, workspace, slug, choices_of(options), page)
    write_text(page, render(made))
    _tell(desk, workspace.relative(page), made)
    desk.console.result({"page": str(page), "fingerprint": made.fingerprint, **_counts(made)})
    if open_ and not webbrowser.open(page.resolve().as_uri()):
        desk.console.note("no browser found here")


def examined(desk: Desk, workspace: Workspace, slug: str, choices: Choices, page: Path) -> Proof:
    """The proof of a script, with its article and recordings where they are there."""
    from bobao.desk import examine

    script, lexicon = pipeline.load_script(workspace, slug), pipeline.load_lexicon(workspace, slug)
    seed = _seed(desk, workspace, script)
    return examine(
        script,
        article=seed.article if seed else None,
        stale=bool(seed and script.header.source_sha256 not in {"", seed.sha256}),
        recordings=_recordings(desk, workspace, slug, choices, page),
        lexicon=lexicon,
    )


def _seed(desk: Desk, workspace: Workspace, script: Script) -> Seed | None:
    """The article that the script names, if it lies in the workspace and can be read."""
    path = workspace.article_of(script.header.source)
    if path is None or not path.is_relative_to(workspace.root.resolve()):
        return None
    try:
        return pipeline.read_seed(path)
    except BobaoError as error:
        desk.console.note(f"the article is left out of the proof: {error}")
        return None


def _recordings(
    desk: Desk, workspace: Workspace, slug: str, choices: Choices, page: Path
) -> dict[int, Recording]:
    """The takes there are by line number; none where the voice itself is not there."""
    from bobao.desk import Recording

    try:
        studio = pipeline.studio(workspace, slug, choices)
    except BobaoError as error:
        desk.console.note(f"no sound in the proof: {error}")
        return {}
    up = Path(os.path.relpath(workspace.takes, page.parent)).as_posix()
    found = {}
    lines = (line for section in studio.deliveries() for line in section)
    for number, said in enumerate(lines, start=1):
        take = studio.store.load(said.key(studio.engine)) if said else None
        if take:
            url = f"{up}/{take.key[:2]}/{take.key}.flac"
            found[number] = Recording(url, take.duration_ms)
    return found


def _tell(desk: Desk, name: str, made: Proof) -> None:
    counts = _counts(made)
    desk.console.note(
        f"{counts['lines']} lines, {counts['changes']} changes, {counts['doubts']} to decide, "
        f"{counts['recorded']} recorded"
    )
    for asked in made.doubts.readings[:5]:
        lines = ", ".join(str(number) for number, _ in asked.places)
        others = f" or {', '.join(asked.others)}" if asked.others else ""
        desk.console.note(
            f"  · {asked.word or asked.text}: {asked.text} {asked.reading}{others} (line {lines})"
        )
    desk.console.say(name)


def _counts(made: Proof) -> dict[str, int]:
    return {
        "lines": sum(1 for _ in made.lines()),
        "changes": made.changes,
        "doubts": made.doubts.to_decide,
        "recorded": made.recorded,
    }
