"""``bobao batch SEEDS…``: many articles, one queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bobao.cli.articles import articles, fetched, passed_over
from bobao.cli.choices import PRODUCE, choices_of, choosing, today
from bobao.cli.console import clock
from bobao.cli.desk import Desk, at_desk
from bobao.cli.publish import show_published
from bobao.errors import BobaoError
from bobao.files import processors
from bobao.station.workspace import Workspace

if TYPE_CHECKING:
    from bobao.batch.crew import Crew
    from bobao.batch.report import Totals
    from bobao.batch.values import Row
    from bobao.pipeline import Choices


@click.command()
@click.argument("seeds", nargs=-1, metavar="[SEED|URL]...")
@click.option("--allow-private", is_flag=True, help="Fetch from one's own network, too.")
@choosing(*(name for name in PRODUCE if name != "force"))
@click.option(
    "--watch", is_flag=True, help="Go on: produce whatever lands in seeds/ (Ctrl-C ends)."
)
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="JSON, line by line."
)
@click.option("--scheduler", help="Work on the Dask cluster of this scheduler: tcp://host:8786.")
@click.option(
    "--store", help="The cluster's shared store, an fsspec URL: s3://bucket/x, file:///x."
)
@at_desk
def batch(
    desk: Desk,
    seeds: tuple[str, ...],
    allow_private: bool,
    watch: bool,
    report: Path | None,
    **options: Any,
) -> None:
    """Produce SEEDS: files, folders, names in seeds/, addresses; all of seeds/ if none is named.

    Lines of all articles stand in one queue, those of earlier articles first. An article that
    fails does not stop the others; exit code 1 tells that one did. Run again, it does what is
    missing.
    """
    from bobao.batch.report import Totals, reporting
    from bobao.batch.values import Row, State
    from bobao.publish import refresh

    scheduler, store = options.pop("scheduler"), options.pop("store")
    if bool(scheduler) != bool(store):
        raise click.UsageError("a cluster needs both: --scheduler ADDRESS and --store URL")
    workspace, choices = desk.workspace(), choices_of(options)
    totals = Totals()
    with _crew(workspace, choices, scheduler, store) as crew, reporting(report) as write:

        def tell(row: Row) -> None:
            write(row)
            totals.add(row)
            _show(desk, row)

        names, faults = fetched(workspace, seeds, private=allow_private)
        if others := passed_over(workspace, names):
            desk.console.note(others)
        for url, error in faults.items():
            tell(Row(url, error=str(error)))
        rounds = () if faults and not (names or watch) else _rounds(workspace, names, watch=watch)
        for paths in rounds:
            update, before = desk.console.progress("batch"), totals.articles
            kept = totals.states[State.KEPT]
            for row in crew.produce(workspace, paths, choices, today()):
                tell(row)
                length = f"{clock(totals.duration_ms)} of bulletins"
                update(totals.articles - before, len(paths), length)
            news = totals.articles - before > totals.states[State.KEPT] - kept
            if not scheduler and news:  # a failure is news, too: what is faulty leaves the site
                done = refresh(workspace, desk.console.progress)
                show_published(desk, workspace.relative(workspace.site), done)
    desk.console.result(totals.summary())
    _close(desk, totals)


def _crew(
    workspace: Workspace, choices: Choices, scheduler: str | None, store: str | None
) -> AbstractContextManager[Crew]:
    from bobao.batch.crew import cluster_crew, local_crew

    if scheduler and store:
        engine = choices.engine or workspace.config.voice.engine
        return cluster_crew(workspace, scheduler, store, engine)
    return local_crew(workspace, choices.jobs or processors())


def _rounds(workspace: Workspace, seeds: Sequence[str], *, watch: bool) -> Iterator[list[Path]]:
    """The articles asked for; then, if the tray is watched, what lands in it, for ever."""
    from bobao.batch.watch import prints, watched

    if seeds or not watch:
        yield articles(workspace, seeds)
    if watch:
        yield from watched(lambda: prints(iter(workspace.articles())))


def _show(desk: Desk, row: Row) -> None:
    name = row.slug or Path(row.seed).name
    if row.error:
        desk.console.error(f"failed  {name}: {row.error}")
    else:
        desk.console.say(f"{row.state.value:6}  {clock(row.duration_ms):>8}  {name}")
    for remark in row.remarks:
        desk.console.note(f"        {name}: {remark}")


def _close(desk: Desk, totals: Totals) -> None:
    """The table of totals; raises `BobaoError` where an article failed."""
    rows = [(state.value, str(count)) for state, count in totals.states.items()]
    rows += [("lines spoken", f"{totals.spoken} of {totals.lines}")]
    rows += [("length", clock(totals.duration_ms))]
    desk.console.table(("ARTICLES", str(totals.articles)), rows)
    if totals.failed:
        names = ", ".join(Path(row.seed).name for row in totals.failed[:5])
        more = f" and {len(totals.failed) - 5} more" if len(totals.failed) > 5 else ""
        raise BobaoError(
            f"{len(totals.failed)} of {totals.articles} articles failed: {names}{more}",
            advice="Mend them as the messages above say, and run it again.",
        )
