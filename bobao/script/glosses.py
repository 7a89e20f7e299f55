"""Pinyin in the text: （yù）after 彧 is its reading, 读作yáo says that syllable.

A gloss in brackets is shown and not said, and the hanzi before it are read so; a name of two hanzi
or more is read so wherever it comes again. Syllables that the text names are said as syllables of
Mandarin and not as letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate, groupby

from bobao.errors import BobaoError
from bobao.files import installing
from bobao.model import Block, Line, Paragraph, Span
from bobao.pronounce.letters import reading_of, spoken_syllables
from bobao.pronounce.pinyin import is_hanzi, is_pinyin_for
from bobao.pronounce.respell import in_hanzi
from bobao.script.sentences import pairs
from bobao.script.spans import Overlay, Spans, overlaid, tidy
from bobao.script.wording import Normalise

_LONGEST = 8
"""Hanzi that one gloss may be the reading of."""
_LATIN = "A-Za-zɑɡüǖǘǚǜêÀ-ɏḿ\u0300-\u030c"
_GLOSS = re.compile(
    r"\s*(?:(?:拼音|读音|发音|注音|音|读作?|讀作?|念作?)\s*[:：为為是]?\s*)?[“\"]?"
    rf"(?P<pinyin>[{_LATIN}\u3105-\u3129ˊˇˋ˙][{_LATIN}\u3105-\u3129ˊˇˋ˙0-5:'’ ·/\-]*?)[”\"]?\s*"
    r"(?:[，,；;。、]\s*|$)"
)
_MAY = re.compile(
    rf"[（(][^（）()]*[{_LATIN}\u3105-\u3129]|[À-ɏ\u0300-\u030c]|[读讀念音].{{0,4}}[a-z]"
)
"""What a text has that may hold pinyin."""
_WORD = rf"[{_LATIN}][{_LATIN}0-5:'’]*"
_WORDS = re.compile(rf"(?<![A-Za-z0-9@./_]){_WORD}(?: {_WORD})*(?![A-Za-z0-9@_])")
_TOLD = re.compile(r"(?:[读讀念][作做成为]?|(?<![录声语配乐噪])音[为是同]?)[:：]?\s*[“\"‘「]?\s*$")


def glossing(normalise: Normalise, texts: Iterable[str]) -> Normalise:
    """`normalise`, followed by what pinyin in the text asks for.

    `texts` are those of the whole article: a name of two hanzi or more that a gloss in one of them
    has read is read so in all.
    """
    names: dict[str, str] = {}
    for text in texts:
        for one in _glosses(text) if _MAY.search(text) else ():
            if one.reading and one.end - one.start > 1:
                names.setdefault(one.spoken, one.reading)
    again = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))

    def glossed(text: str) -> Spans:
        found = list(_glosses(text)) if _MAY.search(text) else []
        taken = {place for one in found for place in range(one.start, one.end)}
        for name in again.finditer(text) if names else ():
            if taken.isdisjoint(range(*name.span())):
                found.append(Overlay(*name.span(), name[0], names[name[0]]))
        return overlaid(tidy(normalise(text)), found)

    return glossed


def read_beside(paragraph: Paragraph, block: Block) -> Paragraph:
    """The lines of `block` with the readings that print has beside its text."""
    if not block.readings:
        return paragraph
    place = list(accumulate((not char.isspace() for char in block.text), initial=0))
    todo = [(place[start], place[end], said) for start, end, said in block.readings]
    done: list[Line] = []
    first = 0
    for one in paragraph:
        here = [n for n, char in enumerate(one.written) if not char.isspace()]
        last = first + len(here)
        marks = [
            Overlay(here[a - first], here[b - 1 - first] + 1, "", said)
            for a, b, said in todo
            if first <= a < b <= last
        ]
        text = one.written
        spoken = [replace(mark, spoken=text[mark.start : mark.end]) for mark in marks]
        done.append(replace(one, spans=overlaid(one.spans, spoken)))
        first = last
    return tuple(done)


def _glosses(text: str) -> Iterator[Overlay]:
    """What pinyin in `text` asks for, in order."""
    end = 0
    for pair in sorted(pairs(text), key=lambda pair: pair.start):
        if pair.opener not in "（(" or pair.start < end:
            continue
        found = _GLOSS.match(text, pair.start + 1, pair.end)
        before = text[max(0, pair.start - _LONGEST) : pair.start]
        base, said = _read(before, found)
        if not found or not (said or (before and spoken_syllables(found["pinyin"], told=False))):
            continue  # no pinyin, or that of the sentence
        close = pair.end + 1 if found.end() == pair.end else found.end()
        first = pair.start if close > pair.end else pair.start + 1
        yield from _syllables(text, end, pair.start - len(base))
        if is_pinyin_for(base, said):
            yield Overlay(pair.start - len(base), pair.start, base, said)
        yield Overlay(first, close)
        end = close
    yield from _syllables(text, end, len(text))


def _read(before: str, found: re.Match[str] | None) -> tuple[str, str]:
    """The hanzi at the end of `before` that the gloss is the reading of, and that reading."""
    for size in range(1, len(before) + 1) if found else ():
        base = before[-size:]
        if not is_hanzi(base[0]):
            break
        if found and (said := reading_of(base, found["pinyin"])):
            return base, said
    return "", ""


def _syllables(text: str, start: int, end: int) -> Iterator[Overlay]:
    """The words between two places that are pinyin and are said as such."""
    for found in _WORDS.finditer(text, start, end):
        told = _TOLD.search(text[max(0, found.start() - 8) : found.start()]) is not None
        syllables = spoken_syllables(found[0], told=told)
        if syllables and (said := in_hanzi(syllables)):
            yield Overlay(*found.span(), said)


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
