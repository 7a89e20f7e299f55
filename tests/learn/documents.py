"""Documents whose blocks are known: our own, set in many ways, and those of the shared sets.

Our own are the cases and the newsroom's articles of `tests/reading`. Where the folder ``shared``
lies beside the repository, its labelled articles and real documents are added; they are not ours
and stay there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "reading"))

import reading_render as setting  # noqa: E402

SHARED = ROOT.parent / "shared" / "bench"
NEWSROOM = ROOT / "tests" / "reading" / "newsroom"
_MORE = (
    setting.Style("blank", cut=0.5, commas=True),
    setting.Style("blank", cut=0.3, commas=True, half=True, picture=2),
    setting.Style("blank", title=True, printed=True),
    setting.Style("lines", title=True),
    setting.Style("lines", title=True, indent=True, printed=True),
    setting.Style("md", printed=True),
)
"""Ways of setting that are for learning alone."""
_STYLES = [*(setting.STYLES[n] for n in (0, 1, 2, 5, 6, 7, 10, 13, 14, 15, 18)), *_MORE]
"""The ways in which articles that are already set somehow are set again."""
_LETTERS = {kind: letter for letter, kind in setting.KINDS.items() if letter != "L"}

Block = tuple[str, str]
"""The kind of a block and its text."""


@dataclass(frozen=True)
class Document:
    """One document: its bytes, and its blocks in order.

    `name` is that of the text, however it is set: held-out sets are drawn by it. `group` is where
    it comes from, `times` how often it counts. A block of the kind ``skip`` may be anything.
    """

    name: str
    group: str
    file: str
    data: bytes
    blocks: tuple[Block, ...]
    times: int = 1
    gold: Path | None = None  # with alternatives, for the shared scorer


def documents() -> list[Document]:
    """All documents that are here."""
    known = [
        *_newsroom(),
        *_shared("articles/dev", "articles", 4),
        *_shared("articles", "articles", 4),
    ]
    again = [other for one in known for other in _set_again(one)]
    return [*_cases(), *known, *again, *_shared("real", "real", 5), *real(ROOT.parent / "real")]


def real(folder: Path, group: str = "real") -> list[Document]:
    """The labelled documents in `folder`, none where there is none."""
    return [_document(path, group, 5) for path in sorted(folder.glob("*.json"))]


def _cases() -> Iterator[Document]:
    for path in setting.cases():
        pieces = setting.load(path)
        for style in (*setting.STYLES, *_MORE):
            data, ending = setting.rendered(pieces, style, path.stem)
            blocks = tuple(setting.truth(pieces, style))
            yield Document(path.stem, "cases", path.stem + ending, data, blocks)


def _newsroom() -> Iterator[Document]:
    for path in sorted(NEWSROOM.glob("*.marked")):
        text, blocks = marked(path.read_text("utf-8"))
        yield Document(path.stem, "newsroom", "a.txt", text.encode(), tuple(blocks), times=3)


def marked(table: str) -> tuple[str, list[Block]]:
    """The text of an article whose lines have their kinds in front, and its blocks."""
    text: list[str] = []
    blocks: list[Block] = []
    before = ""
    for row in table.splitlines():
        mark, _, line = row.partition("|")
        text.append(line)
        if mark == "+" or (mark == before and mark in ("T", "R")):
            last = max(n for n, (kind, _) in enumerate(blocks) if kind != "furniture")
            blocks[last] = (blocks[last][0], blocks[last][1] + line)
        elif mark:
            blocks.append((setting.KINDS[mark], line))
        before = mark if mark != "+" else before
    return "\n".join(text) + "\n", blocks


def _shared(folder: str, group: str, times: int) -> list[Document]:
    paths = sorted((SHARED / folder).glob("*.json"))
    return [_document(path, group, times) for path in paths if "blocks" in path.read_text("utf-8")]


def _document(path: Path, group: str, times: int) -> Document:
    gold = json.loads(path.read_text("utf-8"))
    file = path.with_name(gold.get("file", f"{path.stem}.txt"))
    blocks = tuple(("skip" if b.get("neutral") else b["kind"], b["text"]) for b in gold["blocks"])
    return Document(path.stem, group, file.name, file.read_bytes(), blocks, times, path)


def _set_again(one: Document) -> Iterator[Document]:
    """A document's text in other settings; none for one with a table or without a title."""
    kinds = [kind for kind, _ in one.blocks]
    if "table" in kinds or "title" not in kinds:
        return
    pieces = [setting.Piece(_LETTERS[kind], " ".join(text.split())) for kind, text in one.blocks]
    pieces = [piece for piece in pieces if piece.text]
    for style in _STYLES:
        data, ending = setting.rendered(pieces, style, one.name)
        blocks: Sequence[Block] = setting.truth(pieces, style)
        yield Document(one.name, "again", one.name + ending, data, tuple(blocks))
