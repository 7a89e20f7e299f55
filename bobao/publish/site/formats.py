"""Times, dates and sizes as a reader of Chinese reads them, and as machines do."""

from __future__ import annotations

import datetime

_WEEKDAYS = "一二三四五六日"


def clock(ms: int) -> str:
    """``1:23``, ``1:02:03``: rounded down, so that nothing is missed."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def length(ms: int) -> str:
    """``9 分 58 秒``; from an hour on without seconds: ``1 小时 2 分``. Rounded down."""
    seconds = ms // 1000
    if seconds >= 3600:
        hours, minutes = divmod(seconds // 60, 60)
        return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"
    minutes, seconds = divmod(seconds, 60)
    parts = [f"{minutes} 分" if minutes else "", f"{seconds} 秒" if seconds or not minutes else ""]
    return " ".join(filter(None, parts))


def iso_length(ms: int) -> str:
    """``PT9M58S`` (ISO 8601, as schema.org and HTML's ``time`` ask)."""
    return f"PT{(ms + 500) // 1000}S"


def iso_time(ms: int) -> str:
    """``PT83.46S``: a time in a recording, exact."""
    return f"PT{seconds(ms)}S"


def seconds(ms: int) -> str:
    """Seconds without needless zeros: ``83``, ``83.5``, ``83.46``."""
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")


def day(date: str) -> datetime.date | None:
    """The day of an ISO date; None for anything else."""
    try:
        return datetime.date.fromisoformat(date[:10])
    except ValueError:
        return None


def written_day(date: str) -> str:
    """``2026年11月22日 星期日``; what is no date stays as it is."""
    found = day(date)
    if found is None:
        return date
    return f"{found.year}年{found.month}月{found.day}日 星期{_WEEKDAYS[found.weekday()]}"


def size(count: int) -> str:
    """``4.9 MB``, ``13 KB``: decimal units, as file managers and phones now show."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{max(1, round(count / 1000))} KB"
