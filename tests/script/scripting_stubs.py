"""Articles of the labelled form, and a stand-in for `bobao.normalise` that knows the sample."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bobao.model import Article, Block, BlockKind, Span

HERE = Path(__file__).parent
DIGITS = "零一二三四五六七八九"
KNOWN = {
    "2021年": "二零二一年",
    "2022年": "二零二二年",
    "6个": "六个",
    "10万元": "十万元",
    "4个": "四个",
    "45.5万": "四十五点五万",
    "330国道": "三三零国道",
    "3个": "三个",
    "4.07亿元": "四点零七亿元",
    "103%": "百分之一百零三",
    "5.87亿元": "五点八七亿元",
    "5G+": "五G加",
    "5G": "五G",
    "11月": "十一月",
    "2.0版本": "二点零版本",
    "302起": "三百零二起",
    "6起": "六起",
    "3起": "三起",
    "620余万元": "六百二十余万元",
    "98.34%": "百分之九十八点三四",
    "9个": "九个",
    "20余年": "二十余年",
    "36条": "三十六条",
    "26个": "二十六个",
}
_KNOWN = re.compile("|".join(map(re.escape, sorted(KNOWN, key=len, reverse=True))) + "|[0-9]+")


def stub(text: str) -> tuple[Span, ...]:
    """The sample's numbers as a newsreader says them, other digits one by one."""
    spans, at = [], 0
    for found in _KNOWN.finditer(text):
        if found.start() > at:
            spans.append(Span(text[at : found.start()], text[at : found.start()]))
        said = KNOWN.get(found[0]) or "".join(DIGITS[int(d)] for d in found[0])
        spans.append(Span(found[0], said))
        at = found.end()
    if at < len(text):
        spans.append(Span(text[at:], text[at:]))
    return tuple(spans)


def same(text: str) -> tuple[Span, ...]:
    """A normaliser that does nothing."""
    return (Span(text, text),) if text else ()


def article_of(path: Path) -> Article:
    """An article from a labelled file."""
    data = json.loads(path.read_text("utf-8"))
    blocks = tuple(
        Block(
            BlockKind(b["kind"]),
            b["text"],
            level=1 if b["kind"] == "heading" else 0,
            list=bool(b.get("list")),
        )
        for b in data["blocks"]
    )
    return Article(data["title"] or "", blocks, "\n".join(b.text for b in blocks), path.stem)


def article(*blocks: tuple[str, str] | Block, title: str = "") -> Article:
    """An article from pairs of kind and text; “heading2” is a heading of level 2, “item” a list."""
    made = []
    for block in blocks:
        if isinstance(block, Block):
            made.append(block)
            continue
        kind, text = block
        level = int(kind[7:] or 1) if kind.startswith("heading") else 0
        name = "heading" if level else "paragraph" if kind == "item" else kind
        made.append(Block(BlockKind(name), text, level=level, list=kind == "item"))
    return Article(title, tuple(made), "\n".join(b.text for b in made))
