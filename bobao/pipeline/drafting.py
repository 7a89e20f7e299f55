"""The first step: an article read and its script drafted."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bobao.errors import BobaoError, refusals
from bobao.files import sha256, write_text
from bobao.model import Article, Header, Script
from bobao.pipeline.choices import DRAFTING, NO, YES, Choices, check, option_of
from bobao.station.journal import span
from bobao.station.workspace import Workspace, slug_of

if TYPE_CHECKING:
    from bobao.pipeline.rundown import RunningOrder
    from bobao.script.draft import DraftOptions
    from bobao.script.rundown import Story
    from bobao.script.wording import Normalise

MAX_SEED_BYTES = 50_000_000
"""No article is larger; a reader of one format may set a lower bound with better advice."""

_HEAD_LINES = 100


class DraftState(str, Enum):
    """What became of a script when it was drafted."""

    DRAFTED = "drafted"
    REDRAFTED = "drafted again"
    KEPT = "kept as it was"
    EDITED = "kept: an editor changed it"
    REDATED = "kept but for its date: an editor changed it"


@dataclass(frozen=True, slots=True)
class Seed:
    """An article that was read, with the file it came from.

    Of a rundown, `order` is what it says and `stories` are its stories; it has no article's blocks.
    """

    path: Path
    slug: str
    sha256: str
    article: Article
    order: RunningOrder | None = None
    stories: tuple[Story, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """A script, where it lies, and what became of it.

    `remarks` tell what was asked for and could not be done to a script that an editor changed.
    """

    path: Path
    script: Script
    state: DraftState
    article: Article
    remarks: tuple[str, ...] = ()


def read_seed(path: Path) -> Seed:
    """Read an article, following a person's decisions kept beside it.

    Its digest covers both, so that an edited script notices a change of either. Raises
    `BobaoError` for a file that cannot be read as an article, or decisions that do not fit it.
    """
    from bobao.reading.decisions import beside, kept
    from bobao.reading.review import read_decided

    data = _bytes(path)
    try:
        table = beside(path)
        decisions = kept(table)
        digest = sha256(data + (table.read_bytes() if decisions else b""))
        article = read_decided(data, path.name, decisions, str(table))
        return Seed(path, slug_of(path), digest, article)
    except BobaoError as error:
        raise BobaoError(error.what, where=error.where or str(path), advice=error.advice) from error


def _bytes(path: Path) -> bytes:
    with refusals("cannot read", path, "Check the path."):
        if path.stat().st_size > MAX_SEED_BYTES:
            raise BobaoError(
                f"the article is larger than {MAX_SEED_BYTES // 1_000_000} MB",
                where=str(path),
                advice="Split it: one article a file.",
            )
        return path.read_bytes()


def _read_rundown(workspace: Workspace, path: Path, today: str) -> Seed:
    """Read a running order, and the scripts of its stories as `draft` would leave them."""
    from bobao.pipeline import rundown

    where = workspace.relative(path)
    text = decoded(_bytes(path), where, "rundown")
    order = rundown.parse(text, where)
    stories = rundown.gathered(
        workspace, path, order, lambda seed: prepared(workspace, seed, Choices(), today).script
    )
    named = Article(order.title or path.stem, (), text, path.name)
    return Seed(path, slug_of(path), rundown.digest(order, stories), named, order, stories)


def load_script(workspace: Workspace, slug: str) -> Script:
    """Read a script from its tray. Raises `BobaoError` with file and line where it is broken."""
    from bobao.script.markup import parse

    path = workspace.script(slug)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BobaoError(
            "there is no script yet", where=str(path), advice=f"Run `bobao draft {slug}` first."
        ) from error
    return parse(decoded(data, str(path), "script"), where=str(path))


def decoded(data: bytes, where: str, what: str) -> str:
    """The text of a file that a person keeps. Raises `BobaoError` where it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BobaoError(
            f"the {what} is not UTF-8 text",
            where=f"{where}:{data[: error.start].count(10) + 1}",
            advice="Save it again as UTF-8 (in Windows Notepad: 另存为, 编码 UTF-8).",
        ) from error


def draft(workspace: Workspace, path: Path, choices: Choices, today: str) -> Drafted:
    """Write the script of the article in `path`, unless an editor's version is there.

    Raises `BobaoError` as `prepared` does.
    """
    from bobao.script.markup import compose

    with span("draft", slug=slug_of(path)):
        made = prepared(workspace, path, choices, today)
        if made.state in {DraftState.DRAFTED, DraftState.REDRAFTED, DraftState.REDATED}:
            write_text(made.path, compose(made.script))
    return made


def prepared(workspace: Workspace, path: Path, choices: Choices, today: str) -> Drafted:
    """The script of the article in `path` as `draft` leaves it; nothing is written.

    An unedited draft is brought up to date; an edited one is kept, and if its article has changed
    meanwhile the step stops with `BobaoError` unless `choices.force` is set, as it does where the
    script is that of another article of the same name. The header names the voices and the style
    that were chosen for this script; else those of the settings hold.
    """
    from bobao.pipeline.rundown import is_rundown
    from bobao.script.markup import compose, is_edited

    rundown = is_rundown(path)
    seed = _read_rundown(workspace, path, today) if rundown else read_seed(path)
    target = workspace.script(seed.slug)
    old = load_script(workspace, seed.slug) if target.exists() and not choices.force else None
    if old and is_others(workspace, path, old.header.source):
        raise BobaoError(
            f"this is the script of {old.header.source}: two articles would be filed as one",
            where=str(target),
            advice=f"Rename {path.name} or the other; or let it take the other's place: "
            f'`bobao draft --force "{path}"`.',
        )
    check(choices, (old and old.header.engine) or workspace.config.voice.engine)
    if old and is_edited(old):
        if old.header.source_sha256 not in {"", seed.sha256}:
            raise BobaoError(
                "the article has changed since this script was edited",
                where=str(target),
                advice=f"Keep the script: `bobao voice {seed.slug}`. "
                f"Draft afresh and lose the edits: `bobao draft --force {seed.slug}`.",
            )
        return _edited(Drafted(target, old, DraftState.EDITED, seed.article), choices)
    script = _fresh(workspace, seed, choices, old.header if old else Header("", ""), today)
    if old and target.read_bytes() == compose(script).encode("utf-8"):
        return Drafted(target, old, DraftState.KEPT, seed.article)
    return Drafted(
        target, script, DraftState.REDRAFTED if old else DraftState.DRAFTED, seed.article
    )


def _edited(kept: Drafted, choices: Choices) -> Drafted:
    """An edited script as it stays: its date is set where another is asked for, no more.

    Raises `BobaoError` for a date that is none.
    """
    from bobao.script.draft import redated

    header, told, remarks = kept.script.header, True, list[str]()
    if choices.date and choices.date != header.date:
        script, told = redated(kept.script, choices.date)
        kept = replace(kept, script=script, state=DraftState.REDATED)
    if not told:
        remarks.append(
            f"its header now says {choices.date}; no line of it says the date as bobao writes it: "
            "if one does in other words, correct that line"
        )
    for name, asked in choices.drafting().items():
        if asked != getattr(header, name):
            remarks.append(
                f"--{option_of(name, asked)} was not followed, for it would undo the edits: change "
                f"the lines by hand, or lose them with `bobao draft --force {header.slug}`"
            )
    return replace(kept, remarks=tuple(remarks))


def script_header(workspace: Workspace, slug: str) -> Header:
    """The front matter of a script; an empty one where there is no script, or none that has one.

    Only the head of the file is looked at.
    """
    from bobao.script.markup import parse_header

    try:
        with workspace.script(slug).open(encoding="utf-8-sig") as file:
            return parse_header(list(islice(file, _HEAD_LINES)))[0]
    except (OSError, UnicodeDecodeError, BobaoError):
        return Header("", "")


def is_others(workspace: Workspace, path: Path, source: str) -> bool:
    """Whether a script that names `source` is that of another article, which is still there."""
    named = workspace.article_of(source)
    return bool(named and not (path.exists() and named.samefile(path)))


def _fresh(workspace: Workspace, seed: Seed, choices: Choices, kept: Header, today: str) -> Script:
    from bobao.script.draft import CAPTIONS, DraftOptions
    from bobao.script.draft import draft as make_draft
    from bobao.script.unread import prove

    config = workspace.config
    engine = choices.engine or kept.engine or config.voice.engine
    kept_voice = kept.voice if kept.engine in {"", engine} else ""  # else: a name it has not
    asked = {name: getattr(kept, name) for name in DRAFTING} | choices.drafting()
    captions = asked["captions"] or config.script.captions
    options = DraftOptions(
        slug=seed.slug,
        date=choices.date or kept.date or today,
        station=config.station.name,
        engine=engine,
        voice=", ".join(choices.voices) or kept_voice,
        style=choices.style or kept.style,
        source=workspace.source_of(seed.path),
        source_sha256=seed.sha256,
        signposts=_decided(asked["signposts"], config.script.signposts),
        captions=captions if captions in CAPTIONS else config.script.captions,
        ai_label=config.script.ai_label,
    )
    words = words_for(workspace, seed.slug, asked["simplify"])
    if seed.order:
        script = _programme(seed, seed.order, options, words, chosen=bool(choices.date))
    else:
        script = make_draft(seed.article, options, words)
        prove(seed.article, script)
    return replace(script, header=replace(script.header, **asked))  # they are no part of its words


def words_for(workspace: Workspace, slug: str, simplify: str = "") -> Normalise:
    """How the words of an article are said; `simplify` is what its script's header says of that."""
    from bobao.normalise import normalise
    from bobao.pipeline.studio import load_lexicon
    from bobao.script.glosses import simplifying
    from bobao.script.unread import refusing

    simplified = _decided(simplify, workspace.config.script.simplify)
    words = simplifying(normalise) if simplified else normalise
    return refusing(words, load_lexicon(workspace, slug))


def _programme(
    seed: Seed, order: RunningOrder, options: DraftOptions, words: Normalise, *, chosen: bool
) -> Script:
    """The script of a rundown, of the day that it names itself or else of that of `options`."""
    from bobao.pipeline.rundown import titled
    from bobao.script.rundown import Programme, rundown

    order = titled(order, seed.path, options.date, chosen=chosen)
    shared = {field.name for field in fields(Header)} & {field.name for field in fields(options)}
    taken = {name: getattr(options, name) for name in shared if name not in DRAFTING}
    header = Header(title=order.title, **{**taken, "date": order.date})
    own = (options.station, order.headlines, options.signposts, options.ai_label)
    return rundown(Programme(header, *own), seed.stories, words)


def _decided(asked: str, usual: bool) -> bool:
    """What a field of the header says; where it says neither yes nor no, what is usual."""
    return asked == YES if asked in {YES, NO} else usual
