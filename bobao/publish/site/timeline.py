"""The times of a bulletin as data in its page, small: browsers read no file beside it there."""

from __future__ import annotations

from typing import Any

from bobao.model import Bulletin, Cue
from bobao.publish.site import safe
from bobao.publish.site.layout import heard, shown


def timeline(bulletin: Bulletin) -> dict[str, Any]:
    """Chapters and cues; times are milliseconds.

    ``cues`` has one entry for each sentence of the page that is heard, in the order of the page:
    ``[start, end, words]``. ``words`` are runs of three numbers for each word: its length in UTF-16
    code units, and when it starts and ends after the start of its cue. What takes no time is only
    shown.
    """
    return {
        "slug": bulletin.header.slug,
        "title": safe.clean(bulletin.header.title),
        "duration": bulletin.duration_ms,
        "chapters": [[c.start_ms, c.end_ms, safe.clean(c.title)] for c in bulletin.chapters],
        "cues": [
            [cue.start_ms, cue.end_ms, _words(cue)]
            for cue in bulletin.cues()
            if heard(cue) and shown(cue).strip()
        ],
    }


def _words(cue: Cue) -> list[int]:
    """Nothing where the words do not join to what is shown: then only the sentence is marked."""
    words = [word for word in cue.words if word.written]
    if "".join(word.written for word in words) != shown(cue):
        return []
    runs: list[int] = []
    for word in words:
        runs += (
            safe.units(safe.clean(word.written)),
            word.start_ms - cue.start_ms,
            word.end_ms - cue.start_ms,
        )
    return runs
