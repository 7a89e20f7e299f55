"""Judging a feed by the rules: before it is written, and where it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bobao.errors import BobaoError
from bobao.publish.feed.document import read
from bobao.publish.feed.findings import ORDER, Case, Finding, Severity
from bobao.publish.feed.looks import Looker, targets
from bobao.publish.feed.rules import findings


def check(
    data: bytes, now: datetime, *, url: str = "", looker: Looker | None = None
) -> tuple[Finding, ...]:
    """What is wrong with a feed, errors first, then by line.

    `url` is where it was read from; `looker` looks at what it points to.
    """
    try:
        document = read(data, url)
    except BobaoError as error:
        return (Finding("xml", Severity.ERROR, error.what, error.where, error.advice, "XML 1.0"),)
    looks = [(each, looker.look(each)) for each in targets(document)] if looker else []
    seen = tuple((target, look) for target, look in looks if look is not None)
    found = findings(Case(document, seen, now))
    return tuple(sorted(found, key=lambda finding: ORDER[finding.severity]))


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Those of them that keep a feed from being published."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
