"""Who says what: anchors, roles, and the lines that are nothing but quoted speech."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import accumulate
from operator import attrgetter

from bobao.errors import BobaoError
from bobao.model import Header, Line, LineKind, Script, Section
from bobao.script.sentences import pairs
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
    whole, ends = "".join(texts), list(accumulate(map(len, texts)))
    flags, closed = [False] * len(texts), -1
    for pair in sorted((pair for pair in pairs(whole) if pair.quote), key=attrgetter("start")):
        if pair.start <= closed:
            continue  # it stands in another
        closed = pair.end
        first, last = bisect(ends, pair.start), bisect(ends, pair.end)
        before = whole[ends[first] - len(texts[first]) : pair.start].strip()
        inside, after = whole[pair.start + 1 : pair.end], whole[pair.end + 1 : ends[last]].strip()
        long_enough = sum(map(str.isalnum, inside)) >= LEAST
        closing = after or inside.rstrip()[-1:]
        if not before and long_enough and closing and _FULL.issuperset(closing):
            flags[first : last + 1] = [True] * (last + 1 - first)
    return tuple(flags)


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


Cast = tuple[tuple[str, ...], ...]
"""A voice for every line: a row for each section, in the order of `Section.lines`."""


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


def cast(script: Script, casting: Casting) -> Cast:
    """Who says each line. `casting` has one anchor at least."""
    sections = enumerate(script.sections, start=1)
    return tuple(tuple(_voices(section, number, casting)) for number, section in sections)


def _voices(section: Section, number: int, casting: Casting) -> Iterator[str]:
    anchor = casting.anchors[(number - 1) % len(casting.anchors)]
    anchor = casting.chapters.get(number, anchor)
    yield casting.roles.get(Role.HEADING, anchor)
    for paragraph in section.paragraphs:
        for line, quotation in zip(paragraph, quoted(paragraph), strict=True):
            role = Role.QUOTATION if quotation else _ROLES.get(line.kind)
            yield casting.roles.get(role, anchor) if role else anchor
