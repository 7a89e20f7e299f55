"""The package's tables of words and patterns, read once, and the words that open captions."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from bobao import files
from bobao.model import BlockKind
from bobao.normalise import unified_forms

_TEXT = re.compile(r"[^\W_]|[。、！？“”‘’「」『』《》…%℃,;:?!()\"']")
_FIELDS = ("时间", "地点", "地址", "日期", "电话", "邮箱", "网址", "编号", "号码")
BYLINES = frozenset(("a byline", "a date", "who wrote or published it, and when"))
"""Reasons of lines that are surely whole."""
SHORT = 40.0
"""Em beyond which a line is text, whatever words it holds."""


def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``data/<name>``."""
    return files.rows("bobao.reading", name)


def words(name: str) -> list[str]:
    """All words of a table in which they are separated by white space."""
    return [word for row in rows(name) for cell in row for word in cell.split()]


@functools.cache
def letters(name: str) -> frozenset[str]:
    """The characters of a table of characters."""
    return frozenset(char for word in words(name) for char in word)


@functools.cache
def _folding() -> dict[int, str]:
    table = {full: chr(full - 0xFEE0) for full in range(0xFF01, 0xFF5F)}
    table |= {ord(row[0]): row[1] for row in rows("fold.tsv")}
    table |= {code: table.get(ord(form), form) for code, form in unified_forms().items()}
    return table | {ord("\u3000"): " ", ord("\t"): " ", ord("\xa0"): " "}


def fold(text: str) -> str:
    """`text` with half-width punctuation and simplified characters, of the same length."""
    return text.translate(_folding())


class Patterns:
    """Patterns with something to say of a line, tried together."""

    def __init__(self, patterns: list[tuple[str, str, str]]) -> None:
        self._patterns = patterns
        joined = "|".join(f"(?:{pattern})" for _, pattern, _ in patterns)
        self._any = re.compile(joined or r"(?!)", re.IGNORECASE)

    def whole(self, folded: str) -> tuple[str, str] | None:
        """What the first pattern that fits the whole line says: (kind, reason)."""
        if not self._any.fullmatch(folded):
            return None
        match = self._all.fullmatch(folded)
        return self._said(match)[:2] if match else None

    def start(self, folded: str) -> tuple[str, str, int] | None:
        """What the first pattern that fits the line's start says, and where it ends."""
        if not self._any.match(folded):
            return None
        match = self._all.match(folded)
        return self._said(match) if match else None

    @functools.cached_property
    def _all(self) -> re.Pattern[str]:
        """All patterns, each in a group of its own; slower than without groups."""
        joined = "|".join(f"(?P<p{n}>{p})" for n, (_, p, _) in enumerate(self._patterns))
        return re.compile(joined, re.IGNORECASE)

    def _said(self, match: re.Match[str]) -> tuple[str, str, int]:
        kind, _, reason = self._patterns[int((match.lastgroup or "p0")[1:])]
        return kind, reason, match.end()


@functools.cache
def line_patterns(place: str) -> Patterns:
    """Patterns of lines that are not text: those for any place and those for `place`."""
    chosen = [row for row in rows("lines.tsv") if row[1] == place]
    surname = f"[{''.join(sorted(letters('surnames.txt')))}]"
    made = [(k, pattern.replace("<surname>", surname), reason) for k, _, pattern, reason in chosen]
    return Patterns(made)


@functools.cache
def mark_patterns() -> Patterns:
    """Patterns of numbering at a line's start; the reason is the mark's level."""
    return Patterns([(style, pattern, level) for style, level, pattern in rows("marks.tsv")])


@functools.cache
def caption_signs() -> tuple[tuple[float, re.Pattern[str], str], ...]:
    """What makes a short line a caption: (weight, pattern, reason)."""
    return tuple((float(w), re.compile(p), reason) for w, p, reason in rows("captions.tsv"))


@functools.cache
def word_set(sign: str) -> frozenset[str]:
    """The words of ``data/words.tsv`` under `sign`."""
    return frozenset(next(row[1] for row in rows("words.tsv") if row[0] == sign).split())


def is_field(label: str) -> bool:
    """Whether a label before a colon names a field, 时间 or 联系电话, and no speaker or subject."""
    return label in word_set("fields") or label.endswith(_FIELDS)


@functools.cache
def tails() -> frozenset[str]:
    """Words that open what a page has after its article."""
    return frozenset(words("tails.txt"))


@functools.cache
def _controls() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    table = {row.split()[0]: row.split()[1:] for (row,) in rows("controls.txt")}
    both = sorted((*table["alone"], *table["menu"]), key=len, reverse=True)
    alone = sorted(table["alone"], key=len, reverse=True)
    words = "|".join(map(re.escape, both))
    return (
        re.compile(rf"(?:[\W_]|{words})+", re.IGNORECASE),
        re.compile(words, re.IGNORECASE),
        re.compile("|".join(map(re.escape, alone)), re.IGNORECASE),
    )


def is_controls(folded: str) -> bool:
    """Whether a line holds nothing but the words of buttons and menus."""
    whole, both, alone = _controls()
    if not whole.fullmatch(folded):
        return False
    found = both.findall(folded)
    if not found or re.search(r"\w", both.sub(" ", folded)):
        return False
    return len(found) >= 4 or bool(alone.search(folded))


def no_text(folded: str) -> bool:
    """Whether a line is a rule or an ornament: no letter, digit or mark that text has."""
    return not _TEXT.search(folded)


def said_of(folded: str, width: float, place: str) -> tuple[BlockKind, str] | None:
    """What a line is by its whole wording where it stands in `place`, if it is not text.

    `place` is ``any``, ``top`` or ``end``. Long lines and those with an open bracket are text.
    """
    if width > SHORT:
        return None
    found = line_patterns(place).whole(folded)
    if found is None or folded.count("(") != folded.count(")"):
        return None
    return BlockKind(found[0]), found[1]


CREDIT = 6.0
"""Weight from which a caption sign is sure by itself, even on a long line."""
HEADS = frozenset("图▲△▼▽↑↓◀▶◤◣☝☟上下左右题配组([【表")
"""What a long line that is a caption starts with, if nothing at its end says so."""
_TAILS = frozenset("摄图影)]】绘供")


@functools.cache
def _sure() -> re.Pattern[str]:
    return re.compile("|".join(p.pattern for weight, p, _ in caption_signs() if weight >= CREDIT))


def scene_weight(head: str, tail: str, whole: bool) -> tuple[float, str]:
    """The weight of a line's caption signs and the strongest reason.

    `head` and `tail` are its two ends, folded; `whole` tells that `head` is all of a line that may
    be a caption by any sign. Else only sure ones count, such as a credit. Signs of the same reason
    count once.
    """
    if not whole and head is not tail and head[0] not in HEADS and tail[-1] not in _TAILS:
        return 0.0, ""
    signs: Sequence[tuple[float, re.Pattern[str], str]] = caption_signs() if whole else ()
    if _sure().search(head) or (not whole and _sure().search(tail)):
        signs = caption_signs()
    found: dict[str, float] = {}
    for weight, pattern, reason in signs:
        if not whole and weight < CREDIT:
            continue
        if pattern.search(head) or (not whole and pattern.search(tail)):
            found[reason] = max(weight, found.get(reason, 0.0))
    if not found:
        return 0.0, ""
    return sum(found.values()), max((weight, reason) for reason, weight in found.items())[1]
