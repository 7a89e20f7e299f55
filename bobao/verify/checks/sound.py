"""That what is heard is what was recorded, at its time, as loud as it should be."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import takewhile

from bobao.mix.encode import FRAME
from bobao.mix.ffmpeg import OUT_RATE
from bobao.model import GRID_MS, Cue
from bobao.verify.evidence import Evidence, FileSound, Finding, Hearing, Quiet, Where
from bobao.verify.sound import SAME

DAMAGED = 0.8
"""A place of 0.4 s less like its take than this is not the take: undamaged, the worst place of
speech is at 0.96, at any bit rate and in any style."""
SOFT_LU = 12.0
"""A sentence so far under the bulletin is hard to follow; undamaged ones are within 6."""
LONGEST_PAUSE_MS = 5_000
"""No pause between two sentences is planned longer (`bobao.mix.styles.LONGEST_MS`)."""
BETWEEN_CHAPTERS_MS = 3_000
"""Where a sting may be played, silence is longest: nobody waits longer for a news programme."""
EDGE_MS = 400
"""So much of the sentences beside a pause may be silent too: what a take begins and ends with."""
PART_DB = 1.5
"""How much a chapter's own file may differ from the bulletin's over 0.4 s; they are encodings of
the same samples, and differ by 0.5 dB at most."""
WHOLE_LU, CHAPTER_LU = 0.6, 1.1
"""How far the loudness may be from its target: as the mix allows it, and 0.1 for the meter."""
TOLD_LU = 0.3
"""How far `bulletin.json` may be from what is measured."""
TRUE_PEAK = -0.95
"""dBTP: −1 as EBU R128 and Apple Podcasts have it, and what a meter with one decimal leaves."""
SHORTEST_MS = 3_000
"""A chapter is judged by its loudness from this length on (EBU Tech 3341: a short-term window)."""


def same_as_takes(evidence: Evidence) -> Iterator[Finding]:
    """Every sentence in the file is its take, at its time, undamaged and not too soft."""
    ended: list[tuple[Cue, int | None]] = []
    for (cue, line), hearing in zip(evidence.cues(), evidence.whole.hearings, strict=True):
        if cue.take and hearing is None:
            ended.append((cue, line))
        elif hearing:
            yield from _same(evidence, cue, line, hearing)
    if ended:
        cue, line = ended[0]
        values = {"text": cue.line.spoken, "count": str(len(ended))}
        yield Finding("sound.ended", Where(cue.start_ms, line), values)


def _same(evidence: Evidence, cue: Cue, line: int | None, hearing: Hearing) -> Iterator[Finding]:
    values, loudness = {"text": cue.line.spoken}, evidence.whole.sound.loudness
    where = Where(cue.start_ms, line)
    if hearing.alike is not None and hearing.alike < SAME:
        if hearing.shift_ms:
            values["off"] = f"{hearing.shift_ms / 1000:+.2f}"
            yield Finding("sound.shifted", where, values)
        else:
            yield Finding("sound.other", where, values)
    elif hearing.worst is not None and hearing.worst < DAMAGED:
        yield Finding("sound.damaged", Where(hearing.worst_ms, line), values)
    if loudness and hearing.loudness < loudness.integrated - SOFT_LU:
        values = {**values, "under": f"{loudness.integrated - hearing.loudness:.0f}"}
        yield Finding("sound.soft", where, values)


def no_long_silence(evidence: Evidence) -> Iterator[Finding]:
    """Nowhere is it silent for longer than the pause that is planned there.

    Between chapters, where a sting may be played, for no longer than anyone waits.
    """
    spoken = [cue for cue in evidence.bulletin.cues() if cue.take]
    starts = [chapter.start_ms for chapter in evidence.bulletin.chapters]
    pauses = zip(
        [0, *(cue.end_ms for cue in spoken)],
        [*(cue.start_ms for cue in spoken), evidence.bulletin.duration_ms],
        strict=True,
    )
    quiets = deque(evidence.whole.silences)
    for start, end in pauses:
        while quiets and _end(quiets[0]) <= start:
            quiets.popleft()
        for quiet in takewhile(lambda quiet: quiet.start_ms < end, quiets):  # noqa: B023 - at once
            between = sum(start <= at <= end for at in starts)
            between += end == evidence.bulletin.duration_ms
            limit = min(end - start, BETWEEN_CHAPTERS_MS * between or LONGEST_PAUSE_MS) + EDGE_MS
            if quiet.length_ms > limit:
                values = {"length": f"{quiet.length_ms / 1000:.2f}", "limit": f"{limit / 1000:.2f}"}
                yield Finding("pauses.long", Where(max(start, quiet.start_ms)), values)


def _end(quiet: Quiet) -> int:
    return quiet.start_ms + quiet.length_ms


def silent_pauses(evidence: Evidence) -> Iterator[Finding]:
    """Between two sentences of a chapter nothing is heard."""
    for at_ms in evidence.whole.noises:
        yield Finding("pauses.noise", Where(at_ms))


def parts_alike(evidence: Evidence) -> Iterator[Finding]:
    """Every chapter's own file decodes to its length and sounds like the bulletin there."""
    for chapter, part in zip(evidence.bulletin.chapters, evidence.parts, strict=True):
        file = f"{evidence.name}/{chapter.file}"
        length = chapter.end_ms - chapter.start_ms
        yield from broken(part, length, Where(chapter.start_ms, file=file))
        if not part.fault and part.difference > PART_DB:
            values = {"difference": f"{part.difference:.0f}"}
            yield Finding("parts.differ", Where(part.difference_ms, file=file), values)


def broken(sound: FileSound, length_ms: int, where: Where) -> Iterator[Finding]:
    """What is wrong with an MP3 as such: it does not decode, to its length, frame by frame.

    A frame's worth is no fault: ffmpeg cannot tell of more than a frame of padding at the end, and
    a few samples of it may be left.
    """
    if sound.junk >= 0:
        yield Finding("mp3.junk", where, {"byte": f"{sound.junk:,}"})
    elif sound.frames_lost:
        yield Finding("mp3.lost", where, {"count": str(sound.frames_lost)})
    if sound.fault:
        yield Finding("mp3.unreadable", where, {"why": sound.fault})
        return
    wanted = length_ms * OUT_RATE // 1000
    for message, samples in (("mp3.length", sound.samples), ("mp3.told", sound.told)):
        off = abs(samples - wanted) > FRAME
        if off and (message, samples) != ("mp3.told", sound.samples):
            values = {"is": f"{samples / OUT_RATE:.3f}", "wanted": f"{length_ms / 1000:.3f}"}
            yield Finding(message, where, values)


def as_loud(evidence: Evidence) -> Iterator[Finding]:
    """The bulletin and its chapters are as loud as the station's, and no peak is too high."""
    bulletin, whole = evidence.bulletin, evidence.whole.sound
    name = f"{evidence.name}/{bulletin.header.slug}.mp3"
    target = {"target": f"{evidence.target:.1f}"}
    if whole.loudness and not whole.fault:
        is_ = whole.loudness.integrated
        values = {**target, "is": f"{is_:.1f}"}
        if abs(is_ - evidence.target) > WHOLE_LU:
            yield Finding("loudness.whole", Where(file=name), values)
        told = bulletin.loudness
        if told and abs(told.integrated - is_) > TOLD_LU:
            told_values = {**values, "told": f"{told.integrated:.1f}"}
            yield Finding("loudness.told", Where(file=name), told_values)
    for chapter, is_ in zip(bulletin.chapters, evidence.whole.chapters, strict=True):
        spoken = any(cue.take for cue in chapter.cues)
        long = chapter.end_ms - chapter.start_ms >= SHORTEST_MS
        if spoken and long and not whole.fault and abs(is_ - evidence.target) > CHAPTER_LU:
            values = {**target, "is": f"{is_:.1f}", "chapter": str(chapter.number)}
            yield Finding("loudness.chapter", Where(chapter.start_ms), values)
    names = [name, *(f"{evidence.name}/{chapter.file}" for chapter in bulletin.chapters)]
    for file, sound in zip(names, [whole, *evidence.parts], strict=True):
        if sound.loudness and sound.loudness.true_peak > TRUE_PEAK:
            values = {"is": f"{sound.loudness.true_peak:.1f}"}
            yield Finding("loudness.peak", Where(file=file), values)


def tiled(evidence: Evidence) -> Iterator[Finding]:
    """Chapters are numbered from 1 and follow each other without gap or overlap, from 0 to the end.

    Every sentence lies in its own chapter.
    """
    bulletin, end = evidence.bulletin, 0
    for number, chapter in enumerate(bulletin.chapters, start=1):
        values = {"chapter": str(number), "title": chapter.title}
        if chapter.number != number:
            yield Finding("chapters.number", Where(end), {**values, "told": str(chapter.number)})
        if chapter.start_ms != end:
            off = f"{(chapter.start_ms - end) / 1000:+.2f}"
            yield Finding("chapters.start", Where(chapter.start_ms), {**values, "off": off})
        if chapter.end_ms <= chapter.start_ms:
            yield Finding("chapters.empty", Where(chapter.start_ms), values)
        end = chapter.end_ms
    if end != bulletin.duration_ms:
        off = f"{(end - bulletin.duration_ms) / 1000:+.2f}"
        yield Finding("chapters.end", Where(bulletin.duration_ms), {"off": off})


def in_order(evidence: Evidence) -> Iterator[Finding]:
    """Sentences follow each other inside their chapter, on the grid, and their words inside them.

    Each has the words that its line shows and says.
    """
    lines = [line for _, line in evidence.cues()]
    number = 0
    for chapter in evidence.bulletin.chapters:
        now = chapter.start_ms
        for cue in chapter.cues:
            where = Where(cue.start_ms, lines[number])
            number += 1
            values = {"text": cue.line.spoken or cue.line.written}
            if not now <= cue.start_ms <= cue.end_ms <= chapter.end_ms:
                values = {**values, "chapter": str(chapter.number)}
                yield Finding("sentences.order", where, values)
            if cue.start_ms % GRID_MS or cue.end_ms % GRID_MS:
                yield Finding("sentences.grid", where, values)
            now = max(now, cue.end_ms)
            times = [cue.start_ms, *(t for w in cue.words for t in (w.start_ms, w.end_ms))]
            if (cue.take and times != sorted(times)) or (times[-1] > cue.end_ms and cue.words):
                yield Finding("sentences.words", where, values)
            written = "".join(word.written for word in cue.words)
            spoken = "".join(word.spoken for word in cue.words)
            if cue.take and cue.words and (written, spoken) != (cue.line.written, cue.line.spoken):
                yield Finding("sentences.text", where, values)


def as_made(evidence: Evidence) -> Iterator[Finding]:
    """Every product is there with the size and the digest that `bulletin.json` tells.

    The bulletin's own MP3 and that of every chapter are among them.
    """
    bulletin = evidence.bulletin
    for made, file in zip(bulletin.products, evidence.files, strict=True):
        where = Where(file=f"{evidence.name}/{made.name}")
        if file.bytes < 0:
            yield Finding("files.missing", where)
        elif file.bytes != made.bytes:
            values = {"is": f"{file.bytes:,}", "was": f"{made.bytes:,}"}
            yield Finding("files.size", where, values)
        elif file.sha256 != made.sha256:
            yield Finding("files.changed", where)
    yield from (found for found in evidence.beside if found.message.startswith("files."))
    named = {product.name for product in bulletin.products}
    for name in (f"{bulletin.header.slug}.mp3", *(c.file for c in bulletin.chapters)):
        if name not in named:
            yield Finding("files.unlisted", Where(file=f"{evidence.name}/{name}"))


def whole(evidence: Evidence) -> Iterator[Finding]:
    """The bulletin's MP3 decodes from end to end, to its exact length."""
    name = f"{evidence.name}/{evidence.bulletin.header.slug}.mp3"
    yield from broken(evidence.whole.sound, evidence.bulletin.duration_ms, Where(file=name))
