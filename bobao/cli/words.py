"""``bobao read``, ``normalise``, ``pronounce``, ``lexicon``: how a text is understood and said."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bobao import pipeline
from bobao.cli.console import Console, verb
from bobao.errors import BobaoError, refusals
from bobao.files import write_text
from bobao.model import Article, Block, BlockKind

if TYPE_CHECKING:  # read when needed
    from bobao.pronounce.lexicon import Entry
    from bobao.reading import Understood


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is read: its bytes and name, and where a person's decisions on it are kept."""

    data: bytes
    name: str
    decisions: Path | None = None


@click.command()
@click.argument("article", metavar="FILE|URL|-")
@click.option("--review", is_flag=True, help="Only what is doubtful, why, and what else it may be.")
@click.option("--all", "every", is_flag=True, help="Like --review, with the sure decisions, too.")
@click.option(
    "--decide",
    multiple=True,
    metavar="LINE=WHAT",
    help="Decide a line, and keep that beside the seed: 31=caption.",
)
@click.option(
    "--answers",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="TABLE",
    help="Add what was decided to a table of labels, from which `make learn` learns.",
)
@click.option("--allow-private", is_flag=True, help="Fetch from one's own network, too.")
@verb
def read(
    console: Console,
    article: str,
    decide: tuple[str, ...],
    answers: Path | None,
    allow_private: bool,
    **show: bool,
) -> None:
    """Show the blocks of an article: a file, a name in seeds/, an address, or - for a pipe.

    What you decide on single lines is kept in seeds/NAME.decisions.tsv and followed by every later
    step. A decision is title, heading, heading2, paragraph, caption, meta, furniture (not read),
    join (to the line before) or split (from it).
    """
    taken = _taken(console, article, allow_private)
    if decide:
        _keep(taken, decide)
    reading = _understood(taken)
    if answers is not None:
        _export(console, taken, reading, answers)
    if show["review"] or show["every"]:
        _show_doubts(console, reading, taken, show["every"])
        return
    understood = reading.article
    for block in understood.blocks:
        console.say(f"{block.kind.value:9} {block.text}")
    _show_undecided(console, understood)
    console.result(
        {"title": understood.title, "blocks": [_plain(block) for block in understood.blocks]}
    )


def _taken(console: Console, article: str, private: bool) -> _Taken:
    """The bytes that are meant by what a person typed."""
    from bobao.reading.addresses import is_url
    from bobao.reading.decisions import beside

    if is_url(article):
        from bobao.reading.fetch import fetch

        fetched = fetch(article, private=private)
        return _Taken(fetched.data, fetched.name)
    most = pipeline.MAX_SEED_BYTES
    if article == "-":
        taken = _Taken(sys.stdin.buffer.read(most + 1), "-")
    else:
        path = Path(article) if Path(article).is_file() else console.workspace().find_seed(article)
        with refusals("cannot read", path, "Check the path."), path.open("rb") as file:
            taken = _Taken(file.read(most + 1), path.name, beside(path))
    if len(taken.data) > most:
        raise BobaoError(
            f"the article is larger than {most // 1_000_000} MB",
            where=article,
            advice="Split it: one article a file.",
        )
    return taken


def _keep(taken: _Taken, decide: tuple[str, ...]) -> None:
    """Keep what a person has decided, if it fits the article."""
    from bobao.files import write_text
    from bobao.reading.decisions import Numbers, kept, parse, row_of, with_rows
    from bobao.reading.review import reading_decided

    if taken.decisions is None:
        raise BobaoError(
            "decisions are kept beside a file", advice="Save the article in seeds/ first."
        )
    reading = reading_decided(taken.data, taken.name, (), "")
    numbers = Numbers(reading.article.text)
    starts = {numbers.at(line.start): line for line in reversed(reading.lines)}
    rows = []
    for typed in decide:
        (wanted,) = parse("\t".join(typed.split("=", 1)), "--decide")
        line = starts.get(wanted.line)
        words = reading.article.text[line.start : line.end] if line else ""
        rows.append(row_of(wanted.line, wanted.decision, words))
    before = taken.decisions.read_text("utf-8") if kept(taken.decisions) else ""
    table = with_rows(before, rows)
    where = str(taken.decisions)
    reading_decided(taken.data, taken.name, parse(table, where), where)  # raises where one is wrong
    write_text(taken.decisions, table)


def _understood(taken: _Taken) -> Understood:
    from bobao.reading.decisions import kept
    from bobao.reading.review import reading_decided

    where = str(taken.decisions or "")
    decisions = kept(taken.decisions) if taken.decisions else ()
    return reading_decided(taken.data, taken.name, decisions, where)


def _export(console: Console, taken: _Taken, reading: Understood, table: Path) -> None:
    """Add the article's row to a table of labels, or put it in the place of the one there."""
    from bobao.reading.answers import answers

    row = answers(taken.data, taken.name, reading)
    digest = row.split("\t")[0]
    with refusals("cannot read", table, "Check the path."):
        known = table.read_text("utf-8").splitlines() if table.exists() else []
    rows = [other for other in known if other.split("\t")[0] != digest]
    write_text(table, "\n".join([*rows, row]) + "\n")
    console.note(f"{table}: the labels of {taken.name} are kept.")


def _show_doubts(console: Console, reading: Understood, taken: _Taken, every: bool) -> None:
    from bobao.reading.review import DOUBTFUL, doubts

    found = doubts(reading, 2.0 if every else DOUBTFUL)
    for doubt in found:
        other = f"; else: {', '.join(doubt.others)}" if doubt.others else ""
        console.say(
            f"line {doubt.line}: {doubt.decided} {doubt.confidence:.0%}: {doubt.shown}\n"
            f"    {doubt.reason}{other}"
        )
    _show_undecided(console, reading.article)
    dropped = sum(block.kind is BlockKind.FURNITURE for block in reading.article.blocks)
    shown = "decisions" if every else "doubtful places"
    console.note(f"{len(found)} {shown}; {dropped} lines of the page are not read.")
    if found and taken.decisions:
        first = next((d for d in found if d.others), None)
        if first:
            console.note(f"To decide otherwise: --decide {first.line}={first.others[0]}")
    names = {"shown": "text", "rows": "decisions"}
    plain = [asdict(doubt).items() for doubt in found]
    console.result([{names.get(name, name): value for name, value in each} for each in plain])


def _show_undecided(console: Console, article: Article) -> None:
    """Tell what no voice can say: it has to be decided in the script."""
    from bobao.normalise import normalise
    from bobao.reading.decisions import Numbers
    from bobao.script.unread import named, refused, refusing

    numbers, words = Numbers(article.text), refusing(normalise)
    for block in article.blocks:
        if block.kind in (BlockKind.META, BlockKind.FURNITURE):
            continue
        for what in refused(words(block.text)):
            line = numbers.at(block.source[0][0])
            console.note(f"line {line}: no voice can say {named(what)}")


def _plain(block: Block) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": block.kind.value, "text": block.text}
    plain["confidence"] = round(block.confidence, 3)
    return {**plain, "list": True} if block.list else plain


def _given_lines() -> Iterator[str]:
    """The lines of standard input, without their ends."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


@click.command()
@click.option("--explain", is_flag=True, help="Show each change: written, spoken, class, rule.")
@click.option("--json", "as_json", is_flag=True, help="Print the spans of each line as JSON.")
def normalise(explain: bool, as_json: bool) -> None:
    """Read lines of written Chinese, print what a newsreader would say."""
    from bobao import normalise as normaliser

    for line in _given_lines():
        spans = normaliser.normalise(line)
        if as_json:
            click.echo(json.dumps([[s.written, s.spoken] for s in spans], ensure_ascii=False))
            continue
        click.echo("".join(s.spoken for s in spans))
        for c in normaliser.explain(line) if explain else ():
            click.echo(f"  {c.written} → {c.spoken or '（不读）'}  [{c.kind}: {c.rule}]")


@click.command()
@click.option("--explain", is_flag=True, help="Name the source of each reading.")
@click.option("--surface", is_flag=True, help="As said, after tone sandhi and 儿化.")
def pronounce(explain: bool, surface: bool) -> None:
    """Read lines of spoken Chinese, print pinyin with tone digits, one syllable a hanzi.

    A hanzi that no table knows gives ``?``.
    """
    from bobao.pronounce import pronounce as sounds_of
    from bobao.pronounce import syllables

    for line in _given_lines():
        sounds = sounds_of(line, unknown="?")
        click.echo(" ".join(syllables(sounds, surface=surface)))
        for s in (s for s in sounds if s.pinyin and explain):
            click.echo(f"  {s.text} {s.citation} {s.pinyin}  [{s.source}, {s.confidence:.2f}]")


# ── lexicon ─────────────────────────────────────────────────────────────────────────────────────

_SLUG = click.option("--slug", default="", help="The lexicon of this script only.")


@click.group()
def lexicon() -> None:
    """Show and keep lexicon.tsv: how this station says names and words of its own.

    An article's own words (--slug) count over the station's.
    """


@lexicon.command("list")
@_SLUG
@verb
def list_words(console: Console, slug: str) -> None:
    """Show the words of the station and of the articles (with --slug: of that one)."""
    from bobao.pronounce.lexicon import reading_of

    workspace = console.workspace()
    if slug:
        slugs: Iterable[str] = [workspace.find(slug, workspace.scripts(), "script")]
    else:
        slugs = workspace.lexicon_slugs()
    paths = [workspace.lexicon, *map(workspace.article_lexicon, slugs)]
    entries = [each for path in paths for each in pipeline.read_lexicon(workspace, path).entries]
    names = ("word", "reading", "note", "where")
    rows = [(each.word, reading_of(each), each.note, each.where) for each in entries]
    console.table(names, rows)
    console.result([dict(zip(names, row, strict=True)) for row in rows])


@lexicon.command()
@click.argument("word")
@click.argument("reading")
@click.option("--note", default="", help="Why, or who said so.")
@_SLUG
@verb
def add(console: Console, word: str, reading: str, note: str, slug: str) -> None:
    """Put WORD with its READING into the lexicon: 乐清 "yuè qīng", or 乐清 月清.

    A word that is there already gets the new reading in its line.
    """
    from bobao.pronounce.lexicon import entry

    _put(console, slug, [entry(word.strip(), reading.strip(), note.strip())])


@lexicon.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_SLUG
@verb
def import_words(console: Console, file: Path, slug: str) -> None:
    """Put the words of FILE into the lexicon: W3C PLS (.pls, .xml) or tab-separated (.tsv).

    Readings are pinyin; PLS files in IPA are refused.
    """
    from bobao.pronounce.lexicon import parse_lexicon
    from bobao.pronounce.pls import MAX_BYTES, parse_pls

    where = str(file)
    with refusals("cannot read", file, "Check the path."), file.open("rb") as opened:
        data = opened.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BobaoError(
            f"the file is larger than {MAX_BYTES // 1_000_000} MB",
            where=where,
            advice="Keep the words that your articles have.",
        )
    if file.suffix.lower() in {".pls", ".xml"}:
        _put(console, slug, parse_pls(data, where))
    else:
        _put(console, slug, parse_lexicon(pipeline.decoded(data, where, "lexicon"), where).entries)


def _put(console: Console, slug: str, entries: Iterable[Entry]) -> None:
    """Put entries into the station's lexicon or an article's, and print what became of them."""
    workspace = console.workspace()
    slug = workspace.find(slug, workspace.scripts(), "script") if slug else ""
    made = pipeline.put_words(workspace, entries, slug)
    path = workspace.article_lexicon(slug) if slug else workspace.lexicon
    name = workspace.relative(path)
    for word in made.added:
        console.say(f"added: {word}")
    for word in made.changed:
        console.say(f"changed: {word}")
    console.note(
        f"{name}: {len(made.added)} added, {len(made.changed)} changed, {len(made.same)} as before"
    )
    told = {what: list(getattr(made, what)) for what in ("added", "changed", "same")}
    console.result({"lexicon": str(path), **told})
