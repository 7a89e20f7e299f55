"""EPUB books to lines with hints: the chapters in reading order, read as web pages are.

After EPUB 3.3 (W3C), sections 4 (container), 5 (package document); EPUB 2.0.1 for the guide and
the NCX table of contents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urldefrag

from bobao.errors import BobaoError
from bobao.model import BlockKind
from bobao.reading.archive import Archive, child, tag
from bobao.reading.decode import decode
from bobao.reading.lines import Flow, Hint, SourceLine, without_common_bold
from bobao.reading.tablefiles import fold
from bobao.reading.webtree import WebRow, rows_of

_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Ways to scramble fonts only: the text of such a book is open."""
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document")
_CHAPTERS = 5_000
_BESIDE = {
    "cover": "the cover",
    "title-page": "the title page",
    "titlepage": "the title page",
    "halftitlepage": "the title page",
    "toc": "the table of contents",
    "landmarks": "the table of contents",
    "copyright-page": "the imprint",
    "index": "the index",
}
"""Parts of a book that are not its text, by their name in the guide or as ``epub:type``."""
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "wbr")
)
_CLOSED = re.compile(r"<([A-Za-z][\w:.-]*)((?:\s[^<>]*)?)/>")
_TYPE = re.compile(r"<body\b[^<>]*\bepub:type\s*=\s*[\"']([^\"'<>]*)")
_XML = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w-]{1,30})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Page:
    """A document of the book, its name in the table of contents, and why it is not text if so."""

    part: str
    label: str = ""
    outside: str = ""


def epub_source(data: bytes, name: str) -> tuple[str, list[SourceLine], str]:
    """The text of the book `data`, its lines and its encoding; each page's first heading is kept.

    Raises `BobaoError` for a file that is damaged, locked or unpacks to more than a book would.
    """
    archive = Archive(data, name, "EPUB book")
    _refuse_locked(archive)
    package = _package_part(archive)
    root = archive.tree(package)
    pages = _pages(archive, package, root)
    flow = Flow(name)
    title = _words(child(root, "metadata"), "title")
    shown = [(page, _rows(archive, page)) for page in pages]
    _add_title(flow, title, [row for page, rows in shown for row in rows if not page.outside])
    for page, rows in shown:
        _add_page(flow, page, rows)
    return flow.text, without_common_bold(flow.lines), "utf-8"


def _refuse_locked(archive: Archive) -> None:
    if "META-INF/encryption.xml" not in archive:
        return
    for node in archive.tree("META-INF/encryption.xml").iter():
        if tag(node) == "EncryptedData":
            method = child(node, "EncryptionMethod")
            if method is None or method.get("Algorithm") not in _FONTS:
                raise BobaoError(
                    "this book is locked (DRM): its text can't be read",
                    where=archive.where,
                    advice="Ask its publisher for an open copy.",
                )


def _package_part(archive: Archive) -> str:
    for node in archive.tree("META-INF/container.xml").iter():
        if tag(node) == "rootfile" and (path := node.get("full-path")):
            return archive.beside("", str(path))
    raise archive.broken("it does not say where its package document is")


def _pages(archive: Archive, package: str, root: Any) -> list[_Page]:
    """The documents of the book in reading order."""
    items: dict[str, Any] = {}
    for node in child(root, "manifest") if child(root, "manifest") is not None else ():
        items.setdefault(str(node.get("id")), node)
    spine = child(root, "spine")
    labels = _labels(archive, package, items, spine)
    guide = child(root, "guide")
    beside = {
        _at(archive, package, str(node.get("href") or "")): _BESIDE[kind]
        for node in (guide if guide is not None else ())
        if (kind := str(node.get("type") or "").lower()) in _BESIDE
    }
    pages: dict[str, _Page] = {}
    for ref in spine if spine is not None else ():
        item = items.get(str(ref.get("idref")))
        if item is None or item.get("media-type") not in _PAGES:
            continue
        part = _at(archive, package, str(item.get("href") or ""))
        outside = beside.get(part, "")
        if "nav" in str(item.get("properties") or "").split():
            outside = "the table of contents"
        elif ref.get("linear") == "no":
            outside = outside or "beside the book's text"
        pages.setdefault(part, _Page(part, labels.get(part, ""), outside))
    if not pages or len(pages) > _CHAPTERS:
        raise archive.broken("its list of chapters is empty or endless")
    return list(pages.values())


def _at(archive: Archive, base: str, href: str) -> str:
    return archive.beside(base, unquote(urldefrag(href)[0]))


def _labels(archive: Archive, package: str, items: dict[str, Any], spine: Any) -> dict[str, str]:
    """The names of documents in the table of contents: the first that points at each."""
    found: dict[str, str] = {}
    for item in items.values():
        part = _at(archive, package, str(item.get("href") or ""))
        nav = "nav" in str(item.get("properties") or "").split()
        ncx = item.get("media-type") == "application/x-dtbncx+xml"
        if part not in archive or not (nav or ncx):
            continue
        for node in archive.tree(part).iter():
            if nav and tag(node) == "a" and node.get("href"):
                found.setdefault(_at(archive, part, node.get("href")), _text(node))
            elif ncx and tag(node) == "navPoint":
                content = child(node, "content")
                if content is not None and content.get("src"):
                    label = _text(child(node, "navLabel"))
                    found.setdefault(_at(archive, part, content.get("src")), label)
    return found


def _text(node: Any) -> str:
    return "" if node is None else " ".join("".join(node.itertext()).split())


def _words(node: Any, name: str) -> str:
    return _text(child(node, name))


def _rows(archive: Archive, page: _Page) -> list[WebRow]:
    """The rows of one document of the book; where it says itself what it is, they are outside."""
    data = archive.read(page.part)
    declared = _XML.match(data.lstrip()[:200])
    text, _ = decode(data, declared.group(1).decode("ascii") if declared else "", page.part)
    types = _TYPE.search(text)
    beside = next(
        (_BESIDE[t] for t in (types.group(1).split() if types else ()) if t in _BESIDE), ""
    )
    rows = [row for row in rows_of(_as_html(text)) if row.tag != "title"]
    if beside or page.outside:
        for row in rows:
            row.outside = page.outside or beside
    return rows


def _as_html(page: str) -> str:
    """A page of XHTML so that a parser of HTML reads it right."""

    def closed(match: re.Match[str]) -> str:
        name, rest = match.groups()
        return match.group() if name.lower() in _VOID else f"<{name}{rest}></{name}>"

    return _CLOSED.sub(closed, page)


def _same(left: str, right: str) -> bool:
    return re.sub(r"\W", "", fold(left)) == re.sub(r"\W", "", fold(right))


def _add_title(flow: Flow, title: str, rows: Sequence[WebRow]) -> None:
    """Take the heading that is the book's title for it, or add the title that the package names."""
    for row in rows[:3]:
        if title and _same(row.text, title):
            row.hint = Hint(kind=BlockKind.TITLE)
            return
    if title:
        flow.add([title], Hint(kind=BlockKind.TITLE))


def _add_page(flow: Flow, page: _Page, rows: Sequence[WebRow]) -> None:
    inside = [row for row in rows if not row.outside]
    kinds = (BlockKind.HEADING, BlockKind.TITLE)
    if inside and page.label and not any(row.hint.kind in kinds for row in inside):
        first = inside[0]
        if _same(first.text, page.label):
            first.hint = replace(first.hint, kind=BlockKind.HEADING, level=1)
        elif not fold(first.text).startswith(fold(page.label)):
            flow.add([page.label], Hint(kind=BlockKind.HEADING, level=1), blanks=1)
    for n, row in enumerate(rows):
        hint = replace(row.hint, outside=row.outside) if row.outside else row.hint
        blanks = max(row.blanks, int(n == 0))
        if row.cells:
            flow.add_cells(row.cells, hint, blanks=blanks)
        else:
            row.put(flow, hint, blanks)
