"""Which function reads which format.

To add a format: write a function from bytes and name to a `Source` (its text, and the lines of it
with what the format says of each as a `Hint`), and give it a row in `FORMATS`. Everything after
that, from furniture to headings, is the same for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from bobao.errors import BobaoError
from bobao.reading.decode import decode_damaged
from bobao.reading.lines import SourceLine, plain_lines
from bobao.reading.noarticle import refuse
from bobao.reading.tablefiles import fold

PLAIN_LIMIT = 5_000_000
"""Bytes of plain text or Markdown: some 1.7 million characters, a hundred hours of speech."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a format function gives: the text and its lines, how it was encoded, and its form.

    The form is what the weights of `chain` know: txt, md, web, docx or pdf.
    """

    text: str
    lines: list[SourceLine]
    encoding: str
    form: str = "txt"


Reader = Callable[[bytes, str], Source]


@dataclass(frozen=True, slots=True)
class Format:
    """A row of the table: file name endings, first bytes, and the function, if there is one."""

    name: str
    endings: tuple[str, ...]
    magic: tuple[bytes, ...]
    read: Reader | None


def _plain(data: bytes, name: str) -> Source:
    _within(data, name)
    text, encoding = decode_damaged(data, where=name)
    refuse(text, name)
    if _marked_up(text):
        return _markdown(data, name)
    return Source(text, plain_lines(text, fold(text)), encoding)


_MARKS = (
    re.compile(r"^#{1,6} ?\S", re.MULTILINE),
    re.compile(r"\*\*[^*\n]{1,80}\*\*"),
    re.compile(r"!?\[[^\]\n]{0,80}\]\((?:https?:/|[./#])[^)\n]{0,300}\)"),
    re.compile(r"</?(?:p|div|br|span|img|a|b|strong|h[1-6]|table|center)\b[^<>\n]{0,300}>"),
    re.compile(r"&(?:nbsp|quot|amp|lt|gt|#\d{2,5});"),
)
"""What Markdown and web pages pasted into a text show of themselves."""


def _marked_up(text: str) -> bool:
    """Whether a plain text is Markdown: it has marks of two kinds, one of them a structure's."""
    kinds = [mark.search(text) is not None for mark in _MARKS]
    return sum(kinds) > 1 and (kinds[0] or kinds[2] or kinds[3])


def _markdown(data: bytes, name: str) -> Source:
    from bobao.reading.markdown import markdown_source

    _within(data, name)
    text, encoding = decode_damaged(data, where=name)
    refuse(text, name)
    return Source(*markdown_source(text), encoding, "md")


def _html(data: bytes, name: str) -> Source:
    from bobao.reading.web import web_source

    return Source(*web_source(data, name), "web")


def _zip(data: bytes, name: str) -> Source:
    from bobao.reading.archive import document_of

    if document_of(data, name) == "epub":
        from bobao.reading.epub import epub_source

        return Source(*epub_source(data, name), "web")
    from bobao.reading.docx import docx_source

    return Source(*docx_source(data, name), "docx")


def _locked(data: bytes, name: str) -> Source:
    from bobao.reading.archive import locked

    raise locked(data, name)


def _pdf(data: bytes, name: str) -> Source:
    from bobao.reading.pdf import pdf_source

    return Source(*pdf_source(data, name), "pdf")


def _within(data: bytes, name: str) -> None:
    if len(data) > PLAIN_LIMIT:
        raise BobaoError(
            f"the text is {len(data) / 1e6:.1f} MB; an article may have {PLAIN_LIMIT / 1e6:.0f}",
            where=name,
            advice="Split it into articles and read them one by one.",
        )


FORMATS = (
    Format("Word document", (".docx", ".docm"), (b"PK\x03\x04",), _zip),
    Format("EPUB book", (".epub",), (b"PK\x03\x04",), _zip),
    Format("PDF", (".pdf",), (b"%PDF-",), _pdf),
    Format("old Word document", (".doc", ".wps"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",), None),
    Format("locked Word document", (".docx",), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",), _locked),
    Format("RTF document", (".rtf",), (b"{\\rtf",), None),
    Format("picture", (".jpg", ".jpeg", ".png"), (b"\xff\xd8\xff", b"\x89PNG\r\n"), None),
    Format("compressed file", (".gz", ".zip", ".rar", ".7z"), (b"\x1f\x8b\x08", b"Rar!"), None),
    Format("web page", (".html", ".htm", ".xhtml", ".shtml"), (), _html),
    Format("Markdown", (".md", ".markdown", ".mdown"), (), _markdown),
    Format("plain text", (".txt", ".text", ""), (), _plain),
)
"""Tried in order: first bytes, then the name's ending, then whether it looks like a web page."""

_PAGE = re.compile(
    rb"^[\s\xef\xbb\xbf]*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html\b|head\b|body\b)",
    re.IGNORECASE | re.DOTALL,
)


def format_of(data: bytes, name: str) -> Format:
    """The format of `data`, by its first bytes, then by the ending of `name`, then by its look."""
    ending = PurePath(name).suffix.lower()
    for form in FORMATS:
        if any(data.startswith(magic) for magic in form.magic):
            return next((f for f in FORMATS if ending in f.endings and f.magic == form.magic), form)
    html = next(form for form in FORMATS if form.read is _html)
    if _PAGE.match(data[:4000]):
        return html
    known = (form for form in FORMATS if ending in form.endings and form.read is not None)
    return next(known, FORMATS[-1])


def source_of(data: bytes, name: str) -> Source:
    """The text and the lines of `data`. Raises `BobaoError` for what has none or can't be read."""
    form = format_of(data, name)
    if form.read is None:
        raise BobaoError(
            f"this is a {form.name}, which bobao does not read",
            where=name,
            advice="Save it as plain text, Markdown, a web page or .docx and try again.",
        )
    if not data.strip():
        raise empty(name)
    source = form.read(data, name)
    if not any(char.isalnum() for line in source.lines for char in line.text):
        raise empty(name)
    return source


def empty(name: str, title: str = "") -> BobaoError:
    """The error for what holds no text, or but a `title`."""
    return BobaoError(
        f"there is no text in it but its title, “{title[:40]}”"
        if title
        else "there is no text in it",
        where=name,
        advice="Check that the file is the article and not empty; a page that loads its text later "
        "must be saved from the browser first.",
    )
