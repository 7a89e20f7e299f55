"""Typesets an article as the PDF files of this folder: see README.md for how and with what."""

from __future__ import annotations

import json
import re
import struct
import sys
import tempfile
import zlib
from pathlib import Path

HEAD = """
#set document(title: "test", date: none)
#set page(paper: "a4", margin: (x: 1.8cm, y: 2.2cm), {page})
#set text(font: "{font}", lang: "zh", region: "cn", size: {size}pt)
#set par(justify: true, leading: {leading}em, spacing: {spacing}em, first-line-indent: (amount: {indent}em, all: true))
"""
TITLE = """#align(center, text(size: {big}pt, weight: "bold")[#par(first-line-indent: 0em, justify: false)[{text}]])
#v(0.6em)
"""
HEADING = {
    "left": """#block(above: 1.4em, below: 0.9em, text(weight: "bold", size: {head}pt)[{text}])""",
    "centre": """#block(above: 1.4em, below: 0.9em, width: 100%, align(center, text(weight: "bold", size: {head}pt)[{text}]))""",
    "plain": """#par(first-line-indent: {indent}em, text(font: "Noto Sans CJK SC")[{text}])""",
}
FIGURE = """#block(above: 1em, below: 1em, width: 100%, breakable: false, align(center)[#image("{photo}", width: 80%, height: 2.6cm)
#par(first-line-indent: 0em, text(size: {small}pt)[{text}])])"""
STYLES = {
    "columns": {"cols": 2, "indent": 2, "spacing": 0.75, "heading": "centre"},
    "narrow": {
        "cols": 3,
        "indent": 2,
        "spacing": 0.75,
        "size": 9.5,
        "heading": "left",
        "paged": False,
    },
    "report": {
        "cols": 1,
        "indent": 2,
        "size": 14,
        "spacing": 0.9,
        "leading": 0.9,
        "heading": "plain",
        "font": "Noto Serif CJK SC",
    },
    "block": {"cols": 2, "indent": 0, "spacing": 1.5, "heading": "left"},
    "plain": {"cols": 1, "indent": 0, "spacing": 1.6, "heading": "left"},
}


def escaped(text: str) -> str:
    text = re.sub(r"^(\d+)\.", "\\1\u2060.", text)  # no list of the typesetter's own
    return "".join(f"\\{c}" if c in "\\#$*_`<>@=-+/[]~\"'" else c for c in text)


def photo(path: Path) -> None:
    """A grey picture of 40 × 25 dots."""
    rows = b"".join(b"\0" + bytes((x * 5 + y * 3) % 200 for x in range(40)) for y in range(25))

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", 40, 25, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)


def source(blocks: list[tuple[str, str]], style: str, picture: str = "photo.png") -> str:
    """The typesetter's source of an article."""
    given = {"size": 10.5, "leading": 0.75, "font": "Noto Serif CJK SC", "paged": True} | STYLES[
        style
    ]
    given |= {
        "big": given["size"] * 1.8,
        "head": given["size"] * 1.2,
        "small": given["size"] * 0.85,
    }
    paged = 'numbering: "— 1 —", header: align(right, text(size: 8pt)[江州播报　2021年第12期])'
    out = [HEAD.format(**given, page=paged if given["paged"] else "")]
    body = []
    for kind, text in blocks:
        words = escaped(text)
        if kind == "title":
            out.append(TITLE.format(text=words, **given))
        elif kind == "heading":
            body.append(HEADING[given["heading"]].format(text=words, **given))
        elif kind == "caption":
            body.append(FIGURE.format(text=words, photo=picture, **given))
        elif kind == "table":
            rows = [row.split("\t") for row in text.split("\n")]
            cells = ", ".join(f"[{escaped(cell)}]" for row in rows for cell in row)
            body.append(f"#table(columns: {len(rows[0])}, {cells})")
        else:
            body.append(words)
    joined = "\n\n".join(body)
    out.append(
        f"#columns({given['cols']}, gutter: 1.6em)[\n{joined}\n]" if given["cols"] > 1 else joined
    )
    return "\n".join(out)


def typeset(blocks: list[tuple[str, str]], style: str) -> bytes:
    """The article as a PDF."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        photo(Path(folder) / "photo.png")
        path = Path(folder) / "article.typ"
        path.write_text(source(blocks, style), "utf-8")
        return typst.compile(str(path), timestamp=0)


KINDS = {
    "T": "title",
    "M": "meta",
    "D": "lead",
    "H": "heading",
    "P": "paragraph",
    "L": "paragraph",
    "C": "caption",
    "R": "table",
    "F": "meta",
}


def blocks_of(path: Path) -> list[tuple[str, str]]:
    """The (kind, text) pairs of a labelled article."""
    if path.suffix == ".json":
        return [(b["kind"], b["text"]) for b in json.loads(path.read_text("utf-8"))["blocks"]]
    blocks: list[tuple[str, str]] = []
    for line in filter(None, path.read_text("utf-8").splitlines()):
        letter, text = line.split("\t", 1)
        kind, text = KINDS[letter], text.replace("|", "\t") if letter == "R" else text
        if kind == "table" and blocks and blocks[-1][0] == "table":
            text = f"{blocks.pop()[1]}\n{text}"
        blocks.append((kind, text))
    return blocks


if __name__ == "__main__":
    article, style, target = sys.argv[1:]
    Path(target).write_bytes(typeset(blocks_of(Path(article)), style))
