"""What a check of a feed is given, and what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bobao.publish.feed.document import Document, Element, Part
from bobao.publish.feed.looks import Look, Target

Hit = tuple[Element, str]
"""The element that breaks a rule, and a word on how; it stands for ``{}`` in what the rule says."""
Seen = tuple[tuple[Target, Look], ...]


class Severity(str, Enum):
    """How bad it is: an error keeps the feed or an item from somebody."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


ORDER = {severity: number for number, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: which rule, what is wrong, where (line and item), what to do, who says so."""

    rule: str
    severity: Severity
    what: str
    where: str
    advice: str
    source: str

    def __str__(self) -> str:
        return f"{self.severity.value}: {self.where}: {self.what}\n  {self.advice}"


@dataclass(frozen=True, slots=True)
class Case:
    """A feed to be judged, what its addresses led to, and the time it is now."""

    document: Document
    seen: Seen
    now: datetime

    def parts(self) -> tuple[Part, ...]:
        """The channel and the items."""
        return (self.document.channel, *self.document.items)

    def each(self, name: str) -> Iterator[Element]:
        """The elements of a name in all items."""
        return (element for item in self.document.items for element in item.all(name))
