"""What a run of publishing is given and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bobao.errors import BobaoError
from bobao.publish.catalogue import Catalogue
from bobao.publish.feed.check import errors
from bobao.publish.feed.findings import Finding
from bobao.publish.state import State
from bobao.station.config import Config
from bobao.station.workspace import Workspace

Update = Callable[[int, int, str], None]
Progress = Callable[[str], Update]
"""Given the name of a piece of work, gives the function that is told: done, in all, a remark."""


def silent(_: str) -> Update:
    """Report to nobody."""
    return lambda done, total, remark: None


@dataclass(frozen=True, slots=True)
class Held:
    """A bulletin that is not published: faults were found in it as it is now, the first in words.

    `report` is the page that has them all. One without faults says nothing, being a dry run. So
    many of the faults as `doubts` are those of a recogniser.
    """

    slug: str
    faults: int
    first: str
    report: str
    doubts: int = 0


@dataclass(slots=True)
class Published:
    """What a run has done: the site's episodes, files written and removed (paths from its root).

    `base_url` is the site's address, `feed` that of its feed, `former` the address that the site
    had before it moved; empty where there is none.
    `findings` are those of the feed's check, `faults` what kept a bulletin from being published,
    `held` the bulletins that were left out because their verification found faults.
    """

    episodes: int = 0
    base_url: str = ""
    feed: str = ""
    former: str = ""
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    faults: list[BobaoError] = field(default_factory=list)
    held: tuple[Held, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything is as it should be."""
        return not self.faults and not errors(self.findings)


@dataclass(frozen=True, slots=True)
class Run:
    """What the parts of one run share. `order` are the slugs, newest first."""

    workspace: Workspace
    config: Config
    hidden: Path
    state: State
    found: Catalogue
    order: tuple[str, ...]
    done: Published
