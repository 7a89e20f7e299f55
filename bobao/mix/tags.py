"""ID3 tags: ID3v2.3, because it is the version that every player shows, old car radios included.

Its text is UTF-16 (2.3 knows no UTF-8). Chapters are those of the ID3v2 Chapter Frame Addendum 1.0
(id3.org): CHAP frames and the CTOC frame that lists them, without which players ignore them.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from bobao import __version__
from bobao.errors import BobaoError
from bobao.files import sha256, written_aside
from bobao.mix.styles import MixOptions, Names
from bobao.model import Bulletin, Chapter, Line
from bobao.publish import cover
from bobao.publish.layout import parts, shown

UTF16 = 1
CHILDREN = 255
"""Most entries of a CTOC: their count is one byte. More chapters are listed in groups."""
LANGUAGE = "zho"  # ISO 639-2
GENRE = "Podcast"
PADDING = 1024
"""Bytes of room after the frames, so that a tag editor need not write the file anew."""
_HEAD = 10  # bytes of the head of a tag
_UNUSED = 0xFFFFFFFF  # byte offsets of a chapter: the times count
_TOP, _ORDERED = 2, 1  # flags of a CTOC


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says about itself; empty texts are left out. `track` is number and count.

    With `nested` the headings inside a chapter are chapters below it.
    """

    title: str
    artist: str = ""
    album: str = ""
    date: str = ""
    transcript: str = ""
    made_with: str = ""
    cover: bytes = b""
    cover_text: str = ""
    label: str = ""
    chapters: tuple[Chapter, ...] = ()
    nested: bool = False
    track: tuple[int, int] | None = None


def of(bulletin: Bulletin, options: MixOptions, picture: bytes) -> list[Tags]:
    """The tags of the whole, then of each chapter."""
    header = bulletin.header
    keys = (cue.take for cue in bulletin.cues())
    label = options.label and aigc(options.label, options.station, header.slug, keys)
    whole = Tags(
        title=header.title,
        artist=options.author or options.station,
        album=options.station,
        date=header.date,
        transcript=transcript(bulletin),
        made_with=f"LAME, {options.bitrate} kbit/s; voice: {options.engine} "
        f"{options.engine_version} {', '.join(bulletin.voices)}".rstrip(),
        cover=picture,
        cover_text=f"封面：{header.title}",
        label=label or "",
        chapters=bulletin.chapters,
        nested=bool(header.stories),
    )
    return [
        whole,
        *(
            replace(
                whole,
                title=chapter.title,
                album=header.title,
                transcript=chapter_text(chapter),
                chapters=(),
                track=(chapter.number, len(bulletin.chapters)),
            )
            for chapter in bulletin.chapters
        ),
    ]


def aigc(names: Names, station: str, slug: str, takes: Iterable[str]) -> str:
    """The label of synthetic content as GB 45438-2025 (appendix E) lays it down: a JSON object.

    ``Label`` is 1 for what is synthetic for certain; the reserved codes are free for a service's
    own proof (a signature) and stay empty. Unless the station gives one, the number is made from
    the slug and the keys of the takes: another recording has another number.
    """
    number = names.produce_id or f"{slug}-{sha256(chr(10).join(takes).encode('utf-8'))[:16]}"
    producer = names.producer or station
    values = {
        "Label": "1",
        "ContentProducer": producer,
        "ProduceID": number,
        "ReservedCode1": "",
        "ContentPropagator": names.propagator or producer,
        "PropagateID": names.propagate_id or number,
        "ReservedCode2": "",
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def write(path: Path, tags: Tags) -> None:
    """Put `tags` before the sound of the untagged MP3 at `path`.

    Raises `BobaoError` for more chapters than the format can list.
    """
    body = b"".join(map(as_bytes, frames(tags))) + bytes(PADDING)
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    with written_aside(path) as aside, aside.open("wb") as out, path.open("rb") as sound:
        out.write(b"ID3\x03\x00\x00" + size + body)
        shutil.copyfileobj(sound, out, 1 << 20)


def as_bytes(frame: Any) -> bytes:
    """A frame as bytes: what mutagen writes for it alone, without the head of the tag.

    Written together mutagen sorts frames by their size, and players show chapters in file order.
    """
    file = io.BytesIO()
    tree = _id3().ID3()
    tree.add(frame)
    tree.save(file, v2_version=3, v1=0, padding=lambda _: 0)
    return file.getvalue()[_HEAD:]


def frames(tags: Tags) -> list[Any]:
    """The frames of a tag, in the order of the file."""
    id3 = _id3()
    track = "/".join(map(str, tags.track)) if tags.track else ""
    texts = {
        "TIT2": tags.title,
        "TPE1": tags.artist,
        "TALB": tags.album,
        "TRCK": track,
        "TLAN": LANGUAGE,
        "TCON": GENRE,
        "TENC": f"bobao {__version__}",
        "TSSE": tags.made_with,
        **_date(tags.date),
    }
    made = [
        getattr(id3, name)(encoding=UTF16, text=[_clean(text)])
        for name, text in texts.items()
        if text
    ]
    if tags.transcript:
        text = _clean(tags.transcript)
        made.append(id3.USLT(encoding=UTF16, lang=LANGUAGE, desc="", text=text))
    if tags.label:
        made.append(id3.TXXX(encoding=UTF16, desc="AIGC", text=[tags.label]))
    if tags.cover:
        kind, front = cover.mime(tags.cover), 3
        desc = _clean(tags.cover_text)
        made.append(id3.APIC(encoding=UTF16, mime=kind, type=front, desc=desc, data=tags.cover))
    return made + _chapters(tags.chapters, nested=tags.nested)


def _date(date: str) -> dict[str, str]:
    """ID3v2.3 writes the year and the day (DDMM) apart."""
    year, month, day = [*date.split("-"), "", ""][:3]
    return {"TYER": year, "TDAT": day + month if month and day else ""}


def _chapters(chapters: Sequence[Chapter], *, nested: bool) -> list[Any]:
    """CHAP for every chapter, and the CTOC that lists them (or lists the groups that do).

    A chapter with chapters below it is followed in the list by a CTOC of these.
    """
    if not chapters:
        return []
    if len(chapters) > CHILDREN**2:
        raise BobaoError(
            f"{len(chapters)} chapters are more than an MP3 can list ({CHILDREN**2})",
            advice="Make several bulletins of it.",
        )
    frames: list[Any] = []
    lists: list[Any] = []
    names: list[str] = []
    for chapter in chapters:
        name = f"chp{chapter.number}"
        frames.append(_chapter(name, chapter.title, chapter.start_ms, chapter.end_ms))
        names.append(name)
        inside = parts(chapter)[:CHILDREN] if nested else ()
        ends = [*(cue.start_ms for cue in inside[1:]), chapter.end_ms]
        below = [
            _chapter(f"{name}.{n}", shown(cue).strip(), cue.start_ms, end)
            for n, (cue, end) in enumerate(zip(inside, ends, strict=False), start=1)
        ]
        if below:
            frames += below
            names.append(f"toc{chapter.number}")
            children = [each.element_id for each in below]
            lists.append(_contents(names[-1], children, _ORDERED, _clean(chapter.title)))
    groups = [names[i : i + CHILDREN] for i in range(0, len(names), CHILDREN)]
    if len(groups) == 1:
        return [*frames, _contents("toc", names, _TOP | _ORDERED, "目录"), *lists]
    grouped = {f"toc{number}": group for number, group in enumerate(groups, start=1)}
    top = _contents("toc", list(grouped), _TOP | _ORDERED, "目录")
    rest = [
        _contents(name, group, _ORDERED, f"目录（{group[0][3:]}–{group[-1][3:]}）")
        for name, group in grouped.items()
    ]
    return [*frames, top, *rest, *lists]


def _chapter(name: str, title: str, start_ms: int, end_ms: int) -> Any:
    id3 = _id3()
    return id3.CHAP(
        element_id=name,
        start_time=start_ms,
        end_time=end_ms,
        start_offset=_UNUSED,
        end_offset=_UNUSED,
        sub_frames=[id3.TIT2(encoding=UTF16, text=[_clean(title)])],
    )


def _contents(name: str, children: list[str], flags: int, title: str) -> Any:
    id3 = _id3()
    return id3.CTOC(
        element_id=name,
        flags=flags,
        child_element_ids=children,
        sub_frames=[id3.TIT2(encoding=UTF16, text=[title])],
    )


def _id3() -> Any:
    """mutagen's frames; it has no types."""
    from mutagen import id3

    return id3


def _clean(text: str) -> str:
    """Without NUL, which ends a text in ID3."""
    return text.replace("\0", "")


def transcript(bulletin: Bulletin) -> str:
    """Every written word: chapters and paragraphs parted by an empty line."""
    return "\n\n".join(filter(None, map(chapter_text, bulletin.chapters)))


def chapter_text(chapter: Chapter) -> str:
    """A chapter's heading and paragraphs as they are written."""
    return "\n\n".join(filter(None, map(_paragraph, _paragraphs(chapter))))


def _paragraphs(chapter: Chapter) -> Iterator[Iterable[Line]]:
    for _, cues in groupby(chapter.cues, key=lambda cue: cue.paragraph):
        yield (cue.line for cue in cues)


def _paragraph(lines: Iterable[Line]) -> str:
    """The lines of a paragraph: run on, with a space between where Latin text meets."""
    text = ""
    for line in lines:
        gap = text and text[-1].isascii() and line.written and line.written[0].isascii()
        text += (" " if gap and not text[-1].isspace() else "") + line.written
    return text.strip()
