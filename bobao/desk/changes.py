"""What is not said as it is written, and why: the spans of a script and the rules behind them.

A script keeps no reasons: it is an editor's file. They are found again by asking the normaliser and
the wording rules about the same text; what none of them would have made is an editor's own.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bobao.desk.proof import Note, PieceMark, name_of, table
from bobao.model import LOST, Line, LineKind, Span
from bobao.normalise import Change, explain
from bobao.script import signposts
from bobao.script.outline import list_mark
from bobao.script.spans import plain
from bobao.script.unread import heard
from bobao.script.wording import hushed

_PLACE = re.compile(r"\\\{[a-z]+\\\}")
_HEADING = (
    *("welcome", "untitled", "untitled plain"),
    *("part", "part alone", "story", "story alone"),
)
_CAPTION = ("caption", "next caption")
_TABLE = ("table", "table row", "table plain", "list", "table end")
_SIGNPOST = (
    *("label", "contents", "contents first", "stories", "stories first"),
    *("entry", "divided", "begin"),
)
_CLOSING = ("closing", "closing station")
_DATE = re.compile("[零〇一二三四五六七八九十年月日星期，。]+")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a span is: its mark, and the class and reason that its note gives."""

    mark: PieceMark = PieceMark.NONE
    label: str = ""
    reason: str = ""


_PLAIN = Judgement()


class Wording:
    """One paragraph of the script (or a heading), its text whole, so that context decides again.

    `edited` says whether an editor was at the script at all, `headings` are the texts that the
    table of contents may repeat, `heading` says that this is one.
    """

    def __init__(
        self, lines: Sequence[Line], *, edited: bool, headings: frozenset[str], heading: bool
    ) -> None:
        self.lines, self.edited, self.headings, self.heading = lines, edited, headings, heading
        self.text = "".join(line.written for line in lines)
        self._asides = frozenset(_asides(self.text, lines))
        self._number = list_mark(self.text)[0]

    def verdicts(self) -> Iterator[tuple[Judgement, ...]]:
        """For each line, what each of its spans is."""
        at = 0
        for line in self.lines:
            found = []
            start = at
            for place, span in enumerate(line.spans):
                last = place == len(line.spans) - 1
                found.append(self._verdict(line, span, at, at - start, last=last))
                at += len(span.written)
            yield tuple(found)

    def _verdict(self, line: Line, span: Span, at: int, within: int, *, last: bool) -> Judgement:
        ours = line.kind is LineKind.SIGNPOST and not span.reading and self._is_our_own(line)
        if span.plain or not line.spoken or ours:  # a line that is one thing has a label for it
            return _PLAIN
        if not span.reading and span.written and _simplified(span.written) == span.spoken:
            return _PLAIN  # the same words in the hanzi that the voice knows
        mark = _mark(span)
        if last and not span.written and not heard(span.spoken):
            return Judgement(mark)  # the stop at the end of a heading: the page's key has it
        if change := self._change(line, span, at, within):
            return Judgement(mark, *_named(change))
        key = self._of_layout(span, at) or self._of_wording(line, span)
        if line.kind is LineKind.TABLE and key in ("table", "pause"):
            return Judgement(mark)  # said of every row: its label tells
        if not key:
            key, mark = ("edited", PieceMark.EDITED) if self.edited else ("drafted", mark)
        return Judgement(mark, *table("wording")[key])

    def _change(self, line: Line, span: Span, at: int, within: int) -> Change | None:
        """The normaliser's change that gives this span, in its paragraph, its line or by itself."""
        if not span.written or LOST in span.spoken:
            return None
        for text, start in ((self.text, at), (line.written, within), (span.written, 0)):
            if found := _made_by(*_explained(text), span, start):
                return found
        return None

    def _of_layout(self, span: Span, at: int) -> str:
        """The key of what print shows otherwise than by words; empty for none."""
        if LOST in span.spoken:
            return "refused"
        if span.reading:
            return "reading"
        if not span.written.strip() and not heard(span.spoken):
            return "pause"
        if not span.spoken and (at, span.written) in self._asides:
            return "aside"
        if at == 0 and (span,) == self._number:
            return "mark" if span.spoken else "bullet"
        return ""

    def _of_wording(self, line: Line, span: Span) -> str:
        """The key of bobao's own words that a span is; empty for none."""
        if line.kind is LineKind.TABLE:
            return _of_table(span)
        if span.written:
            return ""
        if self.heading and _is_one_of(_HEADING, span.spoken):
            return "announce"
        return "caption" if _is_one_of(_CAPTION, span.spoken) else ""

    def _is_our_own(self, line: Line) -> bool:
        said = line.spoken
        known = _is_one_of(_SIGNPOST + _CLOSING, said) or _DATE.fullmatch(said)
        return not self.edited or bool(known) or bare(said) in self.headings


def notes(
    spans: Sequence[Span], verdicts: Sequence[Judgement]
) -> tuple[tuple[Note, ...], tuple[int, ...]]:
    """The notes of a line, and for each of its spans the number of its note (0 for none).

    Spans of one class and reason share a note.
    """
    groups: dict[Judgement, list[tuple[str, str]]] = {}
    numbers: list[int] = []
    order: dict[tuple[str, str, bool], Judgement] = {}
    for span, verdict in zip(spans, verdicts, strict=True):
        if not verdict.label:
            numbers.append(0)
            continue
        key = (verdict.label, verdict.reason, verdict.mark is PieceMark.EDITED)
        first = order.setdefault(key, verdict)
        groups.setdefault(first, []).append((span.written, span.reading or span.spoken))
        numbers.append(list(order).index(key) + 1)
    made = tuple(
        Note(number, verdict.label, verdict.reason, tuple(pairs), verdict.mark is PieceMark.EDITED)
        for number, (verdict, pairs) in enumerate(groups.items(), start=1)
    )
    return made, tuple(numbers)


def _mark(span: Span) -> PieceMark:
    if span.reading:
        return PieceMark.READING
    if not span.written:
        return PieceMark.ADDED
    return PieceMark.CHANGED if span.spoken else PieceMark.MUTE


def _named(change: Change) -> tuple[str, str]:
    """The class of a change as editors call it, and the sentence of its rule."""
    label, reason = name_of("classes", change.kind), change.reason
    if reason.startswith((f"{label}，", f"{label}：")):
        reason = reason[len(label) + 1 :]
    return label, "" if reason == label else reason


@functools.cache
def _to_simplified() -> Callable[[str], str] | None:
    """The conversion that drafts may be made with; None where it is not installed."""
    try:
        from opencc import OpenCC
    except ImportError:  # then it has made no draft here
        return None
    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def _simplified(text: str) -> str:
    convert = _to_simplified()
    return convert(text) if convert else text


@functools.lru_cache(maxsize=256)
def _explained(text: str) -> tuple[tuple[Change, ...], tuple[int, ...]]:
    """The changes in a text, and where they start."""
    changes = explain(text)
    return changes, tuple(change.start for change in changes)


def _made_by(
    changes: Sequence[Change], starts: Sequence[int], span: Span, at: int
) -> Change | None:
    """The first of the changes inside the span, if they make of its text just what it says."""
    end = at + len(span.written)
    said, position, found = "", at, None
    for change in changes[bisect_left(starts, at) : bisect_left(starts, end)]:
        said += span.written[position - at : change.start - at] + change.spoken
        position, found = change.end, found or change
    said += span.written[position - at :]
    fits = said == span.spoken or _simplified(said) == span.spoken
    return found if position <= end and fits else None


def _asides(text: str, lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Where print speaks to the eye alone, as the drafter sees it."""
    at = 0
    for span in hushed(plain(text), caption=lines[0].kind is LineKind.CAPTION):
        if span.written and not span.spoken:
            yield at, span.written
        at += len(span.written)


def _of_table(span: Span) -> str:
    """A table's own words: column names, figures with their column's unit, units set apart."""
    if not span.written:
        named = span.spoken.endswith("：") or not heard(span.spoken)
        return "table" if named or _is_one_of(_TABLE, span.spoken) else ""
    if not span.spoken:
        return "aside" if span.written.strip().startswith(("（", "(")) else ""
    said = span.written
    for change in reversed(_explained(span.written)[0]):
        said = said[: change.start] + change.spoken + said[change.end :]
    return "row" if span.spoken.startswith(said) or not heard(span.written) else ""


@functools.cache
def _forms(keys: tuple[str, ...]) -> re.Pattern[str]:
    """What bobao says of its own under these keys of its wording."""
    texts = (re.escape(signposts.WORDING[key]) for key in keys)
    forms = (f"(?:{_PLACE.sub('.{1,200}', text)})" for text in texts)
    return re.compile("|".join(forms), re.DOTALL)


def _is_one_of(keys: tuple[str, ...], text: str) -> bool:
    return len(text) <= 1_000 and _forms(keys).fullmatch(text) is not None


def bare(text: str) -> str:
    """A heading as the table of contents and the chapter itself both say it."""
    return text.strip("。；，、：;,: ")
