"""Web pages to lines with hints: the article's container, its headings, captions and tables."""

from __future__ import annotations

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
_PROSE = re.compile(r"[，。；、！？,;]")
_WRAPPER = 0.7
"""Share of a container's prose that its part must hold to be the better container."""
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
    _place(rows)
    return *_laid_out(rows, name), encoding


def _place(rows: list[WebRow]) -> None:
    """Mark the rows outside the article and the row that is its title."""
    best = _container(rows)
    inside = [n for n, row in enumerate(rows) if best in row.path and not row.outside]
    title = _title(rows, inside)
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
    if row.cells or row.linked > 0.5:
        return 0.0
    marks = len(_PROSE.findall(row.text))
    return row.width if marks >= 2 or (marks and row.width > 15) else 0.05 * row.width


def _title(rows: list[WebRow], inside: list[int]) -> int | None:
    """The row that is the article's title: h1, or what the page's name starts with."""
    name = next((row.text for row in rows if row.tag == "title"), "")
    last = inside[-1] if inside else len(rows)
    near = [n for n, row in enumerate(rows) if n <= last and row.tag != "title" and not row.outside]
    heads = [n for n in near if rows[n].tag == "h1"]
    plain = _plain(name)
    if len(heads) > 1:
        heads = [n for n in heads if _plain(rows[n].text) in plain] or heads
    if heads:
        return heads[0]
    early = near[: max(12, near.index(inside[0]) + 4)] if inside else near[:12]
    same = [n for n in early if _opens(plain, _plain(rows[n].text))]
    if same:
        return max(same, key=lambda n: (len(rows[n].text), -n))
    text = next((n for n in near if _weight(rows[n]) > 15), last)
    heads = [n for n in early if rows[n].tag in ("h2", "h3") and n < text]
    alike = [n for n in near if rows[n].tag == rows[heads[0]].tag] if heads else []
    if heads and len(alike) == 1:
        return heads[0]
    return _page_name(rows, inside)


def _opens(name: str, words: str) -> bool:
    """Whether the page's name starts with `words`; few of them must be all but the site's name."""
    if not words or not name.startswith(words):
        return False
    return len(words) >= 4 or name[len(words) : len(words) + 1] in "_|-–—"


def _page_name(rows: list[WebRow], inside: list[int]) -> int | None:
    """The page's own name as the title, where the article shows none; the site's name is cut."""
    for n, row in enumerate(rows):
        if row.tag == "title" and inside:
            first = rows[inside[0]]
            if first.width <= 50 and not _PROSE.search(first.text[-1]) and not first.linked:
                return None
            row.keep = len(_SITE.split(row.text, maxsplit=1)[0])
            return n if row.keep else None
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
        flow.add([row.text], hint, blanks=row.blanks, readings=row.readings)
        if row.keep:
            line = flow.lines[-1]
            shown, span = row.text[: row.keep], (line.start, line.start + row.keep)
            flow.lines[-1] = replace(line, text=shown, width=width_of(shown), pieces=(span,))
    return flow.text, without_common_bold(flow.lines)
