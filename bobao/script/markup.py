"""The script file: Markdown that an editor reads and corrects before anything is recorded.

::

    ---
    slug: huajie-2021
    title: 花街镇交出年度高质量建设满意答卷
    ---

    # 花街镇交出年度高质量建设满意答卷{|。}

    > [路标] {|本节目由人工智能合成语音播报。}

    今年完成投资{4.07亿元|四点零七亿元}。

    ## {|第二部分，}小微园建设走在全市前列{|。}

``# `` heads the opening, ``## `` a section, ``### `` and deeper a subhead inside one. Each line is
a sentence, a blank line ends a paragraph. A block quote with a label is a line of another kind
(`bobao.script.lines.LABELS`). `bobao.script.inline` has the signs inside a line,
`bobao.script.frontmatter` the header. `parse` and `compose` are exact inverses.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bobao.errors import BobaoError
from bobao.model import Header, Line, LineKind, Paragraph, Script, Section, Span
from bobao.script.frontmatter import compose_header, parse_header
from bobao.script.inline import SURROGATE, compose_spans
from bobao.script.lines import DEEPEST, compose_line, parse_line
from bobao.script.readings import is_reading, kept

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
        quiet = line.kind is not LineKind.SILENT or not line.spoken
        if not (deep and full and quiet and all(map(_readable, line.spans))):
            raise ValueError(f"a line that cannot be read back: {line}")


def _readable(span: Span) -> bool:
    return not span.reading or (
        span.spoken == span.written
        and span.reading == kept(span.reading)
        and is_reading(span.written, span.reading)
    )
