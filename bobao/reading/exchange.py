"""One request to one machine whose address was checked, and no longer than it may take.

Who asks says what to send and what becomes of a failure; see `bobao.reading.fetch`.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urljoin

FAILURES = (OSError, http.client.HTTPException, ValueError)
"""What `asked` raises, and reading from its answer."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds to wait for a connection and for each part of an answer; the moment all must end.

    `ends` is of `time.monotonic`.
    """

    connect: float
    read: float
    ends: float

    @property
    def left(self) -> float:
        """Seconds until the end, never none: a wait of nothing would be a wait for ever."""
        return max(0.01, self.ends - time.monotonic())

    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.ends


@contextlib.contextmanager
def asked(
    method: str,
    here: SplitResult,
    address: tuple[str, int],
    headers: Mapping[str, str],
    waits: Waits,
) -> Iterator[http.client.HTTPResponse]:
    """The answer of the server at `address`, whose certificate must be that of the host.

    The connection is cut when the time is up, whatever it is waiting for. Raises `FAILURES`.
    """
    opened = socket.create_connection(address, timeout=min(waits.connect, waits.left))
    try:
        if here.scheme == "https":
            name = unquote(here.hostname or "")
            opened = ssl.create_default_context().wrap_socket(opened, server_hostname=name)
        opened.settimeout(waits.read)
        watch = threading.Timer(waits.left, _cut, (opened,))
        watch.daemon = True
        watch.start()
        connection = http.client.HTTPConnection(*address)
        connection.sock = opened
        try:
            path = (here.path or "/") + (f"?{here.query}" if here.query else "")
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": _host(here), **headers, "Connection": "close"}.items():
                connection.putheader(name, value)
            connection.endheaders()
            with connection.getresponse() as answer:
                yield answer
        finally:
            watch.cancel()
            connection.close()
    finally:
        opened.close()


def joined(base: str, url: str) -> str:
    """A whole address from one that may be relative; what is none is given as it is."""
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def failure(error: Exception, waits: Waits) -> str:
    """What went wrong, for a person."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "the server's certificate is not valid"
    if isinstance(error, TimeoutError) or waits.over():
        return "the server took too long"
    return f"the connection failed ({type(error).__name__})"


def _host(here: SplitResult) -> str:
    host = here.hostname or ""
    host = f"[{host}]" if ":" in host else unquote(host).encode("idna").decode("ascii")
    return f"{host}:{here.port}" if here.port else host


def _cut(opened: socket.socket) -> None:
    with contextlib.suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)
