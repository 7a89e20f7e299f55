"""A web page's tree as rows of text: what a reader sees, line by line, with what the tags say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from bobao.errors import BobaoError
from bobao.model import BlockKind, Ruby
from bobao.reading.formulas import tex
from bobao.reading.lines import BLANK, Flow, Hint, indent_of, width_of
from bobao.reading.marks import resolved
from bobao.reading.tablefiles import fold, mark_patterns
from bobao.reading.webtags import (
    AWAY,
    BLOCK,
    BOLD,
    BOX,
    CAMEL,
    CAPTION,
    CENTRE,
    HEADS,
    HIDDEN,
    INSTEAD,
    NAMES,
    SENTENCES,
    SKIP,
    SPACE,
    WRAPPED,
    alternative,
    data_rows,
    is_big,
    typeset,
    words_of,
)

_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_CODE = 3
"""Letters to each ideograph from which set text is code."""
_LOOK = re.compile(r"(?:font|color|text-align)[^;]*")
"""What in an element's style shows in its letters."""
_DEPTH = 64
"""Boxes within boxes that are looked at; pages have some twenty."""


_UNSEEN = ("hidden", INSTEAD["noscript"], INSTEAD["template"])
_UNSEEN_TIMES = 4.0
"""Times that more prose must be hidden than is shown for the hidden to be the article."""
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}>")
_ATTRIBUTE = re.compile(r"""[^\s=/"'<>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?""")


@dataclass(slots=True)
class WebRow:
    """A line of the page. `path` are the numbers of the boxes around it, the outermost first."""

    text: str
    tag: str
    path: tuple[int, ...]
    width: float
    linked: float = 0.0  # share of its characters in links
    blanks: int = 1
    hint: Hint = field(default_factory=Hint)
    outside: str = ""
    cells: tuple[str, ...] = ()
    keep: int = 0  # characters of it that are the article's, 0 for all
    readings: tuple[Ruby, ...] = ()
    indent: float = 0.0  # em
    mark: str = ""  # the number that a browser shows before an item of a list

    def put(self, flow: Flow, hint: Hint, blanks: int) -> None:
        """Add the line to `flow`."""
        size = len(self.mark)
        readings = [(start + size, end + size, said) for start, end, said in self.readings]
        shown = [self.mark + self.text]
        flow.add(shown, hint, blanks=blanks, indent=self.indent, readings=readings)


@dataclass(slots=True)
class _Frame:
    """An open element with what it passes on to its text."""

    tag: str
    box: int = -1
    bold: bool = False
    link: bool = False
    centred: bool = False
    caption: bool = False
    item: bool = False
    away: str = ""
    block: str = "html"  # the tag of the nearest block around it
    make: str = ""  # tags and classes from the nearest block on


class _Run(NamedTuple):
    """A stretch of the open line's text, and how it is set."""

    text: str
    bold: bool
    link: bool
    make: str


_NO_MARKS = re.compile(r"list-style(?:-type)?\s*:[^;]*none")


def _whole(written: str | None, otherwise: int) -> int:
    return int(written) if written and re.fullmatch(r"-?\d{1,6}", written) else otherwise


class _Walk:
    """Collects the rows of a page while its tree is walked through.

    `everything` takes what is hidden, and what stands in for something, as shown.
    """

    def __init__(self, *, everything: bool = False) -> None:
        self.everything = everything
        self.rows: list[WebRow] = []
        self.beside: list[WebRow] = []  # that the open line does not hold
        self.frames: list[_Frame] = [_Frame("html")]
        self.boxes: list[int] = []
        self.count = 0
        self.runs: list[_Run] = []
        self.blanks = 0
        self.picture = False
        self.skip = 0
        self.items: dict[Any, int] = {}  # the number of the last item of each list
        self.mark = ""  # of the item that the next line opens

    def start(self, node: Any, tag: str) -> None:
        """Open an element."""
        if self.skip or tag in SKIP or (tag in INSTEAD and not self.everything):
            if not self.skip and tag in INSTEAD:
                self.flush(1) if tag in BLOCK else None
                self._aside(words_of(node), INSTEAD[tag])
            self.skip += 1
            return
        frame = self._frame(node, tag)
        if tag in BLOCK:
            self.flush(1)
        elif tag == "br":
            self.flush(0)
            self.blanks += 1
        if tag == "img":
            self._image(node)
        if tag == "li":
            self.mark = self._number(node)
        self.frames.append(frame)
        if tag in BOX or (frame.away and not self.frames[-2].away):
            self.count += 1
            frame.box = self.count
            self.boxes.append(self.count)
        if tag == "table" and (rows := data_rows(node)):
            self._table(node, rows)
            self.skip += 1
        self.text(node.text)

    def _number(self, node: Any) -> str:
        """The number that a browser shows before an item; nothing where the style takes it away."""
        above = node.getparent()
        if above is None or above.tag != "ol" or _NO_MARKS.search(above.get("style") or ""):
            return ""
        before = self.items.get(above, _whole(above.get("start"), 1) - 1)
        self.items[above] = _whole(node.get("value"), before + 1)
        return f"{self.items[above]}. "

    def _frame(self, node: Any, tag: str) -> _Frame:
        up = self.frames[-1]
        style = node.get("style") or ""
        name = CAMEL.sub("-", f"{node.get('class') or ''} {node.get('id') or ''}")
        away = up.away or AWAY.get(tag, "")
        if not away and tag not in ("body", "html", "p", "span", "a", "strong", "b"):
            found = NAMES.search(name)
            away = f"in a part of the page named “{found.group(1)}”" if found else ""
        if not self.everything and _is_hidden(node, tag, style):
            away = "hidden"
        if tag == "pre" and not away and _is_code(node):
            away = "a block of code"
        look = f"{tag}.{node.get('class') or ''}{_LOOK.findall(style)}"
        return _Frame(
            tag,
            block=tag if tag in BLOCK else up.block,
            make=look if tag in BLOCK else f"{up.make} {look}",
            bold=up.bold or tag in ("b", "strong") or bool(BOLD.search(style)),
            link=up.link or tag == "a",
            centred=up.centred
            or tag == "center"
            or (node.get("align") or "").lower() == "center"
            or bool(CENTRE.search(style)),
            caption=up.caption
            or tag == "figcaption"
            or (tag != "body" and bool(CAPTION.search(name))),
            item=up.item or tag == "li",
            away=away,
        )

    def end(self, tag: str) -> None:
        """Close the element that was opened last."""
        if self.skip:
            self.skip -= 1
            if self.skip or tag in SKIP or tag in INSTEAD:
                return
        if tag in BLOCK:
            self.flush(1)
        frame = self.frames.pop()
        if tag == "li":
            self.mark = ""  # of an item without words
        if frame.box >= 0:
            self.boxes.pop()

    def path(self) -> tuple[int, ...]:
        """The boxes around what comes now, the outermost of them."""
        return tuple(self.boxes[:_DEPTH])

    def text(self, text: str | None) -> None:
        """Text in the element that is open."""
        if text and not self.skip:
            frame = self.frames[-1]
            self.runs.append(_Run(text, frame.bold, frame.link, frame.make))

    def _image(self, node: Any) -> None:
        """A picture: its own words stand beside the text, but those of a formula or an emoji."""
        words = alternative(node)
        if "\\displaystyle" in words or "\\textstyle" in words:
            self.text(tex(words))
            return
        if words and not is_big(node) and not any(map(str.isalnum, words)):
            self.text(words)
            return
        if is_big(node):
            self.flush(0)
            self.picture = True
        self._aside(words, "a picture's description")

    def _aside(self, words: str, reason: str) -> None:
        if words:
            row = WebRow(words, "p", self.path(), width_of(words), 1.0)
            row.outside = reason
            self.beside.append(row)

    def flush(self, blanks: int) -> None:
        """End the line; the next one has at least `blanks` blank lines before it."""
        text = "".join(run.text for run in self.runs)
        flat = SPACE.sub(" ", WRAPPED.sub("", text))
        body = flat.strip(BLANK)
        if body:
            lead = flat[: len(flat) - len(flat.lstrip(BLANK))].replace(" ", "")
            self._add(body, indent_of(lead))
            self.blanks = 0
        elif "\xa0" in text or "\u3000" in text:
            self.blanks += 1
        self.rows += self.beside
        self.runs, self.beside = [], []
        self.blanks = max(self.blanks, blanks)

    def _add(self, body: str, indent: float) -> None:
        frame = self.frames[-1]
        body, readings = resolved(body)
        shown = [(len(run.text.strip(BLANK)), run) for run in self.runs if run.text.strip(BLANK)]
        total = sum(size for size, _ in shown)
        makes = {run.make for _, run in shown}
        width = width_of(body)
        hint = Hint(
            kind=_kind(frame, width),
            level=int(frame.block[1]) if frame.block in HEADS and width <= 60 else 0,
            bold=total == sum(size for size, run in shown if run.bold),
            centred=frame.centred,
            figure=self.picture,
            item=frame.item,
            make=makes.pop() if len(makes) == 1 else frame.block,
        )
        linked = sum(size for size, run in shown if run.link) / total if total else 0.0
        row = WebRow(body, frame.block, self.path(), width, linked, self.blanks, hint)
        row.outside, row.readings, row.indent = frame.away, readings, indent
        if self.mark and not mark_patterns().start(fold(body)):
            row.mark = self.mark
        self.mark = ""
        self.rows.append(row)
        self.picture = False

    def _table(self, node: Any, rows: list[list[str]]) -> None:
        for caption in node.iter("caption"):
            words = words_of(caption)
            if words:
                hint = Hint(kind=BlockKind.CAPTION)
                self.rows.append(WebRow(words, "caption", self.path(), width_of(words), hint=hint))
        for n, cells in enumerate(rows):
            text = " ".join(cells)
            row = WebRow(text, "tr", self.path(), width_of(text), blanks=0 if n else 1)
            row.cells = tuple(cells)
            row.outside = self.frames[-1].away
            self.rows.append(row)


def _is_code(node: Any) -> bool:
    """Whether set text is code and no verse: few of its letters are ideographs."""
    words = str(node.xpath("string()"))
    letters = sum(map(str.isalpha, words))
    return letters > _CODE * len(_IDEOGRAPH.findall(words))


def _is_hidden(node: Any, tag: str, style: str) -> bool:
    closed = tag == "dialog" and node.get("open") is None
    return closed or node.get("hidden") is not None or bool(HIDDEN.search(style))


def _kind(frame: _Frame, width: float) -> BlockKind | None:
    if frame.block in HEADS and width <= 60:
        return BlockKind.HEADING
    return BlockKind.CAPTION if frame.caption else None


def _few_attributes(tag: re.Match[str]) -> str:
    """A long tag with its first attributes alone: the parser compares each with every other."""
    name, *attributes = (part[0] for part in islice(_ATTRIBUTE.finditer(tag[0][1:-1]), 200))
    return f"<{name} {' '.join(attributes)}>"


def rows_of(page: str) -> list[WebRow]:
    """The rows of a page in order, menus and hidden parts included and marked as outside.

    Raises `BobaoError` for a page nested so deeply that its tree would not be whole.
    """
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, recover=True, no_network=True)
    cleaned = _LONG_TAG.sub(_few_attributes, page.replace("\x00", " "))
    root = etree.fromstring(cleaned.encode("utf-8"), parser) if cleaned.strip() else None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise BobaoError(
            "the page is nested too deeply to be an article",
            advice="Open it in a browser, copy the article and save it as plain text.",
        )
    if root is None:
        return []
    typeset(root)
    rows = _walked(root, everything=False)
    unseen = [row for row in rows if row.outside in _UNSEEN]
    if _prose(unseen) > _UNSEEN_TIMES * _prose([row for row in rows if not row.outside]):
        rows = _walked(root, everything=True)  # a script would have shown it
    return _without_small_parts(rows)


def _walked(root: Any, *, everything: bool) -> list[WebRow]:
    from lxml import etree

    walk = _Walk(everything=everything)
    title = root.find(".//title")
    if title is not None and (words := words_of(title)):
        walk.rows.append(WebRow(words, "title", (), width_of(words)))
    events = ("start", "end", "comment", "pi")
    for event, node in etree.iterwalk(root, events=events):
        if event == "start":
            walk.start(node, str(node.tag).lower())
            continue
        if event == "end":
            walk.end(str(node.tag).lower())
        walk.text(node.tail)
    walk.flush(0)
    return walk.rows


def _prose(rows: list[WebRow]) -> float:
    """The width of the rows that hold sentences."""
    return sum(row.width for row in rows if SENTENCES.search(row.text))


def _without_small_parts(rows: list[WebRow]) -> list[WebRow]:
    """`rows`, of which those in a part named like a menu that holds the article are inside."""
    named: dict[str, float] = {}
    total = 0.0
    for row in rows:
        if row.linked < 0.5 and row.tag != "title":
            total += row.width
            sentences = row.width if SENTENCES.search(row.text) else 0.0
            named[row.outside] = named.get(row.outside, 0.0) + sentences
    for row in rows:
        if row.outside.startswith("in a part") and named.get(row.outside, 0.0) > 0.5 * total:
            row.outside = ""
    return rows
