"""The characters and pictures on a page of a PDF, by PDFium (pypdfium2).

Lengths are in points, from the bottom left corner of the page as it is shown.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bobao.model import LOST
from bobao.normalise import unified_forms

_HEAVY = re.compile(r"bold|black|heavy|semibold|hei|黑|标宋|xbs|cuheiti|gothic", re.IGNORECASE)
_LIGHT = re.compile(r"(?:weihei|weiruanyahei|microsoftyahei)(?!.*bold)|heiti.*light")
_PAGE_CHARS = 200_000
_PICTURES = 500
_HYPHENS = (0x02, 0xFFFE)
"""What PDFium gives for a hyphen at the end of a row."""


@dataclass(frozen=True, slots=True)
class Face:
    """How text is set: size in points rounded to a tenth, and the font."""

    size: float
    font: str = ""
    heavy: bool = False  # bold, or in a face that Chinese headings are set in


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's place."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class Char:
    """A character that shows, or a space."""

    text: str
    face: Face
    left: float
    right: float
    inked: tuple[float, float]  # its left and right edge, where it is a mark without its white
    base: float
    part: int | None  # the stretch of the file that shows it


@dataclass(frozen=True, slots=True)
class Turn:
    """Turns places in the file's own system to places on the page as shown."""

    rotation: int
    width: float
    height: float
    box: tuple[float, float, float, float]

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Turn a place."""
        x, y = x - self.box[0], y - self.box[1]
        return {
            90: (y, self.height - x),
            180: (self.width - x, self.height - y),
            270: (self.width - y, x),
        }.get(self.rotation, (x, y))

    def area(self, left: float, bottom: float, right: float, top: float) -> Picture:
        """Turn an area."""
        (a, b), (c, d) = self.point(left, bottom), self.point(right, top)
        return Picture(min(a, c), min(b, d), max(a, c), max(b, d))


_NO_SIZE = 1e-3  # points


class Reader:
    """Reads the characters of one page."""

    def __init__(self, text: Any, raw: Any, turn: Turn) -> None:
        self._text, self._raw, self._turn = text, raw, turn
        self._fonts: dict[int | None, tuple[str, bool]] = {}
        self._box, self._matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self.unmapped = 0  # characters that the file gives no text for

    def chars(self) -> Iterator[Char]:
        """The characters on the page, in the order of the file."""
        for n in range(min(self._raw.FPDFText_CountChars(self._text), _PAGE_CHARS)):
            if self._raw.FPDFText_IsGenerated(self._text, n) == 1:
                continue
            code = self._raw.FPDFText_GetUnicode(self._text, n)
            shown = "-" if code in _HYPHENS else _shown(code)
            self.unmapped += shown == LOST or 0xE000 <= code <= 0xF8FF
            if shown and self._raw.FPDFText_GetLooseCharBox(self._text, n, self._box):
                char = self._char(n, shown)
                on_page = char.right >= 0 and char.left <= self._turn.width
                if on_page and 0 <= char.base <= self._turn.height:
                    yield char

    def _char(self, n: int, shown: str) -> Char:
        raw, text, box, matrix = self._raw, self._text, self._box, self._matrix
        raw.FPDFText_GetCharOrigin(text, n, self._x, self._y)
        raw.FPDFText_GetMatrix(text, n, matrix)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        size = round(raw.FPDFText_GetFontSize(text, n) * scale, 1) or 0.1
        area = self._turn.area(box.left, box.bottom, box.right, box.top)
        ink = self._turn.area(*_inked(text, n, raw, box, shown))
        base = self._turn.point(self._x.value, self._y.value)[1]
        part = ctypes.cast(raw.FPDFText_GetTextObject(text, n), ctypes.c_void_p).value
        if part not in self._fonts:
            self._fonts[part] = _font(text, n, raw)
        face = Face(size, *self._fonts[part])
        return Char(shown, face, area.left, area.right, (ink.left, ink.right), base, part)


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


def _shown(code: int) -> str:
    """The character of a code, `LOST` for one that is not known; "" for one that shows nothing."""
    if code in (0, 0xFFFF) or 0xD800 <= code <= 0xDFFF:
        return LOST
    char = chr(code) if code < 0x110000 else ""
    if char in " \xa0\u3000\t" or not char:
        return char and " \u3000"[char == "\u3000"]
    return "" if unicodedata.category(char) in ("Cc", "Cf") else char.translate(unified_forms())


def _font(text: Any, n: int, raw: Any) -> tuple[str, bool]:
    """The name of a character's font and whether it is heavy."""
    buffer, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    size = raw.FPDFText_GetFontInfo(text, n, buffer, 200, flags)
    written = buffer.raw[: max(0, min(size, 200) - 1)].decode("utf-8", "replace")
    name = re.sub(r"^[A-Z]{6}\+", "", written)
    plain = name.replace("-", "").replace(" ", "").lower()
    stroked = raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(text, n)) == 2
    named = _HEAVY.search(plain) is not None and not _LIGHT.search(plain)
    return name, named or stroked or raw.FPDFText_GetFontWeight(text, n) >= 600


def fontless(pdf_page: Any, text_page: Any, raw: Any) -> bool:
    """Whether text is in a font that neither the file nor this machine has.

    Such text has no height. It is told all the same, but not what has no width either: a character
    by itself, or a line that is turned.
    """
    told, lost = set[bytes](), set[bytes]()
    buffer = ctypes.create_string_buffer(200)
    for thing in pdf_page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,), max_depth=4):
        font = raw.FPDFTextObj_GetFont(thing.raw)
        left, bottom, right, top = thing.get_bounds()
        if raw.FPDFFont_GetIsEmbedded(font) or min(right - left, top - bottom) > _NO_SIZE:
            continue
        raw.FPDFFont_GetBaseFontName(font, buffer, 200)
        written = (ctypes.c_ushort * 200)()
        size = raw.FPDFTextObj_GetText(thing.raw, text_page.raw, written, 400)
        blank = not any(chr(code).strip() for code in written[: max(0, size // 2 - 1)])
        (lost if right - left <= _NO_SIZE else set() if blank else told).add(buffer.value)
    return bool(told & lost)


def pictures_of(pdf_page: Any, raw: Any, turn: Turn) -> list[Picture]:
    """The pictures on a page that are large enough to be looked at, but for its background."""
    found = []
    kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING)
    for thing in pdf_page.get_objects(filter=kinds, max_depth=4):
        area = turn.area(*thing.get_bounds())
        wide, high = area.right - area.left, area.top - area.bottom
        if wide >= 40 and high >= 40 and wide * high < 0.9 * turn.width * turn.height:
            found.append(area)
    return found[:_PICTURES]
