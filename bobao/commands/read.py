"""``bobao read``: how an article is understood, and what a person should look at."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bobao.commands.desk import Desk, at_desk
from bobao.errors import BobaoError
from bobao.model import Article, Block, BlockKind

_LIMIT = 50_000_000
_DROPPED = (BlockKind.FURNITURE,)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is read: its bytes and name, and where a person's decisions on it are kept."""

    data: bytes
    name: str
    decisions: Path | None = None


@click.command()
@click.argument("article", metavar="FILE|URL|-")
@click.option("--review", is_flag=True, help="Only what is doubtful, why, and how to overrule it.")
@click.option("--allow-private", is_flag=True, help="Fetch from one's own network, too.")
@at_desk
def read(desk: Desk, article: str, review: bool, allow_private: bool) -> None:
    """Show the blocks of an article: a file, a name in seeds/, an address, or - for a pipe.

    What you decide on single lines is kept in seeds/NAME.decisions.tsv: line number, tab, decision,
    tab, how the line starts. A decision is title, heading, heading2, paragraph, caption, meta,
    furniture (not read), join or split. --review prints rows to choose from.
    """
    taken = _taken(desk, article, allow_private)
    understood = _understood(taken)
    if review:
        _show_doubts(desk, understood, taken)
        return
    for block in understood.blocks:
        desk.console.say(f"{block.kind.value:9} {block.text}")
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
    try:
        with path.open("rb") as file:
            return _Taken(_within(file.read(_LIMIT + 1), str(path)), path.name, beside(path))
    except OSError as error:
        raise BobaoError(
            f"cannot read: {error.strerror or error}", where=str(path), advice="Check the path."
        ) from error


def _within(data: bytes, where: str) -> bytes:
    if len(data) > _LIMIT:
        raise BobaoError(
            f"the article is larger than {_LIMIT // 1_000_000} MB",
            where=where,
            advice="Split it: one article a file.",
        )
    return data


def _understood(taken: _Taken) -> Article:
    from bobao.reading.decisions import kept
    from bobao.reading.overrule import read_decided

    where = str(taken.decisions or "")
    decisions = kept(taken.decisions) if taken.decisions else ()
    return read_decided(taken.data, taken.name, decisions, where)


def _show_doubts(desk: Desk, article: Article, taken: _Taken) -> None:
    from bobao.reading.review import doubts

    found = doubts(article)
    for doubt in found:
        kind = "not read" if doubt.kind in _DROPPED else doubt.kind.value
        desk.console.say(f"line {doubt.line}: {kind}, {doubt.confidence:.0%}: {doubt.shown}")
        desk.console.say(f"    {doubt.reason}")
        for row in doubt.rows:
            desk.console.say(f"    else: {row}")
    dropped = sum(block.kind in _DROPPED for block in article.blocks)
    desk.console.note(f"{len(found)} doubtful places; {dropped} lines of the page are not read.")
    if found and taken.decisions:
        desk.console.note(f"To decide otherwise, put the row after “else:” into {taken.decisions}.")
    desk.console.result(
        [
            {
                "line": doubt.line,
                "kind": doubt.kind.value,
                "text": doubt.shown,
                "reason": doubt.reason,
                "confidence": doubt.confidence,
                "decisions": list(doubt.rows),
            }
            for doubt in found
        ]
    )


def _plain(block: Block) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": block.kind.value, "text": block.text}
    return {**plain, "list": True} if block.list else plain
