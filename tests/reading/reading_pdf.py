"""Writes small PDF files by hand: text at places, lines, pictures. Fonts are named, not embedded."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

FONTS = {"song": "STSong-Light", "hei": "SimHei"}
WIDTH, HEIGHT = 595, 842


@dataclass
class Paper:
    """Pages that are drawn on one after another; lengths in points from the bottom left."""

    pages: list[list[bytes]] = field(default_factory=lambda: [[]])
    rotate: int = 0

    def page(self) -> None:
        self.pages.append([])

    def text(self, x: float, y: float, words: str, size: float = 10, font: str = "song") -> None:
        if font == "helvetica":
            shown = b"(%s)" % words.encode("latin-1").replace(b"(", b"\\(").replace(b")", b"\\)")
        else:
            shown = b"<%s>" % words.encode("utf-16-be").hex().encode()
        self.pages[-1].append(
            b"BT /%s %g Tf %g %g Td %s Tj ET" % (font.encode(), size, x, y, shown)
        )

    def lines(
        self, x: float, y: float, rows: list[str], size: float = 10, lead: float = 15
    ) -> float:
        """Rows of text from (x, y) downwards; where the next one would be."""
        for row in rows:
            self.text(x, y, row, size)
            y -= lead
        return y

    def rule(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self.pages[-1].append(b"%g %g m %g %g l S" % (x, y, to_x, to_y))

    def picture(self, x: float, y: float, wide: float, high: float) -> None:
        self.pages[-1].append(b"q %g 0 0 %g %g %g cm /photo Do Q" % (wide, high, x, y))

    def data(self) -> bytes:
        """The file."""
        parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
        names = {}
        for name, font in FONTS.items():
            start = len(parts) + 1
            names[name] = start
            parts += [
                b"<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /UniGB-UCS2-H"
                b" /DescendantFonts [%d 0 R] >>" % (font.encode(), start + 1),
                b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /%s /FontDescriptor %d 0 R /DW 1000"
                b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
                % (font.encode(), start + 2),
                b"<< /Type /FontDescriptor /FontName /%s /Flags 6 /FontBBox [0 -200 1000 900]"
                b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>"
                % font.encode(),
            ]
        names["helvetica"] = len(parts) + 1
        parts.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        photo = len(parts) + 1
        dots = zlib.compress(bytes(range(64)))
        parts.append(
            b"<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 8 /ColorSpace"
            b" /DeviceGray /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
            % (len(dots), dots)
        )
        fonts = b" ".join(b"/%s %d 0 R" % (name.encode(), n) for name, n in names.items())
        kids = []
        for ops in self.pages:
            drawn = b"\n".join(ops)
            kids.append(len(parts) + 1)
            parts += [
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Rotate %d /Contents %d 0 R"
                b" /Resources << /Font << %s >> /XObject << /photo %d 0 R >> >> >>"
                % (WIDTH, HEIGHT, self.rotate, len(parts) + 2, fonts, photo),
                b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
            ]
        listed = b" ".join(b"%d 0 R" % kid for kid in kids)
        parts[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))
        return _file(parts)


def _file(parts: list[bytes]) -> bytes:
    out, places = b"%PDF-1.5\n", []
    for n, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (len(parts) + 1, table, len(parts) + 1, len(out))
    )


def folded(text: str, em: int, indent: int = 2) -> list[str]:
    """`text` in rows of `em` characters, the first one indented by full-width spaces."""
    text = "\u3000" * indent + text
    return [text[n : n + em] for n in range(0, len(text), em)]
