"""``bobao feed check``: whether a podcast feed is as players and directories want it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bobao.commands.desk import Desk, at_desk
from bobao.commands.publish import plain_findings, show_findings

if TYPE_CHECKING:
    from bobao.feed.examine import Report


@click.group()
def feed() -> None:
    """Look after podcast feeds: ours, or anyone's."""


@feed.command()
@click.argument("target", metavar="[URL|PATH]", default="")
@click.option(
    "--files",
    type=click.IntRange(0, 100_000),
    help="Look at the files of so many items, the newest first [10 over the network, else all].",
)
@click.option("--allow-private", is_flag=True, help="Ask servers in one's own network, too.")
@at_desk
def check(desk: Desk, target: str, files: int | None, allow_private: bool) -> int:
    """Check a feed: by default the workspace's own, output/feed.xml.

    RSS 2.0, Apple's rules, PSP-1 and Podcasting 2.0. Over the network also what the items point to:
    whether it is there, its size, and whether it can be had in parts. Errors give exit code 1.
    """
    from bobao.reading.addresses import is_url

    report = _report(desk, target, files, allow_private, is_url(target))
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


def _report(desk: Desk, target: str, files: int | None, private: bool, remote: bool) -> Report:
    from bobao.feed.examine import examine_file, examine_url
    from bobao.feed.web import Web

    now = datetime.datetime.now(datetime.timezone.utc)
    if remote:
        return examine_url(target, now, Web(private), 10 if files is None else files)
    path = Path(target) if target else desk.workspace().site / "feed.xml"
    return examine_file(path, now, 100_000 if files is None else files)
