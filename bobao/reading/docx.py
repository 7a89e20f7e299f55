"""Word documents to lines with hints: styles, numbers, tables, captions, text boxes, notes.

Read straight from the parts of the file (ECMA-376 Part 1), so that a document made by any program
is read and nothing but its text is unpacked. Tracked deletions, hidden text, field codes and
comments are no text; headers, footers and notes are kept as lines outside the article.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bobao.reading.archive import Archive, child, tag
from bobao.reading.docxlines import Set, laid_out
from bobao.reading.docxnumbers import Numbering
from bobao.reading.docxruns import Runs, picture_in
from bobao.reading.docxstyles import Manner, Styles, value
from bobao.reading.flow import LINES, too_long
from bobao.reading.lines import BLANK, Line

_INSIDE = frozenset(("sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_CELL_TEXT = 200
_SENTENCE = "。！？；"
_NOTES = (("footnotes", "footnote"), ("endnotes", "endnote"))
_MARGINS = {"header": "the page's head", "footer": "the page's foot"}


def docx_source(data: bytes, name: str) -> tuple[str, list[Line], str]:
    """The text of the Word document `data`, its lines and its encoding.

    Raises `BobaoError` for a file that is damaged, locked or unpacks to more than a document would.
    """
    archive = Archive(data, name, "Word document")
    main = _main_part(archive)
    related = _related(archive, main)
    styles, numbers = (_part(archive, related, kind) for kind in ("styles", "numbering"))
    story = _Story(Styles(styles), Numbering(numbers), name)
    story.blocks(child(archive.tree(main), "body"))
    margins = _Story(story.styles, Numbering(None), name)
    for kind, reason in _MARGINS.items():
        for part in related.get(kind, ()):
            margins.outside = reason
            margins.blocks(archive.tree(part))
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
    folder, _, file = part.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels" if part else "_rels/.rels"
    found: dict[str, list[str]] = {}
    if rels not in archive:
        return found
    for node in archive.tree(rels):
        target = archive.beside(part, node.get("Target") or "")
        if node.get("TargetMode") != "External" and target in archive:
            kind = (node.get("Type") or "").rsplit("/", 1)[-1]
            found.setdefault(kind, []).append(target)
    return found


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
        rows = [list(_cells(row)) for row in node if tag(row) == "tr"]
        if _holds_data(node, [[_letters(cell) for cell in row] for row in rows]):
            for row in rows:
                texts = tuple(self._cell(cell) for cell in row)
                if any(texts):
                    self._add(Set("", Manner(), None, cells=texts, outside=self.outside))
            return
        before, self._gallery = self._gallery, picture_in(node)
        for row in rows:
            for cell in row:
                self.blocks(cell)
        self._gallery = before

    def _cell(self, cell: Any) -> str:
        inner = _Story(self.styles, Numbering(None), self.where)
        inner.blocks(cell)
        return " ".join(one.text.strip(BLANK) or " ".join(one.cells) for one in inner.sets)


def _cells(row: Any) -> Iterator[Any]:
    for node in row:
        if tag(node) == "tc":
            yield node
        elif tag(node) == "sdt":
            yield from _cells(child(node, "sdtContent"))


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
