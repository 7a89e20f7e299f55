"""What is on a page of a PDF: stretches of characters on one baseline, and pictures.

By PDFium (pypdfium2). Lengths are in points, from the bottom left corner of the page as shown.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bobao.reading.flow import Flow
from bobao.reading.pdftables import Grid, Rule, grids, holds_data, rules_of

_BESIDE = 1.0
"""Em between two characters of one stretch at most: more is a gap between columns or cells."""
_SPACE = 0.18
"""Em between two Latin characters that are a space, where the file has none."""
_HEAVY = re.compile(r"bold|black|heavy|semibold|hei|黑|标宋|xbs|cuheiti|gothic", re.IGNORECASE)
_LIGHT = re.compile(r"weihei|weiruanyahei(?!.*bold)|microsoftyahei(?!.*bold)|heiti.*light|songti")
_PAGE_CHARS = 200_000


@dataclass(frozen=True, slots=True)
class Face:
    """How text is set: size in points rounded to a tenth, and the font."""

    size: float
    font: str = ""
    heavy: bool = False  # bold, or in a face that Chinese headings are set in


@dataclass(slots=True)
class Stretch:
    """Characters that stand side by side."""

    text: str
    face: Face
    left: float
    right: float
    base: float  # of the baseline
    page: int = 0
    table: tuple[tuple[str, ...], ...] = ()  # the rows of a table that it stands for
    high: float = 0.0  # of such a table

    @property
    def top(self) -> float:
        """The upper edge of its characters."""
        return self.base + max(0.8 * self.face.size, self.high)

    @property
    def bottom(self) -> float:
        """The lower edge of its characters."""
        return self.base - 0.15 * self.face.size


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's place."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class Page:
    """A page with what stands on it; `unmapped` counts characters that the file gives no text for."""

    number: int
    width: float
    height: float
    stretches: list[Stretch]
    pictures: list[Picture]
    chars: int = 0
    unmapped: int = 0
    upright: int = 0  # steps from one character to the next that go down and not to the right


@dataclass(slots=True)
class _Char:
    text: str
    face: Face
    left: float
    right: float
    inked: tuple[float, float]  # its left and right edge, where it is a mark without its white
    base: float
    part: int | None  # the stretch of the file that shows it


def page_of(pdf_page: Any, number: int) -> Page:
    """What stands on a page of an open document."""
    import pypdfium2.raw as raw

    width, height = pdf_page.get_size()
    turned = _Turn(pdf_page.get_rotation(), width, height, pdf_page.get_bbox())
    page = Page(number, width, height, [], [])
    text_page = pdf_page.get_textpage()
    try:
        chars = list(_chars(text_page.raw, raw, turned, page))
    finally:
        text_page.close()
    page.chars = len(chars)
    rules = rules_of(pdf_page, raw, turned)
    page.stretches = _with_tables(_stretches(chars, page, rules), grids(rules))
    page.pictures = _pictures(pdf_page, raw, turned, page)
    return page


@dataclass(frozen=True, slots=True)
class _Turn:
    """Turns places in the file's own system to places on the page as shown."""

    rotation: int
    width: float
    height: float
    box: tuple[float, float, float, float]

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.box[0], y - self.box[1]
        return {
            90: (y, self.height - x),
            180: (self.width - x, self.height - y),
            270: (self.width - y, x),
        }.get(self.rotation, (x, y))

    def area(self, left: float, bottom: float, right: float, top: float) -> Picture:
        (a, b), (c, d) = self.point(left, bottom), self.point(right, top)
        return Picture(min(a, c), min(b, d), max(a, c), max(b, d))


def _chars(text: Any, raw: Any, turned: _Turn, page: Page) -> Iterator[_Char]:
    """The characters that show, in the order of the file, spaces included."""
    faces: dict[int | None, tuple[str, bool]] = {}
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    matrix = raw.FS_MATRIX()
    for n in range(min(raw.FPDFText_CountChars(text), _PAGE_CHARS)):
        if raw.FPDFText_IsGenerated(text, n) == 1:
            continue
        code = raw.FPDFText_GetUnicode(text, n)
        if not raw.FPDFText_GetLooseCharBox(text, n, box):
            continue
        shown = _shown(code)
        page.unmapped += shown is None
        if not shown:
            continue
        raw.FPDFText_GetCharOrigin(text, n, x, y)
        raw.FPDFText_GetMatrix(text, n, matrix)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        size = round(raw.FPDFText_GetFontSize(text, n) * scale, 1) or 0.1
        area = turned.area(box.left, box.bottom, box.right, box.top)
        ink = turned.area(*_inked(text, n, raw, box, shown))
        base = turned.point(x.value, y.value)[1]
        if area.right < 0 or area.left > turned.width or not 0 <= base <= turned.height:
            continue
        part = ctypes.cast(raw.FPDFText_GetTextObject(text, n), ctypes.c_void_p).value
        if part not in faces:
            faces[part] = _font(text, n, raw)
        face = Face(size, *faces[part])
        yield _Char(shown, face, area.left, area.right, (ink.left, ink.right), base, part)


def _inked(text: Any, n: int, raw: Any, box: Any, char: str) -> tuple[float, float, float, float]:
    """The place of a character: its full width, but of a mark only what is inked.

    Half of a wide mark is white, and may hang into the margin or be cut off by the typesetter.
    """
    if char.isascii() or not unicodedata.category(char).startswith("P"):
        return box.left, box.bottom, box.right, box.top
    left, right, low, high = (ctypes.c_double() for _ in range(4))
    if not raw.FPDFText_GetCharBox(text, n, left, right, low, high) or right.value <= left.value:
        return box.left, box.bottom, box.right, box.top
    return left.value, low.value, right.value, high.value


def _shown(code: int) -> str | None:
    """The character of a code; "" for one that shows nothing, None for one that is not known."""
    if code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or 0xE000 <= code <= 0xF8FF or 0xD800 <= code <= 0xDFFF:
        return None
    char = chr(code) if code < 0x110000 else ""
    if char in " \xa0\u3000\t" or not char:
        return char and " \u3000"[char == "\u3000"]
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        # A radical's code where the font draws an ideograph with the same glyph.
        return unicodedata.normalize("NFKC", char)
    return "" if unicodedata.category(char) in ("Cc", "Cf") else char


def _font(text: Any, n: int, raw: Any) -> tuple[str, bool]:
    """The name of a character's font and whether it is heavy."""
    buffer, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    size = raw.FPDFText_GetFontInfo(text, n, buffer, 200, flags)
    name = re.sub(r"^[A-Z]{6}\+", "", buffer.raw[: max(0, min(size, 200) - 1)].decode("utf-8", "replace"))
    plain = name.replace("-", "").replace(" ", "").lower()
    stroked = raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(text, n)) == 2
    named = _HEAVY.search(plain) is not None and not _LIGHT.search(plain)
    return name, named or stroked or raw.FPDFText_GetFontWeight(text, n) >= 600


def _stretches(chars: list[_Char], page: Page, rules: Sequence[Rule]) -> list[Stretch]:
    """The characters, those side by side and not parted by a rule together."""
    bars = [rule for rule in rules if rule.upright]
    found: list[Stretch] = []
    seen: dict[tuple[str, float, int, int], int | None] = {}
    sizes: dict[Face, int] = {}
    last: _Char | None = None
    for char in chars:
        em = char.face.size
        place = (char.text, em, round(char.left / em * 4), round(char.base / em * 4))
        if char.text.strip() and seen.setdefault(place, char.part) != char.part:
            continue  # printed twice to look bold, or for a shadow
        if last is not None and found and _follows(last, char, bars):
            found[-1].text += _gap(last, char) + char.text
            found[-1].right = max(found[-1].right, char.inked[1])
            sizes[char.face] = sizes.get(char.face, 0) + bool(char.text.strip())
        else:
            page.upright += last is not None and _below(last, char)
            if found:
                _finish(found, sizes)
            found.append(Stretch(char.text, char.face, *char.inked, char.base, page.number))
            sizes = {char.face: int(bool(char.text.strip()))}
        last = char
    if found:
        _finish(found, sizes)
    return found


def _follows(last: _Char, char: _Char, bars: Sequence[Rule]) -> bool:
    em = max(last.face.size, char.face.size)
    gap = char.left - last.right
    if abs(char.base - last.base) > 0.45 * em or not -0.6 * em <= gap <= _BESIDE * em:
        return False
    return gap < 0.15 * em or not any(
        last.right <= bar.at <= char.left and bar.low < char.base + em / 3 < bar.high for bar in bars
    )


def _with_tables(stretches: list[Stretch], tables: Sequence[Grid]) -> list[Stretch]:
    """`stretches`, of which those in the cells of a table are one that stands for it."""
    for grid in tables:
        size = (len(grid.down) - 1, len(grid.across) - 1)
        cells: dict[tuple[int, int], list[Stretch]] = {}
        for stretch in stretches:
            middle = stretch.base + 0.3 * stretch.face.size
            if place := grid.cell((stretch.left + min(stretch.right, stretch.left + 9)) / 2, middle):
                cells.setdefault(place, []).append(stretch)
        rows = tuple(
            tuple(_cell_text(cells.get((r, c), [])) for c in range(size[1])) for r in range(size[0])
        )
        if not cells or not holds_data(rows):
            continue
        inside = {id(stretch) for cell in cells.values() for stretch in cell}
        face = next(iter(cells.values()))[0].face
        whole = Stretch(
            "", face, grid.across[0], grid.across[-1], grid.down[0], stretches[0].page,
            tuple(row for row in rows if any(row)), grid.down[-1] - grid.down[0],
        )  # fmt: skip
        stretches = [one for one in stretches if id(one) not in inside] + [whole]
    return stretches


def _cell_text(stretches: Sequence[Stretch]) -> str:
    ordered = sorted(stretches, key=lambda s: (-round(s.base), s.left))
    return Flow.text_of([stretch.text for stretch in ordered]) if ordered else ""


def _below(last: _Char, char: _Char) -> bool:
    em = char.face.size
    return abs(char.left - last.left) < 0.3 * em and 0.7 * em < last.base - char.base < 1.4 * em


def _gap(last: _Char, char: _Char) -> str:
    latin = last.text.isascii() and char.text.isascii() and last.text.isalnum()
    wide = char.left - last.right > _SPACE * char.face.size
    return " " if latin and wide and char.text.isalnum() else ""


def _finish(found: list[Stretch], faces: dict[Face, int]) -> None:
    """Give the last stretch the face of most of its characters, or drop it where it is blank."""
    stretch = found[-1]
    lead = len(stretch.text) - len(stretch.text.lstrip())
    stretch.left += min(lead * _lead_em(stretch), max(0.0, stretch.right - stretch.left))
    trail = len(stretch.text) - len(stretch.text.rstrip())
    stretch.right -= min(trail * 0.5 * stretch.face.size, stretch.right - stretch.left)
    stretch.text = stretch.text.strip()
    if not stretch.text:
        found.pop()
        return
    stretch.face = max(faces, key=lambda face: (faces[face], -face.size))


def _lead_em(stretch: Stretch) -> float:
    return stretch.face.size * (1.0 if stretch.text.startswith("\u3000") else 0.3)


def _pictures(pdf_page: Any, raw: Any, turned: _Turn, page: Page) -> list[Picture]:
    """The pictures that are large enough to be looked at."""
    found = []
    kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING)
    for thing in pdf_page.get_objects(filter=kinds, max_depth=4):
        area = turned.area(*thing.get_bounds())
        wide, high = area.right - area.left, area.top - area.bottom
        if wide >= 40 and high >= 40 and wide * high < 0.9 * page.width * page.height:
            found.append(area)
    return found
