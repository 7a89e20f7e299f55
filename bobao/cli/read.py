"""``bobao read``: how an article is understood, and what a person should look at."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bobao.cli.desk import Desk, at_desk
from bobao.errors import BobaoError, refusals
from bobao.model import Article, Block, BlockKind

if TYPE_CHECKING:  # read when needed
    from bobao.reading import Reading
    from bobao.reading.review import Doubt

_LIMIT = 50_000_000


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
@click.option("--allow-private", is_flag=True, help="Fetch from one's own network, too.")
@at_desk
def read(
    desk: Desk, article: str, decide: tuple[str, ...], allow_private: bool, **show: bool
) -> None:
    """Show the blocks of an article: a file, a name in seeds/, an address, or - for a pipe.

    What you decide on single lines is kept in seeds/NAME.decisions.tsv and followed by every later
    step. A decision is title, heading, heading2, paragraph, caption, meta, furniture (not read),
    join (to the line before) or split (from it).
    """
    taken = _taken(desk, article, allow_private)
    if decide:
        _keep(taken, decide)
    reading = _understood(taken)
    if show["review"] or show["every"]:
        _show_doubts(desk, reading, taken, show["every"])
        return
    understood = reading.article
    for block in understood.blocks:
        desk.console.say(f"{block.kind.value:9} {block.text}")
    _show_undecided(desk, understood)
    desk.console.result(
        {"title": understood.title, "blocks": [_plain(block) for block in understood.blocks]}
    )


def _taken(desk: Desk, article: str, private: bool) -> _Taken:
    """The bytes that are meant by what a person typed."""
    from bobao.reading.addresses import is_url
    from bobao.reading.decisions import beside

    if article == "-":
        return _Taken(_within(sys.stdin.buffer.read(_LIMIT + 1), "-"), "-")
    if is_url(article):
        from bobao.reading.fetch import fetch

        fetched = fetch(article, private=private)
        return _Taken(fetched.data, fetched.name)
    path = Path(article) if Path(article).is_file() else desk.workspace().find_seed(article)
    with refusals("cannot read", path, "Check the path."), path.open("rb") as file:
        return _Taken(_within(file.read(_LIMIT + 1), str(path)), path.name, beside(path))


def _within(data: bytes, where: str) -> bytes:
    if len(data) > _LIMIT:
        raise BobaoError(
            f"the article is larger than {_LIMIT // 1_000_000} MB",
            where=where,
            advice="Split it: one article a file.",
        )
    return data


def _keep(taken: _Taken, decide: tuple[str, ...]) -> None:
    """Keep what a person has decided, if it fits the article."""
    from bobao.files import write_text
    from bobao.reading.decisions import Numbers, kept, parse, row_of, with_rows
    from bobao.reading.overrule import reading_decided

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


def _understood(taken: _Taken) -> Reading:
    from bobao.reading.decisions import kept
    from bobao.reading.overrule import reading_decided

    where = str(taken.decisions or "")
    decisions = kept(taken.decisions) if taken.decisions else ()
    return reading_decided(taken.data, taken.name, decisions, where)


def _show_doubts(desk: Desk, reading: Reading, taken: _Taken, every: bool) -> None:
    from bobao.reading.review import DOUBTFUL, doubts

    found = doubts(reading, 2.0 if every else DOUBTFUL)
    for doubt in found:
        other = f"; else: {', '.join(doubt.others)}" if doubt.others else ""
        desk.console.say(
            f"line {doubt.line}: {doubt.decided} {doubt.confidence:.0%}: {doubt.shown}\n"
            f"    {doubt.reason}{other}"
        )
    _show_undecided(desk, reading.article)
    dropped = sum(block.kind is BlockKind.FURNITURE for block in reading.article.blocks)
    shown = "decisions" if every else "doubtful places"
    desk.console.note(f"{len(found)} {shown}; {dropped} lines of the page are not read.")
    if found and taken.decisions:
        first = next((d for d in found if d.others), None)
        if first:
            desk.console.note(f"To decide otherwise: --decide {first.line}={first.others[0]}")
    desk.console.result([_plain_doubt(doubt) for doubt in found])


def _show_undecided(desk: Desk, article: Article) -> None:
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
            desk.console.note(f"line {line}: no voice can say {named(what)}")


def _plain_doubt(doubt: Doubt) -> dict[str, Any]:
    return {
        "line": doubt.line,
        "decided": doubt.decided,
        "text": doubt.shown,
        "reason": doubt.reason,
        "confidence": doubt.confidence,
        "others": list(doubt.others),
        "decisions": list(doubt.rows),
    }


def _plain(block: Block) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": block.kind.value, "text": block.text}
    return {**plain, "list": True} if block.list else plain
