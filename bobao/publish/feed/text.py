"""Text as XML and players can take it, and times as their formats write them."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime
from html import escape

NODE_CHARACTERS = 255
"""The longest value of an element that PSP-1 and Apple allow where they say nothing else."""
DESCRIPTION_BYTES = 4000

_NOT_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""What XML 1.0 cannot hold or discourages (section 2.2)."""
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Overrides and isolates of the direction: they would turn round what a player shows after them."""

_TAG = re.compile(r"<[A-Za-z/!?]")
_PLAIN = str.maketrans("<>", "＜＞")


def clean(text: str) -> str:
    """`text` without what XML cannot hold; line breaks are kept."""
    plain = _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _TURNING.sub("", plain).strip()


def one_line(text: str, most: int = NODE_CHARACTERS) -> str:
    """`text` on one line, of at most `most` characters; what is cut off is shown as “…”."""
    line = " ".join(clean(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def title(text: str) -> str:
    """`text` as a title, which some readers take for HTML: a tag in it is made plain characters."""
    line = one_line(text)
    return line.translate(_PLAIN) if _TAG.search(line) else line


def paragraph(text: str, most: int = DESCRIPTION_BYTES) -> str:
    """`text` as HTML of at most `most` bytes of UTF-8; what is cut off is shown as “…”.

    A description is HTML to most readers (RSS Advisory Board, best practices), so that a bare
    ``<`` in it would be lost.
    """
    whole = clean(text)
    if len(html(whole).encode("utf-8")) <= most:
        return html(whole)
    fits, kept = most - len("…".encode()), 0
    for character in whole:
        fits -= len(escape(character, quote=False).encode("utf-8"))
        if fits < 0:
            break
        kept += 1
    return html(whole[:kept]) + "…"


def html(text: str) -> str:
    """`text` between tags of HTML, without a ``]]>`` that would end a CDATA section."""
    return escape(clean(text), quote=False)


def quoted(text: str) -> str:
    """`text` as the value of an attribute of HTML."""
    return escape(clean(text))


def rfc2822(moment: datetime) -> str:
    """A time as RSS writes it: ``Sun, 22 Nov 2026 00:00:00 +0800``."""
    return format_datetime(moment)


def seconds(ms: int) -> str:
    """A length in whole seconds, rounded, and never 0 for a sound that there is."""
    return str(max(1, (ms + 500) // 1000))


def clock(ms: int) -> str:
    """``00:01:23``, rounded down: the form that players turn into a link."""
    minutes, second = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{second:02}"


def normal_play_time(ms: int) -> str:
    """``00:01:23.450`` as simple chapters write it (RFC 2326, 3.6)."""
    return f"{clock(ms)}.{ms % 1000:03}"
