"""``bobao feed check``: whether a podcast feed is as players and directories want it."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from bobao.cli.desk import Desk, at_desk
from bobao.cli.publish import plain_findings, show_findings


@click.group()
def feed() -> None:
    """Look after the podcast feed."""


@feed.command()
@click.argument("path", required=False, type=click.Path(dir_okay=False, path_type=Path))
@at_desk
def check(desk: Desk, path: Path | None) -> int:
    """Check a feed and the files that it points to: the workspace's own, output/feed.xml, or PATH.

    RSS 2.0, Apple's rules, PSP-1 and Podcasting 2.0. Errors give exit code 1.
    """
    from bobao.publish.feed.examine import examine

    now = datetime.datetime.now(datetime.timezone.utc)
    report = examine(path or desk.workspace().site / "feed.xml", now)
    show_findings(desk, report.findings)
    counts = dict.fromkeys(("error", "warning", "hint"), 0)
    for finding in report.findings:
        counts[finding.severity.value] += 1
    told = ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts.items())
    pages = "" if len(report.pages) == 1 else f" on {len(report.pages)} pages"
    items = "1 item" if report.items == 1 else f"{report.items} items"
    desk.console.note(f"{items}{pages}: {told}")
    desk.console.result(
        {
            "pages": list(report.pages),
            "items": report.items,
            **counts,
            "findings": plain_findings(report.findings),
        }
    )
    return 1 if counts["error"] else 0
