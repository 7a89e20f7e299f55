"""What every line of a document is, decided for the whole at once: a linear-chain model.

Each label of each line scores the learnt weights of the line's `evidence`, each two labels in a row
a weight of their own; the labelling with the highest sum wins (Viterbi). How probable the label of
a line is over all labellings (forward-backward) is its confidence. `data/weights.tsv` is made by
``make learn`` (`tests/learn/`), from documents that were labelled by hand.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bobao.model import BlockKind
from bobao.reading.evidence import CREDITED, evidence
from bobao.reading.lines import SourceLine
from bobao.reading.tablefiles import BYLINES, rows
from bobao.reading.traits import PAUSE, STOP, trait_of

TITLE, HEADING, TEXT, CAPTION, SILENT, TABLE, ON, BACK = range(8)
"""Labels of lines. ON goes on with the block that the line before is in, BACK with the text before
the captions that it stands behind."""
LABELS = ("title", "heading", "paragraph", "caption", "furniture", "table", "join", "back")
"""Their names, as in the weights and in a person's decisions."""
KINDS = (
    BlockKind.TITLE,
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.CAPTION,
    BlockKind.FURNITURE,
    BlockKind.TABLE,
)
"""The kinds of the labels that start a block."""

_NEVER = -1e9
_WIDE = 60.0
"""Em beyond which a line is no heading, no title and nothing but text or a caption."""
_WIDEST_CAPTION = 130.0
_TOP = 12
"""Lines from the start among which the title is."""
_EDGE = 8
"""Lines from either end of a web page that may be silent though no wording says so."""

Scores = npt.NDArray[np.float64]


class Choice(NamedTuple):
    """The label of one line, the evidence that speaks most for it, its probability, the next best.

    `other` is a label, or −1 where nothing else is possible.
    """

    label: int
    reason: str
    confidence: float
    other: int


@dataclass(frozen=True, slots=True)
class Weights:
    """What the model has learnt: scores of labels by evidence, and of two labels in a row."""

    evidence: dict[str, Scores]
    steps: Scores

    @classmethod
    def of(cls, table: Sequence[Sequence[str]]) -> Weights:
        """Those in the rows of a table; the evidence ``step LABEL`` is a label before."""
        known: dict[str, Scores] = {}
        for sign, label, weight in table:
            known.setdefault(sign, np.zeros(len(LABELS)))[LABELS.index(label)] = float(weight)
        steps = np.stack([known.pop(f"step {n}", np.zeros(len(LABELS))) for n in LABELS])
        steps[TABLE, ON] = _NEVER
        steps[[n for n in range(len(LABELS)) if n != CAPTION], BACK] = _NEVER
        steps[[HEADING, TEXT, CAPTION, TABLE], TITLE] = _NEVER
        return cls(known, steps)


@functools.cache
def learnt() -> Weights:
    """The weights of the package."""
    return Weights.of(rows("weights.tsv"))


def labelled(
    lines: Sequence[SourceLine], form: str, weights: Weights | None = None
) -> list[Choice]:
    """What each of `lines` is, page furniture left out; `form` is the format they came from."""
    if not lines:
        return []
    weights = weights or learnt()
    signs = evidence(lines, form)
    own = np.stack([_own(weights, line) for line in signs]) + _allowed(lines, signs, form)
    path = _best(own, weights.steps)
    chances = _chances(own, weights.steps)
    return [
        Choice(label, _strongest(weights, signs[n], label), float(chances[n, label]), other)
        for n, (label, other) in enumerate(zip(path, _seconds(own, chances, path), strict=True))
    ]


def _own(weights: Weights, signs: Sequence[str]) -> Scores:
    total = np.zeros(len(LABELS))
    for sign in signs:
        score = weights.evidence.get(sign)
        if score is not None:
            total += score
    return total


def _strongest(weights: Weights, signs: Sequence[str], label: int) -> str:
    """The piece of evidence that speaks most for `label`."""
    known = [sign for sign in signs if sign in weights.evidence]
    return max(known, key=lambda sign: float(weights.evidence[sign][label]), default="")


def _allowed(lines: Sequence[SourceLine], signs: Sequence[Sequence[str]], form: str) -> Scores:
    """Nothing for what a line may be, no hope for what it cannot be, whatever is learnt.

    No words in the middle of a document become silent, and what the format says is followed.
    """
    out = np.zeros((len(lines), len(LABELS)))
    titled = any(line.hint.kind is BlockKind.TITLE for line in lines)
    for n, line in enumerate(lines):
        if line.cells:
            out[n] = _NEVER
            out[n, TABLE] = 0
            continue
        out[n, [TABLE, *_ONLY.get(line.hint.kind, ())]] = _NEVER
        if line.hint.kind is BlockKind.TITLE:
            after_title = n > 0 and lines[n - 1].hint.kind is BlockKind.TITLE
            out[n, [] if after_title else [ON]] = _NEVER
        else:
            out[n, [*_unfit(line), *_misplaced(lines, signs[n], n, form)]] = _NEVER
            out[n, [TITLE] if titled else []] = _NEVER
    return out


def _unfit(line: SourceLine) -> Iterator[int]:
    """What a line is not by its own words and make."""
    end = trait_of(line).end
    if line.hint.kind is BlockKind.HEADING and end != STOP:
        yield TEXT
    if line.hint.item:
        yield from (TITLE, ON, BACK) if line.hint.bold else (TITLE, HEADING, ON, BACK)
    if line.hint.joins is False:
        yield from (ON, BACK)
    if line.width > _WIDE:
        yield from (TITLE, HEADING, SILENT)
    if line.width > _WIDEST_CAPTION and line.hint.kind is not BlockKind.CAPTION:
        yield CAPTION
    if end == PAUSE or not any(char.isalpha() or char == "%" for char in line.text):
        yield from (TITLE, HEADING)
    if line.hint.figure and not line.hint.bold and line.hint.kind is None:
        yield HEADING
    if line.text.endswith("。") and line.hint.kind is None:
        yield TITLE


def _misplaced(
    lines: Sequence[SourceLine], signs: Sequence[str], n: int, form: str
) -> Iterator[int]:
    """What line `n` is not where it stands."""
    zone = next(sign for sign in signs if sign.startswith("zone="))[5]
    if not n:
        yield from (ON, BACK)
    byline = any(sign.startswith(_BYLINE) for sign in signs)
    if n > _TOP or (zone == "t" and n) or byline:
        yield TITLE
    if len(lines) == 1:
        yield from (TITLE, HEADING, CAPTION, SILENT)
    edge = zone != "m" and min(n, len(lines) - 1 - n) < _EDGE
    page = form == "web" and (edge or lines[n].hint.spare or lines[n].hint.linked)
    said = any(sign.startswith(_SAID) for sign in signs)
    if lines[n].hint.item or not (page or said):
        yield SILENT
    if not said and lines[n].width <= _WIDE and any(sign.startswith(CREDITED) for sign in signs):
        yield from (TEXT, HEADING)


_SAID = ("says ", "date|", "name|", "over a date|")
"""Evidence by which a line may be silent wherever it stands."""
_BYLINE = tuple(f"says above={reason}|" for reason in BYLINES)
"""Evidence by which a line is no title."""
_ONLY: dict[BlockKind | None, tuple[int, ...]] = {
    BlockKind.TITLE: (HEADING, TEXT, CAPTION, SILENT, BACK),
    BlockKind.HEADING: (CAPTION, ON, BACK),
    BlockKind.CAPTION: (TITLE, HEADING, TEXT, SILENT, ON, BACK),
    BlockKind.PARAGRAPH: (TITLE, HEADING, CAPTION, SILENT, ON, BACK),
}
"""What a line is not, by the kind that its format gives it."""


def _best(own: Scores, steps: Scores) -> list[int]:
    """The labels with the highest sum."""
    score = own[0]
    came = []
    for row in own[1:]:
        ways = score[:, None] + steps
        came.append(ways.argmax(0))
        score = ways.max(0) + row
    path = [int(score.argmax())]
    for before in reversed(came):
        path.append(int(before[path[-1]]))
    return path[::-1]


def _chances(own: Scores, steps: Scores) -> Scores:
    """How probable each label of each line is."""
    jumps = np.exp(np.maximum(steps - steps.max(), -700.0))
    here = np.exp(np.maximum(own - own.max(1, keepdims=True), -700.0))
    forward = np.empty_like(here)
    forward[0] = here[0] / here[0].sum()
    for n in range(1, len(here)):
        row = (forward[n - 1] @ jumps) * here[n]
        forward[n] = row / row.sum()
    after = np.ones(len(LABELS))
    chances = np.empty_like(here)
    for n in range(len(here) - 1, -1, -1):
        both = forward[n] * after
        chances[n] = both / both.sum()
        after = jumps @ (here[n] * after)
        after = after / after.sum()
    return np.asarray(chances)


def _seconds(own: Scores, chances: Scores, path: Sequence[int]) -> list[int]:
    """The likeliest label of each line but its own, −1 where no other is possible."""
    rest = np.where(own > _NEVER / 2, chances, -1.0)
    rest[np.arange(len(path)), path] = -1.0
    return [int(row.argmax()) if row.max() >= 0 else -1 for row in rest]
