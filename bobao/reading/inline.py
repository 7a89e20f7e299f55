"""The words of a line of Markdown: where they are between its marks."""

from __future__ import annotations

import re

from bobao.reading.lines import Span

_CODE = re.compile(r"(`+)([^`]+)\1(?!`)")
_LINK = re.compile(
    r"(!?\[)((?:[^\[\]\n]|\[[^\[\]\n]*\])*)(\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?(?:[ \t]+\"[^\"\n]*\")?\)|\[[^\[\]\n]*\]))"
)
_NOTE = re.compile(r"\[\^[^\[\]\s]{1,30}\]:?")
_TAG = re.compile(r"<!--[^<>]*-->|</?[a-zA-Z][^<>\n]*>")
_ADDRESS = re.compile(r"<(?:https?://|mailto:)[^<>\s]+>")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_RUN = re.compile(r"\*+|_+|~~|==")
_BOLD = re.compile(r"(?:\*\*|__)(?!\s)((?:(?!\*\*|__).)+)(?:\*\*|__)[ \t]*[:：]?")
_ALT = re.compile(r"!\[([^\[\]\n]*)\]")
_ALT_TITLE = re.compile(r"\([^()\s]*[ \t]+\"([^\"\n]+)\"\)")
_NAMELESS = re.compile(
    r"\s*(?:[\w./-]+\.(?:jpe?g|png|gif|webp|svg|bmp)|图片?\d*|圖片?\d*|插图\d*|照片\d*|image\d*|img[\w-]*|photo\d*|picture\d*"
    r"|在这里插入图片描述|输入图片说明|此处为图片|alt(?: text)?|[\d_-]*)\s*",
    re.IGNORECASE,
)


def content_pieces(text: str, start: int, end: int) -> list[Span]:
    """The ranges of ``text[start:end]`` that are words, marks and the blanks at its ends left out."""
    drop: list[Span] = []
    whole: list[Span] = []  # code: its marks are dropped and nothing in it is a mark
    for match in _CODE.finditer(text, start, end):
        drop += [(match.start(), match.start(2)), (match.end(2), match.end())]
        whole.append(match.span())
    for match in _LINK.finditer(text, start, end):
        drop += [match.span(1), match.span(3)]
    for pattern in (_NOTE, _TAG, _ESCAPE):
        drop += [match.span() for match in pattern.finditer(text, start, end)]
    drop = [span for span in drop if not _within(span, whole)] + [
        span for span in drop if _within(span, whole) and _edge(span, whole)
    ]
    drop += _emphasis(text, start, end, sorted(drop + whole))
    for match in _ADDRESS.finditer(text, start, end):
        drop = [span for span in drop if span != match.span()]
        drop += [(match.start(), match.start() + 1), (match.end() - 1, match.end())]
    return _rest(text, start, end, sorted(drop))


def _within(span: Span, spans: list[Span]) -> bool:
    return any(a <= span[0] and span[1] <= b for a, b in spans)


def _edge(span: Span, spans: list[Span]) -> bool:
    return any(span[0] == a or span[1] == b for a, b in spans)


def _emphasis(text: str, start: int, end: int, skip: list[Span]) -> list[Span]:
    """The runs of emphasis marks in the range that come in pairs; others are text."""
    opened: dict[str, Span] = {}
    pairs: list[Span] = []
    at = 0
    for match in _RUN.finditer(text, start, end):
        while at < len(skip) and skip[at][1] <= match.start():
            at += 1
        if at < len(skip) and skip[at][0] < match.end():
            continue
        run = match.group()
        if run in opened and not text[match.start() - 1].isspace():
            pairs += [opened.pop(run), match.span()]
        elif match.end() < end and not text[match.end()].isspace():
            opened[run] = match.span()
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
        if found and not _NAMELESS.fullmatch(found.group(1)):
            return found.span(1)
    return None
