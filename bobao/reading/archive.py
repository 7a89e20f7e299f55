"""Zip archives that hold documents: read part by part, with limits on what they unpack to."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from bobao.errors import BobaoError

FILE_LIMIT = 50_000_000
"""Bytes of a document file."""
PART_LIMIT = 32_000_000
"""Bytes that one part of it may unpack to: a book of ten million words is smaller."""
TOTAL_LIMIT = 64_000_000
"""Bytes that the parts which are read may unpack to together."""
_PARTS = 20_000
_RATIO = 300
"""Times that a part may be larger unpacked than packed; XML reaches 30, a bomb 1000."""
_FREE = 1_000_000
"""Bytes below which the ratio says nothing."""


def tag(node: Any) -> str:
    """The name of an element without its namespace; "" for comments and the like."""
    name = node.tag
    return name.rsplit("}", 1)[-1] if isinstance(name, str) else ""


def child(node: Any, name: str) -> Any:
    """The first child element called `name`, None where there is none."""
    return None if node is None else next((c for c in node if tag(c) == name), None)


def too_large(size: int, limit: int, where: str) -> BobaoError:
    """The error for a file of `size` bytes where `limit` are allowed."""
    return BobaoError(
        f"the file is {size / 1e6:.0f} MB; one of {limit / 1e6:.0f} can be read",
        where=where,
        advice="Save the text without its pictures, or split it.",
    )


class Archive:
    """The parts of a document in a zip file. What a part claims of its size is never trusted."""

    def __init__(self, data: bytes, where: str, what: str) -> None:
        """Open the archive; `what` names the format in errors. `BobaoError` for a bad one."""
        self.where, self.what = where, what
        self._left = TOTAL_LIMIT
        if len(data) > FILE_LIMIT:
            raise too_large(len(data), FILE_LIMIT, where)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self.broken("it is cut short or damaged") from error
        if len(entries) > _PARTS:
            raise self.bomb(f"it has {len(entries)} parts")
        self._entries = {entry.filename.replace("\\", "/").lstrip("/"): entry for entry in entries}

    def broken(self, why: str) -> BobaoError:
        """The error for a document that can't be read, and why."""
        return BobaoError(
            f"this {self.what} can't be read: {why}",
            where=self.where,
            advice="Open it in the program it was made with and save it again.",
        )

    def bomb(self, why: str) -> BobaoError:
        """The error for an archive that unpacks to more than a document would."""
        return BobaoError(
            f"this {self.what} is no ordinary document: {why}",
            where=self.where,
            advice="It may be made to exhaust the machine that opens it; ask where it comes from.",
        )

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def names(self) -> Mapping[str, Any]:
        """The names of the parts."""
        return self._entries

    def read(self, name: str) -> bytes:
        """The part `name`. Raises `BobaoError` for a missing, locked, damaged or too large one."""
        entry = self._entries.get(name)
        if entry is None:
            raise self.broken(f"its part “{name}” is missing")
        if entry.flag_bits & 1:
            raise BobaoError(
                f"this {self.what} is protected by a password",
                where=self.where,
                advice="Save it without the password and try again.",
            )
        limit = min(PART_LIMIT, self._left, max(_FREE, entry.compress_size * _RATIO))
        try:
            with self._zip.open(entry) as part:
                data = part.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise self.broken(f"its part “{name}” is damaged") from error
        except (NotImplementedError, RuntimeError) as error:
            raise self.broken(f"its part “{name}” is packed in an unknown way") from error
        if len(data) > limit:
            raise self.bomb(f"its part “{name}” unpacks to more than {limit / 1e6:.0f} MB")
        self._left -= len(data)
        return data

    def tree(self, name: str) -> Any:
        """The root element of the XML part `name`. Entities and outside references stay unread."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise self.broken(f"its part “{name}” is not well-formed") from error

    def beside(self, name: str, target: str) -> str:
        """The name of the part that `target`, written in the part `name`, points at."""
        if target.startswith("/"):
            return posixpath.normpath(target).lstrip("/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))


def locked(data: bytes, name: str) -> BobaoError:
    """The error for a file in Office's older container: one with a password, or an old one."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return BobaoError(
            "this Word document is protected by a password",
            where=name,
            advice="Save it without the password and try again.",
        )
    return BobaoError(
        "this is an old Word document under a new name, which bobao does not read",
        where=name,
        advice="Open it in Word or WPS and save it as a Word document (.docx).",
    )


def document_of(data: bytes, name: str) -> str:
    """What kind of document the zip file `data` is: ``docx`` or ``epub``.

    Raises `BobaoError` for any other archive, by what it holds.
    """
    archive = Archive(data, name, "file")
    if "META-INF/container.xml" in archive:
        return "epub"
    if "word/document.xml" in archive or any(part.startswith("word/") for part in archive.names):
        return "docx"
    if "[Content_Types].xml" in archive and "_rels/.rels" in archive:
        sheet = any(part.startswith("xl/") for part in archive.names)
        slides = any(part.startswith("ppt/") for part in archive.names)
        if not (sheet or slides):
            return "docx"
        raise _not_read("a table of Excel" if sheet else "a set of slides", name)
    if "content.xml" in archive and "mimetype" in archive:
        raise _not_read("an OpenDocument file", name)
    raise _not_read("a zip archive", name, "Unpack it and read the article in it.")


def _not_read(what: str, name: str, advice: str = "") -> BobaoError:
    return BobaoError(
        f"this is {what}, which bobao does not read",
        where=name,
        advice=advice or "Save the article as a Word document (.docx) and try again.",
    )
