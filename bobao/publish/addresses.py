"""Where things will be: the site's address, and a file's on it."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import quote, unquote, urlsplit

from bobao.errors import BobaoError

_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")


def base(url: str) -> str:
    """The address of the site's root with a slash at its end; empty stays empty.

    Raises `BobaoError` for what is no address of the web.
    """
    text = url.strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1) > 0
        place = _place(parts.hostname or "", parts.port)
    except (ValueError, UnicodeError):
        fits, place = False, ""
    plain = _HOST.fullmatch(place) is not None
    if not (fits and plain) or parts.query or parts.fragment or "@" in parts.netloc:
        raise BobaoError(
            f"“{text[:200]}” cannot be the address of a site",
            where="[station] site",
            advice="Write it like https://example.org/podcast/, where output/ will be published.",
        )
    path = quote(unquote(parts.path).rstrip("/"), safe="/:@!$&'()*+,;=~-._")
    return f"{parts.scheme}://{place}{path}/"


def _place(host: str, port: int | None) -> str:
    """Host and port as they stand in an address, the name in ASCII."""
    name = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    return f"{name}:{port}" if port else name


def lasting(root: str) -> bool:
    """Whether a site's address is worth remembering: not that of a trial on one's own machine."""
    host = urlsplit(root).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return bool(host) and host != "localhost" and not host.endswith(".localhost")


def address(root: str, *names: str) -> str:
    """The URL of a file below `root`; all but letters and digits of ASCII as ``%XX``."""
    return root + "/".join(quote(part, safe="") for name in names for part in name.split("/"))
