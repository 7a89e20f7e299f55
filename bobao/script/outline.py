"""The shape of the bulletin: title, opening, and chapters of a size that is good to hear.

A chapter is what stands under a heading of the article's highest level. An article without any is
divided at paragraph ends where it is long: news items on air take about 90 seconds, 400 characters
at 265 a minute, and 600 is where a listener wants a landmark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bobao.model import Article, Block, BlockKind, Span
from bobao.script.signposts import number
from bobao.script.spans import Spans

PART = 400
"""Characters of a part that bobao itself makes."""

TOO_LONG = 600
"""More characters than this without a landmark are too long."""

_SMALLEST = PART // 2
_SILENT = frozenset({BlockKind.META, BlockKind.FURNITURE, BlockKind.CAPTION})


@dataclass(frozen=True, slots=True)
class OutlinePart:
    """A chapter: its heading, if the article has one, and what stands under it."""

    heading: Block | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """An article as a bulletin: `top` is the level of the headings that make chapters."""

    title: Block | None
    opening: tuple[Block, ...]
    parts: tuple[OutlinePart, ...]
    top: int = 1

    @property
    def divided(self) -> bool:
        """Whether the parts are bobao's own."""
        return any(part.heading is None for part in self.parts)


def outline(article: Article, *, divide: bool) -> Outline:
    """The outline of an article; `divide` allows parts that the article itself has not."""
    blocks = [block for block in article.blocks if block.text.strip()]
    title = next((block for block in blocks if block.kind is BlockKind.TITLE), None)
    blocks = [block for block in blocks if block is not title]
    levels = [block.level for block in blocks if block.kind is BlockKind.HEADING]
    top = min(levels, default=1)
    starts = [i for i, b in enumerate(blocks) if b.kind is BlockKind.HEADING and b.level == top]
    if not starts:
        opening, parts = _divided(blocks) if divide else (tuple(blocks), ())
        return Outline(title, opening, parts)
    ends = [*starts[1:], len(blocks)]
    headed = tuple(
        OutlinePart(blocks[start], tuple(blocks[start + 1 : end]))
        for start, end in zip(starts, ends, strict=True)
    )
    return Outline(title, tuple(blocks[: starts[0]]), headed, top)


def _divided(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[OutlinePart, ...]]:
    """The opening (the lead) and parts of about `PART` characters, none if there is no need."""
    leads = [i for i, block in enumerate(blocks) if block.kind is BlockKind.LEAD]
    first = leads[-1] + 1 if leads else 0
    opening, rest = tuple(blocks[:first]), blocks[first:]
    sizes = [0]
    for block in rest:
        sizes.append(sizes[-1] + _size(block))
    if sizes[-1] <= TOO_LONG:
        return tuple(blocks), ()
    cuts = [0]
    number = max(2, round(sizes[-1] / PART))
    places = [i for i in range(1, len(rest)) if _may_start(rest, i)]
    for part in range(1, number):
        wanted = sizes[-1] * part / number
        near = min(places, key=lambda i: abs(sizes[i] - wanted), default=0)
        if sizes[near] - sizes[cuts[-1]] >= _SMALLEST <= sizes[-1] - sizes[near]:
            cuts.append(near)
    if len(cuts) == 1:
        return tuple(blocks), ()
    ends = [*cuts[1:], len(rest)]
    return opening, tuple(
        OutlinePart(None, tuple(rest[a:b])) for a, b in zip(cuts, ends, strict=True)
    )


def _size(block: Block) -> int:
    return 0 if block.kind in _SILENT else len("".join(block.text.split()))


def _may_start(blocks: Sequence[Block], index: int) -> bool:
    """Whether a part may start here: at a paragraph, not between 如下： and what follows."""
    before = next((b for b in reversed(blocks[:index]) if b.kind not in _SILENT), None)
    block = blocks[index]
    introduced = before is not None and before.text.rstrip().endswith(("：", ":"))
    return block.kind is BlockKind.PARAGRAPH and not block.list and not introduced


_HANZI = "零〇一二三四五六七八九十百"
_FORMS = (
    re.compile(rf"(?P<hanzi>[{_HANZI}]{{1,4}})[.．](?![{_HANZI}0-9])\s*"),
    re.compile(rf"[（(]\s*(?P<hanzi>[{_HANZI}]{{1,4}})\s*[）)][、，]?\s*"),
    re.compile(r"[（(]\s*(?P<digits>[0-9]{1,3})\s*[）)][、，]?\s*"),
    re.compile(r"(?P<digits>[0-9]{1,3})(?:[.．、](?![0-9])|[)）])\s*"),
    re.compile(r"(?P<circled>[①-⑳⑴-⒇⒈-⒛㈠-㈩])[、.．]?\s*"),
)
_BRACKETS = ("（", "(", *"⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩")
_BULLET = re.compile(
    r"(?:[•●○■□◆◇▪▲△▶►☆★※➢➤✓✔☑☐☒→\uf06c\uf06e\uf075\uf076\uf0a7\uf0b7\uf0d8\uf0fc]+|[-*·–](?=\s))\s*"
)
_NUMBERED = re.compile(
    rf"第[{_HANZI}0-9]{{1,4}}(?:部分|[章节節篇条條讲講回编編])"
    rf"|[{_HANZI}]{{1,4}}、(?![{_HANZI}0-9])"
    rf"|(?:(?:part|chapter)\s*[0-9])"
    rf"|第[{_HANZI}]{{1,3}}[，、：:\s]",
    re.IGNORECASE,
)


def list_mark(text: str) -> tuple[Spans, str]:
    """The mark that `text` starts with as spans, and the rest of `text`.

    A number is heard as such, one in brackets as an ordinal (``1.`` → 一、, ``（一）`` → 第一，):
    so the levels of an official text, 一、 and （一） below it, are told apart by ear. A bullet is
    silent. A text that starts with no mark, or is nothing else, comes back whole.
    """
    for form in _FORMS:
        found = form.match(text)
        if found and found.end() < len(text):
            return (Span(found[0], _said(found)),), text[found.end() :]
    found = _BULLET.match(text)
    if found and found.end() < len(text):
        return (Span(found[0], ""),), text[found.end() :]
    return (), text


def numbered(heading: str) -> bool:
    """Whether a heading says its own number."""
    heading = heading.lstrip(" 【[“「")
    if _NUMBERED.match(heading):
        return True
    return any((found := form.match(heading)) and found.end() < len(heading) for form in _FORMS)


def _said(found: re.Match[str]) -> str:
    groups = found.groupdict()
    if groups.get("hanzi"):
        value = found["hanzi"]
    elif groups.get("digits"):
        value = number(int(found["digits"]))
    else:
        value = number(int(unicodedata.numeric(found["circled"])))
    return f"第{value}，" if found[0].startswith(_BRACKETS) else f"{value}、"
