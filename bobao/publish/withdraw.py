"""`bobao withdraw`: takes a bulletin off the site, for good as far as its GUID goes."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

from bobao.errors import BobaoError
from bobao.publish import state as memory
from bobao.publish.files import at_work
from bobao.workspace import Workspace


def withdraw(workspace: Workspace, slug: str) -> Path:
    """Move a bulletin's folder out of the output and retire its GUID; gives where it lies now.

    A later article of the same name gets a GUID of its own. The site itself follows with the next
    `publish`. Raises `BobaoError` where the folder cannot be moved; then nothing has changed.
    """
    folder = workspace.bulletin(slug)
    with at_work(workspace.site) as hidden:
        state = memory.load(hidden)
        target = _free(workspace, slug)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(folder, target)
        except OSError as error:
            raise BobaoError(
                f"cannot move the bulletin: {error.strerror or error}",
                where=str(folder),
                advice="Check that both folders may be written to.",
            ) from error
        memory.save(hidden, memory.retire(state, slug))
    return target


def _free(workspace: Workspace, slug: str) -> Path:
    """A place among the withdrawn that is not taken."""
    names = itertools.chain([slug], (f"{slug}-{number}" for number in itertools.count(2)))
    return next(path for path in map(workspace.withdrawn, names) if not path.exists())
