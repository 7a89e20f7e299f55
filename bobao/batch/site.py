"""Where a worker works: the workspace of this machine, or a mirror of a shared store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bobao.batch.report import Finished
from bobao.pipeline import Choices
from bobao.station.workspace import Workspace, locate
from bobao.voices.store import Store


class Site(Protocol):
    """A place to work in, the same for every worker; small enough to be sent with each task.

    A worker asks for what a stage needs before it and hands over what it made after it. What it
    hands over is complete from the first moment that another can see it.
    """

    def take_in(self, workspace: Workspace, seeds: Sequence[Path]) -> list[str]:
        """For the driver: make seeds of its workspace known here; their names to the workers."""
        ...

    def give_back(self, workspace: Workspace, slug: str) -> None:
        """For the driver: put the script of a finished bulletin into its workspace's tray."""
        ...

    def workspace(self) -> Workspace:
        """The workspace that a worker on this machine uses."""
        ...

    def bring_article(self, seed: str) -> Path:
        """The path of a seed on this machine, its script (if any) in its tray."""
        ...

    def bring_script(self, slug: str) -> None:
        """Make a script and its own lexicon readable on this machine."""
        ...

    def hand_over_script(self, slug: str) -> None:
        """A script was drafted."""
        ...

    def missing(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of `keys` whose takes are not in the store; what is there is not fetched."""
        ...

    def hand_over_takes(self, keys: Iterable[str]) -> None:
        """Takes were recorded."""
        ...

    def bring_takes(self, keys: Iterable[str]) -> None:
        """Make the takes of `keys` readable on this machine, as far as they are in the store."""
        ...

    def finished(self, slug: str, choices: Choices, engine: str) -> Finished | None:
        """The bulletin that was handed over before, made of the same script in the same way.

        None where there is none whole, or where a mix will see that for itself.
        """
        ...

    def hand_over_bulletin(
        self, slug: str, choices: Choices, engine: str, finished: Finished
    ) -> None:
        """A bulletin was mixed."""
        ...


@dataclass(frozen=True, slots=True)
class LocalSite:
    """The workspace itself: everything is in its place already."""

    root: Path

    def take_in(self, workspace: Workspace, seeds: Sequence[Path]) -> list[str]:
        """Their paths."""
        return [str(seed.resolve()) for seed in seeds]

    def give_back(self, workspace: Workspace, slug: str) -> None:
        """It is there."""

    def workspace(self) -> Workspace:
        """Find the workspace again."""
        return locate(self.root)

    def bring_article(self, seed: str) -> Path:
        """A path is a path, here."""
        return Path(seed)

    def bring_script(self, slug: str) -> None:
        """Nothing to do."""

    def hand_over_script(self, slug: str) -> None:
        """Nothing to do."""

    def missing(self, keys: Iterable[str]) -> frozenset[str]:
        """Those that are not there, or damaged."""
        store = Store(locate(self.root).takes)
        return frozenset(key for key in keys if store.load(key) is None)

    def hand_over_takes(self, keys: Iterable[str]) -> None:
        """Nothing to do."""

    def bring_takes(self, keys: Iterable[str]) -> None:
        """Nothing to do."""

    def finished(self, slug: str, choices: Choices, engine: str) -> Finished | None:
        """The mix sees for itself."""
        return None

    def hand_over_bulletin(
        self, slug: str, choices: Choices, engine: str, finished: Finished
    ) -> None:
        """Nothing to do."""
