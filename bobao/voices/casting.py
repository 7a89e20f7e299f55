"""Who says what: anchors, roles, and the lines that are nothing but quoted speech."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import accumulate

from bobao.errors import BobaoError
from bobao.model import Header, Line, LineKind, Script, Section
from bobao.script.sentences import Pair, pairs
from bobao.voices.engine import VoiceInfo

LEAST = 6
"""Letters and hanzi: a shorter quotation is an exclamation or a name, no change of voice."""
_FULL = frozenset("。！？!?…")


def quoted(paragraph: Sequence[Line]) -> tuple[bool, ...]:
    """For each line, whether it is part of a quotation that fills whole lines.

    The quotation must begin where a line begins and end where one ends, be a sentence, and have no
    other beside it: a quoted word, a speech with its speaker (他说：“……”) and a turn of two voices
    are the reader's own text.
    """
    texts = [line.spoken if line.kind is LineKind.TEXT else "" for line in paragraph]
    whole = "".join(texts)
    ends = list(accumulate(map(len, texts)))
    starts = [end - len(text) for end, text in zip(ends, texts, strict=True)]
    flags = [False] * len(texts)
    for pair in _outermost(pairs(whole)):
        first = next(i for i, end in enumerate(ends) if pair.start < end)
        last = next(i for i, end in enumerate(ends) if pair.end < end)
        before = whole[starts[first] : pair.start]
        after = whole[pair.end + 1 : ends[last]].strip()
        if not before.strip() and _FULL.issuperset(after) and _sentence(whole, pair, after):
            flags[first : last + 1] = [True] * (last + 1 - first)
    return tuple(flags)


def _outermost(found: Sequence[Pair]) -> list[Pair]:
    """The quotations that stand in no other."""
    quotes = sorted((pair for pair in found if pair.quote), key=lambda pair: pair.start)
    kept: list[Pair] = []
    for pair in quotes:
        if not kept or pair.start > kept[-1].end:
            kept.append(pair)
    return kept


def _sentence(whole: str, pair: Pair, after: str) -> bool:
    inside = whole[pair.start + 1 : pair.end].rstrip()
    long_enough = sum(map(str.isalnum, inside)) >= LEAST
    return long_enough and (bool(after) or inside[-1] in _FULL)


class Role(str, Enum):
    """What may have a voice of its own; `config.RoleSettings` has a setting for each."""

    HEADING = "heading"
    CAPTION = "caption"
    QUOTATION = "quotation"
    SIGNPOST = "signpost"
    TABLE = "table"


_ROLES = {
    LineKind.SUBHEAD: Role.HEADING,
    LineKind.CAPTION: Role.CAPTION,
    LineKind.SIGNPOST: Role.SIGNPOST,
    LineKind.TABLE: Role.TABLE,
}
_KEY = "voice-"
_APART = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class Casting:
    """Names of voices: anchors in turn, voices of roles, and the anchors of chapters, from 1."""

    anchors: tuple[str, ...] = ()
    roles: Mapping[Role, str] = field(default_factory=dict)
    chapters: Mapping[int, str] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Every name in it once, the anchors first."""
        return tuple(dict.fromkeys([*self.anchors, *self.chapters.values(), *self.roles.values()]))

    def renamed(self, name: Callable[[str], str]) -> Casting:
        """The same with other names."""
        return Casting(
            tuple(map(name, self.anchors)),
            {role: name(voice) for role, voice in self.roles.items()},
            {number: name(voice) for number, voice in self.chapters.items()},
        )


@dataclass(frozen=True, slots=True)
class Part:
    """How a line is said."""

    voice: str
    rate: float = 1.0


Cast = tuple[tuple[Part, ...], ...]
"""A part for every line: a row for each section, in the order of `Section.lines`."""


def split(names: str) -> tuple[str, ...]:
    """The names in a text, with commas or blanks between."""
    return tuple(filter(None, _APART.split(names)))


def of_header(header: Header, chapters: int) -> Casting:
    """What a script's front matter says. Raises `BobaoError` for a role or chapter there is not."""
    roles: dict[Role, str] = {}
    numbers: dict[int, str] = {}
    for key, voice in header.extra:
        if not key.startswith(_KEY) or not voice:
            continue
        what = key.removeprefix(_KEY)
        if what in [role.value for role in Role]:
            roles[Role(what)] = voice
        elif what.isdecimal() and 1 <= int(what) <= chapters:
            numbers[int(what)] = voice
        else:
            raise BobaoError(
                f"the script gives a voice to “{what}”, which is not there",
                where=f"{key}: {voice}",
                advice=f"Write voice-1 to voice-{chapters} for a chapter, or one of "
                + ", ".join(f"{_KEY}{role.value}" for role in Role)
                + ".",
            )
    return Casting(split(header.voice), roles, numbers)


def merged(chosen: Casting, script: Casting, station: Casting) -> Casting:
    """One casting of three: a choice counts more than the script, that more than the settings.

    A single voice that is chosen says everything.
    """
    if len(chosen.anchors) == 1:
        return chosen
    anchors = chosen.anchors or script.anchors
    roles = {} if len(anchors) == 1 else station.roles
    return Casting(anchors or station.anchors, {**roles, **script.roles}, script.chapters)


def translated(casting: Casting, theirs: Sequence[VoiceInfo], ours: Sequence[VoiceInfo]) -> Casting:
    """A casting with the voices of another engine: a woman for a woman, a man for a man.

    `theirs` are the voices it names, `ours` those it shall name, the suggested ones first. Two
    names become two voices as long as there are enough; a name that both engines have stays.
    """
    gender = {info.name: info.gender for info in theirs}
    known = {info.name for info in ours}
    made: dict[str, str] = {name: name for name in casting.names() if name in known}
    for name in casting.names():
        if name not in made:
            same = [info.name for info in ours if info.gender == gender.get(name)]
            choice = same or [info.name for info in ours]
            free = [voice for voice in choice if voice not in made.values()]
            made[name] = (free or choice)[0]
    return casting.renamed(made.__getitem__)


def cast(script: Script, casting: Casting, rate: float = 1.0) -> Cast:
    """The part of every line. `casting` has one anchor at least; `rate` is the pace of all."""
    return tuple(
        tuple(Part(voice, rate) for voice in _voices(section, number, casting))
        for number, section in enumerate(script.sections, start=1)
    )


def heard(cast: Iterable[Iterable[Part | None]]) -> tuple[str, ...]:
    """The voices of some parts, each once, in the order they are first heard."""
    return tuple(dict.fromkeys(part.voice for row in cast for part in row if part))


def _voices(section: Section, number: int, casting: Casting) -> Iterator[str]:
    anchor = casting.anchors[(number - 1) % len(casting.anchors)]
    anchor = casting.chapters.get(number, anchor)
    yield casting.roles.get(Role.HEADING, anchor)
    for paragraph in section.paragraphs:
        for line, quotation in zip(paragraph, quoted(paragraph), strict=True):
            yield casting.roles.get(_role(line, quotation), anchor)  # type: ignore[arg-type]


def _role(line: Line, quotation: bool) -> Role | None:
    return Role.QUOTATION if quotation else _ROLES.get(line.kind)
