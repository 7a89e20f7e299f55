"""``bobao batch``: many articles, one queue; ``bobao estimate``: what they come to, beforehand."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bobao.cli.console import PRODUCE, Console, choices_of, choosing, clock, counted, today, verb
from bobao.cli.site import bring_up_to_date
from bobao.errors import BobaoError
from bobao.files import processors
from bobao.station.seeds import articles_below, beside_articles
from bobao.station.workspace import TRAYS, Workspace

if TYPE_CHECKING:
    from bobao.batch.board import Row, Totals
    from bobao.batch.run import Crew
    from bobao.batch.watch import Print
    from bobao.pipeline import Choices
    from bobao.pipeline.plan import Plan


def articles(workspace: Workspace, typed: Sequence[str]) -> list[Path]:
    """The articles meant by files, folders and names, each once; all of `seeds/` by none.

    A folder means all that is below it, but never what bobao made: the other trays.
    Raises `BobaoError` for what is not there, an address, and where there is none at all.
    """
    meant = (path for each in typed for path in _meant(workspace, each))
    found = list({path.resolve(): path for path in meant}.values())
    if not typed:
        found = list(workspace.articles())
    if not found:
        where = str(Path(*typed[:1])) if typed else str(workspace.seeds)
        raise BobaoError("there is no article", where=where, advice="Put one into seeds/.")
    return found


def _meant(workspace: Workspace, typed: str) -> Iterator[Path]:
    from bobao.reading.addresses import is_url

    if is_url(typed):
        raise BobaoError(
            "nothing is fetched for this",
            where=typed,
            advice="`bobao draft URL` puts the article into seeds/: then name it.",
        )
    if Path(typed).is_dir():
        trays = [workspace.root.resolve() / tray for tray in TRAYS if tray != "seeds"]
        for path in articles_below(Path(typed)):
            if not any(path.resolve().is_relative_to(tray) for tray in trays):
                yield path
    else:
        yield workspace.find_seed(typed)


def passed_over(workspace: Workspace, typed: Sequence[str]) -> str:
    """What is said of the files in the folders meant that are no articles; nothing of none."""
    folders = [Path(each) for each in typed if Path(each).is_dir()]
    names = [
        path.name
        for folder in (folders if typed else [workspace.seeds])
        for path in beside_articles(folder)
    ]
    if not names:
        return ""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"no articles, passed over: {', '.join(names[:3])}{more}"


def _fetched(
    workspace: Workspace, typed: Sequence[str], *, private: bool
) -> tuple[list[str], dict[str, BobaoError]]:
    """What was typed with addresses of the web, and “-”, replaced by files in `seeds/`.

    Of a feed these are its new items. Also what was wrong with the addresses of which nothing came.
    `private` allows addresses of one's own network.
    """
    from bobao.reading.addresses import is_url
    from bobao.reading.feeds import taken
    from bobao.reading.seeds import STANDARD_INPUT, seed_of

    names: list[str] = []
    faults: dict[str, BobaoError] = {}
    for each in typed:
        try:
            if is_url(each):
                got = taken(workspace, each, private=private)
                names += map(str, got.paths)
                faults |= got.faults
            else:
                piped = each == STANDARD_INPUT
                names.append(str(seed_of(workspace, each)) if piped else each)
        except BobaoError as error:  # noqa: PERF203 - each round asks a server
            faults[each] = error
    return names, faults


@click.command()
@click.argument("seeds", nargs=-1, metavar="[SEED|URL]...")
@click.option("--allow-private", "private", is_flag=True, help="Fetch from one's own network, too.")
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
@verb
def batch(
    console: Console,
    seeds: tuple[str, ...],
    private: bool,
    watch: bool,
    report: Path | None,
    **options: Any,
) -> None:
    """Produce SEEDS: files, folders, names in seeds/, addresses; all of seeds/ if none is named.

    Of the address of a feed (RSS, Atom, JSON Feed) the new items are taken as articles.

    Lines of all articles stand in one queue, those of earlier articles first. An article that
    fails does not stop the others; exit code 1 tells that one did. Run again, it does what is
    missing.
    """
    from bobao.batch.board import Row, State, Totals, reporting
    from bobao.reading.addresses import is_url

    scheduler, store = options.pop("scheduler"), options.pop("store")
    if bool(scheduler) != bool(store):
        raise click.UsageError("a cluster needs both: --scheduler ADDRESS and --store URL")
    workspace, choices = console.workspace(), choices_of(options)
    totals = Totals()
    with _crew(workspace, choices, scheduler, store) as crew, reporting(report) as write:

        def tell(row: Row) -> None:
            write(row)
            totals.add(row)
            _show_row(console, row)

        names, faults = _fetched(workspace, seeds, private=private)
        if others := passed_over(workspace, names):
            console.note(others)
        for url, error in faults.items():
            tell(Row(url, error=str(error)))
        look = _looking(console, workspace, filter(is_url, seeds), private=private)
        nothing = bool(seeds) and not (names or watch)
        rounds = () if nothing else _rounds(workspace, names, look if watch else None)
        for paths in rounds:
            update, before = console.progress("batch"), totals.articles
            kept = totals.states[State.KEPT]
            for row in crew.produce(workspace, paths, choices, today()):
                tell(row)
                length = f"{clock(totals.duration_ms)} of bulletins"
                update(totals.articles - before, len(paths), length)
            news = totals.articles - before > totals.states[State.KEPT] - kept
            if not scheduler and news:  # a failure is news, too: what is faulty leaves the site
                bring_up_to_date(console, workspace)
    console.result(totals.summary())
    _close(console, totals)


def _crew(
    workspace: Workspace, choices: Choices, scheduler: str | None, store: str | None
) -> AbstractContextManager[Crew]:
    from bobao.batch.run import cluster_crew, local_crew

    if scheduler and store:
        engine = choices.engine or workspace.config.voice.engine
        return cluster_crew(workspace, scheduler, store, engine)
    return local_crew(workspace, choices.jobs or processors())


def _rounds(
    workspace: Workspace, seeds: Sequence[str], look: Callable[[], dict[Path, Print]] | None
) -> Iterator[list[Path]]:
    """The articles asked for; then, if `look` watches the tray, what lands in it, for ever."""
    from bobao.batch.watch import watched

    if seeds or look is None:
        yield articles(workspace, seeds)
    if look is not None:
        yield from watched(look)


def _looking(
    console: Console, workspace: Workspace, addresses: Iterable[str], *, private: bool
) -> Callable[[], dict[Path, Print]]:
    """A look at the tray, into which goes first what is new in the feeds whose time has come."""
    from bobao.batch.watch import prints
    from bobao.reading.feeds import USUAL_S, taken

    due = dict.fromkeys(addresses, time.monotonic() + USUAL_S)

    def look() -> dict[Path, Print]:
        for address in [each for each, at in due.items() if at <= time.monotonic()]:
            due[address] = time.monotonic() + USUAL_S
            try:
                got = taken(workspace, address, private=private)
                due[address] = time.monotonic() + got.wait_s
                faults = got.faults
            except BobaoError as error:
                faults = {address: error}
            for where, fault in faults.items():
                console.note(f"not taken  {where}: {fault}")
        return prints(iter(workspace.articles()))

    return look


def _show_row(console: Console, row: Row) -> None:
    name = row.slug or Path(row.seed).name
    if row.error:
        console.error(f"failed  {name}: {row.error}")
    else:
        console.say(f"{row.state.value:6}  {clock(row.duration_ms):>8}  {name}")
    for remark in row.remarks:
        console.note(f"        {name}: {remark}")


def _close(console: Console, totals: Totals) -> None:
    """Print the table of totals; raises `BobaoError` where an article failed."""
    rows = [(state.value, str(count)) for state, count in totals.states.items()]
    rows += [("lines spoken", f"{totals.spoken} of {totals.lines}")]
    rows += [("length", clock(totals.duration_ms))]
    console.table(("ARTICLES", str(totals.articles)), rows)
    if totals.failed:
        names = ", ".join(Path(row.seed).name for row in totals.failed[:5])
        more = f" and {len(totals.failed) - 5} more" if len(totals.failed) > 5 else ""
        raise BobaoError(
            f"{len(totals.failed)} of {totals.articles} articles failed: {names}{more}",
            advice="Mend them as the messages above say, and run it again.",
        )


@click.command()
@click.argument("seeds", nargs=-1)
@choosing(*PRODUCE)
@verb
def estimate(console: Console, seeds: tuple[str, ...], **options: Any) -> None:
    """Tell what `bobao batch SEEDS` would come to: characters, minutes, disk, requests.

    SEEDS are files, folders or names in seeds/, all of it where none are named. Nothing is spoken
    and no service is asked: what is not recorded yet counts at the usual pace of news. Lines that
    are recorded already count as done. Nothing is written into the workspace.
    """
    from bobao.pipeline.plan import Planner

    workspace, choices = console.workspace(), choices_of(options)
    paths = articles(workspace, seeds)
    if others := passed_over(workspace, seeds):
        console.note(others)
    update, plans = console.progress("estimate"), list["Plan"]()
    for plan in Planner(workspace, choices, today()).plans(paths):
        plans.append(plan)
        update(len(plans), len(paths), plan.slug)
        if plan.error:
            console.note(f"failed  {plan.slug}: {plan.error}")
    _show_plans(console, plans, shutil.disk_usage(workspace.root).free)
    failed = [plan.slug for plan in plans if plan.error]
    if failed:
        raise BobaoError(
            f"{len(failed)} of {len(plans)} articles cannot be produced: {', '.join(failed[:5])}",
            advice="Mend them as the messages above say.",
        )


def _show_plans(console: Console, plans: Sequence[Plan], free: int) -> None:
    from bobao.pipeline.plan import total

    whole, good = total(plans), [plan for plan in plans if not plan.error]
    named = [(plan, plan.slug) for plan in good]
    if len(good) != 1:
        named.append((whole, counted(len(good), "article")))
    columns = ["CHARACTERS", "LENGTH", "LINES", "TO SAY", "DISK", "REQUESTS", "ARTICLE"]
    rows = [_cells(plan, name) for plan, name in named]
    if not whole.requests:  # only an online service is asked
        for each in (columns, *rows):
            del each[-2]
    console.table(columns, rows)
    if whole.disk_bytes > free:
        console.note(f"warning: the disk has room for {_size(free)} only")
    listed = [asdict(plan) for plan in plans]
    console.result({"articles": listed, "total": asdict(whole), "disk_free": free})


def _cells(plan: Plan, name: str) -> list[str]:
    missing = "done" if plan.finished else f"{plan.missing}"
    length, disk = clock(plan.duration_ms), _size(plan.disk_bytes)
    return [f"{plan.characters}", length, f"{plan.lines}", missing, disk, f"{plan.requests}", name]


def _size(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
