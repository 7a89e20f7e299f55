"""The station's list by year and month: a thousand bulletins on a page, found without a search."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from bobao.publish.site import formats
from bobao.publish.site.values import Entry


@dataclass(frozen=True, slots=True)
class Month:
    """A month's entries; its number is 0 where there is no date."""

    number: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A year's months; its number is 0 where there is no date."""

    number: int
    months: tuple[Month, ...]

    @property
    def size(self) -> int:
        """How many entries it has."""
        return sum(len(month.entries) for month in self.months)


def years(entries: Sequence[Entry]) -> tuple[Year, ...]:
    """Entries that are in order, by year and month."""
    return tuple(
        Year(
            year,
            tuple(
                Month(month, tuple(members))
                for (_, month), members in itertools.groupby(group, key=_month)
            ),
        )
        for year, group in itertools.groupby(entries, key=lambda entry: _month(entry)[0])
    )


def _month(entry: Entry) -> tuple[int, int]:
    found = formats.day(entry.date)
    return (found.year, found.month) if found else (0, 0)
