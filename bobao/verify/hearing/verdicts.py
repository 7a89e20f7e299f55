"""Toneless Mandarin syllables of a text, and how two rows of syllables differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from bobao.model import Bulletin
from bobao.verify.hearing.ear import LONGEST, Sound, Span

_RUNS = re.compile(r"([㐀-鿿豈-﫿𠀀-𳏿〇]+)|([^\W_])")


def syllables(text: str) -> list[str]:
    """Pinyin without tones for each hanzi, the capital for each Latin letter, the rest left out."""
    from pypinyin import lazy_pinyin

    found: list[str] = []
    for run in _RUNS.finditer(text):
        found += lazy_pinyin(run[1].replace("〇", "零")) if run[1] else [run[2].upper()]
    return found


def errors(said: Sequence[str], heard: Sequence[str]) -> list[tuple[int, int]]:
    """The errors at each syllable said; all of them together are the edit distance.

    Of each: 1 where it was heard otherwise or not at all, else 0; and how many were heard too much
    after it (before the first: at the first).
    """
    rows = [list(range(len(heard) + 1))]
    for i, want in enumerate(said, 1):
        row, above = [i], rows[-1]
        for j, got in enumerate(heard, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (want != got)))
        rows.append(row)
    lost, extra = [0] * len(said), [0] * len(said)
    i, j = len(said), len(heard)
    while i:
        wrong = j > 0 and said[i - 1] != heard[j - 1]
        if j and rows[i][j] == rows[i][j - 1] + 1:
            extra[i - 1] += 1
            j -= 1
        elif j and rows[i][j] == rows[i - 1][j - 1] + wrong:
            lost[i - 1] = int(wrong)
            i, j = i - 1, j - 1
        else:
            lost[i - 1] = 1
            i -= 1
    if said:
        extra[0] += j
    return list(zip(lost, extra, strict=True))


def nearest(wanted: Sequence[str], row: Sequence[str]) -> tuple[int, int, int]:
    """Where in `row` is most like `wanted`: its cost in edits, its start and its end.

    Source: P. H. Sellers, The theory and computation of evolutionary distances, 1980.
    """
    line = [(0, j) for j in range(len(row) + 1)]  # cost and start of the best end at each j
    for i, want in enumerate(wanted, 1):
        fresh = [(i, 0)]
        for j, got in enumerate(row, 1):
            steps = ((line[j - 1], want != got), (line[j], 1), (fresh[-1], 1))
            fresh.append(min((cost + more, start) for (cost, start), more in steps))
        line = fresh
    return min((cost, start, j) for j, (cost, start) in enumerate(line))


def times_in(row: Sequence[str], wanted: Sequence[str], tolerance: float) -> int:
    """How many times `row` holds `wanted`, each with at most that share of its syllables wrong."""
    if not wanted or len(row) < len(wanted) * (1 - tolerance):
        return 0
    cost, start, end = nearest(wanted, row)
    if cost > tolerance * len(wanted) or end <= start:
        return 0
    before, after = row[:start], row[end:]
    return 1 + times_in(before, wanted, tolerance) + times_in(after, wanted, tolerance)


SHORTEST = 5.0  # seconds a piece should have: a recogniser needs some context
PAD = 0.15  # seconds of pause heard with a piece at either end
PAUSE = 1.5  # seconds of pause that no piece reaches across (a sting may be in it)
GONE = 0.6  # a sentence with more of its syllables wrong counts as missing
AGAIN, ALIKE = 0.35, 0.5  # how near a repeat must be; how near a look-alike in the text may be
DOUBT = 0.15  # a sentence with more errors per syllable is heard again, alone
MOST = 12  # sentences a piece


class Hearer(Protocol):
    """What writes down what it hears: `bobao.verify.hearing.ear.Ear`."""

    def hear_all(self, sounds: Iterable[Sound], *, closely: bool = False) -> Iterator[str]:
        """The words of each sound, in order."""
        ...


Cut = Callable[[Iterable[Span]], Iterator[Sound]]
"""Gives the sound of each span in turn; they come in the order of time."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What should be heard, and when (seconds). `number` counts the bulletin's cues from 0."""

    number: int
    chapter: int
    start: float
    end: float
    spoken: str

    @property
    def said(self) -> list[str]:
        """Its toneless syllables."""
        return syllables(self.spoken)


Heard = tuple[tuple[Sentence, ...], str]
"""Some sentences in a row and what was heard of them."""


@dataclass(frozen=True, slots=True)
class SentenceVerdict:
    """How one sentence was heard."""

    number: int
    chapter: int
    start: float
    spoken: str
    syllables: int
    errors: int
    note: str  # "", "missing" or "repeated"
    heard: str  # of the whole piece


def share(verdicts: Sequence[SentenceVerdict]) -> float:
    """Errors per syllable."""
    return sum(v.errors for v in verdicts) / max(1, sum(v.syllables for v in verdicts))


def sentences_of(bulletin: Bulletin) -> list[Sentence]:
    """The sentences of a bulletin that are heard, in order."""
    cues = [(chapter.number, cue) for chapter in bulletin.chapters for cue in chapter.cues]
    return [
        Sentence(number, chapter, cue.start_ms / 1000, cue.end_ms / 1000, cue.line.spoken)
        for number, (chapter, cue) in enumerate(cues)
        if cue.end_ms > cue.start_ms and syllables(cue.line.spoken)
    ]


def groups(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Neighbours put together so that as few seconds as can be lie outside 5–13 s a group."""
    stretch: list[Sentence] = []
    for sentence in sentences:
        last = stretch[-1] if stretch else sentence
        if sentence.chapter != last.chapter or sentence.start - last.end > PAUSE:
            yield from _grouped(stretch)
            stretch = []
        stretch.append(sentence)
    yield from _grouped(stretch)


def _grouped(stretch: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    best = [(0.0, 0)]  # for the first n sentences: the least cost, where the last group starts
    for end in range(1, len(stretch) + 1):
        starts = range(max(0, end - MOST), end)
        best.append(min((best[k][0] + _cost(stretch[k:end]), k) for k in starts))
    cuts = [len(stretch)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    for start, end in pairwise(reversed(cuts)):
        yield tuple(stretch[start:end])


def _cost(group: Sequence[Sentence]) -> float:
    seconds = group[-1].end - group[0].start
    over = seconds - LONGEST if len(group) > 1 else 0.0  # the ear itself cuts a long sentence
    return max(SHORTEST - seconds, over, 0.0) + 0.01  # and rather fewer groups than more


def verdicts(
    cut: Cut,
    sentences: Sequence[Sentence],
    ear: Hearer,
    advance: Callable[[float], None] = lambda seconds: None,
) -> list[SentenceVerdict]:
    """A verdict on every sentence.

    It is that of its better hearing: in a group and, where much seems wrong, alone. A recogniser
    drops and garbles some of what is well said; it makes up nothing like it.

    `advance` is told how many seconds have been heard the first time.
    """
    found = list(groups(sentences))
    pieces: list[Heard] = []
    for group, heard in zip(found, ear.hear_all(cut(map(_span, found))), strict=True):
        pieces.append((group, heard))
        advance(group[-1].end)
    first = list(judge(pieces))
    doubtful = [s for s, v in zip(sentences, first, strict=True) if _doubtful(v)]
    again = ear.hear_all(cut(_span((s,)) for s in doubtful), closely=True)
    alone = [((s,), text) for s, text in zip(doubtful, again, strict=True)]
    second = {v.number: v for piece in alone for v in judge([piece])}
    return [min(v, second.get(v.number, v), key=lambda v: v.errors) for v in first]


def _span(group: Sequence[Sentence]) -> Span:
    return group[0].start - PAD, group[-1].end + PAD


def _doubtful(verdict: SentenceVerdict) -> bool:
    # What was once heard twice was said twice: a second hearing could only fold it.
    return verdict.errors > DOUBT * verdict.syllables and verdict.note != "repeated"


def judge(pieces: Sequence[Heard]) -> Iterator[SentenceVerdict]:
    """A verdict on every sentence."""
    for number, (sentences, heard) in enumerate(pieces):
        near = pieces[max(0, number - 1) : number + 2]
        heard_near = [x for _, text in near for x in syllables(text)]
        said_near = [x for group, _ in near for s in group for x in s.said]
        counts = errors([x for s in sentences for x in s.said], syllables(heard))
        for s in sentences:
            said = s.said
            own, counts = counts[: len(said)], counts[len(said) :]
            lost, extra = sum(a for a, _ in own), sum(b for _, b in own)
            note = _note(said, lost, said_near, heard_near)
            yield SentenceVerdict(
                s.number, s.chapter, s.start, s.spoken, len(said), lost + extra, note, heard
            )


def _note(said: list[str], lost: int, said_near: list[str], heard_near: list[str]) -> str:
    if lost > GONE * len(said) and (len(said) > 3 or lost == len(said)):
        return "missing"
    if len(said) > 3 and times_in(heard_near, said, AGAIN) > times_in(said_near, said, ALIKE):
        return "repeated"
    return ""
