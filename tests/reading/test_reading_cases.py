"""Our labelled articles, set in many ways, come back as the blocks that they are made of."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from reading_render import STYLES, Style, cases, load, rendered, truth

from bobao.model import Article, BlockKind
from bobao.reading import read_article

SILENT = ("meta", "furniture")
ALLOWED = 0.06
"""Share of blocks over all cases of a style that may be wrong: cuts and captions without any sign
are guesses. Nothing may ever be lost."""


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).replace("- ", "").split())


def spoken(article: Article) -> list[tuple[str, str]]:
    kinds = [("paragraph" if b.kind is BlockKind.LEAD else b.kind.value) for b in article.blocks]
    pairs = zip(kinds, article.blocks, strict=True)
    return [(kind, plain(block.text)) for kind, block in pairs if kind not in SILENT]


def wanted(path: Path, style: Style) -> list[tuple[str, str]]:
    pairs = truth(load(path), style)
    kinds = [("paragraph" if kind == "lead" else kind, plain(text)) for kind, text in pairs]
    return [pair for pair in kinds if pair[0] not in SILENT]


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_a_style_is_read_right(style: Style) -> None:
    wrong: list[str] = []
    total = 0
    for path in cases()[STYLES.index(style) % 3 :: 3]:
        data, ending = rendered(load(path), style, path.stem)
        article = read_article(data, path.stem + ending)
        made, want = spoken(article), wanted(path, style)
        total += len(want)
        wrong += [f"{path.stem}: {pair}" for pair in want if pair not in made]
        lost = set("".join(text for _, text in want)) - set(plain(article.text))
        assert not lost
        silent = "".join(plain(b.text) for b in article.blocks if b.kind.value in SILENT)
        text = [text for kind, text in want if kind != "title" and len(text) > 12]
        assert not [piece for piece in text if piece in silent]
    assert len(wrong) <= ALLOWED * total, "\n".join(wrong)


@pytest.mark.parametrize("path", cases(), ids=lambda path: path.stem)
def test_the_title_is_found_in_every_plain_style(path: Path) -> None:
    title = next(plain(piece.text) for piece in load(path) if piece.letter == "T")
    for style in (Style("blank"), Style("lines", indent=True), Style("md"), Style("html")):
        data, ending = rendered(load(path), style, path.stem)
        assert plain(read_article(data, "a" + ending).title) == title
