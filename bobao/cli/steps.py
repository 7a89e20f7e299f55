"""``bobao draft``, ``voice``, ``mix`` and ``chapters``: the steps one by one; ``produce``: all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bobao import pipeline
from bobao.cli.bulletins import show_report
from bobao.cli.console import (
    DRAFT,
    MIX,
    PRODUCE,
    VOICE,
    Console,
    choices_of,
    choosing,
    clock,
    counted,
    today,
    verb,
)
from bobao.cli.machine import made_in
from bobao.cli.site import bring_up_to_date
from bobao.errors import BobaoError
from bobao.model import Bulletin
from bobao.station.workspace import NO_WORKSPACE, Workspace, slug_of

if TYPE_CHECKING:  # numpy comes with it
    from bobao.mix.mix import Mixed
    from bobao.pipeline import Choices

MOST_DOUBTS = 5
"""More doubts than this are not all printed; `bobao read --review` has the rest."""
_PRIVATE = click.option(
    "--allow-private", "private", is_flag=True, help="Fetch from one's own network, too."
)


@click.command()
@click.argument("seed", metavar="SEED|URL")
@_PRIVATE
@choosing(*DRAFT)
@verb
def draft(console: Console, seed: str, private: bool, **options: Any) -> None:
    """Write the script of SEED (a file, or a name in seeds/) into scripts/.

    Read it and correct it there: one sentence a line, {written|spoken} where the two differ. An
    edited script is never overwritten without --force. The article at a URL is put into seeds/.
    """
    from bobao.reading.seeds import seed_of

    workspace = console.workspace()
    path = seed_of(workspace, seed, private=private)
    made = pipeline.draft(workspace, path, choices_of(options), today())
    _show_draft(console, workspace, made)
    sections = [section.title for section in made.script.sections]
    console.result({"script": str(made.path), "state": made.state.value, "sections": sections})


def _show_draft(console: Console, workspace: Workspace, made: pipeline.Drafted) -> None:
    """Print what became of the script, how long it will be, and what to look at first."""
    from bobao.script.plan import notes
    from bobao.script.unread import named

    told, say = notes(made.article, made.script), console.note
    lines = sum(1 for _ in made.script.lines())
    size = f"{counted(len(told.sections), 'section')}, {counted(lines, 'line')}, about "
    size += clock(told.seconds * 1000)
    say(f"{workspace.relative(made.path)}: {made.state.value} ({size})")
    if undecided := pipeline.undecided(workspace, made.path.stem):
        first = "to decide before it is recorded, with {x|what to say} or {x|} for silence"
        say(f"  {first}: {len(undecided)}")
    for number, what in undecided[:MOST_DOUBTS]:
        say(f"  · line {number}: {named(what)}")
    for remark in made.remarks:
        console.error(f"  {remark}")
    if made.state in {pipeline.DraftState.EDITED, pipeline.DraftState.REDATED}:
        return
    for section in told.long:
        say(f"  long section, {section.characters} characters: {section.title}")
    if told.unvoiced:
        say("  shown but not said: " + " ".join(told.unvoiced))
    if told.doubts:
        say(f"  {counted(len(told.doubts), 'doubtful place')}, all in `bobao read --review`:")
    for doubt in told.doubts[:MOST_DOUBTS]:
        say(f"  · {doubt.kind.value}: {doubt.text[:24]} ({doubt.reason})")


@click.command()
@click.argument("slug")
@choosing(*VOICE)
@verb
def voice(console: Console, slug: str, **options: Any) -> None:
    """Record the script SLUG: each line that is not recorded yet, then a file for each section."""
    workspace = console.workspace()
    slug = workspace.find(slug, workspace.scripts(), "script")
    made = pipeline.voice(workspace, slug, choices_of(options), console.progress)
    _show_recorded(console, made)
    shown = ("engine", "voice", "voices", "instead_of", "spoken", "reused")
    console.result({"slug": slug, **{name: getattr(made, name) for name in shown}})


def _show_recorded(console: Console, made: pipeline.Recorded) -> None:
    for fault in made.damaged:
        console.note(f"damaged, recorded again: {fault}")
    if made.instead_of:
        gave_up = f"{made.instead_of} gave up: {made.why}."
        console.note(f"{gave_up} The whole bulletin is spoken by {made.engine} instead.")
    voices = ", ".join(made.voices)
    console.note(
        f"voice {made.engine}/{voices}: {counted(made.spoken, 'line')} recorded, {made.reused} kept"
    )


@click.command()
@click.argument("slug")
@choosing(*MIX)
@verb
def mix(console: Console, slug: str, **options: Any) -> None:
    """Stitch the recordings of SLUG into the bulletin in output/SLUG/."""
    workspace = console.workspace()
    slug = workspace.find(slug, workspace.scripts(), "script")
    made = pipeline.mix(workspace, slug, choices_of(options), console.progress)
    _show_bulletin(console, workspace.relative(workspace.bulletin(slug)), made)
    console.result(_plain_chapters(made.bulletin))


def _show_bulletin(console: Console, folder: str, mixed: Mixed) -> None:
    """Print the chapter table, the loudness and where the bulletin is."""
    made = mixed.bulletin
    _show_chapters(console, made)
    if made.loudness:
        loud = f"loudness {made.loudness.integrated:.1f} LUFS (one channel)"
        console.note(f"{loud}, true peak {made.loudness.true_peak:.1f} dBTP")
    if made.instead_of:
        console.note(f"spoken by {made.engine}, because {made.instead_of} gave up")
    for warning in mixed.warnings:
        console.note(f"warning: {warning}")
    ready = "" if mixed.fresh else " (nothing has changed since it was mixed)"
    console.note(f"{folder}/{made.header.slug}.mp3{ready}")


@click.command()
@click.argument("slug")
@verb
def chapters(console: Console, slug: str) -> None:
    """Show the chapters of the bulletin SLUG with their times."""
    workspace = console.workspace()
    slug = workspace.find(slug, workspace.bulletins(), "bulletin")
    bulletin = pipeline.load_bulletin(workspace, slug)
    _show_chapters(console, bulletin)
    console.result(_plain_chapters(bulletin))


def _show_chapters(console: Console, bulletin: Bulletin) -> None:
    rows = [
        (str(c.number), clock(c.start_ms), clock(c.end_ms - c.start_ms), c.title)
        for c in bulletin.chapters
    ]
    rows.append(("", clock(bulletin.duration_ms), "", "(end)"))
    console.table(("", "START", "LENGTH", "TITLE"), rows)


def _plain_chapters(bulletin: Bulletin) -> dict[str, Any]:
    names = ("number", "title", "start_ms", "end_ms", "file")
    return {
        "slug": bulletin.header.slug,
        "title": bulletin.header.title,
        "duration_ms": bulletin.duration_ms,
        "chapters": [{name: getattr(c, name) for name in names} for c in bulletin.chapters],
    }


@click.command()
@click.argument("seed", metavar="SEED|URL|-")
@_PRIVATE
@click.option(
    *("--output", "-o"),
    type=click.Path(path_type=Path, file_okay=False),
    help="Work in the workspace DIR, and make it where it is not there yet.",
    metavar="DIR",
)
@choosing(*PRODUCE)
@verb
def produce(console: Console, seed: str, private: bool, output: Path | None, **options: Any) -> int:
    """Turn SEED (a file, or a name in seeds/) into a bulletin in output/, verified and published.

    The article at a URL, or from standard input (-), is put into seeds/. A run that was stopped
    goes on where it was; nothing that is finished is done again. Where a fault is found in the
    bulletin, the run ends with 1 and it is not published.
    """
    from bobao.reading.seeds import seed_of

    workspace = _workspace(console, seed, output)
    path = seed_of(workspace, seed, private=private)
    return _produced(console, workspace, path, choices_of(options))


def _produced(console: Console, workspace: Workspace, path: Path, choices: Choices) -> int:
    """All steps for one seed; the exit code."""
    slug, progress = slug_of(path), console.progress
    _show_draft(console, workspace, pipeline.draft(workspace, path, choices, today()))
    _show_recorded(console, pipeline.voice(workspace, slug, choices, progress))
    mixed = pipeline.mix(workspace, slug, choices, progress)
    _show_bulletin(console, workspace.relative(workspace.bulletin(slug)), mixed)
    good = _proved(console, workspace, slug, fresh=mixed.fresh)
    whole = bring_up_to_date(console, workspace).whole  # what is faulty leaves the site
    console.result(_plain_chapters(mixed.bulletin))
    return 0 if whole and good else 1


@click.command()
@click.argument("name")
@click.argument("stories", nargs=-1, metavar="[SEED|URL]...")
@_PRIVATE
@click.option("--title", default="", help="Of the bulletin [2026年12月1日要闻].")
@click.option("--headlines", is_flag=True, help="Titles and leads only.")
@click.option("--draft", "only_draft", is_flag=True, help="Write its script, and stop there.")
@choosing(*PRODUCE)
@verb
def rundown(
    console: Console,
    name: str,
    stories: tuple[str, ...],
    private: bool,
    **options: Any,
) -> int:
    """Make one bulletin NAME (as a rule a date: 2026-12-01) of several articles.

    The opening gives the headlines, each story is announced and is a chapter, its headings are
    chapters below it; anchors take turns story by story. The running order is kept in
    seeds/NAME.rundown, one story a line, where it can be edited; without STORIES that file is
    followed. Lines that are recorded for a story are not recorded again.
    """
    from bobao.pipeline.rundown import ENDING, RunningOrder, StoryLine, keep
    from bobao.reading.seeds import seed_of

    title, headlines, only_draft = map(options.pop, ("title", "headlines", "only_draft"))
    workspace, choices = console.workspace(), choices_of(options)
    path = workspace.seeds / f"{slug_of(Path(name.removesuffix(ENDING) + ENDING))}{ENDING}"
    if stories:
        seeds = (seed_of(workspace, each, private=private) for each in stories)
        entries = tuple(StoryLine(workspace.source_of(seed)) for seed in seeds)
        order = RunningOrder(entries, title, headlines=headlines)
        keep(path, order, force=choices.force)
    elif not path.is_file():
        raise BobaoError(
            "there is no such rundown",
            where=workspace.relative(path),
            advice=f"Name its stories: `bobao rundown {name} STORY…`, or write them into the file.",
        )
    if not only_draft:
        return _produced(console, workspace, path, choices)
    made = pipeline.draft(workspace, path, choices, today())
    _show_draft(console, workspace, made)
    console.result({"script": str(made.path), "state": made.state.value})
    return 0


def _workspace(console: Console, seed: str, output: Path | None) -> Workspace:
    """Find the workspace. For a file outside of any, one is made where a person agrees to it."""
    if output is not None:
        return made_in(output)
    try:
        return console.workspace()
    except BobaoError as error:
        if not Path(seed).is_file() or error.what != NO_WORKSPACE:
            raise
        if sys.stdin.isatty() and sys.stderr.isatty():
            here = console.start.resolve()
            click.confirm(f"{here} is no workspace yet. Make one here?", abort=True, err=True)
            return made_in(console.start)
        advice = f'Name a folder for all that is made: `bobao produce "{seed}" -o DIR`, or make '
        raise BobaoError(
            error.what, where=error.where, advice=f"{advice}a workspace with `bobao init DIR`."
        ) from error


def _proved(console: Console, workspace: Workspace, slug: str, *, fresh: bool) -> bool:
    """Verify, unless a bulletin that is not `fresh` was found good before; whether it is right."""
    from bobao.verify.verify import proved, verify

    if not fresh and proved(workspace, slug):
        console.note(f"{slug}: verified before, nothing has changed")
        return True
    report = verify(workspace, slug, progress=console.progress)
    if report.good:
        console.note(f"{slug}: verified, nothing is wrong")
    else:
        show_report(console, report)
        console.note(workspace.relative(workspace.report(slug)))
    return report.good
