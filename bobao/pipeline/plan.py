"""What producing articles comes to, before any work: ``bobao estimate``. Nothing is written.

Where there is no take, a line is as long as the engine `silence` makes it, at the usual pace of
the embedded voice: the eight voices are within an eighth of it. Between the lines are the pauses
of the mix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bobao.errors import BobaoError
from bobao.mix import stings
from bobao.mix.mix import fingerprint, finished
from bobao.mix.styles import MixOptions
from bobao.mix.timeline import build
from bobao.model import GRID_MS, RATE, Mark, Take, audible
from bobao.pipeline.choices import Choices
from bobao.pipeline.drafting import prepared
from bobao.pipeline.steps import mix_options
from bobao.pipeline.studio import Studio, studio_for
from bobao.station.workspace import Workspace, slug_of
from bobao.voices.delivery import Delivery
from bobao.voices.dry import SilenceEngine
from bobao.voices.engine import Samples

COVER_BYTES = 128_000
"""A bulletin's cover: by itself, and in each MP3 of it and of its book."""
SOUND_BYTES, TEXT_BYTES = 26_000, 700
"""For each second: of speech as it is recorded; of manifest, captions, page and book, in which the
times of the words take the room."""
SUMMED = (
    *("characters", "lines", "chapters", "duration_ms"),
    *("missing", "speech_ms", "requests", "disk_bytes"),
)
_STEP = RATE * GRID_MS // 1000
_PLAIN = SilenceEngine()


@dataclass(frozen=True, slots=True)
class Plan:
    """What producing an article comes to; with `error` it cannot be produced, and why.

    `characters` are those of its written text, `lines` those that are spoken, `chapters` those of
    the bulletin. `duration_ms` is the bulletin's length. Left to do are `missing` lines of
    `speech_ms`, each line that several articles have counted with the first, by `requests` to a
    service; `disk_bytes` is what is added on the disk. All four are 0 for a bulletin that is
    finished.
    """

    seed: str
    slug: str = ""
    title: str = ""
    characters: int = 0
    lines: int = 0
    chapters: int = 0
    duration_ms: int = 0
    missing: int = 0
    speech_ms: int = 0
    requests: int = 0
    disk_bytes: int = 0
    finished: bool = False
    error: str = ""


def total(plans: Iterable[Plan]) -> Plan:
    """The sums of plans, as one; finished where all are, and there are any."""
    listed = [plan for plan in plans if not plan.error]
    finished = bool(listed) and all(plan.finished for plan in listed)
    sums = {name: sum(getattr(plan, name) for plan in listed) for name in SUMMED}
    return Plan(seed="", finished=finished, **sums)


def _supposed(key: str, delivery: Delivery) -> Take:
    """A take as it will be at its rate, its rests included, for a line that is not recorded."""
    samples = sum(len(_PLAIN.speak(piece).samples) for piece in delivery.pieces)
    length_ms = delivery.rest_ms * (len(delivery.pieces) - 1) + samples * 1000 / RATE
    steps = max(1, round(length_ms / GRID_MS))
    mark = Mark(0, len(delivery.text), 0, steps * GRID_MS)
    return Take(key, steps * _STEP, (mark,))


def _requests(engine: str, delivery: Delivery) -> int:
    """The requests to a service that saying a line takes, as the engine itself cuts it."""
    if engine != "edge":
        return 0
    from bobao.voices.edge.assembly import pieces
    from bobao.voices.edge.engine import respelling_of

    return sum(len(pieces(respelling_of(said).spoken)) for said in delivery.pieces)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a script.

    `rows` have the name of each one's take, none for a silent one; `said` is what is said by these
    names, `takes` those that are there.
    """

    rows: list[list[str]]
    said: Mapping[str, Delivery]
    takes: Mapping[str, Take]


@dataclass(slots=True)
class Planner:
    """Plans articles in the order in which a batch would make them."""

    workspace: Workspace
    choices: Choices
    today: str
    _planned: set[str] = field(default_factory=set)  # keys of lines that an earlier article has
    _slugs: dict[str, Path] = field(default_factory=dict)

    def plans(self, seeds: Sequence[Path]) -> Iterator[Plan]:
        """The plan of each article. What is wrong with one is told in its plan."""
        for seed in seeds:
            try:
                yield self._plan(seed)
            except BobaoError as error:  # noqa: PERF203 - each round reads an article
                yield Plan(str(seed), slug_of(seed), error=str(error))

    def _plan(self, seed: Path) -> Plan:
        slug = slug_of(seed)
        other = self._slugs.setdefault(slug, seed)
        if other != seed:
            what = f"it would be filed under the name “{slug}”, as {other.name} is"
            raise BobaoError(what, advice="Rename one.")
        made = prepared(self.workspace, seed, self.choices, self.today)
        place = studio_for(self.workspace, slug, made.script, self.choices)
        options = mix_options(self.workspace, place, self.choices)
        library = stings.load_library(options.stings) if options.stings else {}
        lines = _lines(place)
        new = {
            key: _supposed(key, said) for key, said in lines.said.items() if key not in lines.takes
        }
        lengths = {name: len(samples) for name, samples in library.items()}
        takes = {**new, **lines.takes}
        rows = [[takes[key] if key else None for key in row] for row in lines.rows]
        timeline = build(place.script, rows, lengths, place.style.pauses)
        listed = list(made.script.lines())
        plan = Plan(
            seed=str(seed),
            slug=slug,
            title=made.script.header.title,
            characters=sum(len(line.written) for line in listed),
            lines=sum(audible(line.spoken) for line in listed),
            chapters=len(timeline.chapters),
            duration_ms=timeline.duration_ms,
        )
        if not new and self._done(place, lines, options, library):
            return replace(plan, finished=True)
        first = {key: new[key] for key in new if key not in self._planned}
        self._planned |= first.keys()
        return _with_work(plan, place, lines, first, options.bitrate)

    def _done(
        self, place: Studio, lines: _Lines, options: MixOptions, library: Mapping[str, Samples]
    ) -> bool:
        """Whether the bulletin is there as a mix would make it."""
        takes = tuple(tuple(lines.takes.get(key) for key in row) for row in lines.rows)
        recipe = fingerprint(place.script, takes, options, library, place.speakers())
        folder = self.workspace.bulletin(place.script.header.slug)
        return finished(folder, recipe) is not None


def _with_work(
    plan: Plan, place: Studio, lines: _Lines, new: Mapping[str, Take], bitrate: int
) -> Plan:
    """The plan with what is left to do."""
    speech_s = sum(take.duration_ms for take in new.values()) / 1000
    seconds = plan.duration_ms / 1000
    thrice = 3 * bitrate * 1000 / 8  # the whole, its chapters, and these in the book
    covers = COVER_BYTES * (2 * plan.chapters + 2)
    sizes = SOUND_BYTES * (speech_s + seconds) + (thrice + TEXT_BYTES) * seconds + covers
    return replace(
        plan,
        missing=len(new),
        speech_ms=round(speech_s * 1000),
        requests=sum(_requests(place.engine.name, lines.said[key]) for key in new),
        disk_bytes=round(sizes),
    )


def _lines(place: Studio) -> _Lines:
    said: dict[str, Delivery] = {}
    rows: list[list[str]] = []
    for row in place.deliveries():
        keys = [each.key(place.engine) if each else "" for each in row]
        said |= {key: each for key, each in zip(keys, row, strict=True) if each}
        rows.append(keys)
    return _Lines(rows, said, {key: take for key in said if (take := place.store.load(key))})
