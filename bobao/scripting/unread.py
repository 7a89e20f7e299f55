"""Signs that no voice reads: none may be left in what is said."""

from __future__ import annotations

import unicodedata

from bobao.model import Span
from bobao.scripting.numerals import number
from bobao.scripting.spans import Spans, tidy

_SIGNS = frozenset("%‰‱&@#*/\\§¶†‡※％＃＠＆＊／＼﹪﹟﹠﹡")
_ZERO = "〇"  # Unicode has it as a number, readers as the hanzi 零


def is_unread(char: str) -> bool:
    """Whether `char` is a digit, a symbol or a control, which no voice can say as it stands."""
    if char.isalpha() or char == _ZERO:
        return False
    category = unicodedata.category(char)
    return category[0] in "NSC" or category == "Pc" or char in _SIGNS


def unread(text: str) -> str:
    """The unread signs of `text`, in order."""
    return "".join(filter(is_unread, text))


def heard(text: str) -> bool:
    """Whether there is anything in `text` for a voice to say."""
    return any(char.isalpha() or char == _ZERO for char in text)


def swept(spans: Spans) -> Spans:
    """`spans` with nothing unread left in what is said.

    Digits that were left are said one by one (or as a number, for ² ① Ⅻ), other signs are shown
    only. This is the net below `bobao.normalise`, for text that no rule foresaw.
    """
    if not unread("".join(span.spoken for span in spans)):
        return spans
    done: list[Span] = []
    for span in spans:
        if span.plain:
            done += [_read(char) for char in span.written]
        else:
            said = "".join(_read(char).spoken for char in span.spoken)
            done.append(Span(span.written, said, span.reading))
    return tidy(done)


def _read(char: str) -> Span:
    if not is_unread(char):
        return Span(char, char)
    value = unicodedata.numeric(char, -1.0)
    return Span(char, number(int(value)) if value >= 0 and value == int(value) else "")
