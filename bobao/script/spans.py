"""Small algebra of spans: the pieces of a line in both their forms."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from bobao.model import Line, LineKind, Span

Spans = tuple[Span, ...]


def plain(text: str) -> Spans:
    """Text that is said as it is written."""
    return (Span(text, text),) if text else ()


def said(text: str) -> Spans:
    """Text that is said and not shown."""
    return (Span("", text),) if text else ()


def silent(text: str) -> Spans:
    """Text that is shown and not said."""
    return (Span(text, ""),) if text else ()


def tidy(spans: Iterable[Span]) -> Spans:
    """The same line in its one canonical form: no empty span, no two plain ones side by side."""
    done: list[Span] = []
    pending: list[str] = []
    for span in spans:
        if span.plain:
            pending.append(span.written)
            continue
        done += plain("".join(pending))
        pending.clear()
        done.append(span)
    return (*done, *plain("".join(pending)))


def written(spans: Iterable[Span]) -> str:
    """The author's text."""
    return "".join(span.written for span in spans)


def spoken(spans: Iterable[Span]) -> str:
    """The text the voice says."""
    return "".join(span.spoken for span in spans)


def line(kind: LineKind, *groups: Sequence[Span], level: int = 0) -> Line:
    """A line from groups of spans."""
    return Line(tidy(span for group in groups for span in group), kind, level)


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is said of a stretch of a text in place of what was: nothing, words or a reading."""

    start: int
    end: int
    spoken: str = ""
    reading: str = ""


def overlaid(spans: Spans, overlays: Iterable[Overlay]) -> Spans:
    """`spans` with the `overlays`, which stand apart, on their written text.

    A span that is not plain is never cut through: silence takes in the whole of one that it
    touches, anything else gives way to it.
    """
    todo = sorted(overlays, key=lambda one: one.start)
    if not todo:
        return spans
    ends = [one.end for one in todo]
    done: list[Span] = []
    for which, run in groupby(_atoms(spans, todo), key=lambda atom: _over(atom, todo, ends)):
        members = [span for _, span in run]
        text = written(members)
        if which is None:
            done += members
        elif not todo[which].spoken and text:
            quiet = (
                text
                if not (done and done[-1].written and not done[-1].spoken)
                else done.pop().written + text
            )
            done += silent(quiet)
        elif len(text) == todo[which].end - todo[which].start:
            done.append(Span(text, todo[which].spoken, todo[which].reading))
        else:
            done += members
    return tidy(done)


def _atoms(spans: Spans, overlays: Sequence[Overlay]) -> Iterator[tuple[int, Span]]:
    """`spans` with where they start, the plain ones cut at the edges of the overlays."""
    edges = sorted({edge for one in overlays for edge in (one.start, one.end)})
    at = 0
    for span in spans:
        end = at + len(span.written)
        inner = edges[bisect_right(edges, at) : bisect_left(edges, end)] if span.plain else []
        for low, high in pairwise((at, *inner, end)) if span.plain else ():
            yield low, Span(span.written[low - at : high - at], span.written[low - at : high - at])
        if not span.plain:
            yield at, span
        at = end


def _over(atom: tuple[int, Span], overlays: Sequence[Overlay], ends: Sequence[int]) -> int | None:
    """The overlay that an atom lies under; what is only said goes with what is before it."""
    at, span = atom
    which = (bisect_right if span.written else bisect_left)(ends, at)
    if which == len(overlays):
        return None
    start, end = overlays[which].start, max(at + len(span.written), at + 1)
    return which if (start < end if span.written else start < at) else None


def cut(spans: Sequence[Span], ranges: Sequence[tuple[int, int]]) -> tuple[Spans, ...]:
    """The spans of each of `ranges` (ascending offsets into the written text).

    Plain text outside the ranges is dropped. A span that is not plain is never cut through: where
    a range would start inside one, it is joined to the range before it. A span without written
    text stays with the text before it, at the very beginning with the text after it.
    """
    ranges = _kept_whole(spans, ranges)
    starts = [start for start, _ in ranges]
    pieces: list[list[Span]] = [[] for _ in ranges]
    at = 0
    for span in spans:
        end = at + len(span.written)
        first = max((bisect_right if end > at else bisect_left)(starts, at) - 1, 0)
        if not span.plain and pieces:
            pieces[first].append(span)
        elif span.plain:
            for which in range(first, bisect_left(starts, end)):
                low, high = max(at, ranges[which][0]), min(end, ranges[which][1])
                pieces[which] += plain(span.written[low - at : high - at]) if low < high else ()
        at = end
    return tuple(tidied for piece in pieces if (tidied := tidy(piece)))


def _kept_whole(spans: Sequence[Span], ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """`ranges`, each joined to the one before it if it starts inside a span that is not plain."""
    ends = [0, *accumulate(len(span.written) for span in spans)]
    whole = [(a, b) for span, a, b in zip(spans, ends, ends[1:], strict=False) if not span.plain]
    firsts = [a for a, _ in whole]
    joined: list[tuple[int, int]] = []
    for start, end in ranges:
        before = bisect_left(firsts, start) - 1
        if joined and before >= 0 and whole[before][1] > start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
