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
from bobao.produce import Choices
from bobao.workspace import Workspace, slug_of

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

        Of articles that would be filed under one name the first is made, and the others fail.
        """
        seeds, others = _apart(seeds)
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


def _apart(seeds: Sequence[Path]) -> tuple[list[Path], list[Row]]:
    """The seeds that have a name of their own, and the rows of those that have another's.

    Letters count as one whether large or small: on some disks and web servers they are.
    """
    named: dict[str, Path] = {}
    rows = []
    for seed in seeds:
        slug = slug_of(seed)
        first = named.setdefault(slug.casefold(), seed)
        if first != seed:
            error = f"it would be filed under the name “{slug}”, as {first} is: rename one"
            rows.append(Row(str(seed), slug, error=error))
    return list(named.values()), rows


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
