"""Scripts for the tests of casting and delivery."""

from __future__ import annotations

from bobao.model import Header, Line, LineKind, Script, Section, Span


def line(text: str, kind: LineKind = LineKind.TEXT) -> Line:
    level = 3 if kind is LineKind.SUBHEAD else 0
    return Line((Span(text, text),), kind, level)


def script(*sections: list[Line | str], voice: str = "", engine: str = "", **extra: str) -> Script:
    """Sections of one paragraph each; the first line of each is its heading."""
    made = []
    for heading, *rest in sections:
        lines = tuple(each if isinstance(each, Line) else line(each) for each in rest)
        made.append(Section(line(heading), (lines,) if lines else ()))
    keys = tuple((key.replace("_", "-"), value) for key, value in extra.items())
    return Script(Header("s", "标题", voice=voice, engine=engine, extra=keys), tuple(made))
