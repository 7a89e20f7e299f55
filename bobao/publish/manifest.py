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
    header, loud = bulletin.header, bulletin.chapter_loudness or (None,) * len(bulletin.chapters)
    chapters = [_chapter(c, measured) for c, measured in zip(bulletin.chapters, loud, strict=True)]
    top: dict[str, Any] = {
        "schema": SCHEMA,
        "version": VERSION,
        "header": {**_fields(header), "extra": [list(pair) for pair in header.extra]},
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
    names = ("number", "title", "start_ms", "end_ms", "file")
    head = {**{name: getattr(chapter, name) for name in names}, "loudness": _loudness(loudness)}
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
    same = {name: tree[name] for name in ("duration_ms", "voice", "recipe")}
    newer = {name: tree[name] for name in ("style", "instead_of", "mix") if name in tree}
    extra = tuple((key, value) for key, value in tree["header"]["extra"])
    return Bulletin(
        header=Header(**{**tree["header"], "extra": extra}),
        chapters=tuple(map(_read_chapter, tree["chapters"])),
        engine=tree["engine"]["name"],
        engine_version=tree["engine"]["version"],
        loudness=_read_loudness(tree["loudness"]),
        chapter_loudness=tuple(found for each in loud if (found := _read_loudness(each))),
        products=tuple(Product(**product) for product in tree["products"]),
        voices=tuple(tree.get("voices", ())),
        **same,
        **newer,
    )


def _read_chapter(tree: dict[str, Any]) -> Chapter:
    cues = tuple(map(_read_cue, tree["sentences"]))
    place = tree["number"], tree["title"], tree["start_ms"], tree["end_ms"]
    return Chapter(*place, cues, tree["file"])


def _read_cue(tree: dict[str, Any]) -> Cue:
    spans = tuple(Span(**span) for span in tree["spans"])
    line = Line(spans, LineKind(tree["kind"]), tree["level"])
    words = tuple(Word(**word) for word in tree["words"])
    newer = tree.get("paragraph", 0), tree.get("voice", "")
    return Cue(tree["start_ms"], tree["end_ms"], line, words, tree["take"], *newer)


def _read_loudness(tree: dict[str, float | None] | None) -> Loudness | None:
    if tree is None:
        return None
    return Loudness(**{k: -math.inf if v is None else v for k, v in tree.items()})
