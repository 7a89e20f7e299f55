"""The desk's pages: the tray of articles, and a script with all that can be done to it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from bobao.desk.edits import KINDS
from bobao.desk.office import Office, TrayItem
from bobao.desk.render import filled, render
from bobao.station.config import STYLES

SHOWN = 30
"""Earlier versions that are offered."""
STYLE_NAMES = {"news": "新闻", "slow": "慢速（老年听众）", "loudspeaker": "大喇叭"}


@dataclass(frozen=True, slots=True)
class Bench:
    """What the page of a script shows besides its proof.

    `item` is its place in the tray, `undo` and `redo` are the acts that can be taken back or done
    again, `versions` are older ones with their times, `voices` those to choose from, `anchors` and
    `style` what is chosen.
    """

    item: TrayItem
    undo: int
    redo: int
    versions: tuple[tuple[str, str], ...]
    voices: tuple[str, ...]
    anchors: tuple[str, ...]
    style: str


def tray(office: Office) -> str:
    """The page of all articles."""
    return filled(
        "tray.html",
        items=office.tray(),
        today=office.today,
        station=office.workspace.config.station,
    )


def script(office: Office, slug: str) -> str:
    """The page of a script. Raises `BobaoError` where it is not there or broken."""
    proof = office.proof(slug)
    drawer = office.drawer(slug)
    undo, redo = drawer.steps()
    versions = tuple((name, _clock(time)) for name, time in drawer.versions()[:SHOWN])
    office.warm(slug)
    voices, anchors, style = office.voices(slug)
    return filled(
        "proof.html",
        proof=proof,
        signatures={each.stage: each for each in drawer.signatures()},
        desk=Bench(office.item(slug), undo, redo, versions, voices, anchors, style),
        kinds=KINDS,
        styles={name: STYLE_NAMES.get(name, name) for name in STYLES},
    )


def _clock(time: float) -> str:
    return datetime.datetime.fromtimestamp(time).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def printed(office: Office, slug: str) -> str:
    """The page to print and sign; it is written beside the script, too."""
    page = render(office.proof(slug), office.drawer(slug).signatures())
    office.print_proof(slug, page)
    return page
