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
class Event:
    """What is heard for `samples` at `RATE`: a take, whole, a sting, whole, or silence.

    `voice` is as in `Cue`, `sha256` as in `Take`.
    """

    samples: int
    take: str = ""  # its key
    sting: str = ""  # its name
    voice: str = ""
    sha256: str = ""


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
    now_ms = 0
    for number, section in enumerate(script.sections, start=1):
        first, last = number == 1, number == len(script.sections)
        title = OPENING_TITLE if first and not last else section.title
        before = _before(first, stings, pauses)
        start_ms = now_ms
        now_ms += _length_ms(before)
        cues, events = _lines(section, takes[number - 1], speakers[number - 1], pauses, now_ms)
        events = [
            event for event in (*before, *events, *_after(last, stings, pauses)) if event.samples
        ]
        # Nothing said and all pauses set to none: a chapter still has a length.
        events = events or [_silence(GRID_MS)]
        now_ms = start_ms + _length_ms(events)
        file = chapter_file(number, len(script.sections), title)
        chapter = Chapter(number, title, start_ms, now_ms, tuple(cues), file)
        stretches.append(Stretch(chapter, tuple(events)))
    return Timeline(tuple(stretches))


def chapter_file(number: int, count: int, title: str) -> str:
    """The name of a chapter's own file, relative to the bulletin's folder."""
    width = max(2, len(str(count)))
    return f"chapters/{safe_name(f'{number:0{width}d}-{title}').rstrip('-')}.mp3"


def _before(first: bool, stings: Mapping[str, int], pauses: Pauses) -> list[Event]:
    """What a chapter begins with."""
    name = OPENING if first else SECTION
    start = [_silence(pauses.start if first else 0)]
    if stings.get(name):
        return [*start, Event(stings[name], sting=name), _silence(pauses.after_sting)]
    return start if first else [_silence(pauses.lead)]


def _after(last: bool, stings: Mapping[str, int], pauses: Pauses) -> list[Event]:
    """What a chapter ends with; the sting before the next one is that one's."""
    if last and stings.get(CLOSING):
        sting = Event(stings[CLOSING], sting=CLOSING)
        return [_silence(pauses.before_sting), sting, _silence(pauses.end)]
    if last:
        return [_silence(pauses.end)]
    return [_silence(pauses.before_sting if stings.get(SECTION) else pauses.chapter)]


def _lines(
    section: Section,
    takes: Sequence[Take | None],
    speakers: Sequence[str],
    pauses: Pauses,
    now_ms: int,
) -> tuple[list[Cue], list[Event]]:
    """The lines of a chapter, the first of them at `now_ms`."""
    cues: list[Cue] = []
    events: list[Event] = []
    before = None
    for (line, paragraph), take, speaker in zip(_numbered(section), takes, speakers, strict=True):
        if take is None:
            if audible(line.spoken):
                raise BobaoError(
                    f"no recording of the line “{line.written or line.spoken}”",
                    advice="Record it first: bobao voice.",
                )
            cues.append(Cue(now_ms, now_ms, line, paragraph=paragraph))
            continue
        here = role(line, heading=paragraph == 0)
        if before is not None:
            pause = pauses.between(before[0], here, same_paragraph=before[1] == paragraph)
            events.append(_silence(pause))
            now_ms += pause
        if take.samples <= 0 or take.samples % _STEP:
            raise ValueError(f"{take.key} is not a whole number of {GRID_MS} ms steps")
        start, now_ms = now_ms, now_ms + take.duration_ms
        events.append(Event(take.samples, take.key, voice=speaker, sha256=take.sha256))
        words = timed_words(line, take, start)
        cues.append(Cue(start, now_ms, line, words, take.key, paragraph, speaker))
        before = (here, paragraph)
    return cues, events


def _silence(length_ms: int) -> Event:
    return Event(length_ms * RATE // 1000)


def _length_ms(events: Sequence[Event]) -> int:
    return sum(event.samples for event in events) * 1000 // RATE


def _numbered(section: Section) -> Iterator[tuple[Line, int]]:
    """Every line of a section with the number of its paragraph; the heading's is 0."""
    yield section.heading, 0
    for number, paragraph in enumerate(section.paragraphs, start=1):
        for line in paragraph:
            yield line, number
