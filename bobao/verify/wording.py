"""What a finding says, in the words of ``data/messages.tsv`` and ``data/checks.tsv``."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from bobao import files
from bobao.verify.evidence import Finding

ENGLISH, CHINESE = 0, 1
"""Columns of the tables: the command line speaks English, the page Chinese."""
LONGEST = 60
"""Characters of a text that are shown."""


def phrase(finding: Finding, slug: str, language: int) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    what, advice = _messages()[finding.message][2 * language : 2 * language + 2]
    values = {name: shortened(visible(text)) for name, text in finding.values.items()}
    return _filled(what, {**values, "slug": slug}), _filled(advice, {**values, "slug": slug})


def title(check: str, language: int) -> str:
    """What a check is called."""
    return _checks()[check][language]


def visible(text: str) -> str:
    """`text` with every character that does not show, or moves others, as its number: U+202E."""
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in text)


def shortened(text: str) -> str:
    """The start of a long text."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def clock(ms: int) -> str:
    """``1:02:03.4``: rounded down, so that nothing of the fault is missed."""
    minutes, tenths = divmod(ms // 100, 600)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{tenths // 10:02}.{tenths % 10}"
    return f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}"


def _filled(template: str, values: Mapping[str, str]) -> str:
    return template.format_map(values)


@functools.cache
def _messages() -> dict[str, tuple[str, ...]]:
    return {first: tuple(rest) for first, *rest in files.rows(__package__, "messages.tsv")}


@functools.cache
def _checks() -> dict[str, tuple[str, ...]]:
    return {first: tuple(rest) for first, *rest in files.rows(__package__, "checks.tsv")}
