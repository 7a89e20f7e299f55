"""The proof of a script of the workspace, with its article and its recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bobao import pipeline
from bobao.desk.examine import examine
from bobao.desk.proof import Playable, Proof
from bobao.errors import BobaoError
from bobao.model import Article, Script
from bobao.pipeline import Choices, Studio
from bobao.pipeline.rundown import is_rundown
from bobao.station.workspace import Workspace
from bobao.voices.delivery import Delivery

Note = Callable[[str], None]
Find = Callable[[int, str, int], Playable | None]
"""Where a line is heard: its number, the name of its take, its length in ms (0: not recorded)."""


def examined(workspace: Workspace, slug: str, choices: Choices, find: Find, note: Note) -> Proof:
    """The proof of the script of that name; `note` is told what is left out of it, and why."""
    script, lexicon = pipeline.load_script(workspace, slug), pipeline.load_lexicon(workspace, slug)
    article, stale = _article(workspace, script, note)
    return examine(
        script,
        article=article,
        stale=stale,
        recordings=_recordings(workspace, slug, choices, find, note),
        lexicon=lexicon,
    )


def _article(workspace: Workspace, script: Script, note: Note) -> tuple[Article | None, bool]:
    """The article that a script names, if it is there, and whether it has changed since."""
    path = workspace.article_of(script.header.source)
    if path is None or is_rundown(path) or not path.is_relative_to(workspace.root.resolve()):
        return None, False
    try:
        seed = pipeline.read_seed(path)
    except BobaoError as error:
        note(f"the article is left out of the proof: {error}")
        return None, False
    return seed.article, script.header.source_sha256 not in {"", seed.sha256}


def _recordings(
    workspace: Workspace, slug: str, choices: Choices, find: Find, note: Note
) -> dict[int, Playable]:
    """Where each line is heard, by its number; nothing where the voice itself is not there."""
    try:
        studio = pipeline.studio(workspace, slug, choices)
    except BobaoError as error:
        note(f"no sound in the proof: {error}")
        return {}
    found = {}
    for number, said in spoken_lines(studio):
        key = said.key(studio.engine)
        take = studio.store.load(key)
        if playable := find(number, key, take.duration_ms if take else 0):
            found[number] = playable
    return found


def spoken_lines(studio: Studio) -> Iterator[tuple[int, Delivery]]:
    """What is said in each line that says something, with the line's number."""
    lines = (said for section in studio.deliveries() for said in section)
    return ((number, said) for number, said in enumerate(lines, start=1) if said)
