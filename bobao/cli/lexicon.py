"""``bobao lexicon``: the words this station says in its own way."""

from __future__ import annotations

from pathlib import Path

import click

from bobao.cli.desk import Desk, at_desk
from bobao.errors import BobaoError, refusals
from bobao.files import write_text
from bobao.pronounce.lexicon import Entry, Lexicon, entry, parse_lexicon
from bobao.pronounce.lexicon_file import edited, reading_of
from bobao.pronounce.pls import MAX_BYTES, parse_pls
from bobao.station.workspace import Workspace

_SLUG = click.option("--slug", default="", help="The lexicon of this script only.")
_MARKUP = {".pls", ".xml"}


@click.group()
def lexicon() -> None:
    """Show and keep lexicon.tsv: how this station says names and words of its own.

    An article's own words (--slug) count over the station's.
    """


@lexicon.command("list")
@_SLUG
@at_desk
def list_(desk: Desk, slug: str) -> None:
    """Show the words of the station and of the articles (with --slug: of that one)."""
    workspace = desk.workspace()
    wanted = (_found(workspace, slug),) if slug else _with_lexicon(workspace)
    paths = [workspace.lexicon, *map(workspace.article_lexicon, wanted)]
    entries = [one for path in paths for one in _parsed(workspace, path).entries]
    desk.console.table(
        ("word", "reading", "note", "where"),
        [(one.word, reading_of(one), one.note, one.where) for one in entries],
    )
    desk.console.result([_plain(one) for one in entries])


@lexicon.command()
@click.argument("word")
@click.argument("reading")
@click.option("--note", default="", help="Why, or who said so.")
@_SLUG
@at_desk
def add(desk: Desk, word: str, reading: str, note: str, slug: str) -> None:
    """Put WORD with its READING into the lexicon: 乐清 "yuè qīng", or 乐清 月清.

    A word that is there already gets the new reading in its line.
    """
    made = entry(word.strip(), reading.strip(), note.strip())
    _put(desk, slug, (made,))


@lexicon.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_SLUG
@at_desk
def import_(desk: Desk, file: Path, slug: str) -> None:
    """Put the words of FILE into the lexicon: W3C PLS (.pls, .xml) or tab-separated (.tsv).

    Readings are pinyin; PLS files in IPA are refused.
    """
    _put(desk, slug, _entries_of(file))


def _entries_of(file: Path) -> tuple[Entry, ...]:
    with refusals("cannot read", file, "Check the path."):
        if file.stat().st_size > MAX_BYTES:
            raise BobaoError(
                f"the file is larger than {MAX_BYTES // 1_000_000} MB",
                where=str(file),
                advice="Keep the words that your articles have.",
            )
        data = file.read_bytes()
    if file.suffix.lower() in _MARKUP:
        return parse_pls(data, str(file))
    return parse_lexicon(_decoded(data, str(file)), str(file)).entries


def _put(desk: Desk, slug: str, entries: tuple[Entry, ...]) -> None:
    """Put entries into the station's lexicon or an article's, and tell what became of them."""
    workspace = desk.workspace()
    path = workspace.article_lexicon(_found(workspace, slug)) if slug else workspace.lexicon
    name, old = workspace.relative(path), _text(workspace, path)
    made = edited(old, entries, name)
    if made.added or made.changed:
        write_text(path, made.text)
    for what, words in (("added", made.added), ("changed", made.changed)):
        for word in words:
            desk.console.say(f"{what}: {word}")
    desk.console.note(
        f"{name}: {len(made.added)} added, {len(made.changed)} changed, {len(made.same)} as before"
    )
    desk.console.result(
        {
            "lexicon": str(path),
            "added": list(made.added),
            "changed": list(made.changed),
            "same": list(made.same),
        }
    )


def _found(workspace: Workspace, slug: str) -> str:
    return workspace.find(slug, workspace.scripts(), "script")


def _with_lexicon(workspace: Workspace) -> tuple[str, ...]:
    """The slugs that have words of their own, their script made yet or not."""
    tail = workspace.article_lexicon("").name
    found = (workspace.root / "scripts").glob(f"*{tail}")
    return tuple(sorted(path.name.removesuffix(tail) for path in found if path.name != tail))


def _text(workspace: Workspace, path: Path) -> str:
    return _decoded(path.read_bytes(), workspace.relative(path)) if path.is_file() else ""


def _parsed(workspace: Workspace, path: Path) -> Lexicon:
    return parse_lexicon(_text(workspace, path), workspace.relative(path))


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BobaoError(
            "the lexicon is not UTF-8 text",
            where=f"{where}:{data[: error.start].count(10) + 1}",
            advice="Save it again as UTF-8 (in Windows Notepad: 另存为, 编码 UTF-8).",
        ) from error


def _plain(one: Entry) -> dict[str, str]:
    return {
        "word": one.word,
        "reading": reading_of(one),
        "note": one.note,
        "where": one.where,
    }
