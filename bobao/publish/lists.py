"""The lists along a bulletin's sound: captions, chapters, and a playlist of the chapters' files.

Captions are WebVTT (W3C) in the author's written text, cut at clauses, timed by the words. What is
said and not written (signposts, the label of synthetic speech, 图片说明) is in ［］, so that who
does not hear it misses nothing. A caption is one line of at most `COLUMNS` columns (a hanzi is
two), so that it stays readable at large type and on a Braille line. A cut never falls inside a word
or a span that is read otherwise than it is written; only what is longer than a caption by itself is
cut at its width.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bobao import words as chinese
from bobao.model import Bulletin, Cue, Word, audible, marked
from bobao.publish.text import clock, stamp

# ── Chapters ────────────────────────────────────────────────────────────────────────────────────


def chapters_json(bulletin: Bulletin) -> str:
    """``chapters.json``, version 1.2 of the podcast namespace: times in seconds.

    Source: podcast-namespace, docs/examples/chapters/jsonChapters.md.
    """
    chapters = [
        {"startTime": c.start_ms / 1000, "endTime": c.end_ms / 1000, "title": c.title}
        for c in bulletin.chapters
    ]
    tree = {"version": "1.2.0", "title": bulletin.header.title, "chapters": chapters}
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def chapters_text(bulletin: Bulletin) -> str:
    """``chapters.txt``: a line ``00:01:23 标题`` for each chapter, for show notes."""
    return "".join(f"{clock(c.start_ms)} {_one_line(c.title)}\n" for c in bulletin.chapters)


def playlist(bulletin: Bulletin) -> str:
    """The chapter files as extended M3U in UTF-8: length in seconds, title, file of each."""
    lines = ["#EXTM3U", "#EXTENC:UTF-8", f"#PLAYLIST:{_one_line(bulletin.header.title)}"]
    for chapter in bulletin.chapters:
        seconds = round((chapter.end_ms - chapter.start_ms) / 1000)
        lines += [f"#EXTINF:{seconds},{_one_line(chapter.title)}", chapter.file]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    """Text for a format in which a line break would begin something new."""
    return " ".join(text.split())


# ── Captions ────────────────────────────────────────────────────────────────────────────────────

COLUMNS = 40
"""20 hanzi: what Chinese broadcasters put on a line of subtitles at most."""
SHORTEST_MS = 1000
"""A caption stays this long where the next one leaves it room: less is a flicker."""
LINGER_MS = 500
"""And this long after its last word."""

_BRACKETS = 4  # columns of ［ and ］
_TIGHT = 60.0  # cost of a cut between two words of one clause
_QUOTED = 25.0  # more inside quotes and brackets
_CAPTION = 12.0  # of each caption: of two ways the one with fewer captions
_AFTER = (("。！？!?…", 0.0), ("；;：:", 1.0), ("，,", 3.0), ("、", 20.0), ("—", 6.0))
_CLAUSES = re.compile(r"[^\x00-\u2fff]\s+$")
"""A blank after a hanzi, as between the clauses of a title, is cut at like a comma."""

_COST = {mark: cost for marks, cost in _AFTER for mark in marks}
_OPENING, _CLOSING = {"Ps", "Pi"}, {"Pe", "Pf"}
_CLAUSE = re.compile(r"[^，；：。！？]+[^\w“‘《（]*|[，；：。！？]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Caption:
    """A line of captions and its time, as exact text: nothing escaped or trimmed."""

    start_ms: int
    end_ms: int
    text: str


def captions(bulletin: Bulletin) -> tuple[Caption, ...]:
    """The captions of a bulletin in order, without overlap.

    Joined they are the written text of all lines that are recorded, headings included, and in ［］
    what is said besides. While a line is heard there is a caption.
    """
    rough = [
        caption for cue in bulletin.cues() if cue.end_ms > cue.start_ms for caption in _of(cue)
    ]
    limits = [*(caption.start_ms for caption in rough[1:]), bulletin.duration_ms][: len(rough)]
    return tuple(
        Caption(each.start_ms, _end(each, limit), each.text)
        for each, limit in zip(rough, limits, strict=True)
    )


def webvtt(bulletin: Bulletin) -> str:
    """The captions as a WebVTT file."""
    blocks = ["WEBVTT"]
    for caption in captions(bulletin):
        text = escape(caption.text)
        if text and caption.end_ms > caption.start_ms:
            blocks.append(f"{stamp(caption.start_ms)} --> {stamp(caption.end_ms)}\n{text}")
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """Text for a WebVTT cue: no markup (so no ``-->`` either), no line breaks or controls."""
    plain = _UNPRINTABLE.sub(" ", text).strip()
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def columns(text: str) -> int:
    """How wide text is: two for a wide character, none for one that combines."""
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def _end(caption: Caption, limit: int) -> int:
    wanted = max(caption.end_ms + LINGER_MS, caption.start_ms + SHORTEST_MS)
    return max(min(wanted, limit), caption.start_ms)


def _of(cue: Cue) -> Iterator[Caption]:
    """The captions of a line, from its first sample to its last.

    A mark that is only said shows nothing by itself: its time is its neighbour's.
    """
    words = cue.words or (Word(cue.start_ms, cue.end_ms, cue.line.written, cue.line.spoken),)
    sides = cue.line.sides
    shown = (Word(w.start_ms, w.end_ms, *sides(w.written, w.spoken)) for w in words)
    parts = [part for word in shown for part in _parts(word)]
    texts = [(s, marked((p.written, p.spoken) for p in parts[s:e])) for s, e in _cuts(parts)]
    heard = [(parts[start].start_ms, text) for start, text in texts if text.strip()]
    edges = [cue.start_ms, *(start for start, _ in heard[1:]), cue.end_ms]
    for (_, text), since, until in zip(heard, edges, edges[1:], strict=False):
        yield Caption(since, until, text)


def _parts(word: Word) -> Iterator[Word]:
    """A word that is shown; what is only said by its own words, what is too long in pieces.

    Their time is shared out by their length.
    """
    only_said = not word.written.strip() and audible(word.spoken)
    text = word.spoken if only_said else word.written
    pieces = _remark(text) if only_said else _pieces(text) if columns(text) > COLUMNS else [text]
    length, done, position = word.end_ms - word.start_ms, word.start_ms, 0
    for piece in filter(None, pieces):
        position += len(piece)
        until = word.start_ms + length * position // len(text)
        yield Word(done, until, *(("", piece) if only_said else (piece, "")))
        done = until


def _remark(text: str) -> Iterator[str]:
    """The clauses of what is only said; of one that is too long the words, each with its marks."""
    piece = ""
    for clause in _CLAUSE.findall(text):
        room = COLUMNS - _BRACKETS
        for part in [clause] if columns(clause) <= room else _short(clause):
            if (audible(part) and audible(piece)) or columns(piece + part) > room:
                yield piece
                piece = ""
            piece += part
    yield piece


def _pieces(text: str) -> Iterator[str]:
    """Over-long text cut between its own words; one of these that is too long, at its width."""
    room, piece = COLUMNS, ""
    for part in _short(text):
        if columns(part) > room:
            yield piece
            room, piece = COLUMNS, ""
        piece += part
        room -= columns(part)
    if piece:
        yield piece


def _short(text: str) -> Iterator[str]:
    """The words of a text; the characters of one that is longer than a caption."""
    return (c for w in chinese.cut(text) for c in ([w] if columns(w) <= COLUMNS - _BRACKETS else w))


def _cuts(shown: Sequence[Word]) -> list[tuple[int, int]]:
    """The cheapest way to cut words into captions, as half-open ranges: the shortest path."""
    count = len(shown)
    width = [columns(word.written or word.spoken) for word in shown]
    price = _prices(shown)
    best, back = [0.0] + [float("inf")] * count, [0] * (count + 1)
    for end in range(1, count + 1):
        taken = 0
        for start in range(end - 1, -1, -1):
            taken += width[start]
            if not shown[start].written and (start + 1 == end or shown[start + 1].written):
                taken += _BRACKETS
            if taken > COLUMNS and start < end - 1:
                break
            ragged = ((COLUMNS - taken) / COLUMNS) ** 2  # of equal ways the more even one
            cost = best[start] + _CAPTION + price[end] + ragged
            if cost < best[end]:
                best[end], back[end] = cost, start
    cuts = []
    while count:
        cuts.append((back[count], count))
        count = back[count]
    return cuts[::-1]


def _prices(shown: Sequence[Word]) -> list[float]:
    """What it costs to cut after so many words."""
    prices, depth = [0.0], 0
    for word, after in zip(shown, [*shown[1:], None], strict=False):
        text = word.written or word.spoken
        kinds = [unicodedata.category(c) for c in text]
        depth += sum(k in _OPENING for k in kinds) - sum(k in _CLOSING for k in kinds)
        bare = [c for c, k in zip(text, kinds, strict=True) if k[0] not in "Z"]
        while bare and unicodedata.category(bare[-1]) in _CLOSING and len(bare) > 1:
            bare.pop()
        price = _COST.get(bare[-1], _TIGHT) if bare else _TIGHT
        if _CLAUSES.search(text):
            price = _COST["，"]
        if after and bool(word.written) != bool(after.written):  # ［原走向］滨江大道 ［现走向］…
            price = _COST["；"] if word.written else _COST["—"] if text[-1] == "：" else price
        prices.append(price + (_QUOTED if depth > 0 else 0))
    prices[-1] = 0.0
    return prices
