"""The front matter of a script: ``key: value`` lines between two lines of ``---``.

A strict subset of YAML 1.2 (flat, one line a value, plain or quoted scalars), so that any Markdown
tool can show it; read and written here, without a YAML library.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import fields, replace

from bobao.errors import BobaoError
from bobao.model import Header, Line, LineKind, Paragraph, Script, Section, Span
from bobao.pronounce.pinyin import is_pinyin_for
from bobao.script.notation import (
    DEEPEST,
    SURROGATE,
    canonical,
    compose_line,
    compose_spans,
    parse_line,
    refuse_surrogates,
)

FENCE = "---"
KNOWN = tuple(field.name for field in fields(Header) if field.name != "extra")
_REQUIRED = ("slug", "title")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_PLAIN = re.compile(r"[^\s\[\]{}&*!|>'\"%@`#,?:-](?:[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]*\S)?\Z")
"""What YAML takes as it stands: no indicator first, no blank last, no control anywhere."""
_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


def parse_header(lines: Sequence[str], where: str = "") -> tuple[Header, int]:
    """The header at the top of `lines`, and how many lines it takes (0 if there is none).

    Raises `BobaoError` for a fence that is not closed, a line without a key, a key given twice.
    """
    if not lines or lines[0].rstrip() != FENCE:
        return Header("", ""), 0
    found: dict[str, str] = {}
    for number, raw in enumerate(lines[1:], start=2):
        at = f"{where}:{number}" if where else f"line {number}"
        if raw.rstrip() == FENCE:
            extra = tuple((key, value) for key, value in found.items() if key not in KNOWN)
            known = {key: found.get(key, "") for key in KNOWN}
            return Header(**known, extra=extra), number
        if not raw.strip():
            continue
        key, colon, value = raw.partition(":")
        key = key.strip()
        if not colon or not _KEY.match(key):
            raise BobaoError(
                "this line of the front matter is not “key: value”",
                where=at,
                advice=f"Keep each value on one line, and close with {FENCE}.",
            )
        if key in found:
            raise BobaoError(f"“{key}” is given twice", where=at, advice="Keep one of the two.")
        found[key] = _value(value.strip(), at)
    raise BobaoError(
        "the front matter is not closed",
        where=f"{where}:1" if where else "line 1",
        advice=f"Put a line of {FENCE} after its last value.",
    )


def compose_header(header: Header) -> str:
    """The front matter, fences included. Raises `ValueError` for keys that cannot be read back."""
    pairs = [(key, str(getattr(header, key))) for key in KNOWN]
    shown = [(key, value) for key, value in pairs if value or key in _REQUIRED]
    keys = [key for key, _ in (*pairs, *header.extra)]
    if len(set(keys)) != len(keys) or not all(map(_KEY.match, keys)):
        raise ValueError(f"keys that cannot be read back: {header.extra}")
    lines = [f"{key}: {_written(value)}" for key, value in (*shown, *header.extra)]
    return "\n".join([FENCE, *lines, FENCE])


def _value(text: str, where: str) -> str:
    if text[:1] == "'" and text[-1:] == "'" and len(text) >= 2:
        return text[1:-1].replace("''", "'")
    if text[:1] != '"':
        return text
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = None
    if not isinstance(value, str) or SURROGATE.search(value):
        raise BobaoError(
            "this quoted value is not well formed",
            where=where,
            advice=r"Write \" and \\ for these signs between quotes, or leave the quotes out.",
        )
    return value


def _written(value: str) -> str:
    refuse_surrogates(value)
    if _PLAIN.match(value) and ": " not in value and " #" not in value and value[-1] != ":":
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


MAX_CHARACTERS = 10_000_000
"""No script is longer: this is some 600 hours of speech."""


def parse(text: str, where: str = "") -> Script:
    """The script in `text`; `where` names its file in errors.

    Byte order mark, CRLF, blanks at line ends, repeated blank lines and a missing last newline do
    not matter. Without front matter the slug is empty and the title that of the opening. Raises
    `BobaoError` with file and line for anything that might lose words.
    """
    if len(text) > MAX_CHARACTERS:
        advice = f"At most {MAX_CHARACTERS:,} characters: split it into several bulletins."
        raise BobaoError("the script is too long", where=where, advice=advice)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if found := SURROGATE.search(text):
        at = _at(where, text.count("\n", 0, found.start()) + 1)
        raise BobaoError("half a character", where=at, advice="Save the script as UTF-8 again.")
    lines = text.split("\n")
    header, taken = parse_header(lines, where)
    sections = _sections(lines, taken, where)
    if not taken:
        header = replace(header, title=sections[0].title)
    return Script(header, sections)


def line_numbers(text: str) -> tuple[int, ...]:
    """Where in the file `text` each line of its script stands, counted from 1."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    taken = parse_header(lines, "")[1]
    return tuple(n for n, raw in enumerate(lines, 1) if n > taken and raw.strip().lstrip("> "))


def compose(script: Script) -> str:
    """`script` as a file: LF line ends, one blank line between paragraphs, a newline at the end.

    Raises `BobaoError` for lone surrogates and `ValueError` for a value that is no script.
    """
    _check(script)
    return f"{compose_header(script.header)}\n\n{_body(script)}"


def fingerprint(script: Script) -> str:
    """Tells whether an editor was here: a hash of all a new draft would overwrite.

    That is the body, the title and the keys bobao does not know. Voice, engine and date are
    settings that a new draft takes over, and how the file is laid out does not count.
    """
    header = script.header
    held = Header("", header.title, extra=header.extra)
    made = f"{compose_header(held)}\n\n{_body(script)}"
    return hashlib.sha256(made.encode("utf-8")).hexdigest()[:16]


def sealed(script: Script) -> Script:
    """`script` with its own fingerprint in the header."""
    return replace(script, header=replace(script.header, drafted=fingerprint(script)))


def is_edited(script: Script) -> bool:
    """Whether `script` is not as it was drafted; one that never was counts as edited."""
    return script.header.drafted != fingerprint(script)


def _body(script: Script) -> str:
    blocks: list[str] = []
    for depth, section in zip([1, *[2] * len(script.sections)], script.sections, strict=False):
        blocks.append(f"{'#' * depth} {compose_spans(section.heading.spans)}")
        blocks += ["\n".join(map(compose_line, paragraph)) for paragraph in section.paragraphs]
    return "\n\n".join(blocks) + "\n"


def _sections(lines: list[str], start: int, where: str) -> tuple[Section, ...]:
    """Fold the lines after the front matter into sections."""
    sections: list[tuple[Line, list[Paragraph]]] = []
    paragraph: list[Line] = []

    def close() -> None:
        if paragraph:
            sections[-1][1].append(tuple(paragraph))
            paragraph.clear()

    for number, raw in enumerate(lines[start:], start + 1):
        at = _at(where, number)
        found = parse_line(raw.strip(), at)
        depth, line = found or (0, None)
        if line is None or depth:
            close()
        if line is None:
            continue
        _place(depth, bool(sections), at)
        if depth in (1, 2):
            sections.append((line, []))
            continue
        paragraph.append(line)
        if depth:
            close()
    close()
    if not sections:
        raise BobaoError("the script is empty", where=where, advice="It starts with “# 标题”.")
    return tuple(Section(heading, tuple(paragraphs)) for heading, paragraphs in sections)


def _at(where: str, number: int) -> str:
    return f"{where}:{number}" if where else f"line {number}"


def _place(depth: int, open_: bool, at: str) -> None:
    """Refuse a line where it cannot stand: anything before the title, a second title."""
    if depth == 1 and open_:
        raise BobaoError(
            "a second title", where=at, advice="Start a section with “## ”; “# ” is the title only."
        )
    if depth != 1 and not open_:
        raise BobaoError(
            "text before the title", where=at, advice="Put “# 标题” above the first line."
        )


def _check(script: Script) -> None:
    """Raise `ValueError` for what could not be read back."""
    if not script.sections:
        raise ValueError("a script without sections")
    for section in script.sections:
        if section.heading.kind is not LineKind.TEXT:
            raise ValueError(f"the heading {section.heading} is of another kind")
        for paragraph in section.paragraphs:
            heads = sum(line.kind is LineKind.SUBHEAD for line in paragraph)
            if not paragraph or (heads and len(paragraph) > 1):
                raise ValueError(
                    f"a paragraph of no lines, or of a subhead and others: {paragraph}"
                )
    for line in script.lines():
        deep = 3 <= line.level <= DEEPEST if line.kind is LineKind.SUBHEAD else line.level == 0
        full = any(span.written or span.spoken for span in line.spans)
        quiet = not line.kind.quiet or not line.spoken
        if not (deep and full and quiet and all(map(_readable, line.spans))):
            raise ValueError(f"a line that cannot be read back: {line}")


def _readable(span: Span) -> bool:
    return not span.reading or (
        span.spoken == span.written
        and span.reading == canonical(span.reading)
        and is_pinyin_for(span.written, span.reading)
    )
