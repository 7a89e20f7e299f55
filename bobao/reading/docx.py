"""Word documents to lines with hints: styles, numbers, tables, captions, text boxes, notes.

Read straight from the parts of the file (ECMA-376 Part 1), so that a document made by any program
is read and nothing but its text is unpacked. Field codes and comments are no text; tracked
deletions, hidden text, headers, footers and notes are kept as lines outside the article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bobao.model import WITHHELD
from bobao.reading.archive import Archive, child, tag
from bobao.reading.docxlines import Set, laid_out
from bobao.reading.docxruns import Runs, picture_in
from bobao.reading.docxstyles import Manner, Numbering, Styles, number, value
from bobao.reading.lines import BLANK, LINES, SourceLine, too_long
from bobao.reading.marks import MERGED, flat

_INSIDE = frozenset(("sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_CELL_TEXT = 200
_SENTENCE = "。！？；"
_NOTES = (("footnotes", "footnote"), ("endnotes", "endnote"))
_MARGINS = {"header": "the page's head", "footer": "the page's foot"}


def docx_source(
    data: bytes, name: str, *, within: bool = False
) -> tuple[str, list[SourceLine], str]:
    """The text of the Word document `data`, its lines and its encoding.

    One `within` another may hold no third. Raises `BobaoError` for a file that is damaged, locked
    or unpacks to more than a document would.
    """
    archive = Archive(data, name, "Word document")
    main = _main_part(archive)
    related = _related(archive, main)
    styles, numbers = (_part(archive, related, kind) for kind in ("styles", "numbering"))
    story = _Story(Styles(styles), Numbering(numbers), name)
    story.chunk = lambda key: _chunk(archive, main, key, within=within)
    story.blocks(child(archive.tree(main), "body"))
    margins = _Story(story.styles, Numbering(None), name)
    for kind, reason in _MARGINS.items():
        for part in related.get(kind, ()):
            margins.outside = reason
            margins.blocks(archive.tree(part))
    for kind in ("diagramData", "chart"):
        for part in related.get(kind, ()):
            words = [
                node.text or "" for node in archive.tree(part).iter() if tag(node) in ("t", "v")
            ]
            margins.sets.append(Set(" ".join(words), Manner(), None, outside="words in a drawing"))
    for kind, element in _NOTES:
        for part in related.get(kind, ()):
            margins.outside = "a footnote"
            for note in archive.tree(part):
                if tag(note) == element and value(note, "type") in ("", "normal"):
                    margins.blocks(note)
    text, lines = laid_out([*story.sets, *margins.sets], name)
    return text, lines, "utf-8"


def _main_part(archive: Archive) -> str:
    if "_rels/.rels" in archive:
        for kind, names in _related(archive, "").items():
            if kind == "officeDocument" and names:
                return names[0]
    return "word/document.xml"


def _related(archive: Archive, part: str) -> dict[str, list[str]]:
    """The parts that `part` refers to and that are there, by kind."""
    found: dict[str, list[str]] = {}
    for kind, _, target in _references(archive, part):
        found.setdefault(kind, []).append(target)
    return found


def _references(archive: Archive, part: str) -> Iterator[tuple[str, str, str]]:
    """The kind, the key and the name of each part that `part` refers to and that is there."""
    folder, _, file = part.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels" if part else "_rels/.rels"
    for node in archive.tree(rels) if rels in archive else ():
        target = archive.beside(part, node.get("Target") or "")
        if node.get("TargetMode") != "External" and target in archive:
            yield (node.get("Type") or "").rsplit("/", 1)[-1], node.get("Id") or "", target


def _chunk(archive: Archive, main: str, key: str, *, within: bool) -> list[Set]:
    """The lines of another document that this one holds whole."""
    from bobao.reading.formats import source_of

    part = next((name for _, own, name in _references(archive, main) if own == key), "")
    data = archive.read(part)
    if data.startswith(b"PK"):
        if within:
            raise archive.broken("documents lie in documents in it")
        text, lines, _ = docx_source(data, archive.where, within=True)
    elif part.endswith((".txt", ".htm", ".html", ".xhtml")):
        source = source_of(data, part)
        text, lines = source.text, source.lines
    else:
        raise archive.broken(f"its part “{part}” is of a kind that is not read")
    return [
        Set(
            line.text,
            Manner(outline=line.hint.level),
            None,
            blanks=line.blanks,
            cells=tuple("".join(text[a:b] for a, b in cell) for cell in line.cells),
            outside=line.hint.outside,
        )
        for line in lines
    ]


def _part(archive: Archive, related: dict[str, list[str]], kind: str) -> Any:
    return archive.tree(related[kind][0]) if related.get(kind) else None


@dataclass(slots=True)
class _Open:
    """What the paragraphs so far leave open."""

    blanks: int = 0
    pictures: int = 0  # that no line stands under yet
    runs: Runs | None = None  # of a paragraph whose end was deleted


class _Story:
    """Collects the lines of a story (body, header, notes) in the order in which they are read."""

    def __init__(self, styles: Styles, numbers: Numbering, where: str) -> None:
        self.styles, self.numbers, self.where = styles, numbers, where
        self.sets: list[Set] = []
        self.outside = ""
        self.chunk: Callable[[str], list[Set]] = lambda _: []
        self._open = _Open()
        self._gallery = False  # in a layout table, where each picture may have its own caption

    def blocks(self, parent: Any) -> None:
        """Take in the paragraphs and tables in `parent`."""
        for node in parent if parent is not None else ():
            name = tag(node)
            if name == "p":
                self._paragraph(node)
            elif name == "tbl":
                self._table(node)
            elif name == "sdt":
                self._control(node)
            elif name == "AlternateContent":
                self.blocks(next(iter(node), None))
            elif name == "altChunk":
                for one in self.chunk(next((v for k, v in node.items() if k.endswith("}id")), "")):
                    self._add(one)
            elif name in _INSIDE:
                self.blocks(node)

    def _control(self, node: Any) -> None:
        props = child(node, "sdtPr")
        gallery = value(child(child(props, "docPartObj"), "docPartGallery"))
        before = self.outside
        if gallery == "Table of Contents":
            self.outside = self.outside or "the table of contents"
        self.blocks(child(node, "sdtContent"))
        self.outside = before

    def _paragraph(self, node: Any) -> None:
        props = child(node, "pPr")
        manner = self.styles.paragraph(props)
        runs = Runs(self.styles, manner, self._open.runs)
        runs.take(node)
        self._open.runs = None
        if child(child(props, "rPr"), "del") is not None:
            self._open.runs = runs
            return
        label = form = ""
        if manner.list is not None and runs.shown():
            label, form = self.numbers.label(*manner.list)
        self._rows(runs, manner, label, form)
        for reason, words in runs.beside.items():
            text = " ".join(words)
            outside = reason if reason in WITHHELD else self.outside or reason
            self.sets.append(Set(text, Manner(), None, outside=outside))
        for box in runs.boxes:
            self.blocks(box)

    def _rows(self, runs: Runs, manner: Manner, label: str, form: str) -> None:
        """Add the rows of a paragraph, which are set apart by its own line breaks."""
        shown = False
        for row in runs.rows():
            self._picture(row.pictures)
            text = f"{label}{row.text.strip(BLANK)}" if label else row.text
            if not text.strip(BLANK):
                continue
            made = Set(text, manner, row.look, self._open.blanks, form if not shown else "")
            made = replace(made, goes_on=shown, label=label, outside=self.outside)
            self._add(made)
            shown, label = True, ""
        self._picture(runs.floating)
        if not shown and not runs.pictures:
            self._open.blanks += 1

    def _picture(self, count: int) -> None:
        if count:
            self._open.pictures = self._open.pictures + count if self._gallery else 1

    def _add(self, made: Set) -> None:
        under = self._open.pictures > 0
        self.sets.append(replace(made, figure=under, blanks=self._open.blanks))
        if len(self.sets) > LINES:
            raise too_long(self.where)
        self._open.pictures -= under
        self._open.blanks = 0

    def _table(self, node: Any) -> None:
        rows = [list(_within(row, "tc")) for row in _within(node, "tr")]
        if _holds_data(node, [[_letters(cell) for cell in row] for row in rows]):
            beside: list[Set] = []
            texts = [[self._cell(cell, beside) for cell in row] for row in rows]
            head: tuple[str, ...] = ()
            for cells in _spread(rows, texts):
                again = "the head of the table again" if cells == head else ""
                if any(cells):
                    self._add(Set("", Manner(), None, cells=cells, outside=self.outside or again))
                head = head or cells
            self.sets += beside
            return
        before, self._gallery = self._gallery, picture_in(node)
        for row in rows:
            for cell in row:
                self.blocks(cell)
        self._gallery = before

    def _cell(self, cell: Any, beside: list[Set]) -> str:
        """The text of a cell; what is not said of it is put `beside`."""
        inner = _Story(self.styles, Numbering(None), self.where)
        inner.blocks(cell)
        beside += [one for one in inner.sets if one.outside]
        said = [one for one in inner.sets if not one.outside]
        return flat(" ".join(one.text.strip(BLANK) or " ".join(one.cells) for one in said))


def _within(node: Any, name: str) -> Iterator[Any]:
    """The elements called `name` in `node`, those in content controls and changes, too."""
    for part in node if node is not None else ():
        if tag(part) == name:
            yield part
        elif tag(part) == "sdt" or tag(part) in _INSIDE:
            yield from _within(part, name)


def _spread(rows: list[list[Any]], texts: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """The texts of cells, each in every row and column that it is merged over."""
    above: dict[int, str] = {}
    for row, words in zip(rows, texts, strict=True):
        made: list[str] = []
        for cell, text in zip(row, words, strict=True):
            props = child(cell, "tcPr")
            merged = child(props, "vMerge")
            goes_on = merged is not None and value(merged) != "restart"
            above[len(made)] = said = above.get(len(made), "") if goes_on else text
            made += [said] * min(number(value(child(props, "gridSpan"))) or 1, MERGED)
        yield tuple(made if len(row) > 1 else made[:1])


def _letters(cell: Any) -> str:
    """The text in a cell as it lies there: enough to tell its kind, and tables may be nested."""
    return "".join(part.text or "" for part in cell.iter() if tag(part) == "t").strip(BLANK)


def _holds_data(node: Any, rows: list[list[str]]) -> bool:
    """Whether a table holds rows of data, and does not only place text and pictures on the page."""
    cells = [cell for row in rows for cell in row if cell]
    if len(rows) < 2 or max(map(len, rows)) < 2 or not cells or picture_in(node):
        return False
    sentences = sum(cell.count(mark) for cell in cells for mark in _SENTENCE)
    return sentences <= len(cells) and max(map(len, cells)) < _CELL_TEXT
