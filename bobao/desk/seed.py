"""What became of the article: what the reader was unsure of, what an editor took out or put in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from bobao.desk import tables
from bobao.desk.proof import Item
from bobao.model import Article, BlockKind, Line, LineKind, Script
from bobao.script.plan import DOUBTFUL
from bobao.script.sentences import sentences

_JOINED = "; "
_JOINED_LINES = " lines joined"


class Seed:
    """An article beside its script; texts are compared without their blanks."""

    def __init__(self, article: Article, script: Script) -> None:
        self.article = article
        self._lines = tuple(script.lines())
        self._starts: list[int] = []
        written = ""
        for line in self._lines:
            self._starts.append(len(written))
            written += _solid(line.written)
        self._script = written
        self._article = "\n".join(
            [_solid(article.title), *(_solid(block.text) for block in article.blocks)]
        )

    def rewritten(self, line: Line) -> bool:
        """Whether the article does not have what a line writes."""
        return _solid(line.written) not in self._article

    def dropped(self) -> tuple[Item, ...]:
        """The sentences of the article that the script does not have, with the line before each."""
        found: list[Item] = []
        before: tuple[int, ...] = ()
        for kind, text in self._sentences():
            if place := self._place(_solid(text)):
                before = place
            elif _solid(text):
                found.append(Item(text, tables.name_of("blocks", kind.value), before))
        return tuple(found)

    def structure(self) -> tuple[Item, ...]:
        """The blocks that the reader was not sure of."""
        return tuple(
            Item(
                block.text,
                f"{tables.name_of('blocks', block.kind.value)}，{_reason(block.reason)}",
                self._place(_solid(block.text)),
            )
            for block in self.article.blocks
            if block.confidence < DOUBTFUL
        )

    def _sentences(self) -> Iterator[tuple[BlockKind, str]]:
        for block in self.article.blocks:
            rows = block.text.split("\n") if block.kind is BlockKind.TABLE else [block.text]
            for row in rows:
                yield from ((block.kind, text) for text in sentences(row))

    def _place(self, solid: str) -> tuple[int, ...]:
        """The number of the line that a text starts in."""
        at = self._script.find(solid) if solid else -1
        return (bisect_right(self._starts, at),) if at >= 0 else ()


def silent(lines: Sequence[Line]) -> tuple[Item, ...]:
    """The words of a script that are shown and not said, line by line."""
    found = []
    for number, line in enumerate(lines, start=1):
        quiet = [span.written for span in line.spans if not span.spoken]
        text = " ".join(piece.strip() for piece in quiet if any(map(str.isalnum, piece)))
        if text:
            kind = LineKind.SILENT if not line.spoken else line.kind
            found.append(Item(text, tables.name_of("blocks", kind.value), (number,)))
    return tuple(found)


def unvoiced(lines: Sequence[Line]) -> tuple[Item, ...]:
    """The signs that are shown and not said, each once with its lines."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(lines, start=1):
        quiet = (span.written for span in line.spans if line.spoken and not span.spoken.strip())
        signs = {text.strip() for text in quiet}
        for sign in sorted(signs):
            if sign and not any(map(str.isalnum, sign)):
                found.setdefault(sign, []).append(number)
    return tuple(Item(sign, "", tuple(numbers)) for sign, numbers in found.items())


def _reason(reason: str) -> str:
    """The reader's reason in the desk's words, where the table has it."""
    first, _, rest = reason.partition(_JOINED)
    named = tables.name_of("reasons", first)
    if rest.endswith(_JOINED_LINES):
        return f"{named}；由{rest.removesuffix(_JOINED_LINES)}行接成"
    return named


def _solid(text: str) -> str:
    return "".join(text.split())
