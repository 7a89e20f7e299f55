"""Markdown, with HTML and TeX in it, as lines with hints; its marks of words are in `marks`."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bobao.model import BlockKind
from bobao.reading.formulas import tex
from bobao.reading.lines import NO_HINT, Hint, SourceLine, Span, plain_lines, width_of
from bobao.reading.marks import (
    content_pieces,
    is_bold,
    lowered,
    picture_words,
    raised,
    resolved,
    struck,
)
from bobao.reading.traits import SHORT_HEADING
from bobao.reading.webtags import plain

_FENCED = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
_INLINE = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`)[^`]{1,500}(?P=ticks)(?!`))"
    r"|\\\((?P<tex>[^\n]{1,300}?)\\\)|\$\$(?P<shown>[^$]{1,500})\$\$"
    r"|\$(?=\S)(?P<within>[^$\n]{1,200})(?<=\S)\$(?!\d)"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|<(?P<tag>sup|sub|del|s|strike|ruby|math|q)\b[^<>]{0,200}>"
    r"(?:(?!</(?P=tag)\s*>).){0,500}</(?P=tag)\s*>"
    r"|(?P<comment><!--(?:(?!-->).){0,2000}-->)"
    r"|~~(?=\S)(?P<struck>(?:(?!~~|\n\s*\n).){1,500})(?<=\S)~~"
    r"|(?<=\S)\^(?P<up>[\w+−()-]{1,10})\^|(?<=[A-Za-z)])~(?P<down>[0-9+−-]{1,4})~(?!~)"
    r"|(?<=\S)\[\^(?P<note>[^\[\]\s]{1,30})\](?!:)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)",
    re.DOTALL | re.IGNORECASE,
)
_FORMULA = re.compile(r"[\\^_{=+<>]|[A-Za-z]$")


def typeset_markdown(text: str) -> str:
    """`text` with what its marks say by place or look in its words; code stays as it is."""
    notes: dict[str, int] = {}

    def made(found: re.Match[str]) -> str:
        kind = found.lastgroup or ""
        if found["tag"]:
            return " ".join(plain(found[0]).split())
        body = found[kind]
        if kind == "note":
            return rf"\[{notes.setdefault(body, len(notes) + 1)}\]"
        if kind in ("tex", "shown", "within"):
            return tex(body) if _FORMULA.search(body) else found[0]
        return _MADE[kind](body) if kind in _MADE else found[0]

    parts, at = [], 0
    for fence in _FENCED.finditer(text):
        parts += [_INLINE.sub(made, text[at : fence.start()]), fence[0]]
        at = fence.end()
    return "".join([*parts, _INLINE.sub(made, text[at:])])


def _character(entity: str) -> str:
    sign = html.unescape(entity)
    if not sign.isprintable() and sign != "\xa0":
        return " " if len(sign) == 1 else entity
    return f"\\{sign}" if sign.isascii() and not sign.isalnum() and len(sign) == 1 else sign


_MADE = {
    "comment": lambda body: "\n" * body.count("\n"),
    "struck": struck,
    "up": raised,
    "down": lowered,
    "entity": _character,
}


_HEADING = re.compile(r"(#{1,6})(?:[ \t\u3000]+|(?<=##)(?=[^#\s]))")
_CLOSING = re.compile(r"(?<![ \t])[ \t]+#+$")
_UNDERLINE = re.compile(r"=+|-{2,}")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_BULLET = re.compile(r"[-*+][ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_NUMBER = re.compile(r"\d{1,9}[.)][ \t]+(?=\S)")
_QUOTE = re.compile(r">[ \t]?")
_PICTURE = re.compile(r"\[?!\[|<img\b|<figure\b", re.IGNORECASE)
_NOTE = re.compile(r"\[\^[^\[\]\s]{1,30}\]:")
_TARGET = re.compile(r"\[[^\]^][^\]]{0,100}\]:\s*\S")
_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_TITLE = re.compile(r"title[ \t]*:[ \t]*(['\"]?)(.*?)\1$")
_ENDS = "。！？!?；;…”"


@dataclass(slots=True)
class _State:
    """What the lines so far leave open."""

    fence: str = ""
    picture: bool = False
    text: bool = False  # the line before is running text, so that a soft break may follow
    hard: bool = False  # it ended in a hard break


def markdown_source(text: str) -> tuple[str, list[SourceLine]]:
    """A Markdown `text` as it reads, and the lines of it that show something."""
    text, readings = resolved(typeset_markdown(text))
    lines = markdown_lines(text)
    starts = [line.start for line in lines]
    for start, end, said in readings:
        n = bisect_right(starts, start) - 1
        if n >= 0 and end <= lines[n].end:
            beside = (*lines[n].readings, (start, end, said))
            lines[n] = replace(lines[n], readings=beside)
    return text, lines


def markdown_lines(text: str) -> list[SourceLine]:
    """The lines of a Markdown `text` that show something."""
    raw = plain_lines(text)
    rows = _table_rows(raw)
    state = _State()
    lines: list[SourceLine] = []
    start = _front(raw, lines)
    for n in range(start, len(raw)):
        if n in rows:
            lines.append(rows[n])
            state = _State()
        else:
            lines.append(_line(text, raw, n, state))
    return _with_title(_soft(lines))


def _front(raw: Sequence[SourceLine], lines: list[SourceLine]) -> int:
    """Take the front matter into `lines`; the number of the first line after it."""
    if not raw or raw[0].text != "---":
        return 0
    ends = [n for n in range(1, min(len(raw), 80)) if raw[n].text in ("---", "...")]
    if not ends:
        return 0
    for line in raw[: ends[0] + 1]:
        found = _TITLE.match(line.text)
        if found and found.group(2).strip():
            span = (line.start + found.start(2), line.start + found.end(2))
            hint = Hint(kind=BlockKind.TITLE)
            lines.append(
                replace(line, text=found.group(2), pieces=(span,), hint=hint, width=line.width)
            )
        else:
            lines.append(replace(line, hint=Hint(outside="front matter")))
    return ends[0] + 1


def _line(text: str, raw: Sequence[SourceLine], n: int, state: _State) -> SourceLine:
    """SourceLine `n` read as Markdown; `state` is brought up to date."""
    line = raw[n]
    fence = _FENCE.match(line.text)
    if fence and (not state.fence or line.text.strip("`~ ") == ""):
        opens = not state.fence
        state.fence = fence.group(1)[0] if opens else ""
        state.text = False
        return replace(line, hint=Hint(outside="mark-up"))
    if state.fence:
        state.text = False
        return replace(line, hint=Hint(kind=BlockKind.PARAGRAPH))
    if _PICTURE.match(line.text):
        return _picture(line, state)
    at, hint = _opening(raw, n)
    soft = state.text and line.blanks == 0 and not hint.item and hint.kind is None
    if soft:
        hint = replace(hint, joins=not state.hard)
    if state.picture and line.blanks <= 1:
        hint = replace(hint, figure=True)
    made = _content(text, line, at, hint)
    state.picture = False
    state.text = hint.kind is None and not made.hint.outside
    state.hard = text[line.end : line.end + 2] == "  " or line.text.endswith(
        ("\\", "<br>", "<br/>")
    )
    return made


def _opening(raw: Sequence[SourceLine], n: int) -> tuple[int, Hint]:
    """The length of the block marks at the start of line `n`, and what they say."""
    line = raw[n]
    at = 0
    while mark := _QUOTE.match(line.text, at):
        at = mark.end()
    if heading := _HEADING.match(line.text, at):
        return heading.end(), Hint(kind=BlockKind.HEADING, level=len(heading.group(1)))
    if _UNDERLINE.fullmatch(line.text) and n and line.blanks == 0 and _is_head(raw[n - 1]):
        return at, Hint(outside="mark-up")
    follows = raw[n + 1] if n + 1 < len(raw) else None
    if follows and follows.blanks == 0 and _UNDERLINE.fullmatch(follows.text) and _is_head(line):
        return at, Hint(kind=BlockKind.HEADING, level=1 if follows.text[0] == "=" else 2)
    if bullet := _BULLET.match(line.text, at):
        return bullet.end(), Hint(item=True)
    hint = Hint(item=True) if _NUMBER.match(line.text, at) else NO_HINT
    if _NOTE.match(line.text, at):
        hint = Hint(joins=False)
    return at, Hint(outside="mark-up") if _TARGET.match(line.text, at) else hint


def _is_head(line: SourceLine) -> bool:
    return line.width <= 2 * SHORT_HEADING and line.text[-1] not in _ENDS


def _content(text: str, line: SourceLine, at: int, hint: Hint) -> SourceLine:
    """`line` with only its words, its block marks being the first `at` characters."""
    end = len(line.text)
    if hint.kind is BlockKind.HEADING and (closing := _CLOSING.search(line.text)):
        end = closing.start()
    pieces = content_pieces(text, line.start + at, line.start + end)
    words = "".join(text[a:b] for a, b in pieces).strip()
    if not words:
        return replace(line, hint=Hint(outside=hint.outside or "mark-up"))
    if is_bold(line.text[at:end]):
        hint = replace(hint, bold=True)
    return replace(line, text=words, width=width_of(words), pieces=tuple(pieces), hint=hint)


def _picture(line: SourceLine, state: _State) -> SourceLine:
    """A line that is a picture: its words are the caption, if they say something."""
    state.text = False
    span = picture_words(line.text)
    state.picture = span is None
    if span is None:
        return replace(line, hint=Hint(outside="a picture"))
    words = line.text[span[0] : span[1]]
    pieces = ((line.start + span[0], line.start + span[1]),)
    hint = Hint(kind=BlockKind.CAPTION)
    return replace(line, text=words, width=width_of(words), pieces=pieces, hint=hint)


def _table_rows(raw: Sequence[SourceLine]) -> dict[int, SourceLine]:
    """The rows of tables by line number; a table has a row of dashes under its head."""
    rows: dict[int, SourceLine] = {}
    for n in range(1, len(raw)):
        dashes = raw[n].text
        if "|" not in dashes or "|" not in raw[n - 1].text or not _ROW.fullmatch(dashes):
            continue
        rows[n] = replace(raw[n], hint=Hint(outside="mark-up"))
        rows[n - 1] = _cells(raw[n - 1])
        m = n + 1
        while m < len(raw) and raw[m].blanks == 0 and "|" in raw[m].text:
            rows[m] = _cells(raw[m])
            m += 1
    return rows


def _cells(line: SourceLine) -> SourceLine:
    edges = [match.start() for match in re.finditer(r"(?<!\\)\|", line.text)]
    if edges[0] != 0:
        edges.insert(0, -1)
    if edges[-1] != len(line.text) - 1:
        edges.append(len(line.text))
    cells: list[tuple[Span, ...]] = []
    for left, right in pairwise(edges):
        inner = line.text[left + 1 : right]
        start = line.start + left + 1 + len(inner) - len(inner.lstrip())
        offset = line.start
        pieces = content_pieces(line.text, start - offset, left + 1 + len(inner.rstrip()))
        cells.append(tuple((a + offset, b + offset) for a, b in pieces))
    return replace(line, cells=tuple(cells))


def _soft(lines: list[SourceLine]) -> list[SourceLine]:
    """`lines` with soft breaks only where the document separates its paragraphs by blank lines."""
    wide = [n for n in range(1, len(lines)) if _runs(lines[n - 1]) and _runs(lines[n])]
    close = sum(lines[n].blanks == 0 and lines[n - 1].text[-1] in _ENDS for n in wide)
    apart = sum(lines[n].blanks > 0 for n in wide)
    if close <= apart:
        return lines
    return [
        replace(line, hint=replace(line.hint, joins=None)) if line.hint.joins else line
        for line in lines
    ]


def _runs(line: SourceLine) -> bool:
    return line.hint.kind is None and not line.hint.outside and line.width > SHORT_HEADING


def _with_title(lines: list[SourceLine]) -> list[SourceLine]:
    """`lines` with the first heading as the title where it stands above all others."""
    named = [n for n, line in enumerate(lines) if line.hint.kind is BlockKind.TITLE]
    heads = [n for n, line in enumerate(lines) if line.hint.kind is BlockKind.HEADING]
    if not heads:
        return lines
    first = heads[0]
    level = lines[first].hint.level
    above = all(lines[n].hint.level > level for n in heads[1:]) and (level == 1 or len(heads) > 1)
    text = sum(_runs(line) for line in lines[:first])
    same = bool(named) and lines[named[0]].text.strip() == lines[first].text.strip()
    if not above or text or (named and not same):
        return lines
    lines[first] = replace(lines[first], hint=Hint(kind=BlockKind.TITLE))
    for n in named:
        lines[n] = replace(lines[n], hint=Hint(outside="front matter"))
    return lines
