"""What an editor does to a script: each act replaces a few lines of its file, and nothing else.

An act names the line it is about by its number and by how it read when the editor saw it, so that
a line that somebody else has changed meanwhile is never written over, and the rest of the file
stays as it is, whoever is at work on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bobao.errors import BobaoError
from bobao.model import Line, LineKind, Span
from bobao.pronounce.pinyin import is_pinyin_for
from bobao.script.markup import line_numbers, parse
from bobao.script.notation import canonical, compose_line, compose_spans, parse_line
from bobao.script.spans import Spans, cut, silent, tidy, written

Say = Callable[[str], Spans]
"""A text as it is said (`bobao.script.wording.Normalise`)."""

HEADING, SUBHEAD, TEXT, CAPTION, SILENT = "heading", "subhead", "text", "caption", "silent"
KINDS = {HEADING: "章标题", SUBHEAD: "小标题", TEXT: "正文", CAPTION: "图片说明", SILENT: "不播"}
"""What a line may be made, and what the page calls it."""
_MARKS = {HEADING: "##", SUBHEAD: "###"}
_LINES = {TEXT: LineKind.TEXT, CAPTION: LineKind.CAPTION}


@dataclass(frozen=True, slots=True)
class Act:
    """What was asked for on line `number` (from 1, headings included), which read `was`.

    `text` is what was typed: markup, a reading, a sentence; `kind` one of `KINDS`; `start` and
    `end` are offsets into what the line says (a word) or writes (where it is split).
    """

    name: str
    number: int
    was: str
    text: str = ""
    kind: str = ""
    start: int = 0
    end: int = 0


class Overtaken(BobaoError):  # noqa: N818 - what happened; nothing is wrong
    """The line is another by now: `now` is how it reads, `yours` what was to be there."""

    now = ""
    yours = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an act is done: line `number` of a file's `rows`, which stands in row `at`.

    `places` are the rows of all lines, `depth` is that of a heading (0: none).
    """

    rows: list[str]
    places: list[int]
    number: int
    at: int
    depth: int
    line: Line
    act: Act
    say: Say

    def put(self, *made: str) -> list[str]:
        """The rows with `made` in place of the line."""
        return [*self.rows[: self.at], *made, *self.rows[self.at + 1 :]]

    def row(self, spans: Spans, kind: LineKind | None = None) -> str:
        """The line with other spans, and of another kind, as it stands in the file."""
        if 0 < self.depth < 3:
            return f"{'#' * self.depth} {compose_spans(spans)}"
        return compose_line(replace(self.line, spans=spans, kind=kind or self.line.kind))


def rows_of(text: str) -> tuple[list[str], list[int]]:
    """The rows of a script's file, and in which of them its lines stand."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return plain.split("\n"), [number - 1 for number in line_numbers(plain)]


def acted(text: str, act: Act, say: Say, where: str = "") -> tuple[str, int]:
    """The file after an act, and the number of the line to go on with.

    Raises `Overtaken` where the line is another by now, `BobaoError` for what cannot be done.
    """
    rows, places = rows_of(text)
    number = _found(rows, places, act)
    at = places[number - 1]
    depth, line = parse_line(rows[at].strip(), where) or (0, Line(()))
    rows, number = _ACTS[act.name](Spot(rows, places, number, at, depth, line, act, say))
    made = "\n".join(rows)
    total = sum(1 for _ in parse(made, where).lines())
    return made, max(1, min(number, total))


def _found(rows: Sequence[str], places: Sequence[int], act: Act) -> int:
    """The number that the line of an act has by now."""
    if act.name not in _ACTS:
        raise BobaoError(f"没有“{act.name}”这种改动", advice="请刷新页面。")
    was = act.was.strip()
    alike = [number for number, at in enumerate(places, start=1) if rows[at].strip() == was]
    if act.number in alike:
        return act.number
    if len(alike) == 1:
        return alike[0]
    raised = Overtaken(
        "这一行刚才在别处改过",
        advice="请看现在的样子，再决定要不要改。",
    )
    inside = 1 <= act.number <= len(places)
    raised.now = rows[places[act.number - 1]] if inside else ""
    raised.yours = act.text
    raise raised


Result = tuple[list[str], int]


def _write(spot: Spot) -> Result:
    """The line as it was typed, in the script's own notation."""
    typed = " ".join(spot.act.text.split("\n")).strip()
    if not typed:
        raise BobaoError("这一行是空的", advice="不要这一行，请用“删去”。")
    return spot.put(typed), spot.number


def _silence(spot: Spot) -> Result:
    """The line shown and not said; one that only is said goes."""
    quiet = silent(written(spot.line.spans))
    if not quiet:
        return _remove(spot)
    running = spot.line.kind is LineKind.TEXT and not spot.depth
    return spot.put(spot.row(quiet, LineKind.SILENT if running else None)), spot.number


def _voice(spot: Spot) -> Result:
    """The line said again, as a draft would have it."""
    kind = LineKind.TEXT if spot.line.kind is LineKind.SILENT else None
    return spot.put(spot.row(spot.say(written(spot.line.spans)), kind)), spot.number


def _kind(spot: Spot) -> Result:
    """The line made another kind; a heading stands by itself."""
    if spot.depth == 1:
        raise BobaoError("标题只能是标题", advice="可以改它的文字。")
    wanted, text = spot.act.kind, written(spot.line.spans)
    if wanted == SILENT:
        return spot.put(compose_line(Line(silent(text), LineKind.SILENT))), spot.number
    quiet = spot.line.kind.quiet or not spot.line.spoken
    spans = spot.say(text) if quiet and text else spot.line.spans
    if wanted in _MARKS:
        return spot.put("", f"{_MARKS[wanted]} {compose_spans(spans)}", ""), spot.number
    if wanted not in _LINES:
        raise BobaoError(f"没有“{wanted}”这一类", advice="请刷新页面。")
    return spot.put(compose_line(Line(spans, _LINES[wanted]))), spot.number


def _split(spot: Spot) -> Result:
    """The line as two, cut in what is written."""
    text, at = written(spot.line.spans), spot.act.start
    pieces = cut(spot.line.spans, [(0, at), (at, len(text))]) if 0 < at < len(text) else ()
    if spot.depth or len(pieces) != 2:
        raise BobaoError(
            "这里拆不开",
            advice="请选正文中间、不在改读里面的地方。",
        )
    return spot.put(*map(spot.row, pieces)), spot.number


def _merge(spot: Spot) -> Result:
    """The line and the next as one."""
    at = spot.places[spot.number] if spot.number < len(spot.places) else -1
    depth, following = (parse_line(spot.rows[at].strip(), "") if at >= 0 else None) or (1, None)
    if spot.depth or depth or following is None or following.kind is not spot.line.kind:
        raise BobaoError(
            "这两行合不到一起",
            advice="同类的相邻两行才能合并。",
        )
    joined = spot.row(tidy((*spot.line.spans, *following.spans)))
    return [*spot.rows[: spot.at], joined, *spot.rows[at + 1 :]], spot.number


def _move(step: int) -> Callable[[Spot], Result]:
    def moved(spot: Spot) -> Result:
        other = spot.number + step
        if spot.depth == 1 or not 2 <= other <= len(spot.places):
            raise BobaoError("不能再移了", advice="标题总在第一行。")
        at, made = spot.places[other - 1], list(spot.rows)
        made[spot.at], made[at] = made[at], made[spot.at]
        return made, other

    return moved


def _add(spot: Spot) -> Result:
    """A sentence of the editor's own after the line."""
    text = " ".join(spot.act.text.split())
    if not text:
        raise BobaoError("没有要加的文字", advice="请先写一句。")
    made = compose_line(Line(spot.say(text), LineKind.TEXT))
    gap = [""] if spot.depth else []
    return spot.put(spot.rows[spot.at], *gap, made, *gap), spot.number + 1


def _remove(spot: Spot) -> Result:
    """The line taken out; the proof tells what of the article the script lacks."""
    if spot.depth == 1:
        raise BobaoError("标题不能删", advice="可以改它的文字。")
    return spot.put(), max(1, spot.number - 1)


def _read(spot: Spot) -> Result:
    """A word said otherwise: by its pinyin, by other words, or (nothing typed) as usual."""
    act = spot.act
    spans = read_as(spot.line.spans, act.start, act.end, act.text.strip())
    return spot.put(spot.row(spans)), spot.number


_ACTS: dict[str, Callable[[Spot], Result]] = {
    "write": _write,
    "silence": _silence,
    "voice": _voice,
    "kind": _kind,
    "split": _split,
    "merge": _merge,
    "up": _move(-1),
    "down": _move(1),
    "add": _add,
    "remove": _remove,
    "read": _read,
}


def read_as(spans: Spans, start: int, end: int, typed: str) -> Spans:
    """Spans with ``start:end`` of what they say read as `typed`: pinyin, or other words.

    Nothing typed gives the usual reading back. Raises `BobaoError` where the stretch is not within
    one span, or is part of one to which pinyin cannot be given.
    """
    made: list[Span] = []
    at, done = 0, False
    for span in spans:
        low, high = start - at, end - at
        at += len(span.spoken)
        if done or not 0 <= low < high <= len(span.spoken):
            made.append(span)
            continue
        done = True
        same = span.written == span.spoken
        if not same:
            made.append(_respelt(span, low, high, typed))
            continue
        before, word, after = span.spoken[:low], span.spoken[low:high], span.spoken[high:]
        made += [_part(span, 0, before), _word(word, typed), _part(span, high, after)]
    if not done:
        raise BobaoError("这里不是一个词", advice="请重新选。")
    return tidy(span for span in made if span.written or span.spoken)


def _word(word: str, typed: str) -> Span:
    if not typed:
        return Span(word, word)
    if is_pinyin_for(word, typed):
        return Span(word, word, canonical(typed))
    return Span(word, typed)


def _part(span: Span, start: int, text: str) -> Span:
    """A part of a span that is said as it is written; with its share of a reading."""
    syllables = span.reading.split()
    if not syllables:
        return Span(text, text)
    if len(syllables) != len(span.spoken):
        raise BobaoError(f"“{span.written}”的注音是整体的", advice="请整体改。")
    return Span(text, text, " ".join(syllables[start : start + len(text)]))


def _respelt(span: Span, low: int, high: int, typed: str) -> Span:
    """What is said besides, or instead, with other words in it."""
    word = span.spoken[low:high]
    if is_pinyin_for(word, typed) and not typed.isascii():
        raise BobaoError(
            f"“{word}”不是原文，不能注音",
            advice="请写成同音字。",
        )
    return replace(span, spoken=span.spoken[:low] + (typed or word) + span.spoken[high:])
