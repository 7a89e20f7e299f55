"""Every line recorded, whole, at a human pace, without holes and without clipping."""

from __future__ import annotations

from collections.abc import Iterator

from bobao.mix.styles import NEWS, style
from bobao.model import RATE, Cue, audible
from bobao.verify import pace
from bobao.verify.evidence import Evidence, Finding, Recording, Where
from bobao.verify.takes import MISSING

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
    """Every take is as long as its syllables take in its voice (see `bobao.verify.pace`)."""
    known = list(_known(evidence))
    usual = pace.usual((cue.voice, voiced, count) for cue, _, voiced, count in known)
    for voice, ms in usual.items():
        if not pace.USUAL[0] <= ms <= pace.USUAL[1]:
            values = {"voice": voice or evidence.bulletin.voice, "pace": f"{ms:.0f}"}
            yield Finding("pace.voice", values=values)
    for cue, line, voiced, count in known:
        least, most = pace.USUAL
        if cue.voice in usual:
            least = most = usual[cue.voice]
        least, most = least * pace.room(count.least)[0], most * pace.room(count.least)[1]
        quick, slow = pace.pace(voiced, count.least), pace.pace(voiced, count.most)
        if quick < least or slow > most:
            message = "pace.short" if quick < least else "pace.long"
            values = {"text": cue.line.spoken, "pace": f"{quick if quick < least else slow:.0f}"}
            values["bound"] = f"{least if quick < least else most:.0f}"
            yield Finding(message, Where(cue.start_ms, line), values)


def _known(evidence: Evidence) -> Iterator[tuple[Cue, int | None, int, pace.Syllables]]:
    for cue, line, recording in _recordings(evidence):
        if recording and not recording.fault and audible(cue.line.spoken):
            yield cue, line, recording.voiced_ms, pace.syllables(cue.line.spoken)


def no_holes(evidence: Evidence) -> Iterator[Finding]:
    """No take, and no sentence in the file, is nearly silent for longer than a speaker would be."""
    usual = pace.usual((cue.voice, ms, count) for cue, _, ms, count in _known(evidence))
    rest = style(evidence.bulletin.style or NEWS.name).breath.rest_ms
    longest = max(LULL_MS, rest + OWN_MS)
    both = (evidence.recordings, evidence.hearings)
    for (cue, line), recording, hearing in zip(evidence.cues(), *both, strict=True):
        for message, found in (("silence.take", recording), ("silence.heard", hearing)):
            limit = longest * max(1.0, usual.get(cue.voice, 0) / pace.LEISURELY)
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
    for (cue, line), recording in zip(evidence.cues(), evidence.recordings, strict=True):
        yield cue, line, recording


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.2f}"
