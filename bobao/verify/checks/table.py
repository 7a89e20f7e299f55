"""The table of all checks, in the order in which a report tells their findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bobao.model import Bulletin
from bobao.verify.checks import files, hearing, script, sound, takes, times
from bobao.verify.evidence import Evidence, Finding
from bobao.voices.silence import SilenceEngine

Check = Callable[[Evidence], Iterator[Finding]]


def _beside(name: str) -> Check:
    """What was found beside the sound whose messages begin so."""
    return lambda evidence: (e for e in evidence.beside if e.message.startswith(f"{name}."))


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
    "tags": _beside("tags"),
    "texts": _beside("texts"),
    "pages": _beside("pages"),
    "book": _beside("book"),
    "feed": _beside("feed"),
    "hearing": hearing.understood,
}
"""By name; `bobao.verify` has what each is called in a report in ``data/checks.tsv``."""
OF_SPEECH = frozenset({"text", "pace", "silence", "sound", "pauses", "loudness", "hearing"})
"""Those of what is heard."""
OF_OTHERS = frozenset({"script", "takes", "pages", "book", "feed"})
"""Those of what a bulletin was made from, which may change or go without any harm to it, and of
what publishing makes of it, and makes again."""


def checks_for(bulletin: Bulletin) -> dict[str, Check]:
    """The checks that a bulletin can pass: none of speech where the engine `silence` made it."""
    mute = bulletin.engine == SilenceEngine.name
    return {name: check for name, check in CHECKS.items() if not (mute and name in OF_SPEECH)}


def findings(evidence: Evidence) -> Iterator[Finding]:
    """What every check finds, table order, each with its check's name."""
    for name, check in checks_for(evidence.bulletin).items():
        for finding in check(evidence):
            yield replace(finding, check=name)
