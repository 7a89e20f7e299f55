"""Where the service is, and how long and how often it is asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from bobao.errors import BobaoError

VARIABLE = "BOBAO_EDGE_URL"
"""Names another address than Microsoft's: a newsroom's own relay, or a service for tests."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All times are seconds.

    `url` is the address under which ``edge/v1`` and ``voices/list`` are, empty for Microsoft's.
    `at_once` bounds the requests side by side. A request may be silent for `idle_s`, and may last
    `request_s` beyond the length of the speech it asks for; all tries for one piece of text
    together are given up after `total_s`. `backoff` stretches every wait between tries. The
    service is left alone for `rest_s` once it has failed `failures` times on end, for at least
    `failing_s`.
    """

    url: str = ""
    at_once: int = 4
    connect_s: int = 10
    idle_s: float = 20.0
    request_s: float = 30.0
    total_s: float = 300.0
    backoff: float = 1.0
    failures: int = 8
    failing_s: float = 30.0
    rest_s: float = 60.0


def from_environment() -> Settings:
    """The settings with the address that the environment names; raises `BobaoError` for none."""
    url = os.environ.get(VARIABLE, "").strip().rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query):
        raise BobaoError(
            f"{VARIABLE} is not the address of a service: {url}",
            advice="It has the form https://host/path, with nothing after a question mark.",
        )
    return Settings(url=url)
