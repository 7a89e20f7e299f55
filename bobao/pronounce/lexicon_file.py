"""Writing ``lexicon.tsv``: whole, or with words put into a file that a person keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bobao.errors import BobaoError
from bobao.pronounce.lexicon import Entry, Lexicon, parse_lexicon
from bobao.pronounce.pinyin import joined, marked, syllable

HEAD = "# 读音表：词、读音（拼音或同音字）、说明，之间用制表符（Tab）分开。\n"


def compose(lexicon: Lexicon) -> str:
    """The lexicon as ``lexicon.tsv``; read again it has the same entries, up to their `where`.

    Raises `BobaoError` for an entry that no line can hold (a word that starts with ``#``).
    """
    return "".join(f"{line_of(entry)}\n" for entry in lexicon.entries)


def line_of(entry: Entry) -> str:
    """An entry as a line of the file, without its end."""
    cells = (entry.word, reading_of(entry), entry.note)
    line = "\t".join(cells if entry.note else cells[:2])
    try:
        again = parse_lexicon(line).entries
    except BobaoError:
        again = ()
    if [replace(made, where="") for made in again] != [replace(entry, where="")]:
        raise BobaoError(
            f"“{entry.word}” cannot be written as a line of lexicon.tsv",
            where=entry.where,
            advice="Neither tabs nor line breaks can be in it, nor a # before the word.",
        )
    return line


def reading_of(entry: Entry) -> str:
    """An entry's reading as a person writes it: pinyin with tone marks, or the spelling."""
    if not entry.pinyin:
        return entry.spelling
    written = joined([marked(pinyin) for pinyin in entry.pinyin])
    # Without a mark pinyin could be taken for letters (“le” for a Latin word): then tone digits.
    plain = written.isascii() or [syllable(p) for p in written.split()] != list(entry.pinyin)
    return joined(entry.pinyin) if plain else written


@dataclass(frozen=True, slots=True)
class Edited:
    """A lexicon file after words were put in, and what became of each word."""

    text: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


def edited(text: str, entries: Iterable[Entry], where: str = "lexicon.tsv") -> Edited:
    """Put `entries` into the text of a lexicon file: a known word in its line, others at the end.

    Comments, order and line ends stay; so does a word's note where the new entry has none. Raises
    `BobaoError` with ``file:line`` where `text` is no lexicon.
    """
    lines = (text or HEAD).splitlines(keepends=True)
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    known = {old.word: old for old in parse_lexicon(text, where).entries}
    told: dict[str, list[str]] = {"added": [], "changed": [], "same": []}
    for new in {entry.word: entry for entry in entries}.values():
        old = known.get(new.word)
        if old is None:
            lines[-1] = lines[-1].rstrip("\r\n") + end
            lines.append(line_of(new) + end)
            told["added"].append(new.word)
            continue
        new = replace(new, note=new.note or old.note, where=old.where)  # noqa: PLW2901
        told["same" if new == old else "changed"].append(new.word)
        if new != old:
            lines[int(old.where.rpartition(":")[2]) - 1] = line_of(new) + end
    return Edited("".join(lines), **{name: tuple(words) for name, words in told.items()})
