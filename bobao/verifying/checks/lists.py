"""That tags, lists of chapters and captions say what `bulletin.json` says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bobao.model import Chapter, Cue
from bobao.verifying.evidence import Caption, Entry, Evidence, Finding, Listing, Tags, Where

LINGER_MS = 1_500
"""A caption may stay so long after its sentence has ended."""


def tags(evidence: Evidence) -> Iterator[Finding]:
    """The ID3 tags: title, text, and the chapters as CHAP frames that one CTOC lists."""
    bulletin = evidence.bulletin
    name = f"{evidence.name}/{bulletin.header.slug}.mp3"
    yield from _tag(evidence.tags, bulletin.header.title, "", bulletin.cues(), name)
    if not evidence.tags.fault:
        yield from _listed(evidence.tags.chapters, bulletin.chapters, name, "CHAP, CTOC")
    count = len(bulletin.chapters)
    for chapter, tag in zip(bulletin.chapters, evidence.part_tags, strict=True):
        track = f"{chapter.number}/{count}"
        file = f"{evidence.name}/{chapter.file}"
        yield from _tag(tag, chapter.title, track, chapter.cues, file)


def agree(evidence: Evidence) -> Iterator[Finding]:
    """Every list of chapters beside the bulletin."""
    for name, listing in evidence.listings.items():
        file = f"{evidence.name}/{name}"
        yield from _listed(listing, evidence.bulletin.chapters, file, name)


def captions(evidence: Evidence) -> Iterator[Finding]:
    """The captions follow each other, and each shows its sentence while it is said."""
    file = f"{evidence.name}/{evidence.bulletin.header.slug}.vtt"
    if evidence.captions.fault:
        yield Finding("captions.unreadable", Where(file=file), {"why": evidence.captions.fault})
        return
    there = evidence.captions.captions
    end = 0
    for caption in there:
        if not end <= caption.start_ms < caption.end_ms <= evidence.bulletin.duration_ms:
            where = Where(caption.start_ms, file=file)
            yield Finding("captions.order", where, {"text": caption.text})
        end = caption.end_ms
    at = 0
    for cue, line in evidence.cues():
        if not cue.take:
            continue
        own = at
        at, message = _shown(cue, there, at)
        if message:
            text = there[own].text if own < len(there) else ""
            values = {"text": cue.line.written, "caption": text}
            yield Finding(message, Where(cue.start_ms, line, file), values)
    for caption in there[at:]:
        where = Where(caption.start_ms, file=file)
        yield Finding("captions.extra", where, {"text": caption.text})


def _shown(cue: Cue, captions: tuple[Caption, ...], at: int) -> tuple[int, str]:
    """The first caption after those of a cue, and what is wrong with them."""
    want, late = _bare(cue.line.written), False
    while want:
        text = _bare(captions[at].text) if at < len(captions) else ""
        if not text or not want.startswith(text):
            # Others may be right again: go on with the first that belongs to a later sentence.
            while at < len(captions) and captions[at].start_ms < cue.end_ms:
                at += 1
            return at, "captions.text"
        start, end = captions[at].start_ms, captions[at].end_ms
        late = late or not (cue.start_ms <= start < cue.end_ms and end <= cue.end_ms + LINGER_MS)
        want = want[len(text) :]
        at += 1
    return at, "captions.off" if late else ""


def _bare(text: str) -> str:
    """Text without what a caption may write otherwise: blanks, controls."""
    return "".join(c for c in text if c.isprintable() and not c.isspace())


def _tag(found: Tags, title: str, track: str, cues: Iterable[Cue], file: str) -> Iterator[Finding]:
    if found.fault:
        yield Finding("tags.unreadable", Where(file=file), {"why": found.fault})
        return
    wanted = {"TIT2": (found.title, title), "TRCK": (found.track, track)}
    wanted["USLT"] = (found.transcript, "".join(cue.line.written for cue in cues))
    for frame, (is_, want) in wanted.items():
        if _bare(is_) != _bare(want):
            values = {"frame": frame, "is": _start(is_, want), "want": _start(want, is_)}
            yield Finding("tags.differ", Where(file=file), values)


def _start(text: str, other: str) -> str:
    """A text from shortly before where it is another."""
    text, other = _bare(text), _bare(other)
    same = next((k for k, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), 0)
    return text[max(0, same - 5) :][:30]


def _listed(
    listing: Listing, chapters: tuple[Chapter, ...], file: str, what: str
) -> Iterator[Finding]:
    if listing.fault:
        values = {"what": what, "why": listing.fault}
        yield Finding("lists.unreadable", Where(file=file), values)
        return
    if len(listing.entries) != len(chapters):
        values = {"what": what, "is": str(len(listing.entries)), "want": str(len(chapters))}
        yield Finding("lists.count", Where(file=file), values)
        return
    for chapter, entry in zip(chapters, listing.entries, strict=True):
        for is_, want in _told(entry, chapter, listing.grain_ms):
            values = {"what": what, "chapter": str(chapter.number), "is": is_, "want": want}
            yield Finding("lists.differ", Where(chapter.start_ms, file=file), values)


def _told(entry: Entry, chapter: Chapter, grain: int) -> Iterator[tuple[str, str]]:
    """Where an entry does not say what a chapter is: both texts."""
    if _bare(entry.title) != _bare(chapter.title):
        yield entry.title, chapter.title
    if entry.file and entry.file != chapter.file:
        yield entry.file, chapter.file
    times = (
        (entry.start_ms, chapter.start_ms),
        (entry.end_ms, chapter.end_ms),
        (entry.length_ms, chapter.end_ms - chapter.start_ms),
    )
    for is_, want in times:
        if is_ is not None and abs(is_ - want) >= grain:
            yield f"{is_ / 1000:.3f} s", f"{want / 1000:.3f} s"
