"""What a worker does: three functions that run anywhere, each given all that it needs.

Each answers with an error where it cannot be done, and raises nothing. Each may be run twice (a
worker died after its work, before its answer): what is finished is found finished, and nothing is
done again but what was in progress.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bobao import pipeline
from bobao.batch.board import ArticleDraft, Chunk, Finished, Row, TaskAnswer
from bobao.batch.site import Site
from bobao.errors import BobaoError, unforeseen
from bobao.mix.mix import silent
from bobao.model import audible
from bobao.pipeline import Choices
from bobao.station import journal
from bobao.station.workspace import Workspace, slug_of
from bobao.verify.page import ENGLISH, phrase
from bobao.verify.verify import proved, verify
from bobao.voices import registry
from bobao.voices.delivery import record_line
from bobao.voices.engine import GaveUp
from bobao.voices.store import Store


def _answered(work: Callable[[], ArticleDraft | int | Finished]) -> TaskAnswer:
    """Do the work. What goes wrong is told in words, so that it passes any network whole."""
    value, error = None, ""
    with journal.collecting() as spans:
        try:
            value = work()
        except BobaoError as wrong:
            error = str(wrong)
        except Exception as wrong:  # noqa: BLE001 - ours, and no reason to stop the other articles
            error = str(unforeseen(wrong))
    return TaskAnswer(value, error, tuple(spans))


def draft(site: Site, seed: str, choices: Choices, today: str) -> TaskAnswer:
    """Draft an article's script, unless an editor's is there, and tell which takes are missing."""

    def work() -> ArticleDraft:
        path = site.bring_article(seed)
        workspace, slug = site.workspace(), slug_of(path)
        drafted = pipeline.draft(workspace, path, choices, today)
        site.hand_over_script(slug)
        pipeline.check_decided(workspace, slug)
        place = pipeline.studio(workspace, slug, choices)
        wanted, finished = place.utterances(), site.finished(slug, choices, place.engine.name)
        missing = frozenset() if finished else site.missing(wanted)
        lines = list(drafted.script.lines())
        row = Row(
            seed,
            slug,
            title=drafted.script.header.title,
            characters=sum(len(line.written) for line in lines),
            lines=sum(audible(line.spoken) for line in lines),
            remarks=drafted.remarks,
        )
        absent = tuple((key, said) for key, said in wanted.items() if key in missing)
        return ArticleDraft(row, place.engine.name, absent, finished)

    return _answered(work)


def speak(site: Site, engine: str, chunk: Chunk, fallback: str = "") -> TaskAnswer:
    """Speak the lines of a chunk that are not in the store by now; each is stored as it is done.

    Where an engine gives up that has a `fallback`, the rest is left: the last stage, which finds it
    missing, has the whole bulletin spoken by the other.
    """

    def work() -> int:
        made, workspace = registry.engine(engine), site.workspace()
        store, lines = Store(workspace.takes), dict(chunk)
        spoken = 0
        for key in sorted(site.missing(lines)):
            try:
                record_line(key, lines[key], made, store)
            except GaveUp:
                if fallback or workspace.config.voice.fallback:
                    break
                raise
            site.hand_over_takes([key])
            spoken += 1
        return spoken

    return _answered(work)


def mix(site: Site, slug: str, choices: Choices) -> TaskAnswer:
    """Mix a bulletin of which all lines are recorded, and prove it."""

    def work() -> Finished:
        workspace, alone = site.workspace(), replace(choices, jobs=1)
        site.bring_script(slug)
        place = pipeline.studio(workspace, slug, alone)
        site.bring_takes(place.utterances())
        pipeline.voice(workspace, slug, alone, silent)
        mixed = pipeline.mix(workspace, slug, alone, silent)
        if mixed.fresh or not proved(workspace, slug):
            _prove(workspace, slug)
        finished = Finished(mixed.bulletin.duration_ms, mixed.fresh, mixed.warnings)
        site.hand_over_bulletin(slug, choices, place.engine.name, finished)
        return finished

    return _answered(work)


def _prove(workspace: Workspace, slug: str) -> None:
    """Raise `BobaoError` where a finished bulletin has a fault."""
    found = verify(workspace, slug).findings
    if found:
        what, advice = phrase(found[0], slug, ENGLISH)
        more = len(found) - 1
        raise BobaoError(
            f"the bulletin was mixed, and is not right: {what}"
            + (f" (and {more} more)" * bool(more)),
            where=workspace.relative(workspace.bulletin(slug)),
            advice=advice,
        )
