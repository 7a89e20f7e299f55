"""The runs of a Word paragraph: its text as set, its line breaks, pictures and text boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from bobao.model import DELETED, HIDDEN
from bobao.reading.archive import child, tag
from bobao.reading.docxstyles import Look, Manner, Styles, value
from bobao.reading.formulas import formula
from bobao.reading.marks import NAMELESS, beside, lowered, raised, struck

_PICTURES = frozenset(("blip", "imagedata", "chart", "relIds"))
_SMALL = 571_500
"""EMU (60 pixels) below which a picture in a line is an icon."""
_NOT_TEXT = frozenset(
    (
        *("moveFrom", "delInstrText", "instrText", "fldData"),  # not there
        *("rPr", "pPr", "sdtPr", "sdtEndPr"),  # how it is set
        *("footnoteRef", "endnoteRef", "commentReference", "annotationRef"),  # marks of notes
    )
)
"""Parts of a paragraph that are no text of it."""
_WINGDINGS = dict(zip("þR¨¡oü£ûlnàØvq·", "☑☑□○□✓□✗●■→➢❖□•", strict=True))
_SYMBOL = dict(zip("°±´¸£³mabpWD®¥¹»·", "°±×÷≤≥μαβπΩΔ→∞≠≈•", strict=True))
"""What common characters of two fonts without Unicode show."""


@dataclass(slots=True)
class WordRow:
    """The text between two line breaks, how most of it is set, and the pictures before it."""

    text: str = ""
    look: Look | None = None
    pictures: int = 0


@dataclass(slots=True)
class _Piece:
    """A stretch of text in one look, or where it is None a line break or a picture."""

    text: str
    look: Look | None = None


@dataclass(slots=True)
class Runs:
    """What a paragraph holds. `before` are the runs of one that was merged into it."""

    styles: Styles
    manner: Manner
    before: Runs | None = None
    pieces: list[_Piece] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    beside: dict[str, list[str]] = field(default_factory=dict)  # words that are not said, by why
    floating: int = 0  # pictures placed freely on the page
    pictures: int = 0

    def __post_init__(self) -> None:
        if self.before is not None:
            self.pieces += self.before.pieces
            self.boxes += self.before.boxes
            self.floating, self.pictures = self.before.floating, self.before.pictures
            self.beside |= self.before.beside
            self.before = None

    def shown(self) -> bool:
        """Whether it has text."""
        return any(piece.look and piece.text.strip() for piece in self.pieces)

    def rows(self) -> Iterator[WordRow]:
        """The rows of its text."""
        row, looks = WordRow(), Counter[Look]()
        for piece in [*_set(self.pieces), _Piece("\n")]:
            if piece.look is not None:
                row.text += piece.text
                looks[piece.look] += len(piece.text.strip())
            elif piece.text == "\n":
                row.look = _main(looks)
                yield row
                row, looks = WordRow(), Counter()
            elif row.text.strip():
                row.look = _main(looks)
                yield row
                row, looks = WordRow(pictures=1), Counter()
            else:
                row.pictures += 1

    def take(self, node: Any, look: Look | None = None) -> None:
        """Take in what is in `node`, set as `look` where that is known."""
        for part in node:
            name = tag(part)
            if name in _NOT_TEXT or not name:
                continue
            if name in _TEXTS:
                self._put(_TEXTS[name](part), look)
            elif name == "r":
                self._run(part)
            elif name == "del":
                self._aside(DELETED, _words(part))
            elif name in ("footnoteReference", "endnoteReference"):
                self._note(part, look or self.manner.look)
            elif name in ("br", "cr"):
                self.pieces.append(_Piece("\n"))
            elif name in ("drawing", "pict", "object"):
                self._drawing(part)
            elif name == "AlternateContent":
                self.take([c for c in part if tag(c) in ("Choice", "Fallback")][:1], look)
            else:
                self.take(part, look)

    def _run(self, node: Any) -> None:
        look = self.styles.run(child(node, "rPr"), self.manner)
        if look.hidden:
            self._aside(HIDDEN, _words(node))
        else:
            self.take(node, look)

    def _note(self, node: Any, look: Look) -> None:
        """The mark of a note; one of the author's own follows as text."""
        if not value(node, "customMarkFollows"):
            notes = self.styles.notes
            number = notes.setdefault((tag(node), value(node, "id")), len(notes) + 1)
            self._put(f"[{number}]", replace(look, place=""))

    def _aside(self, reason: str, words: str) -> None:
        if words:
            self.beside.setdefault(reason, []).append(words)

    def _put(self, text: str, look: Look | None) -> None:
        if text:
            self.pieces.append(_Piece(text.replace("\n", " "), look or self.manner.look))

    def _drawing(self, node: Any) -> None:
        for part in node.iter():
            if tag(part) == "txbxContent" and not _in_fallback(part, node):
                self.boxes.append(part)
            words = part.get("descr") or "" if tag(part) == "docPr" else ""
            if not NAMELESS.fullmatch(words):
                self._aside("a picture's description", " ".join(words.split()))
        if not picture_in(node) or _icon(node):
            return
        self.pictures += 1
        if child(node, "anchor") is not None:
            self.floating += 1
        else:
            self.pieces.append(_Piece(""))


def _set(pieces: list[_Piece]) -> Iterator[_Piece]:
    """`pieces`, of which those that are raised, lowered or struck out say so."""
    before = ""
    for place, group in groupby(pieces, key=lambda piece: piece.look.place if piece.look else ""):
        members = list(group)
        if place:
            text = "".join(piece.text for piece in members)
            made = {"raised": raised(text, after=before), "lowered": lowered(text)}
            members = [_Piece(made.get(place, struck(text)), members[0].look)]
        before = members[-1].text
        yield from members


def _words(node: Any) -> str:
    """The text in `node`, whatever became of it."""
    parts = node.iter() if node is not None else ()
    return "".join(part.text or "" for part in parts if tag(part) in ("t", "delText"))


def _symbol(node: Any) -> str:
    code = chr(int(value(node, "char") or "0", 16) & 0xFF)
    return (_SYMBOL if value(node, "font") == "Symbol" else _WINGDINGS).get(code, "■")


_TEXTS: dict[str, Callable[[Any], str]] = {
    "t": lambda node: node.text or "",
    **dict.fromkeys(("tab", "ptab"), lambda _: "\t"),
    "noBreakHyphen": lambda _: "-",
    "ruby": lambda node: beside(_words(child(node, "rubyBase")), _words(child(node, "rt"))),
    "oMath": formula,
    "sym": _symbol,
}
"""The parts of a run that are text, and what text."""


def _main(looks: Counter[Look]) -> Look | None:
    """The look of most characters; heavy only where hardly one is not."""
    if not looks:
        return None
    total = sum(looks.values())
    light = [(count, n) for n, (look, count) in enumerate(looks.items()) if not look.heavy]
    if light and sum(count for count, _ in light) > 0.1 * total:
        return list(looks)[max(light)[1]]
    return looks.most_common(1)[0][0]


def picture_in(node: Any) -> bool:
    """Whether there is a picture or a chart in `node`."""
    return any(tag(part) in _PICTURES for part in node.iter())


def _icon(node: Any) -> bool:
    sizes = [part for part in node.iter() if tag(part) == "extent"]
    return bool(sizes) and all(
        (sizes[0].get(side) or "").isdigit() and int(sizes[0].get(side)) < _SMALL
        for side in ("cx", "cy")
    )


def _in_fallback(part: Any, root: Any) -> bool:
    """Whether `part` is the older form of something, or in a text box that is taken in already."""
    node = part.getparent()
    while node is not None and node is not root.getparent():
        if tag(node) in ("Fallback", "txbxContent"):
            return True
        node = node.getparent()
    return False
