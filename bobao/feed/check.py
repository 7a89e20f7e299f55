"""Judging a feed by the rules: one table, for ours before it is written and for anyone's."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from bobao.errors import BobaoError
from bobao.feed import (
    rules_document,
    rules_files,
    rules_items,
    rules_links,
    rules_needed,
    rules_values,
)
from bobao.feed.document import Document, read
from bobao.feed.findings import ORDER, Finding, Severity
from bobao.feed.looks import WANTED, Look, Looker, Target, targets
from bobao.feed.rulebook import Case, Seen

RULES = (
    *rules_document.RULES,
    *rules_needed.RULES,
    *rules_values.RULES,
    *rules_items.RULES,
    *rules_links.RULES,
    *rules_files.RULES,
)


def check(  # noqa: PLR0913 - what is judged, by which means, how strictly
    data: bytes,
    now: datetime,
    *,
    url: str = "",
    looker: Looker | None = None,
    newest: int = 10,
    own: bool = False,
) -> tuple[Finding, ...]:
    """What is wrong with a feed, errors first, then by line.

    `url` is where it was read from; `looker` looks at what the feed and its `newest` first items
    point to; `own`: it is ours, and strictly judged.
    """
    try:
        document = read(data, url)
    except BobaoError as error:
        return (Finding("xml", Severity.ERROR, error.what, error.where, error.advice, "XML 1.0"),)
    case = Case(document, _seen(document, looker, newest), now, own)
    found = [finding for rule in RULES for finding in rule.findings(case)]
    return tuple(sorted(found, key=lambda finding: ORDER[finding.severity]))


def _seen(document: Document, looker: Looker | None, newest: int) -> Seen:
    if looker is None:
        return ()
    wanted = list(targets(document, newest))

    def look(target: Target) -> Look | None:
        return looker.look(target.url, WANTED[target.kind])

    if looker.at_once > 1:
        with ThreadPoolExecutor(looker.at_once) as pool:
            looks = list(pool.map(look, wanted))
    else:
        looks = list(map(look, wanted))
    return tuple((t, seen) for t, seen in zip(wanted, looks, strict=True) if seen is not None)


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Those of them that keep a feed from being published."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
