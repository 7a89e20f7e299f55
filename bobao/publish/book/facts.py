"""What is said about a book: who, when, how long, and how it can be read.

Source: EPUB 3.3, EPUB Accessibility 1.1 and schema.org's accessibility properties. Conformance to
EPUB Accessibility is not claimed: that takes a person who has evaluated this very book, and a
program cannot say so of itself.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from bobao.model import Bulletin
from bobao.publish.book.layout import one_line
from bobao.station.config import Station

FALLBACK_DATE = "1980-01-01"
"""For a bulletin without a date: the first that a ZIP archive can hold."""

FEATURES = (
    "displayTransformability",
    "readingOrder",
    "structuralNavigation",
    "synchronizedAudioText",
    "tableOfContents",
)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:bobao:book")
_DATE = re.compile(r"(?:19[89]\d|20\d\d|210[0-7])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True)
class Facts:
    """The metadata of a book. `sufficient`: ways to get at all of it."""

    identifier: str
    title: str
    language: str
    date: str
    author: str
    publisher: str
    narrators: tuple[str, ...]
    description: str
    modes: tuple[str, ...]
    sufficient: tuple[str, ...]
    features: tuple[str, ...]
    hazards: tuple[str, ...]
    summary: str


def facts(bulletin: Bulletin, station: Station, identifier: str = "") -> Facts:
    """Gather what is known; `identifier` (a URI) overrules the one made from station and slug."""
    all_heard = _all_heard(bulletin)
    header = bulletin.header
    title, publisher = one_line(header.title) or header.slug, one_line(station.name)
    silent = "" if all_heard else "标为不播的文字（如署名）只显示、不朗读。"
    return Facts(
        identifier=identifier or _identifier(station, header.slug),
        title=title,
        language=station.language,
        date=found[0] if (found := _DATE.match(header.date)) else FALLBACK_DATE,
        author=one_line(station.author) or publisher,
        publisher=publisher,
        narrators=_narrators(bulletin),
        description=f"《{title}》有声读本：全文逐句配有人工智能合成语音，文字与语音同步。",
        modes=("auditory", "textual"),
        sufficient=("textual", "auditory,textual", *(("auditory",) if all_heard else ())),
        features=FEATURES,
        hazards=("none",),
        summary="文字与合成语音逐句同步，包括标题，可听可读；可按章、按小标题跳转。"
        "阅读器支持时，可略过图片说明和报幕，可中途离开表格。除封面外没有图片。" + silent,
    )


def _identifier(station: Station, slug: str) -> str:
    """The same for every edition of a bulletin, and no other station's."""
    return uuid.uuid5(_NAMESPACE, f"{station.name}\n{slug}").urn


def _narrators(bulletin: Bulletin) -> tuple[str, ...]:
    others = [cue.voice for cue in bulletin.cues() if cue.voice]
    voices = dict.fromkeys(one_line(voice) for voice in (bulletin.voice, *others))
    engine = one_line(bulletin.engine)
    return tuple(f"人工智能合成语音（{engine} {voice}）" for voice in voices)


def _all_heard(bulletin: Bulletin) -> bool:
    return all(cue.end_ms > cue.start_ms or not cue.line.written.strip() for cue in bulletin.cues())
