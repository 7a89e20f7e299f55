"""Seeing that a script or a bulletin has changed: modification times, looked at again and again.

Polling, not the system's notices: those differ between systems, are lost on network drives and in
containers, and a look at a thousand bulletins takes a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bobao.station.workspace import Workspace

EVERY_S = 0.7
"""How often to look, where that is quick …"""
SHARE = 20
"""… and else so many times as long as it took: a site of thousands costs a twentieth at most."""
SETTLED_S = 1.0
"""An editor that saves in several steps is given this long before work begins."""


class Cause(str, Enum):
    """What has changed."""

    SCRIPT = "script"
    BULLETIN = "bulletin"


Stamp = tuple[int, int]
Snapshot = dict[tuple[Cause, str], tuple[Stamp | None, ...]]
"""The modification time and size of the files behind each bulletin."""


@dataclass(frozen=True, slots=True)
class Change:
    """The bulletin that is affected, and what of it has changed."""

    slug: str
    cause: Cause


def snapshot(workspace: Workspace) -> Snapshot:
    """How the files of every finished bulletin are now.

    A script without a bulletin is not part of the site yet.
    """
    found: Snapshot = {}
    for slug in workspace.bulletins():
        texts = (workspace.script(slug), workspace.article_lexicon(slug), workspace.lexicon)
        found[Cause.SCRIPT, slug] = tuple(map(_stamp, texts))
        found[Cause.BULLETIN, slug] = (_stamp(workspace.bulletin(slug) / "bulletin.json"),)
    return found


def changes(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """What is to be done: once for a bulletin, its script first, since that makes both.

    A bulletin that was not there before has to be published; one that is gone, too.
    """
    found: dict[str, Change] = {}
    for cause, slug in sorted(
        {*before, *after}, key=lambda key: (key[1], key[0] is not Cause.SCRIPT)
    ):
        key = (cause, slug)
        new = (Cause.BULLETIN, slug) not in before or (Cause.BULLETIN, slug) not in after
        if new:
            found.setdefault(slug, Change(slug, Cause.BULLETIN))
        elif before.get(key) != after.get(key):
            found.setdefault(slug, Change(slug, cause))
    return tuple(found.values())


def _stamp(path: Path) -> Stamp | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size)


class Watcher:
    """Tells what has changed since it was last handled, once that has settled.

    `look` gives the files' state, `clock` the time in seconds.
    """

    def __init__(self, look: Callable[[], Snapshot], clock: Callable[[], float]) -> None:
        self._look, self._clock = look, clock
        self._last = look()
        self._handled = dict(self._last)
        self._since = clock()

    def poll(self) -> tuple[Change, ...]:
        """Look once: nothing, or, once nothing moves any more, all that has changed."""
        now = self._look()
        if now != self._last:
            self._last, self._since = now, self._clock()
        if now == self._handled or self._clock() - self._since < SETTLED_S:
            return ()
        found, self._handled = changes(self._handled, now), dict(now)
        return found

    def made(self, slugs: Iterable[str]) -> None:
        """Take the bulletins that we made just now as handled; a script edited meanwhile is not."""
        now = self._look()
        for slug in slugs:
            key = (Cause.BULLETIN, slug)
            if key in now:
                self._handled[key] = now[key]
