"""From a script and its takes to the one timeline that every output is written from. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bobao.errors import BobaoError
from bobao.files import safe_name
from bobao.mix.pauses import Pauses, role
from bobao.mix.words import timed_words
from bobao.model import GRID_MS, RATE, Chapter, Cue, Line, Script, Section, Take, audible

OPENING, SECTION, CLOSING = "opening", "section", "closing"
"""The stings: before the first chapter, before every other, and after the last line."""

OPENING_TITLE = "开场"
"""What the first chapter is called where others follow: its heading is the bulletin's own title,
which a player shows already."""

Speakers = Sequence[Sequence[str]]
"""Who says each line, rows as for takes: a name, or nothing for the bulletin's own voice. Without
rows that voice says everything."""

_STEP = RATE * GRID_MS // 1000


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing, for `samples` at `RATE`."""

    samples: int


@dataclass(frozen=True, slots=True)
class TakeEvent:
    """A take, whole; `voice` as in `Cue`, `sha256` as in `Take`."""

    key: str
    samples: int
    voice: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Sting:
    """A sting, whole."""

    name: str
    samples: int


Event = Silence | TakeEvent | Sting


@dataclass(frozen=True, slots=True)
class Stretch:
    """A chapter and the events that fill it exactly."""

    chapter: Chapter
    events: tuple[Event, ...]

    @property
    def samples(self) -> int:
        """Its length at `RATE`."""
        return sum(event.samples for event in self.events)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole bulletin in order: the stretches tile it, and their events tile them."""

    stretches: tuple[Stretch, ...]

    @property
    def events(self) -> Iterator[Event]:
        """Every event in order."""
        for stretch in self.stretches:
            yield from stretch.events

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters in order."""
        return tuple(stretch.chapter for stretch in self.stretches)

    @property
    def duration_ms(self) -> int:
        """The length of the whole."""
        return self.stretches[-1].chapter.end_ms if self.stretches else 0


def build(
    script: Script,
    takes: Sequence[Sequence[Take | None]],
    stings: Mapping[str, int],
    pauses: Pauses,
    speakers: Speakers = (),
) -> Timeline:
    """Lay the takes of a script end to end.

    `takes` has one row per section with one entry per line in the order of `Section.lines`.
    `stings` gives the lengths in samples of those that are to be played. Raises `BobaoError`
    where a line with something to say has no take: it is never replaced by silence.
    """
    lengths = [sum(1 for _ in section.lines()) for section in script.sections]
    speakers = speakers or [("",) * length for length in lengths]
    if [*map(len, takes)] != lengths or [*map(len, speakers)] != lengths:
        raise ValueError("takes or speakers do not match the lines of the script")
    stretches: list[Stretch] = []
    start_ms = 0
    for number, section in enumerate(script.sections, start=1):
        mason = _Mason(start_ms)
        last = number == len(script.sections)
        mason.open(OPENING if number == 1 else SECTION, stings, pauses, first=number == 1)
        mason.lines(section, takes[number - 1], speakers[number - 1], pauses)
        mason.close(stings, pauses, last=last)
        title = OPENING_TITLE if number == 1 and not last else section.title
        chapter = Chapter(
            number=number,
            title=title,
            start_ms=start_ms,
            end_ms=mason.now_ms,
            cues=tuple(mason.cues),
            file=chapter_file(number, len(script.sections), title),
        )
        stretches.append(Stretch(chapter, tuple(mason.events)))
        start_ms = mason.now_ms
    return Timeline(tuple(stretches))


def chapter_file(number: int, count: int, title: str) -> str:
    """The name of a chapter's own file, relative to the bulletin's folder."""
    width = max(2, len(str(count)))
    return f"chapters/{safe_name(f'{number:0{width}d}-{title}').rstrip('-')}.mp3"


class _Mason:
    """Lays the events of one chapter and keeps the time."""

    def __init__(self, start_ms: int) -> None:
        self.now_ms = start_ms
        self.events: list[Event] = []
        self.cues: list[Cue] = []

    def open(self, name: str, stings: Mapping[str, int], pauses: Pauses, *, first: bool) -> None:
        if first:
            self._silence(pauses.start)
        if stings.get(name):
            self._lay(Sting(name, stings[name]))
            self._silence(pauses.after_sting)
        elif not first:
            self._silence(pauses.lead)

    def lines(
        self,
        section: Section,
        takes: Sequence[Take | None],
        speakers: Sequence[str],
        pauses: Pauses,
    ) -> None:
        before = None
        rows = zip(_numbered(section), takes, speakers, strict=True)
        for (line, paragraph), take, speaker in rows:
            if take is None:
                if audible(line.spoken):
                    raise BobaoError(
                        f"no recording of the line “{line.written or line.spoken}”",
                        advice="Record it first: bobao voice.",
                    )
                self.cues.append(Cue(self.now_ms, self.now_ms, line, paragraph=paragraph))
                continue
            here = role(line, heading=paragraph == 0)
            if before is not None:
                same = before[1] == paragraph
                self._silence(pauses.between(before[0], here, same_paragraph=same))
            self._speak(line, take, paragraph, speaker)
            before = (here, paragraph)

    def close(self, stings: Mapping[str, int], pauses: Pauses, *, last: bool) -> None:
        sting = stings.get(CLOSING if last else SECTION, 0)
        if last and sting:
            self._silence(pauses.before_sting)
            self._lay(Sting(CLOSING, sting))
        if last:
            self._silence(pauses.end)
        else:
            self._silence(pauses.before_sting if sting else pauses.chapter)
        if not self.events:  # nothing said and all pauses set to none: a chapter still has a length
            self._silence(GRID_MS)

    def _speak(self, line: Line, take: Take, paragraph: int, speaker: str) -> None:
        start = self.now_ms
        self._lay(TakeEvent(take.key, take.samples, speaker, take.sha256))
        words = timed_words(line, take, start)
        self.cues.append(Cue(start, self.now_ms, line, words, take.key, paragraph, speaker))

    def _silence(self, length_ms: int) -> None:
        if length_ms:
            self._lay(Silence(length_ms * RATE // 1000))

    def _lay(self, event: Event) -> None:
        if event.samples <= 0 or event.samples % _STEP:
            raise ValueError(f"{event} is not a whole number of {GRID_MS} ms steps")
        self.events.append(event)
        self.now_ms += event.samples * 1000 // RATE


def _numbered(section: Section) -> Iterator[tuple[Line, int]]:
    """Every line of a section with the number of its paragraph; the heading's is 0."""
    yield section.heading, 0
    for number, paragraph in enumerate(section.paragraphs, start=1):
        for line in paragraph:
            yield line, number
