"""``bobao publish``, ``withdraw``, ``restore``, ``feed`` and ``serve``: the site in output/."""

from __future__ import annotations

import datetime
import threading
import webbrowser
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bobao import pipeline
from bobao.cli.console import Console, counted, verb
from bobao.station.workspace import Workspace, locate

if TYPE_CHECKING:
    from bobao.publish import Held, Published
    from bobao.publish.feedcheck import FeedFinding
    from bobao.serve.live import Changes

SHOWN = 3
"""Findings of one rule that are printed; how many more there are is said."""


@click.command()
@click.option("--base-url", default="", help="Where output/ will be published: https://….")
@click.option(
    "--check/--no-check", default=True, help="Write a feed only if it has no error [--check]."
)
@verb
def publish(console: Console, base_url: str, check: bool) -> int:
    """Make output/ a site that any web server can give away, with its podcast feed.

    What is up to date is left as it is. A bulletin in which the last verification found faults is
    left out and named, and the run ends with 1; one that was never verified is published. The
    address is [station] site in bobao.toml; without one there are the pages and books, and no feed.
    """
    from bobao.publish import publish as bring

    workspace = console.workspace()
    done = bring(workspace, base_url, strict=check, progress=console.progress)
    _show_published(console, workspace, done)
    console.result(_plain(done))
    good = done.whole or (not check and not done.faults)
    return 0 if good and not done.held else 1


def bring_up_to_date(console: Console, workspace: Workspace) -> Published:
    """Publish what has changed since the last time, and print what was done."""
    from bobao.publish import refresh

    done = refresh(workspace, console.progress)
    _show_published(console, workspace, done)
    return done


def _show_published(console: Console, workspace: Workspace, done: Published) -> None:
    for fault in done.faults:
        console.error(f"error: {fault}")
    _show_findings(console, done.findings)
    for held in done.held:
        console.error(f"not published: {held.slug}, {_why(held)}")
    changed = f"{counted(len(done.written), 'file')} written, {len(done.removed)} removed"
    if not done.written and not done.removed:
        changed = "nothing has changed"
    site = workspace.relative(workspace.site)
    console.note(f"{site}/index.html: {counted(done.episodes, 'bulletin')}, {changed}")
    if done.feed:
        console.note(f"feed: {done.feed}")
    elif done.base_url:
        console.note("feed: not written, because of the errors above")
    else:
        console.note(
            "no feed: set [station] site in bobao.toml, or --base-url, to where output/ will be"
        )
    if done.former and "feed.xml" in done.written:
        console.note(
            f"the show has moved from {done.former}: for at least four weeks have that host answer "
            f"301 with {done.feed}, or put a copy of this feed.xml in the place of its own"
        )


def _why(held: Held) -> str:
    """Why a bulletin was held back, and what to do."""
    if not held.faults:
        return f"{held.first}. Produce it with a voice."
    if held.doubts == held.faults:
        return (
            f"which a recogniser did not understand: {held.first}. Listen, see {held.report}; "
            f"where it is right, `bobao verify {held.slug} --accept`, then `bobao publish`."
        )
    many = "a fault was" if held.faults == 1 else f"{held.faults} faults were"
    return (
        f"in which {many} found ({held.first}). See {held.report}; when it is mended, "
        f"`bobao verify {held.slug}`, then `bobao publish`."
    )


def _plain(done: Published) -> dict[str, Any]:
    """The result of publishing as plain data."""
    names = ("episodes", "base_url", "feed", "written", "removed")
    return {
        **{name: getattr(done, name) for name in names},
        "faults": [{n: getattr(f, n) for n in ("what", "where", "advice")} for f in done.faults],
        "held": [asdict(held) for held in done.held],
        "findings": [asdict(finding) for finding in done.findings],
    }


def _show_findings(console: Console, findings: tuple[FeedFinding, ...]) -> None:
    """Print findings, of each rule the first few."""
    totals, shown = Counter(finding.rule for finding in findings), Counter[str]()
    for finding in findings:
        shown[finding.rule] += 1
        tell = console.error if finding.severity.value == "error" else console.note
        if shown[finding.rule] <= SHOWN:
            tell(str(finding))
        elif shown[finding.rule] == SHOWN + 1:
            tell(f"… and {totals[finding.rule] - SHOWN} more like it ({finding.rule})")


@click.command()
@click.argument("slug")
@verb
def withdraw(console: Console, slug: str) -> int:
    """Take the bulletin SLUG off the site and the feed.

    Its folder is moved to output/.withdrawn/; `bobao restore SLUG` puts it back. While it is away a
    later article of the same name is a new episode. The copies that a web server or a listener has
    are for you to remove.
    """
    from bobao.publish import withdraw as take_off

    workspace = console.workspace()
    slug = workspace.find(slug, workspace.bulletins(), "bulletin")
    place = take_off(workspace, slug)
    console.note(f"{slug}: withdrawn, kept in {workspace.relative(place)}")
    return _followed(console, workspace, {"withdrawn": slug, "kept": str(place)})


@click.command()
@click.argument("slug")
@verb
def restore(console: Console, slug: str) -> int:
    """Put the bulletin SLUG back that was withdrawn, under the GUID, number and date it had."""
    from bobao.publish import restore as put_back

    workspace = console.workspace()
    slug = put_back(workspace, slug)
    console.note(f"{slug}: restored")
    return _followed(console, workspace, {"restored": slug})


def _followed(console: Console, workspace: Workspace, told: dict[str, str]) -> int:
    """Bring the site up to date with what was done to it."""
    done = bring_up_to_date(console, workspace)
    console.result({**told, **_plain(done)})
    return 0 if done.whole else 1


@click.group()
def feed() -> None:
    """Look after the podcast feed."""


@feed.command()
@click.argument("path", required=False, type=click.Path(dir_okay=False, path_type=Path))
@verb
def check(console: Console, path: Path | None) -> int:
    """Check a feed and the files that it points to: the workspace's own, output/feed.xml, or PATH.

    RSS 2.0, Apple's rules, PSP-1 and Podcasting 2.0. Errors give exit code 1.
    """
    from bobao.publish.feedcheck import Severity, examine

    now = datetime.datetime.now(datetime.timezone.utc)
    report = examine(path or console.workspace().site / "feed.xml", now)
    _show_findings(console, report.findings)
    found = Counter(finding.severity for finding in report.findings)
    counts = {severity.value: found[severity] for severity in Severity}
    told = ", ".join(counted(count, kind) for kind, count in counts.items())
    pages = "" if len(report.pages) == 1 else f" on {len(report.pages)} pages"
    console.note(f"{counted(report.items, 'item')}{pages}: {told}")
    findings = [asdict(finding) for finding in report.findings]
    console.result(
        {"pages": list(report.pages), "items": report.items, **counts, "findings": findings}
    )
    return 1 if counts["error"] else 0


PORT = 8000


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, help=f"[{PORT}]; 0: any free.")
@click.option("--host", default="127.0.0.1", help="Address to serve on [127.0.0.1, this machine].")
@click.option("--open", "opened", is_flag=True, help="Open the site in the browser.")
@click.option(
    "--live/--no-live",
    default=True,
    help="Make a bulletin again when its script changes, and reload the page [--live].",
)
@verb
def serve(console: Console, port: int, host: str, opened: bool, live: bool) -> None:
    """Serve the site in output/ on this machine until Ctrl-C.

    While it runs, a bulletin whose script is saved is recorded, mixed and published again, and the
    pages that are open reload.
    """
    from bobao.serve.live import Order
    from bobao.serve.live import serve as answer
    from bobao.serve.server import is_loopback

    workspace, note = console.workspace(), console.note
    if not is_loopback(host):
        note(f"warning: {host} can be reached by other machines; output/ is open to all of them")

    def ready(given: int) -> None:
        url = f"http://{_reachable(host)}:{given}/"
        note(f"{url}  (Ctrl-C stops)")
        if not (workspace.site / "index.html").is_file():
            note("nothing is published yet: `bobao publish` makes the site")
        console.result({"url": url})
        if opened:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    def rebuild(changes: Changes) -> None:
        _make_again(console, workspace, changes)

    try:
        answer(workspace, Order(host, port, rebuild if live else None, note, note, ready))
    except KeyboardInterrupt:
        note("stopped")


def _reachable(host: str) -> str:
    """Write a host as it stands in a URL a browser on this machine can open."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - not bound here, replaced
        return "127.0.0.1"
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _make_again(console: Console, workspace: Workspace, changes: Changes) -> None:
    """Record and mix the bulletins whose script has changed, then publish."""
    from bobao.publish import refresh
    from bobao.serve.live import SCRIPT

    workspace = locate(workspace.root)  # the settings may have been edited too
    for slug, cause in changes.items():
        if cause == SCRIPT:
            choices = pipeline.Choices()
            pipeline.voice(workspace, slug, choices, console.progress)
            pipeline.mix(workspace, slug, choices, console.progress)
    done = refresh(workspace)
    if done.faults:
        raise done.faults[0]
