"""PDF documents to lines with hints, by PDFium: columns, rows, paragraphs, captions."""

from __future__ import annotations

from typing import Any

from bobao.errors import BobaoError
from bobao.reading.archive import FILE_LIMIT, too_large
from bobao.reading.lines import CHARS, SourceLine, too_long
from bobao.reading.pdflines import pdf_lines
from bobao.reading.pdfpage import Page, page_of
from bobao.reading.pdfparts import margins
from bobao.reading.pdfrows import body_face, measured

_PAGES = 2_000
_FEW = 8
"""Characters a page below which a document is pictures of pages."""
_SCANNED = (
    "Make its text readable first (OCR), for example with `ocrmypdf -l chi_sim in.pdf out.pdf`."
)


def pdf_source(data: bytes, name: str) -> tuple[str, list[SourceLine], str]:
    """The text of the PDF `data` in reading order, its lines and its encoding.

    Raises `BobaoError` for a document that is locked, damaged, too long, or only pictures of text.
    """
    if len(data) > FILE_LIMIT:
        raise too_large(len(data), FILE_LIMIT, name)
    pages = _pages(data, name)
    _refuse_unreadable(pages, name)
    body = body_face(pages)
    beside = margins(pages, body.size)
    return *pdf_lines(measured(pages, body), body, beside, name), "utf-8"


def _pages(data: bytes, name: str) -> list[Page]:
    """What stands on the pages; only one is open at a time."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _not_opened(error, name) from error
    try:
        count = len(document)
        if count > _PAGES:
            raise BobaoError(
                f"the PDF has {count} pages; one of {_PAGES} can be read",
                where=name,
                advice="Split it into articles and read them one by one.",
            )
        return _read(document, count, name)
    finally:
        document.close()


def _read(document: Any, count: int, name: str) -> list[Page]:
    import pypdfium2

    pages: list[Page] = []
    chars = 0
    for number in range(count):
        try:
            page = document[number]
            pages.append(page_of(page, number))
            page.close()
        except pypdfium2.PdfiumError as error:
            raise _damaged(f"its page {number + 1} can't be read", name) from error
        chars += pages[-1].chars
        if chars > CHARS:
            raise too_long(name)
    return pages


def _not_opened(error: Any, name: str) -> BobaoError:
    if "password" in str(error).lower() or "security" in str(error).lower():
        return BobaoError(
            "this PDF is protected by a password",
            where=name,
            advice="Save it without the password and try again.",
        )
    return _damaged("it is cut short or damaged", name)


def _damaged(why: str, name: str) -> BobaoError:
    return BobaoError(
        f"this PDF can't be read: {why}",
        where=name,
        advice="Open it in the program it was made with and save it again.",
    )


def _refuse_unreadable(pages: list[Page], name: str) -> None:
    chars = sum(page.chars for page in pages)
    unmapped = sum(page.unmapped for page in pages)
    if unmapped > 0.3 * (chars + unmapped) and unmapped > _FEW:
        raise BobaoError(
            "this PDF does not say which characters its glyphs are",
            where=name,
            advice=_SCANNED,
        )
    if any(page.fontless for page in pages):
        raise BobaoError(
            "this PDF does not hold its fonts, and this machine has none for its characters: some "
            "would be lost",
            where=name,
            advice="Install a Chinese font (on Debian: fonts-noto-cjk) and run it again, or save "
            "the PDF with its fonts.",
        )
    if chars < _FEW * max(1, len(pages)):
        raise BobaoError(
            "this PDF holds no text, only pictures of it",
            where=name,
            advice=_SCANNED,
        )
    if sum(page.upright for page in pages) > 0.5 * chars:
        raise BobaoError(
            "this PDF is set in vertical lines, which bobao does not read",
            where=name,
            advice="Save the text as plain text or a Word document.",
        )
