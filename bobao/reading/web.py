"""Web pages to lines with hints: the article's container, its headings, captions and tables."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bobao.errors import BobaoError
from bobao.model import BlockKind
from bobao.reading.decode import decode_damaged
from bobao.reading.lines import Flow, Hint, SourceLine, width_of, without_common_bold
from bobao.reading.tablefiles import SHORT, fold, said_of, tails
from bobao.reading.webtree import WebRow, rows_of

PAGE_LIMIT = 20_000_000
"""Bytes of a web page."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,30})", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w-]{1,30})", re.IGNORECASE)
_SITE = re.compile(
    r"\s*[_|｜–—]\s*|\s+-+\s*|\s*-+\s+|(?<=[\u4e00-\u9fff”？！])-(?=[\u4e00-\u9fff])"
)
_TAG = re.compile(r"<[^<>]*>")
_PROSE = re.compile(r"[，。；、！？,;]")
_WRAPPER = 0.7
"""Share of a container's prose that its part must hold to be the better container."""
_SHORTEST = 40.0
"""Em of prose that an article has; where readability finds less and there is more, it is wrong."""
_MOSTLY = 0.8
"""Share of what stands beside the best container that must be text for it to be the article's."""
_TEXT = 20.0
"""Em from which a line with commas or full stops is text of the article."""


def web_source(data: bytes, name: str) -> tuple[str, list[SourceLine], str]:
    """The visible text of the page in `data`, its lines and its encoding.

    Lines outside the article have the reason in their hint. Raises `BobaoError` for a page that is
    too long or has no text.
    """
    if len(data) > PAGE_LIMIT:
        raise BobaoError(
            f"the page is {len(data) / 1e6:.0f} MB; one of {PAGE_LIMIT / 1e6:.0f} can be read",
            where=name,
            advice="Save only the article and try again.",
        )
    declared = _CHARSET.search(data[:4096]) or _XML.match(data.lstrip()[:200])
    named = declared.group(1).decode("ascii") if declared else ""
    page, encoding = decode_damaged(data, named, name)
    rows = rows_of(page)
    _place(rows, article_words(page), names_of(page))
    return *_laid_out(rows, name), encoding


def article_words(page: str) -> str:
    """The words of the article in `page` as readability finds it, without blanks; "" for none."""
    from readability import Document
    from readability.readability import Unparseable

    logging.getLogger("readability").setLevel(logging.CRITICAL)
    try:
        summary = Document(page).summary(html_partial=True)
        return _plain(html.unescape(_TAG.sub(" ", summary)))
    except (Unparseable, ValueError, RecursionError):
        return ""


def _place(rows: list[WebRow], words: str, names: Sequence[str]) -> None:
    """Mark the rows outside the article and the row that is its title.

    `words` are those of the article as readability finds it, `names` what its title may be.
    """
    best = _compared(rows, words)
    inside = [n for n, row in enumerate(rows) if best in row.path and not row.outside]
    title = _title(rows, inside, names)
    first = inside[0] if inside else len(rows)
    for n, row in enumerate(rows):
        if n == title:
            row.outside = ""
            row.hint = Hint(kind=BlockKind.TITLE)
        elif row.tag == "title":
            row.outside = "the page's name"
        elif not row.outside and best not in row.path and not _beside(row, n, title, first):
            row.outside = "outside the article"
    if title is not None and title >= first:
        for n in range(first, title):
            if not rows[n].outside and said_of(fold(rows[n].text), rows[n].width, "top") is None:
                rows[n].outside = "above the title"


def _compared(rows: Sequence[WebRow], words: str) -> int:
    """The container, by what readability finds where that is an article; the rows' hints say so."""
    for row in rows:
        row.hint = replace(row.hint, linked=row.linked > 0.5)
    found = sum(_weight(row) for row in rows if not row.outside and _plain(row.text) in words)
    best = _container(rows)
    if found <= _SHORTEST and 2 * found <= sum(_weight(row) for row in rows if best in row.path):
        return best
    for row in rows:
        row.hint = replace(row.hint, spare=_plain(row.text) not in words)
    return _container(rows)


def _container(rows: Sequence[WebRow]) -> int:
    """The number of the element that holds the article: the smallest with most of the prose."""
    prose: dict[int, float] = {}
    parent: dict[int, int] = {}
    for row in rows:
        if row.outside or row.tag == "title":
            continue
        weight = _weight(row)
        for up, node in zip((-1, *row.path), row.path, strict=False):
            parent[node] = up
            prose[node] = prose.get(node, 0.0) + weight
    best = min(prose, default=-1)
    while best in prose:
        parts = [node for node, up in parent.items() if up == best]
        heaviest = max(parts, key=lambda node: prose[node], default=-1)
        if heaviest < 0 or prose[heaviest] < _WRAPPER * prose[best]:
            break
        best = heaviest
    return _whole(rows, best, parent)


def _whole(rows: Sequence[WebRow], best: int, parent: Mapping[int, int]) -> int:
    """The widest element around `best` that has no more beside it than further text."""
    while (up := parent.get(best, -1)) in parent:
        beside = [r for r in rows if up in r.path and best not in r.path and not r.outside]
        text = sum(row.width for row in beside if _weight(row) >= row.width > _TEXT)
        if not text or any(fold(row.text).strip("【】[]:· ") in tails() for row in beside):
            break
        if text < _MOSTLY * sum(row.width for row in beside):
            break
        best = up
    return best


def _weight(row: WebRow) -> float:
    """How much a row says that its container is the article's."""
    if row.cells or row.linked > 0.5 or row.hint.spare:
        return 0.0
    marks = len(_PROSE.findall(row.text))
    return row.width if marks >= 2 or (marks and row.width > 15) else 0.05 * row.width


def _title(rows: Sequence[WebRow], inside: Sequence[int], names: Sequence[str]) -> int | None:
    """The row that is the article's title, by what speaks for it; None where too little does.

    `names` are what the page says of itself to others that its title is, without blanks.
    """
    prose = (n for n in inside if _weight(rows[n]) > _TEXT)
    last = next(prose, inside[-1] if inside else len(rows) - 1)
    window = _plain(next((row.text for row in rows if row.tag == "title"), ""))
    near = inside[0] - _NEAR if inside else 0
    best, most = None, _LEAST
    for n, row in enumerate(rows[: last + 1]):
        if row.outside or row.cells or row.tag == "title" or row.width > _WIDEST:
            continue
        words = _plain(row.text)
        score = _TAGS.get(row.tag, 0.0) + (n >= near) - 3 * (row.linked > 0.5)
        score += 4 * any(words in name for name in names if len(words) >= 4)
        score += _named(window, words) + 0.5 * (row.hint.bold or row.hint.centred)
        score -= 2 * (not _HANZI.search(words))
        if score > most:
            best, most = n, score
    return best if best is not None else _page_name(rows, inside)


_HANZI = re.compile("[\u4e00-\u9fff]")
_TAGS = {"h1": 3.0, "h2": 2.0, "h3": 1.0}
_LEAST = 2.4
"""What must speak for a title at least: a heading within the article, or the window's name."""
_WIDEST = 60.0
_NEAR = 6
"""Rows above the article's first among which its title stands."""


def _named(window: str, words: str) -> float:
    """How much the window's name speaks for `words`: it starts with them, then comes the site's."""
    if not window.startswith(words):
        return 0.0
    rest = window[len(words) :]
    if len(words) < 4 and rest[:1] not in tuple("_|-–—"):
        return 0.0
    return 3.0 if rest else 1.0


_OFFERED = re.compile(
    r"""<meta[^>]{0,200}?(?:og:title|twitter:title|ArticleTitle)["'][^>]{0,20}content\s*=\s*["']"""
    r"""([^"'<>]{4,200})|"headline"\s*:\s*"((?:[^"\\]|\\.){4,200})\"""",
    re.IGNORECASE,
)


def names_of(page: str) -> list[str]:
    """What a page offers to others as its article's title: Open Graph, JSON-LD, 政府网站 tags."""
    found = (html.unescape(offered or headline) for offered, headline in _OFFERED.findall(page))
    return [_plain(name) for name in found]


def _page_name(rows: Sequence[WebRow], inside: Sequence[int]) -> int | None:
    """The page's own name as the title, where the article shows none; the site's name is cut."""
    for n, row in enumerate(rows):
        if row.tag == "title" and inside:
            first = rows[inside[0]]
            if first.width <= 50 and not _PROSE.search(first.text[-1]) and not first.linked:
                return None
            own = _SITE.split(row.text, maxsplit=1)[0]
            row.keep = len(own)
            return n if _HANZI.search(own) else None
    return None


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))


def _beside(row: WebRow, n: int, title: int | None, first: int) -> bool:
    """Whether a row stands between title and text and says who wrote it and when."""
    if title is None or not title < n < first or row.width > 2 * SHORT:
        return False
    return said_of(fold(row.text)[:76], min(row.width, SHORT), "top") is not None


def _laid_out(rows: list[WebRow], where: str) -> tuple[str, list[SourceLine]]:
    """The rows as one text and its lines."""
    flow = Flow(where)
    for row in rows:
        hint = replace(row.hint, outside=row.outside) if row.outside else row.hint
        if row.cells:
            flow.add_cells(row.cells, hint, blanks=row.blanks)
            continue
        row.put(flow, hint, row.blanks)
        if row.keep:
            line = flow.lines[-1]
            shown, span = row.text[: row.keep], (line.start, line.start + row.keep)
            flow.lines[-1] = replace(line, text=shown, width=width_of(shown), pieces=(span,))
    return flow.text, without_common_bold(flow.lines)
