"""Who works on a batch and where: this machine's processes here, or a cluster at a shared store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bobao.batch.pool import LocalPool
from bobao.batch.run import Executor, Orders, run
from bobao.batch.site import LocalSite, Site
from bobao.batch.values import Row
from bobao.pipeline import Choices, is_others, script_source
from bobao.station.workspace import Workspace, slug_of

_TOGETHER = 32
"""So many seeds are taken in at once: a store far away is asked for several at a time."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Workers and the place they work in."""

    executor: Executor
    site: Site

    def produce(
        self, workspace: Workspace, seeds: Sequence[Path], choices: Choices, today: str
    ) -> Iterator[Row]:
        """Make the bulletins of articles of a workspace, and yield the row of each when done.

        Of articles that would be filed under one name the one whose script is there is made, or
        else the first, and the others fail.
        """
        seeds, others = _apart(workspace, seeds)
        yield from others
        names = self._taken_in(workspace, seeds)
        for row in run(Orders(names, choices, today), self.site, self.executor):
            if row.slug and not row.error:
                self.site.give_back(workspace, row.slug)
            yield row

    def _taken_in(self, workspace: Workspace, seeds: Sequence[Path]) -> Iterator[str]:
        """The workers' names for seeds, which are taken in as the work comes to them.

        An archive is not sent to its store before the first bulletin is begun.
        """
        for start in range(0, len(seeds), _TOGETHER):
            yield from self.site.take_in(workspace, seeds[start : start + _TOGETHER])


def _apart(workspace: Workspace, seeds: Sequence[Path]) -> tuple[list[Path], list[Row]]:
    """The seeds that have a name of their own, and the rows of those that have another's.

    Letters count as one whether large or small: on some disks and web servers they are.
    """
    named: dict[str, list[Path]] = {}
    for seed in seeds:
        named.setdefault(slug_of(seed).casefold(), []).append(seed)
    kept, rows = list[Path](), list[Row]()
    for group in named.values():
        sources = {seed: script_source(workspace, slug_of(seed)) for seed in group}
        own = [seed for seed in group if not is_others(workspace, seed, sources[seed])]
        kept += own[:1]
        for seed in group:
            if seed not in own[:1]:
                other = own[0] if own else sources[seed]
                rows.append(_refused(seed, other))
    return kept, rows


def _refused(seed: Path, other: Path | str) -> Row:
    slug = slug_of(seed)
    error = f"it would be filed under the name “{slug}”, as {other} is: rename one"
    return Row(str(seed), slug, error=error)


@contextmanager
def local_crew(workspace: Workspace, jobs: int) -> Iterator[Crew]:
    """`jobs` processes of this machine, in the workspace itself."""
    with LocalPool(jobs) as pool:
        yield Crew(pool, LocalSite(workspace.root))


@contextmanager
def cluster_crew(workspace: Workspace, scheduler: str, store: str, engine: str) -> Iterator[Crew]:
    """The workers of a Dask scheduler, at a shared store.

    Raises `BobaoError` where the scheduler or the store cannot be reached, or no worker fits.
    """
    from bobao.batch.cluster import Cluster
    from bobao.batch.shared import site

    place = site(store, workspace)
    with Cluster(scheduler, engine) as cluster:
        yield Crew(cluster, place)
