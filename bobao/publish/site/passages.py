"""Passages in other languages: where a screen reader has to change its voice (WCAG 3.1.2).

The criterion leaves out names, technical terms and single borrowed words, so ``5G`` and ``WPS``
stay Chinese text. A passage in Latin letters is two words or more and is taken for English: in
Chinese articles it nearly always is, and the letters alone cannot tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LETTER = r"A-Za-z\u00c0-\u024f"
_LATIN = rf"[{_LETTER}][{_LETTER}'’\-]{{0,60}}"
_MORE = rf"(?:[ \u00a0](?:{_LATIN}|[0-9]{{1,20}}|&)[.,;:!?]?){{0,400}}"
_SCRIPTS = (
    ("en", rf"(?<![{_LETTER}]){_LATIN}[.,;:!?]?{_MORE}[ \u00a0]{_LATIN}[.!?]?"),
    ("ja", r"[\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff]{2,64}"),
    ("ko", r"[\uac00-\ud7a3]{1,64}(?:[ ][\uac00-\ud7a3]{1,64})*"),
    ("ru", r"[\u0400-\u045f]{2,64}(?:[ ,.-]{1,2}[\u0400-\u045f]{1,64})*"),
    ("ar", r"[\u0620-\u064a]{2,64}(?:[ ،.]{1,2}[\u0620-\u064a]{1,64})*"),
    ("th", r"[\u0e01-\u0e4e]{2,64}"),
)
_ANY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SCRIPTS))
_CANDIDATE = re.compile(r"[A-Za-z\u00c0-\u30ff\uac00-\ud7a3]")
_WORDS = re.compile(r"[a-z\u00df-\u024f]{2,60}")
"""A word of a language, not letters: at least two small ones together."""


def passages(text: str) -> Iterator[tuple[str, str]]:
    """`text` cut into (language, piece), the language empty for the page's own. Joined: `text`."""
    done = 0
    if _CANDIDATE.search(text):
        for match in _ANY.finditer(text):
            language = match.lastgroup or ""
            if language == "en" and sum(1 for _ in _WORDS.finditer(match[0])) < 2:
                continue
            if match.start() > done:
                yield "", text[done : match.start()]
            yield language, match[0]
            done = match.end()
    if done < len(text):
        yield "", text[done:]
