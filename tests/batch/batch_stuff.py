"""What the tests of batches share: articles, a workspace, and workers that die."""

from __future__ import annotations

import os
from concurrent.futures import Future
from pathlib import Path

from bobao.batch.run import Crew
from bobao.batch.site import LocalSite
from bobao.cli import run
from bobao.pipeline import Choices
from bobao.station.workspace import locate

TODAY = "2026-01-01"
TINY = ("--no-signposts", "--no-stings")

TEXTS = {
    "road": "村里通了新公路\n\n今天上午，公路通车了。村民们都很高兴。\n",
    "rain": "明天有雨\n\n县气象台预计，明天有小雨。请大家出门带伞。\n",
    "book": "图书馆上新\n\n县图书馆新增盲文读物300册。村民们都很高兴。\n",
}


def station(folder: Path) -> Path:
    """A workspace with three articles, two of which share a sentence."""
    assert run(["init", str(folder), "-q"]) == 0
    for name, text in TEXTS.items():
        (folder / "seeds" / f"{name}.txt").write_text(text, "utf-8")
    return folder


class Inline:
    """A pool of this process itself: nothing is started."""

    def __init__(self, workers: int = 1) -> None:
        self.room = workers

    def __enter__(self) -> Inline:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, function, *arguments):
        future: Future = Future()
        future.set_result(function(*arguments))
        return future


def alone(folder: Path, engine: str = "tone"):
    """What a batch of a whole workspace makes, in this process: its rows."""
    choices = Choices(engine=engine, signposts=False, stings=False)
    crew, workspace = Crew(Inline(), LocalSite(folder)), locate(folder)
    return list(crew.produce(workspace, workspace.articles(), choices, TODAY))


def die_once(flag: str, function, *arguments):
    """Kill this worker when the first task reaches it, and never again."""
    try:
        Path(flag).touch(exist_ok=False)
    except FileExistsError:
        return function(*arguments)
    os._exit(9)


def die(function, *arguments):
    """Kill this worker."""
    os._exit(9)


def made(folder: Path) -> dict[str, bytes]:
    """Scripts and manifests of a workspace or a store: what is said, and when."""
    found = [*folder.glob("scripts/*.md"), *folder.glob("output/*/bulletin.json")]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if path.name != "README.md"
    }
