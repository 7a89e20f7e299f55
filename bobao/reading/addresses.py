"""Addresses of the web: which may be asked, which machine is behind them, and one asked safely."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from bobao.errors import BobaoError

Resolver = Callable[[str, int], list[str]]
"""From a host and a port to its addresses; raises OSError where there are none."""


def is_url(text: str) -> bool:
    """Whether a person who typed `text` means an address and no file."""
    return re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", text) is not None


def resolve(host: str, port: int) -> list[str]:
    """The addresses of `host`, by the system."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def checked(url: str, where: str) -> SplitResult:
    """The parts of `url`, which must be one of the web."""
    try:
        parts = urlsplit(quoted(url))
        known = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        known, parts = False, urlsplit("")
    if not known:
        raise BobaoError(
            f"“{url[:200]}” is no address of the web that can be fetched",
            where=where[:200],
            advice="Give an address that starts with http:// or https://.",
        )
    if parts.username or parts.password:
        raise BobaoError(
            "the address holds a name or a password",
            where=f"{parts.scheme}://{parts.hostname}",
            advice="Download the article with a browser and read the file.",
        )
    return parts


def quoted(url: str) -> str:
    """`url` with whatever may not stand in an address written as bytes."""
    return quote(url.strip(), safe="%/:=&?~#+!$,;'@()*[]")


def address_of(here: SplitResult, private: bool, resolver: Resolver) -> tuple[str, int]:
    """The address and port to connect to. Every address of the host must be public, or allowed."""
    host = here.hostname or ""
    port = here.port or (443 if here.scheme == "https" else 80)
    try:
        ascii_host = host if ":" in host else unquote(host).encode("idna").decode("ascii")
        addresses = resolver(ascii_host, port)
        if not addresses:
            raise OSError("no address")
    except (OSError, UnicodeError) as error:
        raise BobaoError(
            f"there is no server called “{host}”",
            where=here.geturl(),
            advice="Check the address and the connection to the network.",
        ) from error
    for address in addresses:
        if not private and not _public(address):
            raise BobaoError(
                f"“{host}” is inside a private network ({address})",
                where=here.geturl(),
                advice="If you trust it, allow it with --allow-private.",
            )
    return addresses[0], port


def _public(address: str) -> bool:
    """Whether an address is one of the open network (RFC 6890), also within an IPv6 one."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return _public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


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
