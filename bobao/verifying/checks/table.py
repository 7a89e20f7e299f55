"""The table of all checks, in the order in which a report tells their findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bobao.verifying.checks import files, hearing, lists, script, sound, takes, times
from bobao.verifying.evidence import Evidence, Finding

Check = Callable[[Evidence], Iterator[Finding]]

CHECKS: dict[str, Check] = {
    "script": script.as_it_stands,
    "takes": takes.all_there,
    "text": takes.all_said,
    "pace": takes.plausible,
    "silence": takes.no_holes,
    "clipping": takes.not_clipped,
    "files": files.as_made,
    "mp3": files.whole,
    "chapters": times.tiled,
    "sentences": times.in_order,
    "sound": sound.same_as_takes,
    "pauses": sound.no_long_silence,
    "noise": sound.silent_pauses,
    "parts": sound.parts_alike,
    "loudness": sound.as_loud,
    "tags": lists.tags,
    "lists": lists.agree,
    "captions": lists.captions,
    "hearing": hearing.understood,
}
"""By name; `bobao.verifying` has what each is called in a report in ``data/checks.tsv``."""


def findings(evidence: Evidence) -> Iterator[Finding]:
    """What every check finds, table order, each with its check's name."""
    for name, check in CHECKS.items():
        for finding in check(evidence):
            yield replace(finding, check=name)
