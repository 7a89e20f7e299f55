"""That the files are those that were made."""

from __future__ import annotations

from collections.abc import Iterator

from bobao.verify.checks.sound import broken
from bobao.verify.evidence import Evidence, Finding, Where


def as_made(evidence: Evidence) -> Iterator[Finding]:
    """Every product is there with the size and the digest that `bulletin.json` tells.

    The bulletin's own MP3 and that of every chapter are among them.
    """
    bulletin = evidence.bulletin
    for file in evidence.files:
        where = Where(file=f"{evidence.name}/{file.product.name}")
        if file.bytes < 0:
            yield Finding("files.missing", where)
        elif file.bytes != file.product.bytes:
            values = {"is": f"{file.bytes:,}", "was": f"{file.product.bytes:,}"}
            yield Finding("files.size", where, values)
        elif file.sha256 != file.product.sha256:
            yield Finding("files.changed", where)
    yield from (found for found in evidence.beside if found.message.startswith("files."))
    named = {file.product.name for file in evidence.files}
    for name in (f"{bulletin.header.slug}.mp3", *(c.file for c in bulletin.chapters)):
        if name not in named:
            yield Finding("files.unlisted", Where(file=f"{evidence.name}/{name}"))


def whole(evidence: Evidence) -> Iterator[Finding]:
    """The bulletin's MP3 decodes from end to end, to its exact length."""
    name = f"{evidence.name}/{evidence.bulletin.header.slug}.mp3"
    yield from broken(evidence.whole, evidence.bulletin.duration_ms, Where(file=name))
