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
from bobao.reading.evidence import Seen
from bobao.reading.lines import SourceLine
from bobao.reading.tablefiles import BYLINES, CREDIT, rows
from bobao.reading.traits import PAUSE, STOP, Trait

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

_REASONS = 7
"""Pieces of evidence kept as reasons, and one."""
_SOFTER = 1.5
"""Weights are divided by it for probabilities: documents that were not learnt from are read less
surely than those that were. With it, of held-out lines at 0.95 or more 98.7 % are right."""

Scores = npt.NDArray[np.float64]


class Choice(NamedTuple):
    """The label of one line, what speaks for it (the most first), its probability, the next best.

    `other` is a label, or −1 where nothing else is possible.
    """

    label: int
    reasons: list[str]
    confidence: float
    other: int


@dataclass(frozen=True, slots=True)
class Weights:
    """What the model has learnt: scores of labels by evidence, and of two labels in a row.

    `rows` has the row of each piece of evidence in `scores`; row 0 is of none.
    """

    rows: dict[str, int]
    scores: Scores
    steps: Scores

    @classmethod
    def of(cls, table: Sequence[Sequence[str]]) -> Weights:
        """Those in the rows of a table; the evidence ``step LABEL`` is a label before."""
        known: dict[str, Scores] = {"": np.zeros(len(LABELS))}
        for sign, label, weight in table:
            known.setdefault(sign, np.zeros(len(LABELS)))[LABELS.index(label)] = float(weight)
        steps = np.stack([known.pop(f"step {n}", np.zeros(len(LABELS))) for n in LABELS])
        steps[TABLE, ON] = _NEVER
        steps[[n for n in range(len(LABELS)) if n != CAPTION], BACK] = _NEVER
        steps[[HEADING, TEXT, CAPTION, TABLE], TITLE] = _NEVER
        return cls({sign: n for n, sign in enumerate(known)}, np.stack([*known.values()]), steps)


@functools.cache
def learnt() -> Weights:
    """The weights of the package."""
    return Weights.of(rows("weights.tsv"))


def labelled(
    lines: Sequence[SourceLine], seen: Sequence[Seen], form: str, weights: Weights | None = None
) -> list[Choice]:
    """What each of `lines` is, by what is `seen` of it; `form` is the format they came from."""
    if not lines:
        return []
    weights = weights or learnt()
    known = [[s for s in one.signs if s in weights.rows] or [""] for one in seen]
    found = [[weights.rows[sign] for sign in signs] for signs in known]
    starts = np.cumsum([0, *map(len, found[:-1])])
    learned = np.add.reduceat(weights.scores[[row for each in found for row in each]], starts)
    allowed = _allowed(lines, seen, form)
    path = _best(learned + allowed, weights.steps)
    chances = _chances(learned / _SOFTER + allowed, weights.steps / _SOFTER)
    seconds = _seconds(allowed, chances, path)
    return [
        Choice(
            label,
            [known[n][best] for best in weights.scores[found[n], label].argsort()[:-_REASONS:-1]],
            float(chances[n, label]),
            seconds[n],
        )
        for n, label in enumerate(path)
    ]


def _allowed(lines: Sequence[SourceLine], seen: Sequence[Seen], form: str) -> Scores:
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
        barred = [TABLE, *_ONLY.get(line.hint.kind, ())]
        if line.hint.kind is BlockKind.TITLE:
            after_title = n > 0 and lines[n - 1].hint.kind is BlockKind.TITLE
            barred += [] if after_title else [ON]
        else:
            barred += [*_unfit(line, seen[n].trait), *_misplaced(lines, seen[n], n, form)]
            barred += [TITLE] * titled
        out[n, barred] = _NEVER
    return out


def _unfit(line: SourceLine, trait: Trait) -> Iterator[int]:
    """What a line is not by its own words and make."""
    hint = line.hint
    if hint.kind is BlockKind.HEADING and trait.end != STOP:
        yield TEXT
    if hint.item:
        yield from (TITLE, ON, BACK) if hint.bold else (TITLE, HEADING, ON, BACK)
    if hint.joins is False:
        yield from (ON, BACK)
    if line.width > _WIDE:
        yield from (TITLE, HEADING, SILENT)
    if line.width > _WIDEST_CAPTION and hint.kind is not BlockKind.CAPTION:
        yield CAPTION
    if trait.end == PAUSE or not any(char.isalpha() or char == "%" for char in line.text):
        yield from (TITLE, HEADING)
    if hint.figure and not hint.bold and hint.kind is None:
        yield HEADING
    if line.text.endswith("。") and hint.kind is None:
        yield TITLE


def _misplaced(lines: Sequence[SourceLine], seen: Seen, n: int, form: str) -> Iterator[int]:
    """What line `n` is not where it stands."""
    line = lines[n]
    if not n:
        yield from (ON, BACK)
    if n > _TOP or (seen.zone == "t" and n) or seen.says in BYLINES:
        yield TITLE
    if len(lines) == 1:
        yield from (TITLE, HEADING, CAPTION, SILENT)
    edge = seen.zone != "m" and min(n, len(lines) - 1 - n) < _EDGE
    page = form == "web" and (edge or line.hint.spare or line.hint.linked)
    if line.hint.item or not (page or seen.quiet):
        yield SILENT
    if not seen.quiet and line.width <= _WIDE and seen.trait.scene >= CREDIT:
        yield from (TEXT, HEADING)


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


def _seconds(allowed: Scores, chances: Scores, path: Sequence[int]) -> list[int]:
    """The likeliest label of each line but its own, −1 where no other is possible."""
    rest = np.where(allowed < 0, -1.0, chances)
    rest[np.arange(len(path)), path] = -1.0
    return [int(row.argmax()) if row.max() >= 0 else -1 for row in rest]
