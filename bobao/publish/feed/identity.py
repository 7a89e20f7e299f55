"""Names that never change: of the show (podcast:guid) and of its items."""

from __future__ import annotations

import re
import uuid

PODCASTS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcast:guid (podcast-namespace, docs/tags/guid.md)."""


def podcast_guid(url: str) -> str:
    """The UUIDv5 of a show whose feed is first published at `url`.

    Taken over the address without its scheme and trailing slashes.
    """
    return str(uuid.uuid5(PODCASTS, re.sub(r"^[a-z][a-z0-9+.-]*://", "", url.strip()).rstrip("/")))


def item_guid(show: str, name: str) -> str:
    """The UUIDv5 of the item `name` of the show with the guid `show`."""
    return str(uuid.uuid5(uuid.UUID(show), name))
