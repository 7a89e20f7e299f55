"""From a bulletin's sentences and its sound to a verdict on each sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from ear import LONGEST, RATE, Ear, Sound
from syllables import errors, syllables, times_in

SHORTEST = 5.0  # seconds a piece should have: a recogniser needs some context
PAD = 0.15  # seconds of pause heard with a piece at either end
PAUSE = 1.5  # seconds of pause that no piece reaches across (a sting may be in it)
GONE = 0.6  # a sentence with more of its syllables wrong counts as missing
AGAIN, ALIKE = 0.35, 0.5  # how near a repeat must be; how near a look-alike in the text may be
ODD_PACE = 1.6  # times slower or faster per syllable than the median sentence
DOUBT = 0.15  # a sentence with more errors per syllable is heard again, alone
MOST = 12  # sentences a piece


@dataclass(frozen=True)
class Sentence:
    """What should be heard, and when (seconds)."""

    chapter: int
    start: float
    end: float
    spoken: str

    @property
    def said(self) -> list[str]:
        return syllables(self.spoken)


@dataclass(frozen=True)
class Piece:
    """Some sentences in a row and what was heard of them."""

    sentences: tuple[Sentence, ...]
    heard: str


@dataclass(frozen=True)
class Verdict:
    """How one sentence was heard."""

    chapter: int
    start: float
    spoken: str
    syllables: int
    errors: int
    note: str  # "", "missing" or "repeated"
    heard: str  # of the whole piece


def share(verdicts: Sequence[Verdict]) -> float:
    """Errors per syllable."""
    return sum(v.errors for v in verdicts) / max(1, sum(v.syllables for v in verdicts))


def sentences_of(tree: dict[str, Any]) -> list[Sentence]:
    """The sentences of a `bulletin.json` that are heard, in order."""
    return [
        Sentence(chapter["number"], s["start_ms"] / 1000, s["end_ms"] / 1000, s["spoken"])
        for chapter in tree["chapters"]
        for s in chapter["sentences"]
        if syllables(s["spoken"])
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


def verdicts(sound: Sound, sentences: Sequence[Sentence], ear: Ear) -> list[Verdict]:
    """A verdict on every sentence: its better hearing, in a group and, where much seems wrong,
    alone. A recogniser drops and garbles some of what is well said; it makes up nothing like it.
    """
    found = list(groups(sentences))
    heard = ear.hear_all(_cut(sound, group) for group in found)
    first = list(judge([Piece(*pair) for pair in zip(found, heard, strict=True)]))
    doubtful = [s for s, v in zip(sentences, first, strict=True) if _doubtful(v)]
    heard = ear.hear_all_closely(_cut(sound, (s,)) for s in doubtful)
    alone = [Piece((s,), text) for s, text in zip(doubtful, heard, strict=True)]
    second = {v.start: v for piece in alone for v in judge([piece])}
    return [min(v, second.get(v.start, v), key=lambda v: v.errors) for v in first]


def _cut(sound: Sound, group: Sequence[Sentence]) -> Sound:
    start, end = group[0].start - PAD, group[-1].end + PAD
    return sound[max(0, int(start * RATE)) : int(end * RATE)]


def _doubtful(verdict: Verdict) -> bool:
    # What was once heard twice was said twice: a second hearing could only fold it.
    return verdict.errors > DOUBT * verdict.syllables and verdict.note != "repeated"


def judge(pieces: Sequence[Piece]) -> Iterator[Verdict]:
    """A verdict on every sentence."""
    for number, piece in enumerate(pieces):
        near = pieces[max(0, number - 1) : number + 2]
        heard_near = [x for p in near for x in syllables(p.heard)]
        said_near = [x for p in near for s in p.sentences for x in s.said]
        counts = errors([x for s in piece.sentences for x in s.said], syllables(piece.heard))
        for s in piece.sentences:
            said = s.said
            own, counts = counts[: len(said)], counts[len(said) :]
            lost, extra = sum(c.lost for c in own), sum(c.extra for c in own)
            note = _note(said, lost, said_near, heard_near)
            yield Verdict(s.chapter, s.start, s.spoken, len(said), lost + extra, note, piece.heard)


def _note(said: list[str], lost: int, said_near: list[str], heard_near: list[str]) -> str:
    if lost > GONE * len(said) and (len(said) > 3 or lost == len(said)):
        return "missing"
    if len(said) > 3 and times_in(heard_near, said, AGAIN) > times_in(said_near, said, ALIKE):
        return "repeated"
    return ""


def odd_paces(sentences: Sequence[Sentence]) -> list[tuple[float, Sentence]]:
    """Sentences whose seconds do not fit their syllables, with how many times the usual they take:
    a repeat that the recogniser folded, a cut end, dead air.
    """
    paces = [((s.end - s.start) / len(s.said), s) for s in sentences if len(s.said) > 4]
    usual = median(pace for pace, _ in paces) if paces else 1.0
    return [(p / usual, s) for p, s in paces if not usual / ODD_PACE < p < usual * ODD_PACE]
