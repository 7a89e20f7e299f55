"""From the set lines of a Word document to lines with hints, by the document's own habits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bobao.model import BlockKind
from bobao.reading.docxstyles import Look, Manner
from bobao.reading.lines import (
    BLANK,
    Flow,
    Hint,
    SourceLine,
    indent_of,
    width_of,
    without_common_bold,
)
from bobao.reading.marks import flat, resolved
from bobao.reading.tablefiles import fold, mark_patterns, said_of

_TITLES = ("title", "标题", "subtitle", "副标题")
_CAPTIONS = re.compile(r"caption|题注|图注|图片说明|图说|图题|表题")
_CONTENTS = re.compile(r"toc\b.*|目录.*|table of figures")
_HEADING = 60.0
"""Em beyond which a paragraph in a heading's style is text all the same."""
_CENTRES = ("center", "distribute")
_RIGHT = 10.0
"""Em taken for the indent of a line that is set to the right."""
_LARGER = 1.15
"""Times that a title is larger than the text at least."""
_TOP = 12
_ITEMS = ("bullet", "digit", "letter", "round", "circle", "")


@dataclass(frozen=True, slots=True)
class Set:
    """A line as it is set: a paragraph, a part of it up to a line break, or a row of a table."""

    text: str
    manner: Manner
    look: Look | None
    blanks: int = 0
    form: str = ""  # of the number that Word prints before it
    label: str = ""  # that number
    goes_on: bool = False  # a line break within the paragraph is before it
    figure: bool = False
    cells: tuple[str, ...] = ()
    outside: str = ""

    @property
    def width(self) -> float:
        """Em."""
        return width_of(flat(self.text).strip(BLANK))


def laid_out(sets: Sequence[Set], where: str) -> tuple[str, list[SourceLine]]:
    """The text of the document and its lines."""
    flow = Flow(where)
    body = _body_look(sets)
    title = _title(sets, body)
    for n, one in enumerate(sets):
        if one.cells:
            flow.add_cells(one.cells, Hint(outside=one.outside), blanks=one.blanks)
            continue
        text, readings = resolved(one.text)
        lead = text[: len(text) - len(text.lstrip(BLANK))]
        first = 0.0 if one.goes_on else one.manner.first
        indent = _RIGHT if one.manner.align in ("right", "end") else first + indent_of(lead)
        hint = Hint(kind=BlockKind.TITLE) if n in title else _hint(one, body)
        flow.add([text], hint, blanks=one.blanks, indent=indent, readings=readings)
    return flow.text, _with_title(without_common_bold(flow.lines))


def _body_look(sets: Sequence[Set]) -> Look:
    """How most of the text is set."""
    looks = Counter[Look]()
    for one in sets:
        if one.look is not None and not one.outside:
            looks[one.look] += len(one.text)
    return looks.most_common(1)[0][0] if looks else Look()


def _hint(one: Set, body: Look) -> Hint:
    manner, look = one.manner, one.look or body
    if one.outside or _CONTENTS.fullmatch(manner.style):
        return Hint(outside=one.outside or "the table of contents")
    centred = manner.align in _CENTRES
    kind, level = None, 0
    if manner.outline and one.width <= _HEADING and not one.text.rstrip().endswith("。"):
        kind, level = BlockKind.HEADING, manner.outline
    elif _CAPTIONS.search(manner.style):
        kind = BlockKind.CAPTION
    heavy = (look.heavy and not body.heavy) or (look.bold and not body.bold)
    bold = (heavy or look.size >= body.size * _LARGER) and kind is None
    figure = one.figure and (centred or not bold)
    item = bool(one.form) and kind is None and not bold and _is_item(one)
    make = f"{manner.style} {look}"
    return Hint(kind, level, bold, centred, figure, item, make=make)


def _is_item(one: Set) -> bool:
    found = mark_patterns().start(fold(one.label)) if one.label else None
    return (found[0] if found else "") in _ITEMS


def _title(sets: Sequence[Set], body: Look) -> list[int]:
    """The lines that are the title: by their style, or by being the largest, near the top."""
    near = [n for n, one in enumerate(sets[:_TOP]) if one.look and not one.outside]
    named = [n for n in near if sets[n].manner.style in _TITLES and not _byline(sets[n])]
    if named:
        return named
    sizes = {n: look.size for n in near if (look := sets[n].look) and sets[n].width <= _HEADING}
    largest = max(sizes.values(), default=0.0)
    found = [n for n, size in sizes.items() if size == largest]
    as_large = sum(one.look is not None and one.look.size >= largest for one in sets)
    together = found == list(range(found[0], found[0] + len(found))) if found else False
    if largest < body.size * _LARGER or not together or as_large > len(found):
        return []
    return [n for n in found if sets[n].manner.outline < 2 and not _byline(sets[n])][:4]


def _byline(one: Set) -> bool:
    return said_of(fold(one.text.strip(BLANK)), one.width, "top") is not None


def _with_title(lines: list[SourceLine]) -> list[SourceLine]:
    """`lines` with the first heading as the title where it stands above all others."""
    if any(line.hint.kind is BlockKind.TITLE for line in lines):
        return lines
    heads = [n for n, line in enumerate(lines) if line.hint.kind is BlockKind.HEADING]
    if len(heads) < 2 or any(lines[n].hint.level <= lines[heads[0]].hint.level for n in heads[1:]):
        return lines
    first = heads[0]
    if any(line.width > _HEADING / 2 and not line.hint.outside for line in lines[:first]):
        return lines
    lines[first] = replace(lines[first], hint=Hint(kind=BlockKind.TITLE))
    return lines
