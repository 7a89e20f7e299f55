"""The steps from tray to tray: draft (seeds → scripts), voice (→ audio), mix (→ output).

Each takes the workspace and a few choices, does its I/O, and returns what it made. Nothing here
prints; long work reports through `Progress`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from bobao.errors import BobaoError
from bobao.files import sha256, sweep, write_text
from bobao.model import Article, Bulletin, Header, Line, Script, Take
from bobao.workspace import Workspace, slug_of

if TYPE_CHECKING:  # numpy comes with these
    from bobao.mixing.mix import Mixed
    from bobao.mixing.options import MixOptions
    from bobao.pronounce.lexicon import Lexicon
    from bobao.voices.engine import Engine
    from bobao.voices.store import Store

Update = Callable[[int, int, str], None]
Progress = Callable[[str], Update]
"""Given the name of a piece of work, gives the function that tells how far it has come."""

MAX_SEED_BYTES = 50_000_000
"""No article is larger; a reader of one format may set a lower bound with better advice."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What was asked for on the command line; empty means: as the script or the settings say."""

    engine: str = ""
    voice: str = ""
    rate: float = 0.0
    date: str = ""
    captions: str = ""
    signposts: bool | None = None
    simplify: bool | None = None
    stings: bool | None = None
    force: bool = False
    jobs: int = 0


class State(str, Enum):
    """What became of a script when it was drafted."""

    DRAFTED = "drafted"
    REDRAFTED = "drafted again"
    KEPT = "kept as it was"
    EDITED = "kept: an editor changed it"


@dataclass(frozen=True, slots=True)
class Seed:
    """An article that was read, with the file it came from."""

    path: Path
    slug: str
    sha256: str
    article: Article


@dataclass(frozen=True, slots=True)
class Drafted:
    """A script, where it lies, and what became of it."""

    path: Path
    script: Script
    state: State
    article: Article


@dataclass(frozen=True, slots=True)
class Recorded:
    """The takes of a script, section by section, line by line; None for a line that is silent."""

    script: Script
    takes: tuple[tuple[Take | None, ...], ...]
    engine: str
    engine_version: str
    voice: str
    spoken: int  # lines recorded now
    reused: int  # lines found in the store
    damaged: tuple[str, ...] = ()  # entries of the store that had to be recorded again


def read_seed(path: Path) -> Seed:
    """Read an article, following a person's decisions kept beside it.

    Its digest covers both, so that an edited script notices a change of either. Raises
    `BobaoError` for a file that cannot be read as an article, or decisions that do not fit it.
    """
    from bobao.reading.decisions import beside, kept
    from bobao.reading.overrule import read_decided

    try:
        if path.stat().st_size > MAX_SEED_BYTES:
            raise BobaoError(
                f"the article is larger than {MAX_SEED_BYTES // 1_000_000} MB",
                where=str(path),
                advice="Split it: one article a file.",
            )
        data = path.read_bytes()
    except OSError as error:
        raise BobaoError(
            f"cannot read: {error.strerror or error}", where=str(path), advice="Check the path."
        ) from error
    try:
        table = beside(path)
        decisions = kept(table)
        digest = sha256(data + (table.read_bytes() if decisions else b""))
        article = read_decided(data, path.name, decisions, str(table))
        return Seed(path, slug_of(path), digest, article)
    except BobaoError as error:
        raise BobaoError(error.what, where=error.where or str(path), advice=error.advice) from error


def load_script(workspace: Workspace, slug: str) -> Script:
    """Read a script from its tray. Raises `BobaoError` with file and line where it is broken."""
    from bobao.scripting.markup import parse

    path = workspace.script(slug)
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise BobaoError(
            "there is no script yet", where=str(path), advice=f"Run `bobao draft {slug}` first."
        ) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BobaoError(
            "the script is not UTF-8 text",
            where=f"{path}:{line}",
            advice="Save it again as UTF-8 (in Windows Notepad: 另存为, 编码 UTF-8).",
        ) from error
    return parse(text, where=str(path))


def draft(workspace: Workspace, path: Path, choices: Choices, today: str) -> Drafted:
    """Write the script of the article in `path`, unless an editor's version is there.

    An unedited draft is brought up to date; an edited one is kept, and if its article has changed
    meanwhile the step stops with `BobaoError` unless `choices.force` is set.
    """
    from bobao.scripting.markup import compose, is_edited
    from bobao.scripting.proof import prove

    seed = read_seed(path)
    target = workspace.script(seed.slug)
    old = load_script(workspace, seed.slug) if target.exists() and not choices.force else None
    if old and is_edited(old):
        if old.header.source_sha256 not in {"", seed.sha256}:
            raise BobaoError(
                "the article has changed since this script was edited",
                where=str(target),
                advice=f"Keep the script: `bobao voice {seed.slug}`. "
                f"Draft afresh and lose the edits: `bobao draft --force {seed.slug}`.",
            )
        return Drafted(target, old, State.EDITED, seed.article)
    script = _fresh(workspace, seed, choices, old.header if old else Header("", ""), today)
    prove(seed.article, script)
    text = compose(script)
    if old and target.read_bytes() == text.encode("utf-8"):
        return Drafted(target, old, State.KEPT, seed.article)
    write_text(target, text)
    return Drafted(target, script, State.REDRAFTED if old else State.DRAFTED, seed.article)


def _fresh(workspace: Workspace, seed: Seed, choices: Choices, kept: Header, today: str) -> Script:
    from bobao.normalise import normalise
    from bobao.scripting.draft import DraftOptions
    from bobao.scripting.draft import draft as make_draft
    from bobao.scripting.simplify import simplifying

    config = workspace.config
    options = DraftOptions(
        slug=seed.slug,
        date=choices.date or kept.date or today,
        station=config.station.name,
        engine=choices.engine or kept.engine or config.voice.engine,
        voice=choices.voice or kept.voice or next(iter(config.voice.anchors), ""),
        source=workspace.relative(seed.path),
        source_sha256=seed.sha256,
        signposts=config.script.signposts if choices.signposts is None else choices.signposts,
        captions=choices.captions or config.script.captions,
        ai_label=config.script.ai_label,
    )
    simplify = config.script.simplify if choices.simplify is None else choices.simplify
    return make_draft(seed.article, options, simplifying(normalise) if simplify else normalise)


@dataclass(frozen=True, slots=True)
class Studio:
    """A script, and the voice, pace and take store that it is recorded with."""

    script: Script
    engine: Engine
    voice: str
    rate: float
    lexicon: Lexicon
    store: Store
    damaged: list[str]

    def record(self, jobs: int, update: Update) -> Recorded:
        """Give every line its take, speaking those that are not in the store."""
        from bobao.voices.record import record

        counts: list[int] = []  # lines done at each call; the first are those in the store

        def tell(done: int, total: int, ms: int) -> None:
            counts.append(done)
            update(done, total, f"{ms // 60_000}:{ms // 1000 % 60:02} of speech")

        takes = record(
            self.script,
            self.engine,
            self.voice,
            self.rate,
            self.store,
            lexicon=self.lexicon,
            workers=jobs or None,
            progress=tell,
        )
        return Recorded(
            self.script,
            takes,
            self.engine.name,
            self.engine.version,
            self.voice,
            spoken=counts[-1] - counts[0],
            reused=counts[0],
            damaged=tuple(self.damaged),
        )

    def found(self, slug: str) -> tuple[tuple[Take | None, ...], ...]:
        """Fetch the takes from the store; raises `BobaoError` if one is not there."""
        from bobao.voices.record import utterance_of
        from bobao.voices.store import key

        def fetch(line: Line) -> Take | None:
            utterance = utterance_of(line, self.voice, self.rate, self.lexicon)
            if utterance is None:
                return None
            take = self.store.load(key(utterance, self.engine))
            if take is None:
                raise BobaoError(
                    f"this line is not recorded in the voice {self.voice}: “{line.spoken}”",
                    advice=f"Record it first: `bobao voice {slug}`.",
                )
            return take

        sections = self.script.sections
        return tuple(tuple(fetch(line) for line in section.lines()) for section in sections)


def load_lexicon(workspace: Workspace, slug: str) -> Lexicon:
    """Read the station's lexicon, and over it the article's own, where they are there.

    Raises `BobaoError` with file and line for a line that is none.
    """
    from bobao.pronounce.lexicon import EMPTY, parse_lexicon

    lexicon = EMPTY
    for path in (workspace.lexicon, workspace.article_lexicon(slug)):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", errors="replace")
            lexicon = parse_lexicon(text, workspace.relative(path)).over(lexicon)
    return lexicon


def studio(workspace: Workspace, slug: str, choices: Choices) -> Studio:
    """Set up the recording of a script: what was chosen, else what its header or the station says.

    Raises `BobaoError` for a script, engine or voice that is not there.
    """
    from bobao.voices import registry
    from bobao.voices.store import Store

    script, defaults = load_script(workspace, slug), workspace.config.voice
    engine = registry.engine(choices.engine or script.header.engine or defaults.engine)
    wanted = choices.voice or ("" if choices.engine else script.header.voice)
    voice = registry.voice(engine, wanted).name
    rate = choices.rate or defaults.rate
    damaged: list[str] = []
    store = Store(workspace.takes, lambda path, fault: damaged.append(f"{path.name}: {fault}"))
    return Studio(script, engine, voice, rate, load_lexicon(workspace, slug), store, damaged)


def voice(workspace: Workspace, slug: str, choices: Choices, progress: Progress) -> Recorded:
    """Record every line of a script that is not in the take store yet.

    Then one recording for each section is put into `audio/<slug>/`, for an editor's ear.
    """
    from bobao.mixing.pauses import Pauses
    from bobao.mixing.recordings import write_recordings
    from bobao.mixing.timeline import build

    place = studio(workspace, slug, choices)
    sweep(workspace.takes)
    recorded = place.record(choices.jobs, progress("voice"))
    timeline = build(recorded.script, recorded.takes, {}, Pauses())
    write_recordings(timeline, place.store.samples, workspace.recordings(slug))
    return recorded


def mix(workspace: Workspace, slug: str, choices: Choices, progress: Progress) -> Mixed:
    """Stitch the recorded takes of a script into the bulletin in `output/<slug>/`.

    Raises `BobaoError` if a line is not recorded.
    """
    from bobao.mixing.mix import mix as stitch

    place = studio(workspace, slug, choices)
    takes = place.found(slug)
    return stitch(
        place.script,
        takes,
        place.store.samples,
        workspace.bulletin(slug),
        _mix_options(workspace, place, choices),
        progress=progress,
    )


def _mix_options(workspace: Workspace, place: Studio, choices: Choices) -> MixOptions:
    from bobao.mixing.aigc import Names
    from bobao.mixing.options import MixOptions

    config = workspace.config
    stings = config.sound.stings if choices.stings is None else choices.stings
    return MixOptions(
        engine=place.engine.name,
        engine_version=place.engine.version,
        voice=place.voice,
        station=config.station.name,
        author=config.station.author,
        loudness=config.sound.loudness,
        bitrate=config.sound.bitrate,
        stings=workspace.library if stings else None,
        label=Names(**asdict(config.label)),
    )


def load_bulletin(workspace: Workspace, slug: str) -> Bulletin:
    """Read a finished bulletin back from its `bulletin.json`."""
    from bobao.publishing import manifest

    path = workspace.bulletin(slug) / "bulletin.json"
    try:
        return manifest.load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BobaoError(
            "cannot read the bulletin",
            where=str(path),
            advice=f"Make it again: `bobao mix {slug}`.",
        ) from error
