"""``bobao verify SLUG``: proves the finished bulletin."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING

import click

from bobao.cli.console import clock
from bobao.cli.desk import Desk, at_desk

if TYPE_CHECKING:  # numpy comes with it
    from bobao.verify.verify import Report

USUAL = "usual"
"""The model that ``--listen`` means by itself."""
SHOWN = 10
"""Findings of one check that are printed; the page and ``--json`` have the rest."""


@click.command()
@click.argument("slug")
@click.option(
    "--listen",
    is_flag=False,
    flag_value=USUAL,
    default=None,
    metavar="[MODEL]",
    help="Also hear it with a recogniser (extra bobao[verify]): a faster-whisper model's folder or "
    "name. Put it after SLUG.",
)
@click.option(
    "--accept",
    is_flag=True,
    help="Somebody has listened: what the recogniser heard otherwise last time is right.",
)
@click.option("--open", "open_", is_flag=True, help="Show the page in the browser.")
@at_desk
def verify(desk: Desk, slug: str, listen: str | None, accept: bool, open_: bool) -> int:
    """Prove the finished bulletin SLUG: sound, takes, times, tags, texts, book, feed, script.

    What is wrong is printed and written to scripts/SLUG.verify.html, with times to click. The exit
    code is 1 where anything is wrong. What a recogniser doubted stands, until it listens again or
    a person has (--accept).
    """
    from bobao.verify.verify import plain
    from bobao.verify.verify import verify as prove

    if accept and listen is not None:
        raise click.UsageError("either a recogniser listens (--listen) or a person has (--accept)")
    workspace = desk.workspace()
    slug = workspace.find(slug, workspace.bulletins(), "bulletin")
    model = "" if listen == USUAL else listen
    told = desk.console.progress
    report = prove(workspace, slug, listen=model, accept=accept, page=True, progress=told)
    page = workspace.report(slug)
    show_report(desk, report)
    if not report.unkept:
        desk.console.note(workspace.relative(page))
    desk.console.result({**plain(report), "page": "" if report.unkept else str(page)})
    if open_ and not report.unkept and not webbrowser.open(page.resolve().as_uri()):
        desk.console.note("no browser found here")
    return 0 if report.good else 1


def show_report(desk: Desk, report: Report) -> None:
    """Print what is wrong, check by check, or that nothing is."""
    from bobao.verify.wording import ENGLISH, phrase, title, visible
    from bobao.verify.wording import clock as tenths

    slug = report.bulletin.header.slug
    for name, found in report.by_check():
        say = desk.console.error if found and desk.console.quiet else desk.console.say
        say(f"{'FAULT' if found else 'ok':5}  {title(name, ENGLISH)}")
        for finding in found[:SHOWN]:
            what, advice = phrase(finding, slug, ENGLISH)
            spot = finding.where
            places = [
                tenths(spot.at_ms) if spot.at_ms is not None else "",
                f"{report.script}:{spot.line}" if spot.line else "",
                spot.file,
            ]
            where = visible(" ".join(filter(None, places)))
            say(f"       {where + ': ' if where else ''}{what}")
            say(f"         {advice}")
        if len(found) > SHOWN:
            say(f"       … and {len(found) - SHOWN} more")
    faults = len(report.findings)
    verdict = f"{faults} fault{'s' if faults > 1 else ''} found" if faults else "nothing is wrong"
    heard = "" if report.heard is not None else ", not listened to"
    if report.unkept:
        desk.console.note(f"the report cannot be kept: {report.unkept}")
    desk.console.say(f"{slug}: {clock(report.bulletin.duration_ms)}, {verdict}{heard}")
