"""The station's lexicon: how words of its own are said, whatever any rule would make of them.

``lexicon.tsv`` has one word a line: the word, its reading, an optional note, with tabs between.
The reading is pinyin (``乐清<TAB>yuè qīng``) or a spelling that sounds right (``乐清<TAB>月清``,
``AIGC<TAB>A I G C``). Empty lines and lines that start with ``#`` say nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bobao.errors import BobaoError
from bobao.pronounce.pinyin import is_hanzi, joined, marked, parse_pinyin, syllable

_ADVICE = (
    "A line is: word, tab, reading (pinyin or a spelling), tab, note — as in “乐清\tyuè qīng”."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One word: either `pinyin`, one syllable per hanzi, or the `spelling` to say in its place."""

    word: str
    pinyin: tuple[str, ...] = ()
    spelling: str = ""
    note: str = ""
    where: str = ""


@dataclass(frozen=True)
class Lexicon:
    """Words and their readings; of two entries for one word the later counts."""

    entries: tuple[Entry, ...] = ()
    _by_word: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_word", {entry.word: entry for entry in self.entries})

    def __hash__(self) -> int:
        return hash(self.entries)

    def get(self, word: str) -> Entry | None:
        """The entry for exactly `word`."""
        return self._by_word.get(word)

    @functools.cached_property
    def lengths(self) -> tuple[int, ...]:
        """The lengths its words have, longest first."""
        return tuple(sorted({len(word) for word in self._by_word}, reverse=True))

    def within(self, text: str) -> Lexicon:
        """Those of its entries whose word is somewhere in `text`: all that can decide its sound."""
        found = tuple(entry for entry in self._by_word.values() if entry.word in text)
        return Lexicon(found) if found else EMPTY

    def over(self, other: Lexicon) -> Lexicon:
        """Both lexicons, this one's words before the other's: an article's over its station's."""
        return Lexicon(other.entries + self.entries)


EMPTY = Lexicon()


def parse_lexicon(text: str, where: str = "lexicon.tsv") -> Lexicon:
    """The lexicon written in `text`; `where` names the file in errors.

    Raises `BobaoError` with ``file:line`` for a line without a reading, or with a reading that
    does not fit its word.
    """
    lines = enumerate(text.removeprefix("\ufeff").splitlines(), 1)
    return Lexicon(tuple(_entries(lines, where)))


def _entries(lines: Iterable[tuple[int, str]], where: str) -> Iterable[Entry]:
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        word, _, rest = line.partition("\t")
        reading, _, note = rest.partition("\t")
        yield entry(word.strip(), reading.strip(), note.strip(), f"{where}:{number}")


def entry(word: str, reading: str, note: str = "", where: str = "") -> Entry:
    """An entry, checked: raises `BobaoError` at `where` if `reading` cannot be the word's."""
    if not word or not reading:
        raise BobaoError("a lexicon line needs a word and a reading", where=where, advice=_ADVICE)
    hanzi = sum(map(is_hanzi, word))
    if all(syllable(piece) for piece in reading.split()) and not _is_latin(word, reading):
        pinyin = parse_pinyin(reading)
        if hanzi and len(pinyin) != hanzi:
            raise BobaoError(
                f"“{word}” has {hanzi} characters to read, its reading {len(pinyin)} syllables",
                where=where,
                advice="Write one pinyin syllable for each character, with spaces between.",
            )
        return Entry(word, pinyin, "", note, where)
    if not hanzi and any(map(is_hanzi, reading)) and not all(map(is_hanzi, reading)):
        raise BobaoError(
            f"the reading “{reading}” mixes characters and letters",
            where=where,
            advice="Write it all in characters, all in letters, or in pinyin.",
        )
    if hanzi and not (hanzi == len(word) == len(reading) and all(map(is_hanzi, reading))):
        raise BobaoError(
            f"“{reading}” is neither pinyin for “{word}” nor as many characters that sound like it",
            where=where,
            advice=_ADVICE,
        )
    return Entry(word, (), reading, note, where)


def _is_latin(word: str, reading: str) -> bool:
    """Whether a reading means letters: ``A I`` for ``AI``, toneless and for a word of no hanzi."""
    plain = reading.isascii() and not any(char.isdigit() for char in reading)
    return plain and not any(map(is_hanzi, word))


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
