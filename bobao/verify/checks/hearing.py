"""That a recogniser hears what was to be said."""

from __future__ import annotations

from collections.abc import Iterator

from bobao.verify.evidence import Evidence, Finding, Where
from bobao.verify.hearing.verdicts import share

WHOLE, CHAPTER = 0.06, 0.09
"""Errors per syllable from which speech is at fault, and not the recogniser: Whisper base has
0.02–0.03 on good speech, more where there are many names."""
FEWEST = 30
"""Syllables of a chapter that are enough to judge it by."""


def understood(evidence: Evidence) -> Iterator[Finding]:
    """No sentence goes unheard or is heard twice, and few syllables are heard otherwise."""
    found = evidence.heard or ()
    lines = [line for _, line in evidence.cues()]
    for verdict in found:
        if verdict.note:
            values = {"text": verdict.spoken, "heard": verdict.heard}
            where = Where(round(verdict.start * 1000), lines[verdict.number])
            yield Finding(f"hearing.{verdict.note}", where, values)
    for chapter in evidence.bulletin.chapters:
        own = [verdict for verdict in found if verdict.chapter == chapter.number]
        if share(own) > CHAPTER and sum(verdict.syllables for verdict in own) >= FEWEST:
            values = {"chapter": str(chapter.number), "share": f"{share(own):.1%}"}
            yield Finding("hearing.chapter", Where(chapter.start_ms), values)
    if share(found) > WHOLE:
        yield Finding("hearing.whole", values={"share": f"{share(found):.1%}"})
