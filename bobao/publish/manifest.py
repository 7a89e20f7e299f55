"""``bulletin.json``: the whole bulletin as data. `load` is the exact inverse of `render`.

One sentence a line, so that two versions can be compared by eye or with diff.
"""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

from bobao.errors import BobaoError
from bobao.model import (
    Bulletin,
    Chapter,
    Cue,
    Header,
    Line,
    LineKind,
    Loudness,
    Product,
    Span,
    Word,
)

NAME = "bulletin.json"
SCHEMA = "bobao-bulletin"
VERSION = 1
"""Raised when a reader of the last version could no longer read the file."""


def render(bulletin: Bulletin) -> str:
    """The bulletin as JSON. All times are milliseconds from the start of the bulletin.

    ``written`` and ``spoken`` of a sentence repeat what its ``spans`` say, for simple readers.
    """
    loud = bulletin.chapter_loudness or (None,) * len(bulletin.chapters)
    chapters = [_chapter(c, measured) for c, measured in zip(bulletin.chapters, loud, strict=True)]
    top: dict[str, Any] = {
        "schema": SCHEMA,
        "version": VERSION,
        "header": _header(bulletin.header),
        "voice": bulletin.voice,
        "voices": list(bulletin.voices),
        "style": bulletin.style,
        "engine": {"name": bulletin.engine, "version": bulletin.engine_version},
        "instead_of": bulletin.instead_of,
        "duration_ms": bulletin.duration_ms,
        "loudness": _loudness(bulletin.loudness),
        "recipe": bulletin.recipe,
        "mix": bulletin.mix,
        "products": [_fields(product) for product in bulletin.products],
    }
    lines = [f"{_json(name)}: {_json(value)}," for name, value in top.items()]
    return "{\n" + "\n".join(lines) + '\n"chapters": [\n' + ",\n".join(chapters) + "\n]\n}\n"


def load(text: str, where: str = "") -> Bulletin:
    """Read a `bulletin.json`. Raises `BobaoError` where it is damaged or of another version."""
    try:
        tree = json.loads(text)
        if tree["schema"] != SCHEMA or tree["version"] != VERSION:
            raise BobaoError(
                f"the bulletin is of version {tree['version']}, this bobao reads {VERSION}",
                where=where,
                advice="Make it again: bobao mix.",
            )
        return _bulletin(tree)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BobaoError(
            f"not a bulletin: {error or type(error).__name__}",
            where=where,
            advice="Make it again: bobao mix.",
        ) from error


def _chapter(chapter: Chapter, loudness: Loudness | None) -> str:
    head = {
        "number": chapter.number,
        "title": chapter.title,
        "start_ms": chapter.start_ms,
        "end_ms": chapter.end_ms,
        "file": chapter.file,
        "loudness": _loudness(loudness),
    }
    cues = ",\n".join(_json(_cue(cue)) for cue in chapter.cues)
    return f'{_json(head)[:-1]}, "sentences": [\n{cues}\n]}}'


def _cue(cue: Cue) -> dict[str, Any]:
    return {
        "start_ms": cue.start_ms,
        "end_ms": cue.end_ms,
        "kind": cue.line.kind.value,
        "level": cue.line.level,
        "paragraph": cue.paragraph,
        "voice": cue.voice,
        "written": cue.line.written,
        "spoken": cue.line.spoken,
        "take": cue.take,
        "spans": [_fields(span) for span in cue.line.spans],
        "words": [_fields(word) for word in cue.words],
    }


def _header(header: Header) -> dict[str, Any]:
    return {**_fields(header), "extra": [list(pair) for pair in header.extra]}


def _loudness(loudness: Loudness | None) -> dict[str, float | None] | None:
    """JSON has no infinity: a true peak of none is null."""
    if loudness is None:
        return None
    return {k: v if math.isfinite(v) else None for k, v in _fields(loudness).items()}


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _bulletin(tree: dict[str, Any]) -> Bulletin:
    loud = [chapter["loudness"] for chapter in tree["chapters"]]
    measured = tuple(loudness for each in loud if (loudness := _read_loudness(each)))
    header = tree["header"]
    return Bulletin(
        header=Header(**{**header, "extra": tuple((a, b) for a, b in header["extra"])}),
        chapters=tuple(map(_read_chapter, tree["chapters"])),
        duration_ms=tree["duration_ms"],
        engine=tree["engine"]["name"],
        engine_version=tree["engine"]["version"],
        voice=tree["voice"],
        loudness=_read_loudness(tree["loudness"]),
        chapter_loudness=measured,
        recipe=tree["recipe"],
        products=tuple(Product(**product) for product in tree["products"]),
        voices=tuple(tree.get("voices", ())),
        style=tree.get("style", ""),
        instead_of=tree.get("instead_of", ""),
        mix=tree.get("mix", 1),
    )


def _read_chapter(tree: dict[str, Any]) -> Chapter:
    return Chapter(
        number=tree["number"],
        title=tree["title"],
        start_ms=tree["start_ms"],
        end_ms=tree["end_ms"],
        cues=tuple(map(_read_cue, tree["sentences"])),
        file=tree["file"],
    )


def _read_cue(tree: dict[str, Any]) -> Cue:
    spans = tuple(Span(**span) for span in tree["spans"])
    return Cue(
        start_ms=tree["start_ms"],
        end_ms=tree["end_ms"],
        line=Line(spans, LineKind(tree["kind"]), tree["level"]),
        words=tuple(Word(**word) for word in tree["words"]),
        take=tree["take"],
        paragraph=tree.get("paragraph", 0),
        voice=tree.get("voice", ""),
    )


def _read_loudness(tree: dict[str, float | None] | None) -> Loudness | None:
    if tree is None:
        return None
    return Loudness(**{k: -math.inf if v is None else v for k, v in tree.items()})
