"""The table of checks; those of the takes, and of what a recogniser heard, are here too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bobao.mix.styles import NEWS, style
from bobao.model import RATE, Bulletin, Cue, audible
from bobao.verify.checks import script, sound
from bobao.verify.evidence import Evidence, Finding, Recording, Where
from bobao.verify.hearing.verdicts import share
from bobao.verify.takes import (
    LEISURELY,
    MISSING,
    USUAL,
    Syllables,
    pace,
    room,
    syllables,
    usual_paces,
)
from bobao.voices.dry import SilenceEngine

LULL_MS = 980
"""A second in which hardly anything is heard, but for its edges: listeners take it for a fault."""
OWN_MS = 600
"""So long the voices pause between clauses by themselves, beside the rests that a style has them
take: in 1,100 takes of eight voices 0.47 s at most (news), 0.3 s (slow) and 0.39 s (loudspeaker)
over those."""
FLAT = 12
"""Samples cut off at the top (half a millisecond) from which a take counts as clipped: in 780 takes
of all voices there are 2 at most, in 98 of 100 that are clipped by 3.5 dB there are 12 or more."""


def all_there(evidence: Evidence) -> Iterator[Finding]:
    """Every line that says something names a take, and the store has it as it was recorded."""
    for cue, line, recording in _recordings(evidence):
        where = Where(cue.start_ms, line)
        if not cue.take:
            if audible(cue.line.spoken):
                yield Finding("takes.none", where, {"text": cue.line.spoken})
            continue
        length = cue.end_ms - cue.start_ms
        if recording is None or recording.fault == MISSING:
            yield Finding("takes.missing", where, {"text": cue.line.spoken, "key": cue.take})
        elif recording.fault:
            values = {"text": cue.line.spoken, "key": cue.take, "why": recording.fault}
            yield Finding("takes.damaged", where, values)
        elif recording.samples * 1000 != length * RATE or recording.told != recording.samples:
            values = {
                "text": cue.line.spoken,
                "is": _seconds(recording.samples * 1000 // RATE),
                "was": _seconds(length),
            }
            yield Finding("takes.length", where, values)


def all_said(evidence: Evidence) -> Iterator[Finding]:
    """Every character that is heard has its time in its take, and there is sound at that time."""
    for cue, line, recording in _recordings(evidence):
        for message, text in (
            ("text.unmarked", recording.unmarked if recording else ""),
            ("text.mute", recording.mute if recording else ""),
            ("text.stray", recording.stray if recording else ""),
        ):
            if text:
                values = {"text": cue.line.spoken, "part": text}
                yield Finding(message, Where(cue.start_ms, line), values)


def plausible(evidence: Evidence) -> Iterator[Finding]:
    """Every take is as long as its syllables take in its voice (see `bobao.verify.takes`)."""
    known = list(_known(evidence))
    usual = usual_paces((cue.voice, voiced, count) for cue, _, voiced, count in known)
    for voice, ms in usual.items():
        if not USUAL[0] <= ms <= USUAL[1]:
            values = {"voice": voice or evidence.bulletin.voice, "pace": f"{ms:.0f}"}
            yield Finding("pace.voice", values=values)
    for cue, line, voiced, count in known:
        least, most = USUAL
        if cue.voice in usual:
            least = most = usual[cue.voice]
        least, most = least * room(count.least)[0], most * room(count.least)[1]
        quick, slow = pace(voiced, count.least), pace(voiced, count.most)
        if quick < least or slow > most:
            message = "pace.short" if quick < least else "pace.long"
            values = {"text": cue.line.spoken, "pace": f"{quick if quick < least else slow:.0f}"}
            values["bound"] = f"{least if quick < least else most:.0f}"
            yield Finding(message, Where(cue.start_ms, line), values)


def _known(evidence: Evidence) -> Iterator[tuple[Cue, int | None, int, Syllables]]:
    for cue, line, recording in _recordings(evidence):
        if recording and not recording.fault and audible(cue.line.spoken):
            yield cue, line, recording.voiced_ms, syllables(cue.line.spoken)


def no_holes(evidence: Evidence) -> Iterator[Finding]:
    """No take, and no sentence in the file, is nearly silent for longer than a speaker would be."""
    usual = usual_paces((cue.voice, ms, count) for cue, _, ms, count in _known(evidence))
    rest = style(evidence.bulletin.style or NEWS.name).breath.rest_ms
    longest = max(LULL_MS, rest + OWN_MS)
    both = (evidence.whole.recordings, evidence.whole.hearings)
    for (cue, line), recording, hearing in zip(evidence.cues(), *both, strict=True):
        for message, found in (("silence.take", recording), ("silence.heard", hearing)):
            limit = longest * max(1.0, usual.get(cue.voice, 0) / LEISURELY)
            if found and found.lull.length_ms >= limit:
                values = {"text": cue.line.spoken, "length": _seconds(found.lull.length_ms)}
                yield Finding(message, Where(cue.start_ms + found.lull.start_ms, line), values)


def not_clipped(evidence: Evidence) -> Iterator[Finding]:
    """No take has its peaks cut off."""
    for cue, line, recording in _recordings(evidence):
        if recording and recording.flat >= FLAT:
            values = {"text": cue.line.spoken, "length": f"{recording.flat * 1000 / RATE:.1f}"}
            yield Finding("clipping.take", Where(cue.start_ms, line), values)


def _recordings(evidence: Evidence) -> Iterator[tuple[Cue, int | None, Recording | None]]:
    for (cue, line), recording in zip(evidence.cues(), evidence.whole.recordings, strict=True):
        yield cue, line, recording


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.2f}"


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


Check = Callable[[Evidence], Iterator[Finding]]


def _beside(name: str) -> Check:
    """What was found beside the sound whose messages begin so."""
    return lambda evidence: (e for e in evidence.beside if e.message.startswith(f"{name}."))


CHECKS: dict[str, Check] = {
    "script": script.as_it_stands,
    "takes": all_there,
    "text": all_said,
    "pace": plausible,
    "silence": no_holes,
    "clipping": not_clipped,
    "files": sound.as_made,
    "mp3": sound.whole,
    "chapters": sound.tiled,
    "sentences": sound.in_order,
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
    "hearing": understood,
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
