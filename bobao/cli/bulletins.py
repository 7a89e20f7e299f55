"""``bobao play``, ``verify``, ``desk`` and ``proof``: what there is is heard and judged."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bobao import pipeline
from bobao.cli.console import Console, choices_of, choosing, clock, counted, today, verb
from bobao.errors import BobaoError
from bobao.files import write_text
from bobao.model import Bulletin, Chapter

if TYPE_CHECKING:  # numpy and jieba's table come with these
    from bobao.desk import Playable
    from bobao.verify.verify import Report

# ── play ────────────────────────────────────────────────────────────────────────────────────────

PLAYERS = {
    "mpv": "--no-video --really-quiet --start={start} -- {file}",
    "ffplay": "-nodisp -autoexit -loglevel error -ss {start} {file}",
    "vlc": "-I dummy --play-and-exit --start-time={start} {file}",
    "mplayer": "-really-quiet -ss {start} {file}",
    # These play from the start only; a piece is cut for them first.
    "afplay": "{file}",
    "paplay": "{file}",
    "pw-play": "{file}",
    "aplay": "-q {file}",
}
"""The programs that play a file from a time in seconds on, those that seek exactly first."""
AT_ONCE_S = 1.0
"""A player that is done with a longer recording after this time has not played it: some (ffplay)
report no failure where they find no sound device."""
_TIME = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})|(\d+)")


def player() -> str:
    """The first player that is installed; empty where there is none."""
    return next(filter(shutil.which, PLAYERS), "")


@click.command()
@click.argument("slug")
@click.option("--chapter", "wanted", help="Only this chapter: its number, or a part of its title.")
@click.option("--from", "start", default="0", help="Start here: 1:23, 1:02:03 or seconds.")
@verb
def play(console: Console, slug: str, wanted: str | None, start: str) -> None:
    """Play the bulletin SLUG, or one chapter of it, through the system's sound."""
    workspace = console.workspace()
    slug = workspace.find(slug, workspace.bulletins(), "bulletin")
    bulletin, folder = pipeline.load_bulletin(workspace, slug), workspace.bulletin(slug)
    chapter = _chapter(bulletin, wanted) if wanted else None
    length = chapter.end_ms - chapter.start_ms if chapter else bulletin.duration_ms
    start_ms = _milliseconds(start)
    if start_ms >= length:
        raise BobaoError(f"{start} is past the end ({clock(length)})", advice="Start earlier.")
    file = folder / (chapter.file if chapter else f"{slug}.mp3")
    if not file.is_file():
        raise BobaoError(
            "the recording is gone", where=str(file), advice=f"Make it again: `bobao mix {slug}`."
        )
    console.note(f"{chapter.title if chapter else bulletin.header.title} ({clock(length)})")
    if not played(file, start_ms, length - start_ms):
        console.note("no sound system found here; the file is:")
    console.say(str(file))
    console.result({"file": str(file), "start_ms": start_ms})


def _chapter(bulletin: Bulletin, wanted: str) -> Chapter:
    """Find a chapter by its number or a part of its title; `BobaoError` if none or several fit."""
    if wanted.isdecimal():
        fits = [c for c in bulletin.chapters if c.number == int(wanted)]
    else:
        fits = [c for c in bulletin.chapters if wanted in c.title]
    if len(fits) != 1:
        titles = "; ".join(f"{c.number} {c.title}" for c in fits or bulletin.chapters)
        what = "several chapters fit" if fits else "there is no chapter"
        raise BobaoError(f"{what} “{wanted}”", advice=f"Choose one of: {titles}")
    return fits[0]


def _milliseconds(text: str) -> int:
    """Read ``1:23``, ``1:02:03`` or seconds as milliseconds; a usage error otherwise."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter("not a time; write 1:23, 1:02:03 or seconds", param_hint="--from")
    hours, minutes, seconds, only = (int(group or 0) for group in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds + only) * 1000


def played(file: Path, start_ms: int, length_ms: int) -> bool:
    """Play a file from a time on; False where there is no sound to be had."""
    name = player()
    if not name:
        return False
    if start_ms and "{start}" not in PLAYERS[name]:
        from bobao.mix.ffmpeg import cut_to_wav

        with cut_to_wav(file, start_ms) as wav:
            return played(wav, 0, length_ms)
    # The file is absolute, so that no player takes its name for an option.
    values = {"file": str(file.resolve()), "start": f"{start_ms / 1000:.3f}"}
    started = time.monotonic()
    command = [name, *(word.format(**values) for word in PLAYERS[name].split())]
    done = subprocess.run(command, check=False)
    at_once = time.monotonic() - started < AT_ONCE_S < length_ms / 2000
    return done.returncode == 0 and not at_once


# ── verify ──────────────────────────────────────────────────────────────────────────────────────

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
@click.option("--open", "opened", is_flag=True, help="Show the page in the browser.")
@verb
def verify(console: Console, slug: str, listen: str | None, accept: bool, opened: bool) -> int:
    """Prove the finished bulletin SLUG: sound, takes, times, tags, texts, book, feed, script.

    What is wrong is printed and written to scripts/SLUG.verify.html, with times to click. The exit
    code is 1 where anything is wrong. What a recogniser doubted stands, until it listens again or
    a person has (--accept).
    """
    from bobao.verify.verify import plain
    from bobao.verify.verify import verify as prove

    if accept and listen is not None:
        raise click.UsageError("either a recogniser listens (--listen) or a person has (--accept)")
    workspace = console.workspace()
    slug = workspace.find(slug, workspace.bulletins(), "bulletin")
    model = "" if listen == USUAL else listen
    told = console.progress
    report = prove(workspace, slug, listen=model, accept=accept, page=True, progress=told)
    page = workspace.report(slug)
    show_report(console, report)
    if not report.unkept:
        console.note(workspace.relative(page))
    console.result({**plain(report), "page": "" if report.unkept else str(page)})
    if opened and not report.unkept:
        _show_page(console, page)
    return 0 if report.good else 1


def show_report(console: Console, report: Report) -> None:
    """Print what is wrong, check by check, or that nothing is."""
    from bobao.verify.page import ENGLISH, phrase, title, visible
    from bobao.verify.page import clock as tenths

    slug = report.bulletin.header.slug
    for name, found in report.by_check():
        say = console.error if found and console.quiet else console.say
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
    verdict = f"{counted(faults, 'fault')} found" if faults else "nothing is wrong"
    heard = "" if report.heard is not None else ", not listened to"
    if report.unkept:
        console.note(f"the report cannot be kept: {report.unkept}")
    console.say(f"{slug}: {clock(report.bulletin.duration_ms)}, {verdict}{heard}")


def _show_page(console: Console, page: Path) -> None:
    if not webbrowser.open(page.resolve().as_uri()):
        console.note("no browser found here")


# ── desk and proof ──────────────────────────────────────────────────────────────────────────────


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="[any that is free]")
@click.option("--open/--no-open", "opened", default=True, help="Show it in the browser [--open].")
@verb
def desk(console: Console, port: int, opened: bool) -> None:
    """Open the editor's desk in the browser, on this machine alone, until Ctrl-C.

    Put articles in, correct how each line is said and hear it, make the bulletin, publish it. The
    address holds a key: who has it can edit.
    """
    from bobao.desk.office import Office
    from bobao.desk.server import run

    def ready(url: str) -> None:
        console.say(url)
        console.note("Ctrl-C stops")
        console.result({"url": url})
        if opened:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    try:
        run(Office(console.workspace().root, today()), port, ready)
    except KeyboardInterrupt:
        console.note("stopped")


@click.command()
@click.argument("slug")
@choosing("engine", "voice", "anchors", "style", "rate")
@click.option("--open", "opened", is_flag=True, help="Show the page in the browser.")
@verb
def proof(console: Console, slug: str, opened: bool, **options: Any) -> None:
    """Write the proof page of SLUG beside its script: scripts/SLUG.proof.html.

    Written and spoken side by side with the reason of every change, doubtful readings first, each
    sentence playable once it is recorded, boxes to sign. Print it or read it in any browser.
    """
    from bobao.desk import Playable, examined, render
    from bobao.desk.drawer import Drawer

    workspace = console.workspace()
    slug = workspace.find(slug, workspace.scripts(), "script")
    page = workspace.script(slug).with_name(f"{slug}.proof.html")
    up = Path(os.path.relpath(workspace.takes, page.parent)).as_posix()

    def recorded(_: int, key: str, length_ms: int) -> Playable | None:
        return Playable(f"{up}/{key[:2]}/{key}.flac", length_ms) if length_ms else None

    made = examined(workspace, slug, choices_of(options), recorded, console.note)
    signed = Drawer(workspace.drawer(slug), workspace.script(slug)).signatures()
    write_text(page, render(made, signed))
    counts = {
        "lines": sum(1 for _ in made.lines()),
        "changes": made.changes,
        "doubts": made.doubts.to_decide,
        "recorded": made.recorded,
    }
    console.note(
        f"{counted(counts['lines'], 'line')}, {counted(counts['changes'], 'change')}, "
        f"{made.doubts.to_decide} to decide, {made.recorded} recorded"
    )
    for asked in made.doubts.readings[:5]:
        lines = ", ".join(str(number) for number, _ in asked.places)
        others = f" or {', '.join(asked.others)}" if asked.others else ""
        word = asked.word or asked.text
        console.note(f"  · {word}: {asked.text} {asked.reading}{others} (line {lines})")
    console.say(workspace.relative(page))
    console.result({"page": str(page), "fingerprint": made.fingerprint, **counts})
    if opened:
        _show_page(console, page)
