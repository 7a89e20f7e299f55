"""The studio: a script with all that decides how it is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bobao.errors import BobaoError
from bobao.files import write_text
from bobao.model import Script, Take
from bobao.pipeline.choices import Choices, Update, check
from bobao.pipeline.drafting import decoded, load_script, script_header
from bobao.station.workspace import Workspace

if TYPE_CHECKING:  # numpy comes with these
    from bobao.mix.styles import Style
    from bobao.pronounce.lexicon import Edited, Entry, Lexicon
    from bobao.station.config import VoiceSettings
    from bobao.voices.casting import Casting
    from bobao.voices.delivery import Deliveries, Delivery
    from bobao.voices.engine import Engine
    from bobao.voices.store import Store

Takes = tuple[tuple[Take | None, ...], ...]
"""The takes of a script, section by section, line by line; None for a line that is silent."""


@dataclass(frozen=True, slots=True)
class Studio:
    """A script, who speaks it in which style, and the take store that it is recorded in.

    `rate` is the pace that was asked for over the style's own; `fallback` is the engine that does
    all of it where this one gives up; in that one's studio `instead_of` is the name of this one.
    """

    script: Script
    engine: Engine
    casting: Casting
    style: Style
    rate: float
    lexicon: Lexicon
    store: Store
    fallback: Engine | None = None
    instead_of: str = ""
    damaged: list[str] = field(default_factory=list)

    @property
    def voice(self) -> str:
        """The bulletin's own voice: the first anchor."""
        return self.casting.anchors[0]

    def deliveries(self) -> Deliveries:
        """What is said for every line, section by section; None for a line that is silent."""
        from bobao.voices.casting import cast
        from bobao.voices.delivery import deliveries

        voices, rate = cast(self.script, self.casting), self.rate * self.style.rate
        return deliveries(self.script, voices, rate, self.lexicon, self.style.breath)

    def utterances(self) -> dict[str, Delivery]:
        """All that is said, each thing once, by the key of its take."""
        rows = self.deliveries()
        return {each.key(self.engine): each for row in rows for each in row if each}

    def speakers(self) -> tuple[tuple[str, ...], ...]:
        """Who says every line: a name, or nothing for the bulletin's own voice."""
        names = [[each.voice if each else "" for each in row] for row in self.deliveries()]
        return tuple(tuple("" if n == self.voice else n for n in row) for row in names)

    def record(self, jobs: int, update: Update) -> tuple[Takes, int, int]:
        """Give every line its take; the count of lines spoken now, and of those in the store."""
        from bobao.voices.delivery import record

        counts: list[int] = []  # lines done at each call; the first are those in the store

        def tell(done: int, total: int, ms: int) -> None:
            counts.append(done)
            update(done, total, f"{ms // 60_000}:{ms // 1000 % 60:02} of speech")

        takes = record(
            self.deliveries(), self.engine, self.store, workers=jobs or None, progress=tell
        )
        return takes, counts[-1] - counts[0], counts[0]

    def found(self) -> Takes | str:
        """The takes from the store, or what is said in the first line that is not there."""
        rows: list[tuple[Take | None, ...]] = []
        for row in self.deliveries():
            takes: list[Take | None] = []
            for each in row:
                takes.append(self.store.load(each.key(self.engine)) if each else None)
                if each and not takes[-1]:
                    return each.text
            rows.append(tuple(takes))
        return tuple(rows)

    def understudy(self) -> Studio | None:
        """The studio of the engine that stands in for this one, if one does.

        All of the bulletin is cast anew: a bulletin never has voices of two engines.
        """
        from bobao.voices.casting import translated

        if self.fallback is None or self.fallback.name == self.engine.name:
            return None
        casting = translated(self.casting, self.engine.voices(), self.fallback.voices())
        return replace(
            self,
            engine=self.fallback,
            casting=casting,
            fallback=None,
            instead_of=self.engine.name,
        )


def load_lexicon(workspace: Workspace, slug: str) -> Lexicon:
    """Read the station's lexicon, and over it the article's own; errors as `read_lexicon`.

    Over a rundown's own words are none, below them those of its stories.
    """
    found = read_lexicon(workspace, workspace.lexicon)
    there = workspace.lexicon_slugs()
    for name in (*reversed(script_header(workspace, slug).stories), slug):
        if name in there:
            found = read_lexicon(workspace, workspace.article_lexicon(name)).over(found)
    return found


def read_lexicon(workspace: Workspace, path: Path) -> Lexicon:
    """Read one lexicon, empty where there is no file.

    Raises `BobaoError` with file and line for a line that is none.
    """
    from bobao.pronounce.lexicon import EMPTY, parse_lexicon

    where = workspace.relative(path)
    if not path.is_file():
        return EMPTY
    return parse_lexicon(decoded(path.read_bytes(), where, "lexicon"), where)


def put_words(workspace: Workspace, entries: Iterable[Entry], slug: str = "") -> Edited:
    """Put words into the station's lexicon, or into that of one script; tells what became of each.

    Raises `BobaoError` where the lexicon is broken or cannot be written.
    """
    from bobao.pronounce.lexicon import edited

    path = workspace.article_lexicon(slug) if slug else workspace.lexicon
    name = workspace.relative(path)
    old = decoded(path.read_bytes(), name, "lexicon") if path.is_file() else ""
    made = edited(old, entries, name)
    if made.added or made.changed:
        write_text(path, made.text)
    return made


def undecided(workspace: Workspace, slug: str) -> tuple[tuple[int, str], ...]:
    """What of a script nobody knows how to say, each with the number of its line in the file."""
    from bobao.script.markup import line_numbers
    from bobao.script.unread import refused

    script, lexicon = load_script(workspace, slug), load_lexicon(workspace, slug)
    numbers = line_numbers(workspace.script(slug).read_text("utf-8"))
    lines = zip(numbers, script.lines(), strict=True)
    return tuple((n, what) for n, line in lines for what in refused(line.spans, lexicon))


def check_decided(workspace: Workspace, slug: str) -> None:
    """Raise `BobaoError` for the first place of a script that nobody knows how to say."""
    from bobao.script.unread import named

    found = undecided(workspace, slug)
    if found:
        (number, what), more = found[0], len(found) - 1
        raise BobaoError(
            f"no voice can say {named(what)}" + f", and {more} other places" * bool(more),
            where=f"{workspace.relative(workspace.script(slug))}:{number}",
            advice=f"Write {{{what}|what to say}} there, or {{{what}|}} to leave it silent. "
            f"`bobao proof {slug}` lists all.",
        )


def studio(workspace: Workspace, slug: str, choices: Choices) -> Studio:
    """Set up the recording of the script of that name, as `studio_for` does.

    Raises `BobaoError` where it is not there or broken.
    """
    return studio_for(workspace, slug, load_script(workspace, slug), choices)


def studio_for(workspace: Workspace, slug: str, script: Script, choices: Choices) -> Studio:
    """Set up the recording of a script: what was chosen, else what its header or the station says.

    Raises `BobaoError` for an engine, voice or style that is not there.
    """
    from bobao.mix import styles
    from bobao.voices import registry
    from bobao.voices.store import Store

    settings = workspace.config.voice
    check(choices, script.header.engine or settings.engine)
    engine = registry.engine(choices.engine or script.header.engine or settings.engine)
    fallback = choices.fallback or settings.fallback
    damaged: list[str] = []
    return Studio(
        script,
        engine,
        _casting(engine, script, choices, settings),
        styles.style(choices.style or script.header.style or settings.style),
        choices.rate or settings.rate,
        load_lexicon(workspace, slug),
        Store(workspace.takes, lambda path, fault: damaged.append(f"{path.name}: {fault}")),
        registry.engine(fallback) if fallback else None,
        damaged=damaged,
    )


def _casting(engine: Engine, script: Script, choices: Choices, settings: VoiceSettings) -> Casting:
    """Who speaks. Raises `BobaoError` for a voice that the engine has not."""
    from bobao.voices import casting, registry
    from bobao.voices.casting import Casting, Role

    written = casting.of_header(script.header, len(script.sections))
    roles = {role: getattr(settings.roles, role.value) for role in Role}
    station = Casting(settings.anchors, {role: name for role, name in roles.items() if name})
    made = casting.merged(
        Casting(choices.voices),
        _fitting(written, script.header.engine or settings.engine, engine),
        _fitting(station, settings.engine, engine),
    )
    for name in made.names():
        registry.voice(engine, name)
    return made if made.anchors else replace(made, anchors=(registry.voice(engine).name,))


def _fitting(casting: Casting, origin: str, engine: Engine) -> Casting:
    """A casting made for the engine `origin`, with voices of another."""
    from bobao.voices import registry
    from bobao.voices.casting import translated

    if origin == engine.name:
        return casting
    known = origin in registry.BUILT_IN or origin in registry.names()  # the latter asks the disk
    there = registry.engine(origin).voices() if known else ()
    return translated(casting, there, engine.voices())
