"""What a worker does: three functions that run anywhere, each given all that it needs.

Each answers `Failed` where it cannot be done, and raises nothing. Each may be run twice (a worker
died after its work, before its answer): what is finished is found finished, and nothing is done
again but what was in progress.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bobao import pipeline
from bobao.batch.report import Answer, Chunk, Drafted, Failed, Finished, Spoken, Value
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
from bobao.voices.delivery import Delivery
from bobao.voices.engine import GaveUp
from bobao.voices.record import record_line
from bobao.voices.store import Store


def _answered(work: Callable[[], Value]) -> Answer:
    """Do the work. What goes wrong is told as a value, so that it passes any network whole."""
    with journal.collecting() as spans:
        try:
            value = work()
        except BobaoError as error:
            value = Failed(str(error))
        except Exception as error:  # noqa: BLE001 - ours, and no reason to stop the other articles
            value = Failed(str(unforeseen(error)))
    return Answer(value, tuple(spans))


def draft(site: Site, seed: str, choices: Choices, today: str) -> Answer:
    """Draft an article's script, unless an editor's is there, and tell which takes are missing."""

    def work() -> Drafted:
        path = site.bring_article(seed)
        workspace, slug = site.workspace(), slug_of(path)
        drafted = pipeline.draft(workspace, path, choices, today)
        site.hand_over_script(slug)
        pipeline.check_decided(workspace, slug)
        place = pipeline.studio(workspace, slug, choices)
        wanted, finished = place.utterances(), site.finished(slug, choices, place.engine.name)
        missing = frozenset() if finished else site.missing(wanted)
        lines = list(drafted.script.lines())
        return Drafted(
            slug=slug,
            title=drafted.script.header.title,
            characters=sum(len(line.written) for line in lines),
            lines=sum(audible(line.spoken) for line in lines),
            engine=place.engine.name,
            missing=tuple((key, said) for key, said in wanted.items() if key in missing),
            finished=finished,
            remarks=drafted.remarks,
        )

    return _answered(work)


def speak(site: Site, engine: str, chunk: Chunk, fallback: str = "") -> Answer:
    """Speak the lines of a chunk that are not in the store by now; each is stored as it is done.

    Where an engine gives up that has a `fallback`, the rest is left: the last stage, which finds it
    missing, has the whole bulletin spoken by the other.
    """

    def work() -> Spoken:
        made, workspace = registry.engine(engine), site.workspace()
        store, lines = Store(workspace.takes), dict(chunk)
        spoken = ms = 0
        for key in sorted(site.missing(lines)):
            try:
                take = record_line(key, lines[key], made, store)
            except GaveUp:
                if fallback or workspace.config.voice.fallback:
                    break
                raise
            site.hand_over_takes([key])
            spoken, ms = spoken + 1, ms + take.duration_ms
        return Spoken(spoken, ms)

    return _answered(work)


def mix(site: Site, slug: str, choices: Choices) -> Answer:
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
        finished = Finished(
            duration_ms=mixed.bulletin.duration_ms,
            chapters=len(mixed.bulletin.chapters),
            fresh=mixed.fresh,
            remarks=mixed.warnings,
        )
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


CHUNK_CHARACTERS = 160
"""Lines are handed out by about so many characters, half a minute of speech: much less, and
asking costs more than the work of the cheapest engines; much more, and a worker waits at the end
of an article while another still speaks."""


def chunks(lines: Sequence[tuple[str, Delivery]]) -> Iterator[Chunk]:
    """Cut lines, in order, into runs of about `CHUNK_CHARACTERS`."""
    start = filled = 0
    for at, (_, said) in enumerate(lines):
        if filled and filled + len(said.text) > CHUNK_CHARACTERS:
            yield tuple(lines[start:at])
            start, filled = at, 0
        filled += len(said.text)
    if lines:
        yield tuple(lines[start:])
