"""The times of chapters and sentences fit into each other and into the file."""

from __future__ import annotations

from collections.abc import Iterator

from bobao.model import GRID_MS
from bobao.verify.evidence import Evidence, Finding, Where


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
