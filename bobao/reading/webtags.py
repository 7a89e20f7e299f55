"""What the tags of a web page say: which make lines, which are no text, what names tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bobao.reading.inline import NAMELESS
from bobao.reading.lines import BLANK
from bobao.reading.marks import MERGED, flat

SKIP = frozenset(("script", "style", "head", "meta", "link"))
INSTEAD = {
    "noscript": "for browsers without scripts",
    "template": "a template, not shown",
    "object": "stands in for an embedded object",
    "svg": "words in a drawing",
    **dict.fromkeys(("iframe", "embed", "canvas", "video", "audio"), "stands in for other media"),
}
"""Elements whose text is shown in place of what they are, or not at all."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BOX = _names("body div article main section td th form center table tbody tr header dialog")
BLOCK = BOX | _names(
    "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote figure figcaption caption pre address aside"
    " nav footer hr details summary thead tfoot fieldset legend title html select option textarea"
    " button noframes dir menu video audio"
)
AWAY = {
    "nav": "navigation",
    "aside": "beside the article",
    "footer": "the page's foot",
    **dict.fromkeys(("del", "s", "strike"), "struck out"),
    **dict.fromkeys(("button", "select", "option", "textarea", "label", "input"), "a control"),
}
NAMES = re.compile(
    r"(?:^|[-_\s])(nav|navi|menu|crumbs?|breadcrumbs?|share|sharing|bdshare|bdsharebuttonbox|tools?|toolbar|rel|related"
    r"|relate|recommend|recommended|recommends|hot|rank|ranking|side|sidebar|aside|comments?|cmt|reply|footer|foot|copyright|ads?"
    r"|advert|advertisement|banner|qrcode|pager|pagination|pages|login|search|pinglun|tuijian|xiangguan|dibu"
    r"|fenxiang|disclaimer|statement|prevnext|subscribe|guess)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
CAPTION = re.compile(
    r"(?:^|[-_\s])(?:caption|figcaption|pic-?(?:desc|info|text|title|intro)|img-?(?:desc|info|text|title|intro|note)"
    r"|photo-?(?:desc|info|text)|tushuo|tuzhu)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
CENTRE = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
SPACE = re.compile(r"[ \t\r\n\f]+")
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000]"
WRAPPED = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n][ \t\r\n]*(?={_WIDE})")
SENTENCES = re.compile(r"[。；！？]")
ICON = re.compile(r"[0-5]?[0-9](?:px)?")
"""A width or height of less than 60 pixels."""
HEADS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def is_big(node: Any) -> bool:
    """Whether a picture is one to look at and no icon."""
    sizes = (node.get("width") or "", node.get("height") or "")
    return not any(ICON.fullmatch(size) for size in sizes)


def alternative(node: Any) -> str:
    """The words for a picture that say something."""
    words = SPACE.sub(" ", node.get("alt") or "").strip(BLANK)
    return "" if NAMELESS.fullmatch(words) else words


def words_of(node: Any) -> str:
    """All text in an element, comments left out, as one line."""
    return SPACE.sub(" ", WRAPPED.sub("", flat(str(node.xpath("string()"))))).strip(BLANK)


def data_rows(table: Any) -> list[list[str]]:
    """The cells of a table of data; none for a table that only lays out the page."""
    if next(table.iterdescendants("table", "h1", "h2", "img", "script"), None) is not None:
        return []
    rows = [cells for cells in _spread(table) if any(cells)]
    flat = [cell for cells in rows for cell in cells if cell]
    if len(rows) < 2 or max(map(len, rows)) < 2 or not flat:
        return []
    sentences = sum(len(SENTENCES.findall(cell)) for cell in flat)
    return rows if sentences <= len(flat) and max(map(len, flat)) < 200 else []


def _spread(table: Any) -> Iterator[list[str]]:
    """The words of the cells, each in every row and column that it stretches over."""
    left: dict[int, tuple[int, str]] = {}  # rows that a cell above still fills, by column
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        made: list[str] = []
        for cell in [*cells, None]:
            while left.get(len(made), (0, ""))[0]:
                rest, words = left[len(made)]
                left[len(made)] = (rest - 1, words)
                made.append(words)
            if cell is not None:
                words, across = words_of(cell), _size(cell, "colspan") if len(cells) > 1 else 1
                left |= dict.fromkeys(
                    range(len(made), len(made) + across), (_size(cell, "rowspan") - 1, words)
                )
                made += [words] * across
        yield made


def _size(cell: Any, name: str) -> int:
    digits = (cell.get(name) or "").strip()
    return min(max(int(digits), 1), MERGED) if re.fullmatch("[0-9]{1,6}", digits) else 1
