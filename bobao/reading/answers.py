"""What a person has answered about an article, as labels from which the weights can be learnt.

A row of ``labels.tsv``: the SHA-256 of the article, its name, and for each line that is read, in
order, the first eight digits of the SHA-256 of its words and a letter. No word of the article is in
it, so that it may be passed on where the article may not.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator

from bobao.model import BlockKind
from bobao.reading.formats import source_of
from bobao.reading.read import Understood, laid

LETTERS = {
    BlockKind.TITLE: "T",
    BlockKind.HEADING: "H",
    BlockKind.LEAD: "P",
    BlockKind.PARAGRAPH: "P",
    BlockKind.CAPTION: "C",
    BlockKind.TABLE: "R",
}
"""Letters of the kinds. J goes on with the line before, K with the text before captions; lines that
are not read are left out."""


def answers(data: bytes, name: str, reading: Understood) -> str:
    """The row of the article in `data`, read from a file of that `name`, as it was decided."""
    labels = " ".join(_labels(data, name, reading))
    return "\t".join((hashlib.sha256(data).hexdigest(), " ".join(name.split()), labels))


def _labels(data: bytes, name: str, reading: Understood) -> Iterator[str]:
    page = laid(source_of(data, name).lines)
    block = None  # the first line of the block that the line before is in
    for line, (first, *_) in zip(page.whole, page.groups, strict=True):
        verdict = reading.verdicts[first]
        if verdict.kind in LETTERS:
            joined = verdict.joins is not None and not line.cells
            letter = LETTERS[verdict.kind] if not joined else "J" if verdict.joins == block else "K"
            yield digits_of(line.text) + letter
        block = first if verdict.joins is None else verdict.joins


def digits_of(line: str) -> str:
    """The digits by which the label of a line is found."""
    return hashlib.sha256(plain(line).encode()).hexdigest()[:8]


def plain(text: str) -> str:
    """`text` without what does not count when texts are compared."""
    wide = unicodedata.normalize("NFKC", text).replace("“", '"').replace("”", '"')
    return "".join(wide.lstrip("•●·■-*").split())
