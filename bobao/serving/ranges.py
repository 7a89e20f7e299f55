"""Byte ranges and conditions of a request: RFC 9110, sections 13 and 14. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import format_datetime, parsedate_to_datetime

_SINGLE = re.compile(r"bytes[ \t]*=[ \t]*([0-9]*)[ \t]*-[ \t]*([0-9]*)", re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?"[^"]*"')
_MOST_DIGITS = 18
"""Longer numbers are past the end of any file."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The bytes [start, stop) of a file."""

    start: int
    stop: int


class Unsatisfiable(Exception):  # noqa: N818 - the status 416, not a failure of ours
    """The range asked for has no byte of the file."""


def wanted(header: str | None, size: int) -> Slice | None:
    """The range that a Range header asks for, of a file of `size` bytes.

    None stands for the whole file: no header, another unit than bytes, several ranges (which a
    server may ignore, and no player sends), or nonsense, which has to be ignored. Raises
    `Unsatisfiable` for a range that is well-formed and beyond the file.
    """
    match = _SINGLE.fullmatch(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = (_number(digits) for digits in match.groups())
    if first is None:  # the last so many bytes
        if not last or not size:
            raise Unsatisfiable
        return Slice(max(size - last, 0), size)
    if last is not None and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return Slice(first, size if last is None else min(last + 1, size))


def _number(digits: str) -> int | None:
    if not digits:
        return None
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _MOST_DIGITS else int("9" * _MOST_DIGITS)


def still(if_range: str | None, tag: str, modified: str) -> bool:
    """Whether a Range may be answered in part: If-Range is absent or names this very version."""
    if not if_range:
        return True
    if_range = if_range.strip()
    return if_range == (tag if if_range.startswith('"') else modified)


def listed(header: str | None, tag: str, *, weak: bool) -> bool:
    """Whether `tag` is in an If-Match or If-None-Match header, which may be ``*``."""
    if header is None:
        return False
    if header.strip() == "*":
        return True
    tags = _TAG.findall(header)
    if weak:
        return tag.removeprefix("W/") in (each.removeprefix("W/") for each in tags)
    return not tag.startswith("W/") and tag in tags


def not_since(header: str | None, modified: str) -> bool | None:
    """Whether a file of that Last-Modified has not changed since a date; None if it is no date."""
    since, then = _when(header), _when(modified)
    return None if since is None or then is None else then <= since


def http_date(seconds: float) -> str:
    """A time since 1970 as HTTP writes it; parts of a second are dropped."""
    return format_datetime(datetime.fromtimestamp(int(seconds), timezone.utc), usegmt=True)


def _when(header: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(header) if header else None
    except (ValueError, TypeError, OverflowError):
        return None
    return found.replace(tzinfo=timezone.utc) if found and found.tzinfo is None else found
