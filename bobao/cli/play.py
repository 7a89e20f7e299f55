"""``bobao play SLUG``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from bobao import pipeline
from bobao.cli import player
from bobao.cli.console import clock
from bobao.cli.desk import Desk, at_desk
from bobao.errors import BobaoError
from bobao.model import Bulletin, Chapter

_TIME = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})|(\d+)")


@click.command()
@click.argument("slug")
@click.option("--chapter", "wanted", help="Only this chapter: its number, or a part of its title.")
@click.option("--from", "start", default="0", help="Start here: 1:23, 1:02:03 or seconds.")
@at_desk
def play(desk: Desk, slug: str, wanted: str | None, start: str) -> None:
    """Play the bulletin SLUG, or one chapter of it, through the system's sound."""
    workspace = desk.workspace()
    slug = workspace.find(slug, workspace.bulletins(), "bulletin")
    bulletin, folder = pipeline.load_bulletin(workspace, slug), workspace.bulletin(slug)
    chapter = find_chapter(bulletin, wanted) if wanted else None
    length = chapter.end_ms - chapter.start_ms if chapter else bulletin.duration_ms
    start_ms = milliseconds(start)
    if start_ms >= length:
        raise BobaoError(f"{start} is past the end ({clock(length)})", advice="Start earlier.")
    file = folder / (chapter.file if chapter else f"{slug}.mp3")
    if not file.is_file():
        raise BobaoError(
            "the recording is gone", where=str(file), advice=f"Make it again: `bobao mix {slug}`."
        )
    desk.console.note(f"{chapter.title if chapter else bulletin.header.title} ({clock(length)})")
    if not _play(file, start_ms, length - start_ms):
        desk.console.note("no sound system found here; the file is:")
    desk.console.say(str(file))
    desk.console.result({"file": str(file), "start_ms": start_ms})


def find_chapter(bulletin: Bulletin, wanted: str) -> Chapter:
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


def milliseconds(text: str) -> int:
    """Read ``1:23``, ``1:02:03`` or seconds as milliseconds; a usage error otherwise."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter("not a time; write 1:23, 1:02:03 or seconds", param_hint="--from")
    hours, minutes, seconds, only = (int(group or 0) for group in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds + only) * 1000


def _play(file: Path, start_ms: int, length_ms: int) -> bool:
    found = player.find()
    if found is None:
        return False
    if found in player.PLAYERS or (start_ms == 0 and found.name == "afplay"):
        return player.play(found, file, start_ms, length_ms)
    from bobao.mix.ffmpeg import cut_to_wav

    with cut_to_wav(file, start_ms) as wav:
        return player.play(found, wav, 0, length_ms)
