"""`bobao withdraw` takes a bulletin off the site, `bobao restore` puts it back as it was."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

from bobao.errors import BobaoError, refusals
from bobao.publish import state as memory
from bobao.publish.files import at_work
from bobao.station.workspace import Workspace


def withdraw(workspace: Workspace, slug: str) -> Path:
    """Move a bulletin's folder out of the output and retire its GUID; gives where it lies now.

    A later article of the same name gets a GUID of its own. The site itself follows with the next
    `publish`. Raises `BobaoError` where the folder cannot be moved; then nothing has changed.
    """
    with at_work(workspace.site) as hidden:
        state = memory.load(hidden)
        target = _free(workspace, slug)
        _move(workspace.bulletin(slug), target)
        memory.save(hidden, memory.retire(state, slug, target.name))
    return target


def restore(workspace: Workspace, typed: str) -> str:
    """Move the bulletin that was withdrawn last under a name back; gives its slug.

    Its episode has the GUID, the number and the date that it had. The site itself follows with the
    next `publish`. Raises `BobaoError` where none was withdrawn, another bulletin has its name now,
    or the folder cannot be moved; then nothing has changed.
    """
    with at_work(workspace.site) as hidden:
        state = memory.load(hidden)
        gone = {entry.slug: entry for entry in state.entries if entry.withdrawn}
        slug = workspace.find(typed, tuple(sorted(gone)), "withdrawn bulletin")
        if slug in state.live() or workspace.bulletin(slug).exists():
            raise BobaoError(
                f"another bulletin is called “{slug}” now",
                where=str(workspace.bulletin(slug)),
                advice=f"Withdraw that one first: `bobao withdraw {slug}`.",
            )
        entry = gone[slug]
        _move(workspace.withdrawn(entry.kept or slug), workspace.bulletin(slug))
        memory.save(hidden, memory.reinstate(state, entry))
    return slug


def _move(folder: Path, target: Path) -> None:
    with refusals(
        "cannot move the bulletin",
        folder,
        "Check that it is there, and that both folders may be written to.",
    ):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, target)


def _free(workspace: Workspace, slug: str) -> Path:
    """A place among the withdrawn that is not taken."""
    names = itertools.chain([slug], (f"{slug}-{number}" for number in itertools.count(2)))
    return next(path for path in map(workspace.withdrawn, names) if not path.exists())
