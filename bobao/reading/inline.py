"""The words of a line of Markdown: where they are between its marks."""

from __future__ import annotations

import re

from bobao.reading.lines import Span

_TOKEN = re.compile(
    r"""(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?P<inner>[^`]+)(?P=ticks)(?!`))
    |(?P<link>(?P<open>!?\[)(?:[^\[\]\n]|\[[^\[\]\n]*\])*(?P<close>\]
        (?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?(?:[ \t]+"[^"\n]*")?\)|\[[^\[\]\n]*\])))
    |(?P<note>\[\^[^\[\]\s]{1,30}\]:?)
    |(?P<address><(?:https?://|mailto:)[^<>\s]+>)
    |(?P<tag><!--[^<>]*-->|</?[a-zA-Z][^<>\n]*>)
    |(?P<escape>\\(?=[!-/:-@\[-`{-~]).)
    |(?P<run>\*+|_+|==)""",
    re.VERBOSE,
)
_BOLD = re.compile(r"(?:\*\*|__)(?!\s)((?:(?!\*\*|__).)+)(?:\*\*|__)[ \t]*[:：]?")
_ALT = re.compile(r"!\[([^\[\]\n]*)\]")
_ALT_TITLE = re.compile(r"\([^()\s]*[ \t]+\"([^\"\n]+)\"\)")
NAMELESS = re.compile(
    r"\s*(?:[\w./-]+\.(?:jpe?g|png|gif|webp|svg|bmp)|图片?\d*|圖片?\d*|插图\d*|照片\d*|image\d*"
    r"|img[\w-]*|photo\d*|picture\d*|在这里插入图片描述|输入图片说明|此处为图片"
    r"|alt(?: text)?|[\d_-]*)\s*",
    re.IGNORECASE,
)


def content_pieces(text: str, start: int, end: int) -> list[Span]:
    """The ranges of ``text[start:end]`` that are words, without marks and blanks at its ends."""
    drop: list[Span] = []
    runs: list[Span] = []
    closers: list[Span] = []
    at = start
    while match := _TOKEN.search(text, at, end):
        at = match.end()
        if closers and closers[-1][0] <= match.start():
            at = max(closers.pop()[1], match.start())
            continue
        kind = match.lastgroup
        if kind == "code":
            drop += [(match.start(), match.start("inner")), (match.end("inner"), match.end())]
        elif kind == "link":
            drop += [match.span("open"), match.span("close")]
            closers.append(match.span("close"))
            at = match.end("open")
        elif kind == "address":
            drop += [(match.start(), match.start() + 1), (match.end() - 1, match.end())]
        elif kind == "escape":
            drop.append((match.start(), match.start() + 1))
        elif kind == "run":
            runs.append(match.span())
        else:
            drop.append(match.span())
    return _rest(text, start, end, sorted(drop + _emphasis(text, start, end, runs)))


def _emphasis(text: str, start: int, end: int, runs: list[Span]) -> list[Span]:
    """Those runs of emphasis marks that come in pairs; the others are text."""
    opened: dict[str, Span] = {}
    pairs: list[Span] = []
    for left, right in runs:
        run = text[left:right]
        before = text[left - 1] if left > start else " "
        after = text[right] if right < end else " "
        inside = run[0] == "_" and before.isalnum() and after.isalnum() and before.isascii()
        if inside:
            continue
        if run in opened and not before.isspace():
            pairs += [opened.pop(run), (left, right)]
        elif not after.isspace():
            opened[run] = (left, right)
    return pairs


def _rest(text: str, start: int, end: int, drop: list[Span]) -> list[Span]:
    pieces: list[Span] = []
    at = start
    for left, right in [*drop, (end, end)]:
        if left > at:
            pieces.append((at, left))
        at = max(at, right)
    while pieces and not text[pieces[0][0] : pieces[0][1]].strip():
        pieces.pop(0)
    while pieces and not text[pieces[-1][0] : pieces[-1][1]].strip():
        pieces.pop()
    return pieces


def is_bold(text: str) -> bool:
    """Whether the whole of a line is set in bold."""
    return _BOLD.fullmatch(text.strip()) is not None


def picture_words(text: str) -> Span | None:
    """Where in a line that is a picture its caption is, None where it says nothing."""
    for pattern in (_ALT, _ALT_TITLE):
        found = pattern.search(text)
        if found and not NAMELESS.fullmatch(found.group(1)):
            return found.span(1)
    return None
