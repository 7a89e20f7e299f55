"""Times as the formats of a book write them, exact to the millisecond."""

from __future__ import annotations


def smil_clock(ms: int) -> str:
    """A full clock value of SMIL 3.0: ``0:01:23.450``."""
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{ms:03}"
