"""The ways of a newsroom's network: its proxy and its own certificates."""

from __future__ import annotations

import os
import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from bobao.errors import BobaoError
from bobao.voices.edge.faults import TREATMENTS, Fault, Kind

CERTIFICATES = "SSL_CERT_FILE"


def proxy_for(url: str) -> str | None:
    """The proxy that the environment (or the system) names for a host; None for a direct way.

    aiohttp looks up the proxy of ``wss`` by that name alone, which nobody sets: HTTPS_PROXY is
    meant. Raises `Fault` for a kind of proxy that there is no way through.
    """
    parts, proxies = urlsplit(url), getproxies()
    encrypted = parts.scheme in {"wss", "https"}
    names = ("wss", "https", "all") if encrypted else ("ws", "http", "all")
    proxy = next((proxies[name] for name in names if proxies.get(name)), None)
    if proxy is None or proxy_bypass(parts.netloc):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if urlsplit(proxy).scheme not in {"http", "https"} or not urlsplit(proxy).hostname:
        raise Fault(Kind.PROXY, f"it must be an HTTP proxy, not {without_password(proxy)}")
    return proxy


def without_password(proxy: str) -> str:
    """A proxy's address as it may be shown."""
    scheme, _, rest = proxy.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def trust() -> ssl.SSLContext:
    """What makes a certificate good: certifi's authorities, this system's, and SSL_CERT_FILE.

    Raises `BobaoError` where that names no file of certificates.
    """
    import certifi

    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    if named := os.environ.get(CERTIFICATES):
        try:
            context.load_verify_locations(cafile=named)
        except (OSError, ssl.SSLError) as error:
            raise BobaoError(
                f"{CERTIFICATES} names no file of certificates: {error}",
                where=named,
                advice=TREATMENTS[Kind.CERTIFICATE].advice,
            ) from error
    return context
