"""``bobao publish``: the site and its feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bobao.cli.desk import Desk, at_desk

if TYPE_CHECKING:
    from bobao.publish import Published
    from bobao.publish.feed.findings import Finding
    from bobao.publish.work import Held

SHOWN = 3
"""Findings of one rule that are printed; how many more there are is said."""


@click.command()
@click.option("--base-url", default="", help="Where output/ will be published: https://….")
@click.option(
    "--check/--no-check", default=True, help="Write a feed only if it has no error [--check]."
)
@at_desk
def publish(desk: Desk, base_url: str, check: bool) -> int:
    """Make output/ a site that any web server can give away, with its podcast feed.

    What is up to date is left as it is. A bulletin in which the last verification found faults is
    left out and named, and the run ends with 1; one that was never verified is published. The
    address is [station] site in bobao.toml; without one there are the pages and books, and no feed.
    """
    from bobao.publish import publish as bring

    workspace = desk.workspace()
    done = bring(workspace, base_url, strict=check, progress=desk.console.progress)
    show_published(desk, workspace.relative(workspace.site), done)
    desk.console.result(plain_published(done))
    good = done.whole or (not check and not done.faults)
    return 0 if good and not done.held else 1


def show_published(desk: Desk, site: str, done: Published) -> None:
    """Print what was published, and what is wrong with it."""
    for fault in done.faults:
        desk.console.error(f"error: {fault}")
    show_findings(desk, done.findings)
    for held in done.held:
        desk.console.error(f"not published: {held.slug}, {_why(held)}")
    changed = f"{len(done.written)} files written, {len(done.removed)} removed"
    if not done.written and not done.removed:
        changed = "nothing has changed"
    many = "1 bulletin" if done.episodes == 1 else f"{done.episodes} bulletins"
    desk.console.note(f"{site}/index.html: {many}, {changed}")
    desk.console.note(feed_line(done))
    if done.former and "feed.xml" in done.written:
        desk.console.note(
            f"the show has moved from {done.former}: for at least four weeks have that host answer "
            f"301 with {done.feed}, or put a copy of this feed.xml in the place of its own"
        )


def _why(held: Held) -> str:
    """Say why a bulletin was held back, and what to do."""
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


def feed_line(done: Published) -> str:
    """Say in a line what became of the feed."""
    if done.feed:
        return f"feed: {done.feed}"
    if done.base_url:
        return "feed: not written, because of the errors above"
    return "no feed: set [station] site in bobao.toml, or --base-url, to where output/ will be"


def plain_published(done: Published) -> dict[str, Any]:
    """Give the result as plain data."""
    return {
        "episodes": done.episodes,
        "base_url": done.base_url,
        "feed": done.feed,
        "written": done.written,
        "removed": done.removed,
        "faults": [
            {"what": fault.what, "where": fault.where, "advice": fault.advice}
            for fault in done.faults
        ],
        "held": [asdict(held) for held in done.held],
        "findings": plain_findings(done.findings),
    }


def show_findings(desk: Desk, findings: tuple[Finding, ...]) -> None:
    """Print findings, of each rule the first few."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
        if counts[finding.rule] <= SHOWN:
            _teller(desk, finding)(str(finding))
        elif counts[finding.rule] == SHOWN + 1:
            many = sum(each.rule == finding.rule for each in findings) - SHOWN
            _teller(desk, finding)(f"… and {many} more like it ({finding.rule})")


def _teller(desk: Desk, finding: Finding) -> Callable[[str], None]:
    """How a finding is printed: an error in any case."""
    return desk.console.error if finding.severity.value == "error" else desk.console.note


def plain_findings(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
    """Give findings as plain data."""
    return [
        {
            "severity": finding.severity.value,
            "rule": finding.rule,
            "what": finding.what,
            "where": finding.where,
            "advice": finding.advice,
            "source": finding.source,
        }
        for finding in findings
    ]
