"""What can go wrong between here and the service: told apart, and what is done about each kind."""

from __future__ import annotations

import asyncio
import functools
from dataclasses import dataclass
from enum import Enum
from importlib import metadata

from bobao.errors import BobaoError
from bobao.voices.engine import GaveUp


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a kind of fault is called, what a person can do, and what we do by ourselves.

    A piece of text is tried `tries` times with this kind of fault, after waits that start at about
    `wait_s` and double. `slows`: fewer requests at a time from now on. `everywhere`: no other text
    would fare better, so the service is left alone for a while.
    """

    what: str
    advice: str
    tries: int = 1
    wait_s: float = 0.5
    slows: bool = False
    everywhere: bool = True


_UPDATE = "Get the newest edge-tts 7 (pip install -U 'edge-tts>=7.3,<8')"


class Kind(Enum):
    """What can go wrong, and what is done about it."""

    OFFLINE = Treatment(
        "the online voice cannot be reached",
        "Check the network; behind a proxy set HTTPS_PROXY.",
        tries=3,
    )
    PROXY = Treatment(
        "the proxy does not let the online voice through",
        "Check HTTPS_PROXY (http://user:password@host:port; SOCKS is not possible), or name the "
        "service's host in NO_PROXY.",
    )
    CERTIFICATE = Treatment(
        "the certificate of the online voice is not trusted",
        "If your network looks into encrypted traffic, name its certificates (a PEM file) in "
        "SSL_CERT_FILE; else check this computer's date.",
    )
    CLOCK = Treatment(
        "the online voice refuses this computer's time",
        "Set the clock and its time zone (with an internet time server), then run it again.",
        tries=2,
        wait_s=2.0,
    )
    TOKEN = Treatment(
        "the online voice refuses the request (403)",
        f"{_UPDATE}: its way of signing requests changes now and then. From a data centre or "
        "through a VPN try another network.",
        tries=3,
        wait_s=2.0,
    )
    BUSY = Treatment(
        "the online voice is too busy",
        "Wait five minutes and run it again; a smaller --jobs asks for less at a time.",
        tries=8,
        wait_s=2.0,
        slows=True,
    )
    BROKEN = Treatment(
        "the online voice is out of order",
        "Wait a while and run it again.",
        tries=5,
        wait_s=1.0,
    )
    REFUSED = Treatment(
        "something else than the online voice answers",
        "A network that wants a log-in page first answers so: open any page in a browser. "
        f"{_UPDATE} if the service has changed.",
        tries=2,
    )
    STALLED = Treatment(
        "the online voice stopped answering",
        "Run it again later, or from another network.",
        tries=4,
        everywhere=False,
    )
    CUT = Treatment(
        "the online voice broke off before the end of the text",
        "Run it again later, or from another network; some proxies and VPNs cut connections.",
        tries=5,
        everywhere=False,
    )
    GARBLED = Treatment(
        "what the online voice sent is not the text",
        f"Run it again; if it stays so, word the line differently. {_UPDATE} if no line works.",
        tries=4,
        everywhere=False,
    )
    NO_AUDIO = Treatment(
        "the online voice sent no sound",
        "See whether the voice is still there: bobao voices --engine edge --refresh. From a data "
        "centre or through a VPN try another network.",
        tries=4,
        wait_s=1.0,
        everywhere=False,
    )
    VOICE = Treatment(
        "the online voice is not known to the service",
        "Choose one of those that bobao voices --engine edge --refresh shows.",
        everywhere=False,
    )


_STATUS = {403: Kind.TOKEN, 407: Kind.PROXY, 429: Kind.BUSY, 503: Kind.BUSY}
MAX_RETRY_AFTER_S = 120.0
SKEW_S = 60.0
"""A clock this much off is worth a word; the service allows five minutes."""


class Fault(Exception):  # noqa: N818 - it is dealt with; what a person is shown is an error
    """A request failed; `detail` says how exactly, `retry_after` is what the service asked for."""

    def __init__(self, kind: Kind, detail: str, retry_after: float = 0.0) -> None:
        super().__init__(f"{kind.name}: {detail}")
        self.kind, self.detail, self.retry_after = kind, detail, retry_after

    @property
    def treatment(self) -> Treatment:
        """What is done about it."""
        return self.kind.value


def final(fault: Fault, tries: int) -> BobaoError:
    """The error a person is shown after the last of `tries`; `GaveUp` where another voice helps."""
    treatment, times = fault.treatment, f", {tries} times" if tries > 1 else ""
    what = f"{treatment.what}{times}: {fault.detail} (edge-tts {installed()})"
    return (BobaoError if fault.kind is Kind.VOICE else GaveUp)(what, advice=treatment.advice)


def installed() -> str:
    """The version of edge-tts."""
    return metadata.version("edge-tts")


def fault_of(error: BaseException) -> Fault | None:
    """What an exception of the client means; None for one that is a defect of ours."""
    import aiohttp

    refused_by_proxy = aiohttp.ClientHttpProxyError
    if isinstance(error, aiohttp.ClientResponseError) and not isinstance(error, refused_by_proxy):
        wait = str(error.headers.get("Retry-After", "")) if error.headers else ""
        return _refusal(error.status, error.message, wait)
    kind = next((kind for types, kind in _kinds() if isinstance(error, types)), None)
    if kind is Kind.CLOCK and isinstance(error.__cause__, refused_by_proxy):
        return Fault(Kind.PROXY, _said(error.__cause__))
    return Fault(kind, _said(error)) if kind else None


@functools.cache
def _kinds() -> tuple[tuple[type[BaseException], Kind], ...]:
    """Exceptions and what they mean; of two that fit the first counts."""
    import aiohttp
    from edge_tts import exceptions as edge

    return (
        (edge.SkewAdjustmentError, Kind.CLOCK),  # raised from the refusal it could not mend
        (edge.NoAudioReceived, Kind.NO_AUDIO),
        (aiohttp.ClientHttpProxyError, Kind.PROXY),
        (aiohttp.ClientProxyConnectionError, Kind.PROXY),
        (aiohttp.ClientConnectorCertificateError, Kind.CERTIFICATE),
        (aiohttp.ClientConnectorSSLError, Kind.CERTIFICATE),
        (aiohttp.ClientConnectorError, Kind.OFFLINE),
        (aiohttp.ConnectionTimeoutError, Kind.OFFLINE),
        (aiohttp.InvalidURL, Kind.PROXY),
        (asyncio.TimeoutError, Kind.STALLED),
        (aiohttp.ClientError, Kind.CUT),
        (OSError, Kind.CUT),
        (edge.WebSocketError, Kind.CUT),
        (edge.EdgeTTSException, Kind.GARBLED),
        (ValueError, Kind.GARBLED),  # the client does not check what it takes apart
        (LookupError, Kind.GARBLED),
        (TypeError, Kind.GARBLED),
    )


def _refusal(status: int, message: str, retry_after: str) -> Fault:
    from edge_tts.drm import DRM

    said = f"{status} {message}".strip()
    skew = DRM.clock_skew_seconds  # learnt from an earlier refusal, and allowed for in this one
    if status == 403 and abs(skew) > SKEW_S:
        return Fault(Kind.CLOCK, f"{said}; this computer's clock is {abs(skew):.0f} s off")
    kind = _STATUS.get(status, Kind.BROKEN if status >= 500 else Kind.REFUSED)
    seconds = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0
    return Fault(kind, said, min(seconds, MAX_RETRY_AFTER_S))


def _said(error: BaseException) -> str:
    """What an exception says; of a connection that failed, to where and why."""
    import aiohttp

    text = str(error)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        text = f"{error.host}:{error.port}: {error.certificate_error}"
    elif isinstance(error, aiohttp.ClientResponseError):  # its own text has the proxy's password
        text = f"{error.status} {error.message}"
    elif isinstance(error, aiohttp.ClientConnectorError):
        text = f"{error.host}:{error.port}: {error.os_error.strerror or error.os_error}"
    return " ".join(text.split())[:200] or type(error).__name__
