"""Traditional text said in simplified hanzi: what is said changes, what is shown does not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from bobao.errors import BobaoError
from bobao.files import installing
from bobao.model import Span
from bobao.script.spans import Spans, tidy
from bobao.script.wording import Normalise


def simplifying(normalise: Normalise) -> Normalise:
    """`normalise`, and its spoken forms converted from traditional hanzi by OpenCC (``t2s``).

    Figures are read first, in the author's own words. Raises `BobaoError` where OpenCC is not
    installed (the extra ``bobao[traditional]``).
    """
    try:
        from opencc import OpenCC
    except ImportError as error:
        raise BobaoError(
            "converting traditional hanzi needs OpenCC, which is not installed",
            advice=installing("opencc"),
        ) from error
    convert = OpenCC("t2s").convert

    def simplified(text: str) -> Spans:
        return tidy(
            piece for span in normalise(text) for piece in _pieces(span, convert(span.spoken))
        )

    return simplified


def _pieces(span: Span, said: str) -> Iterator[Span]:
    """A span with its spoken form replaced; plain text is split where the two forms differ."""
    if not span.plain or len(said) != len(span.written):
        yield Span(span.written, said, span.reading)
        return
    pairs = zip(span.written, said, strict=True)
    for _, run in groupby(pairs, key=lambda pair: pair[0] == pair[1]):
        written, spoken = zip(*run, strict=True)
        yield Span("".join(written), "".join(spoken))
