"""What a rule of a feed is, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bobao.feed.document import Document, Element, where
from bobao.feed.findings import Finding, Severity
from bobao.feed.looks import Look, Target

Hit = tuple[Element, str]
"""The element that breaks a rule, and a word on how; it stands for ``{}`` in the rule's `what`."""
Seen = tuple[tuple[Target, Look], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A feed to be judged: the document, what its addresses led to, and the time it is now.

    `own`: the feed is ours, and what others may leave out must be there.
    """

    document: Document
    seen: Seen
    now: datetime
    own: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a feed must or should be; `own` is how bad it is in a feed of ours."""

    name: str
    severity: Severity
    what: str
    advice: str
    source: str
    find: Callable[[Case], Iterable[Hit]]
    own: Severity | None = None

    def findings(self, case: Case) -> Iterator[Finding]:
        """What breaks this rule."""
        severity = self.own if case.own and self.own else self.severity
        for element, detail in self.find(case):
            what = self.what.replace("{}", detail)
            yield Finding(self.name, severity, what, where(element), self.advice, self.source)
