"""What a check of a feed finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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
