"""Asking a server about a feed and its files: HEAD, and parts of a file by range.

Every address is checked before it is asked, after each redirect anew, and the connection goes to
the very machine that was checked (see `bobao.reading.addresses`). Little is read, nothing for long.
"""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import SplitResult

from bobao import __version__
from bobao.errors import BobaoError
from bobao.feed.document import MOST_BYTES
from bobao.feed.looks import Look
from bobao.reading import exchange
from bobao.reading.addresses import Resolver, address_of, checked, quoted, resolve
from bobao.reading.exchange import Waits

_HEADERS = {
    "User-Agent": f"bobao/{__version__} (feed check)",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
}
_MOVED = (301, 302, 303, 307, 308)
_REDIRECTS = 5
_WAIT_S, _TOTAL_S, _FEED_S = 10.0, 20.0, 90.0
_CHUNK = 65_536
_WHOLE = re.compile(r"bytes\s+\d+-\d+/(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: status, headers in small letters, the first bytes, and where it was."""

    status: int
    headers: dict[str, str]
    data: bytes
    url: str


@dataclass(frozen=True, slots=True)
class Web:
    """A way to ask. `private` allows machines that are not in the open network."""

    private: bool = False
    resolver: Resolver = resolve
    at_once: int = 4  # a server is not to feel it

    def feed(self, url: str) -> Answer:
        """The feed at `url`. Raises `BobaoError` where it cannot be had."""
        answer = self._ask("GET", url, {}, MOST_BYTES + 1, _FEED_S)
        if answer.status != 200:
            raise BobaoError(
                f"the server answers {answer.status}",
                where=answer.url,
                advice="Open the address in a browser; a feed has to be there for everybody.",
            )
        return answer

    def look(self, url: str, want: int) -> Look:
        """What is at `url`; faults of the connection are told in the `Look`, not raised."""
        try:
            head = self._ask("HEAD", url, {}, 0, _TOTAL_S)
            if want == 0 and head.status == 200:
                return Look(200, type=head.headers.get("content-type", ""))
            part = {"Range": f"bytes=0-{max(1, want) - 1}"}
            got = self._ask("GET", url, part, max(1, want), _TOTAL_S)
        except BobaoError as error:
            return Look(0, error.what)
        return Look(
            got.status,
            size=_size(got, head),
            type=got.headers.get("content-type", ""),
            head=head.status == 200,
            ranges=got.status == 206 and "content-range" in got.headers,
            data=got.data,
        )

    def _ask(
        self, method: str, url: str, headers: dict[str, str], most: int, total: float
    ) -> Answer:
        waits = Waits(_WAIT_S, _WAIT_S, time.monotonic() + total)
        here = checked(url, url)
        for _ in range(_REDIRECTS + 1):
            address = address_of(here, self.private, self.resolver)
            answer = _exchange(method, here, address, headers, most, waits)
            target = answer.headers.get("location") if answer.status in _MOVED else None
            if target is None:
                return answer
            here = checked(exchange.joined(here.geturl(), quoted(target)), here.geturl())
        raise BobaoError(f"the address redirects more than {_REDIRECTS} times", where=url)


def _size(got: Answer, head: Answer) -> int | None:
    """The size of the whole file, by whichever answer tells it."""
    if found := _WHOLE.match(got.headers.get("content-range", "")):
        return int(found[1])
    packed = any(a.headers.get("content-encoding", "identity") != "identity" for a in (got, head))
    for answer in (got, head):
        length = answer.headers.get("content-length", "")
        if answer.status == 200 and length.isdecimal() and not packed:
            return int(length)
    return None


def _exchange(  # noqa: PLR0913, PLR0917 - one request in all its parts
    method: str,
    here: SplitResult,
    address: tuple[str, int],
    headers: dict[str, str],
    most: int,
    waits: Waits,
) -> Answer:
    try:
        with exchange.asked(method, here, address, {**_HEADERS, **headers}, waits) as response:
            told = {name.lower(): value for name, value in response.getheaders()}
            data = b"" if method == "HEAD" else _read(response, most, waits)
            return Answer(response.status, told, data, here.geturl())
    except exchange.FAILURES as error:
        raise BobaoError(
            exchange.failure(error, waits), where=here.geturl(), advice="Try again later."
        ) from error


def _read(response: http.client.HTTPResponse, most: int, waits: Waits) -> bytes:
    """The first `most` bytes of an answer."""
    parts: list[bytes] = []
    while most > 0 and (chunk := response.read(min(_CHUNK, most))):
        if waits.over():
            raise TimeoutError
        parts.append(chunk)
        most -= len(chunk)
    if most > 0 and response.length:  # it promised more than it sent
        raise http.client.IncompleteRead(b"")
    return b"".join(parts)
