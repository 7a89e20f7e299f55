"""Fetching an article from the web: within limits, and never from inside one's own network.

Only http and https. Every address that a name stands for is checked before anything is sent, after
each redirect anew, and the connection goes to the very address that was checked, so that a name
which changes its address in between (DNS rebinding) gains nothing. Proxies are not used.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import SplitResult, unquote

from bobao import __version__
from bobao.errors import BobaoError
from bobao.reading import addresses
from bobao.reading.addresses import Resolver, Waits, address_of, checked, quoted, resolve
from bobao.reading.decode import decode

_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
"""File name endings by media type, for addresses that have none or one that says nothing."""
_TEXTS = (".html", ".xhtml", ".md", ".txt", ".htm", ".shtml", "")
_HEADERS = {
    "User-Agent": f"bobao/{__version__}",
    "Accept": "text/html, application/xhtml+xml, text/*;q=0.9, */*;q=0.5",
    "Accept-Language": "zh, *;q=0.5",
    "Accept-Encoding": "gzip",
}
_MOVED = (301, 302, 303, 307, 308)
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What a fetch may take: bytes (unpacked), seconds, redirects."""

    size: int = 50_000_000
    connect: float = 10.0
    read: float = 20.0
    total: float = 90.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched: its bytes, a file name that tells its format, and where it was in the end.

    Text in an encoding that the server named is given as UTF-8 with a byte order mark. `media` is
    the media type that the server named; with `etag` and `modified` it can be asked whether there
    is anything new, `age_s` is for how many seconds it says that there will not be. Not `fresh`:
    there is nothing new, and no data.
    """

    data: bytes
    name: str
    url: str
    media: str = ""
    etag: str = ""
    modified: str = ""
    age_s: int = 0
    fresh: bool = True


LIMITS = FetchLimits()


class Busy(BobaoError):  # noqa: N818 - what happened; nothing is wrong
    """A server asks not to be asked now."""


def fetch(
    url: str,
    *,
    private: bool = False,
    limits: FetchLimits = LIMITS,
    resolver: Resolver = resolve,
    since: tuple[str, str] = ("", ""),
) -> Fetched:
    """The document at `url`, at most `limits`; `private` allows addresses that are not public.

    With `since`, the `etag` and `modified` of before, it may be that nothing is new. Raises
    `BobaoError` for an address that may not be asked, and for whatever goes wrong.
    """
    waits = Waits(limits.connect, limits.read, time.monotonic() + limits.total)
    asking = dict(zip(("If-None-Match", "If-Modified-Since"), since, strict=True))
    headers = _HEADERS | {name: value for name, value in asking.items() if value}
    here = checked(url, url)
    for _ in range(limits.redirects + 1):
        address = address_of(here, private, resolver)
        with _asked(here, address, waits, headers) as answer:
            target = answer.getheader("Location") if answer.status in _MOVED else None
            if answer.status == 304 and any(since):
                return Fetched(
                    b"", "", here.geturl(), "", *since, _age(answer.headers), fresh=False
                )
            if target is None:
                _refuse_status(answer, here)
                return _fetched(_body(answer, here, limits, waits), answer.headers, here)
        here = checked(addresses.joined(here.geturl(), quoted(_as_utf8(target))), here.geturl())
    raise BobaoError(
        f"the address redirects more than {limits.redirects} times",
        where=url,
        advice="Open it in a browser and use the address that it ends at.",
    )


def _as_utf8(header: str) -> str:
    """A header's text, which servers send as UTF-8 and `http.client` takes for Latin-1."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


@contextlib.contextmanager
def _asked(
    here: SplitResult, address: tuple[str, int], waits: Waits, headers: dict[str, str]
) -> Iterator[http.client.HTTPResponse]:
    try:
        with addresses.asked("GET", here, address, headers, waits) as answer:
            yield answer
    except addresses.FAILURES as error:
        raise BobaoError(
            addresses.failure(error, waits),
            where=here.geturl(),
            advice="Try again later, or download the article with a browser and read the file.",
        ) from error


def _refuse_status(answer: http.client.HTTPResponse, here: SplitResult) -> None:
    if answer.status in (429, 503):
        wait = str(answer.getheader("Retry-After") or "a while")
        raise Busy(
            f"the server is too busy ({answer.status})",
            where=here.geturl(),
            advice=f"Ask again later; it says after: {wait[:40]}.",
        )
    if answer.status != 200:
        raise BobaoError(
            f"the server answered {answer.status} {answer.reason}".rstrip(),
            where=here.geturl(),
            advice="Check the address in a browser; if it shows there, save it and read the file.",
        )


def _body(
    answer: http.client.HTTPResponse, here: SplitResult, limits: FetchLimits, waits: Waits
) -> bytes:
    """The bytes of the answer, unpacked."""
    packing = (answer.getheader("Content-Encoding") or "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise BobaoError(
            f"the server packs its answer in a way that was not asked for ({packing[:20]})",
            where=here.geturl(),
            advice="Download the article with a browser and read the file.",
        )
    unpack = None if packing == "identity" else zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    size = 0
    while chunk := answer.read(_CHUNK):
        if waits.over():
            raise TimeoutError
        part = _unpacked(unpack, chunk, limits.size - size, here) if unpack else chunk
        size += len(part)
        if size > limits.size:
            raise _too_large(here, limits)
        parts.append(part)
    if waits.over():
        raise TimeoutError
    if (unpack is not None and not unpack.eof) or answer.length:
        raise http.client.IncompleteRead(b"")
    return b"".join(parts)


def _unpacked(unpack: Any, chunk: bytes, room: int, here: SplitResult) -> bytes:
    try:
        part: bytes = unpack.decompress(chunk, room + 1)
    except zlib.error as error:
        raise http.client.HTTPException("damaged") from error
    return part


def _too_large(here: SplitResult, limits: FetchLimits) -> BobaoError:
    return BobaoError(
        f"the document is larger than {limits.size / 1e6:.0f} MB",
        where=here.geturl(),
        advice="Save only the article and read the file.",
    )


def _fetched(data: bytes, headers: Message, here: SplitResult) -> Fetched:
    """The bytes with a name for them, and as UTF-8 where the server names an encoding."""
    name = PurePosixPath(unquote(here.path)).name or here.hostname or "page"
    known = _ENDINGS.get(headers.get_content_type() if headers.get("Content-Type") else "", "")
    ending = PurePosixPath(name).suffix.lower()
    if known and ending not in (*_ENDINGS.values(), ".htm", ".shtml", ".markdown"):
        name += known
        ending = known
    charset = headers.get_content_charset() or ""
    if charset and ending in _TEXTS:
        text, _ = decode(data, charset, here.geturl())
        data = b"\xef\xbb\xbf" + text.encode("utf-8")
    media = headers.get_content_type() if headers.get("Content-Type") else ""
    states = (str(headers.get("ETag") or ""), str(headers.get("Last-Modified") or ""))
    return Fetched(data, name, here.geturl(), media, *states, _age(headers))


def _age(headers: Message) -> int:
    """For how many seconds the answer is good (Cache-Control, RFC 9111)."""
    found = re.search(r"\bmax-age=(\d{1,7})", str(headers.get("Cache-Control") or ""))
    return int(found[1]) if found else 0
