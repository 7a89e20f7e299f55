"""What the tags of a web page say: which make lines, which are no text, what names tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from bobao.reading.formulas import formula, tex
from bobao.reading.lines import BLANK
from bobao.reading.marks import MERGED, NAMELESS, OPEN, beside, flat, lowered, raised, struck

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
    alike = Counter(len(cells) for cells in rows if sum(map(bool, cells)) > 1)
    if max(alike.values(), default=0) < 2:  # no two rows with cells in the same columns
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


_STRUCK = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_NOTE = re.compile(r"note|cite|\bref|\bfn|脚注|注释", re.IGNORECASE)
_REFERENCE = re.compile(r"noteref|footnote-?ref|\breference\b", re.IGNORECASE)
_NAMES = ("class", "id", "role", "epub:type", "rel", "href")
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_LOWERED = re.compile(r"vertical-align\s*:\s*sub", re.IGNORECASE)
_AS_WRITTEN = ("script", "style", "code", "pre")
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIGN = re.compile(r"\\[(\[]|\$\$")
_TEX = re.compile(r"\\\((.{1,500}?)\\\)|\\\[(.{1,500}?)\\\]|\$\$([^$]{1,500})\$\$", re.DOTALL)


def typeset(root: Any) -> None:
    """Put what the elements below `root` say by their place or look into their text."""
    for node in [node for node in root.iter() if isinstance(node.tag, str)][::-1]:
        tag = node.tag.rpartition(":")[2].lower()
        made = _made(node, tag)
        if made is not None:
            for part in list(node):
                node.remove(part)
            node.text = _NO_XML.sub(" ", made)
            node.tag = tag if tag in BLOCK else "span"
        elif tag == "q":
            node.text = _NO_XML.sub(" ", f"“{node.text or ''}")
            node.tail = _NO_XML.sub(" ", f"”{node.tail or ''}")
        for place in ("text", "tail") if tag not in _AS_WRITTEN else ():
            if _SIGN.search(text := getattr(node, place) or ""):
                made = _TEX.sub(lambda found: tex(found[1] or found[2] or found[3]), text)
                setattr(node, place, _NO_XML.sub(" ", made))


def plain(fragment: str) -> str:
    """The text of a piece of HTML."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    root = etree.fromstring(f"<div>{_NO_XML.sub(' ', fragment)}</div>".encode(), parser)
    typeset(root)
    return _words(root)


def _made(node: Any, tag: str) -> str | None:
    """What the element `node` comes to as text, None where it stays as it is."""
    style = node.get("style") or ""
    made: str | None = None
    if tag == "sup" or (style and _RAISED.search(style)):
        made = raised(_words(node), note=_is_note(node), after=_before(node))
    elif tag == "sub" or (style and _LOWERED.search(style)):
        made = lowered(_words(node))
    elif tag == "a" and _REFERENCE.search(_named(node)):
        words = _words(node).strip()
        made = raised(words, note=True) if 0 < len(words) < 8 else None
    elif tag == "ruby":
        made = "".join(_ruby(node))
    elif tag in ("del", "s", "strike") or (style and _STRUCK.search(style)):
        block = any(part.tag in BLOCK for part in node.iterdescendants())
        made = None if block else struck(_words(node))
    elif tag == "math":
        _silence_copies(node)
        made = formula(node) or node.get("alttext") or ""
    return made


def _words(node: Any) -> str:
    return str(node.xpath("string()"))


def _named(node: Any) -> str:
    return " ".join(node.get(name) or "" for name in _NAMES)


def _is_note(node: Any) -> bool:
    """Whether something raised is a link to a note or is named as one."""
    around = [node, *islice(node.iterancestors("a", "sup", "span"), 2)]
    links = [*node.iterdescendants("a"), *(up for up in around if up.tag == "a")]
    to_note = any("#" in (link.get("href") or "") for link in links)
    return to_note or any(_NOTE.search(_named(one)) for one in [*around, *links] if one.tag != "a")


def _before(node: Any) -> str:
    """The text that stands right before `node`."""
    previous = node.getprevious()
    text = node.getparent().text if previous is None else previous.tail or _words(previous)[-1:]
    return text or ""


def _silence_copies(node: Any) -> None:
    """Empty what draws the formula `node` once more, marked as hidden from screen readers."""
    for up in (node, *islice(node.iterancestors(), 3)):
        for copy in (up.getprevious(), up.getnext()):
            if copy is not None and copy.get("aria-hidden") == "true":
                copy.text = None
                for part in list(copy):
                    copy.remove(part)


def _ruby(node: Any) -> Iterator[str]:
    """Bases with what stands beside them, pair by pair where there are as many of both."""
    bases: list[str] = []
    small: list[str] = []
    for kind, text in [*_ruby_parts(node), ("", "")]:
        if kind == "base" and not text.strip():
            continue
        if kind in ("base", "") and small:
            if len(bases) == len(small):
                yield from map(_beside, bases, small)
            else:
                yield _beside("".join(bases), " ".join(small))
            bases, small = [], []
        if kind:
            (bases if kind == "base" else small).append(text.strip())
    yield "".join(bases)


def _beside(base: str, small: str) -> str:
    if OPEN in base:  # ruby on both sides: the inner one is the nearer
        return f"{base}（{small}）"
    return beside(base, small)


def _ruby_parts(node: Any, kind: str = "base") -> Iterator[tuple[str, str]]:
    """The texts in a ruby element, and what each is; what only stands in for it is left out."""
    own = {"rt": "rt", "rtc": "rt", "rb": "base", "rp": "rp"}.get(node.tag, kind)
    if own != "rp" and node.text:
        yield own, node.text
    for part in node:
        if isinstance(part.tag, str):
            yield from _ruby_parts(part, own)
        if part.tail and own != "rp":
            yield own, part.tail
