"""That the bulletin was made from the script as it stands now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from itertools import zip_longest

from bobao.model import Cue, Header, Line, LineKind
from bobao.verify.evidence import Evidence, Finding, Where

ALIGNED = 4000
"""Lines that differ are matched one by one up to so many: finding which is which takes as much time
as their number squared."""
_BESIDE = {"slug", "source", "source_sha256", "drafted"}
"""Of the front matter: where a script comes from, and not what it says."""


@dataclass(frozen=True, slots=True)
class _Place:
    line: Line
    section: int
    paragraph: int
    number: int | None = None
    cue: Cue | None = None


def as_it_stands(evidence: Evidence) -> Iterator[Finding]:
    """The script's lines and front matter are those that the bulletin was made from."""
    written = evidence.written
    if written.script is None:
        yield Finding("script.unreadable", Where(file=written.name), {"why": written.fault})
        return
    now = [
        _Place(line, section, paragraph, number)
        for (section, paragraph, line), number in zip(_lines(evidence), written.lines, strict=True)
        if line.kind is not LineKind.WITHHELD
    ]
    then = [
        _Place(cue.line, number, cue.paragraph, cue=cue)
        for number, chapter in enumerate(evidence.bulletin.chapters)
        for cue in chapter.cues
    ]
    differences = list(_differences(then, now))
    yield from differences or _moved(then, now)
    yield from _header(evidence.bulletin.header, written.script.header)


def _lines(evidence: Evidence) -> Iterator[tuple[int, int, Line]]:
    script = evidence.written.script
    for number, section in enumerate(script.sections if script else ()):
        yield number, 0, section.heading
        for paragraph, lines in enumerate(section.paragraphs, start=1):
            for line in lines:
                yield number, paragraph, line


def _differences(then: list[_Place], now: list[_Place]) -> Iterator[Finding]:
    start = _same(then, now)
    end = _same(then[start:][::-1], now[start:][::-1])
    then, now = then[start : len(then) - end], now[start : len(now) - end]
    if max(len(then), len(now)) > ALIGNED:
        yield from _changed(then, now)
        return
    matcher = SequenceMatcher(None, [p.line for p in then], [p.line for p in now], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield from _changed(then[a:b], now[c:d])


def _same(then: list[_Place], now: list[_Place]) -> int:
    """How many lines are the same from the start on."""
    pairs = zip(then, now, strict=False)
    return next((k for k, (a, b) in enumerate(pairs) if a.line != b.line), min(len(then), len(now)))


def _changed(then: list[_Place], now: list[_Place]) -> Iterator[Finding]:
    for old, new in zip_longest(then, now):
        at = old.cue.start_ms if old and old.cue else None
        if old and new:
            values = {"old": _said(old.line), "new": _said(new.line)}
            if values["old"] == values["new"]:
                values = {"old": _shown(old.line), "new": _shown(new.line)}
            yield Finding("script.changed", Where(at, new.number), values)
        elif new:
            yield Finding("script.added", Where(line=new.number), {"new": _said(new.line)})
        elif old:
            yield Finding("script.removed", Where(at), {"old": _said(old.line)})


def _moved(then: list[_Place], now: list[_Place]) -> Iterator[Finding]:
    """The first line that stands in another section or paragraph: its pauses have changed."""
    known = any(place.paragraph for place in then)  # bulletins of before 1.0 do not tell
    for old, new in zip(then, now, strict=True):
        apart = old.section != new.section or (known and old.paragraph != new.paragraph)
        if apart and old.cue:
            where = Where(old.cue.start_ms, new.number)
            yield Finding("script.moved", where, {"new": _said(new.line)})
            return


def _header(then: Header, now: Header) -> Iterator[Finding]:
    for name in (f.name for f in fields(Header) if f.name not in _BESIDE):
        old, new = getattr(then, name), getattr(now, name)
        if old != new:
            values = {"key": name, "old": _plain(old), "new": _plain(new)}
            yield Finding("script.header", values=values)


def _said(line: Line) -> str:
    return line.spoken or line.written


def _shown(line: Line) -> str:
    """Everything about a line, where what is said is the same."""
    spans = "".join(
        span.written if span.plain else f"{{{span.written}|{span.reading or span.spoken}}}"
        for span in line.spans
    )
    return f"[{line.kind.value}{line.level or ''}] {spans}"


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(f"{key}: {what}" for key, what in value)
    return str(value)
