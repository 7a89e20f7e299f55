"""The scan from end to end: text to tokens, tokens to spans, and the audit between."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from bobao.model import Span
from bobao.normalise import tables
from bobao.normalise.dispatch import LOUD, UNSAYABLE, is_sayable, token_at
from bobao.normalise.fold import UNSEEN, common_forms, doubled, fold
from bobao.normalise.numbers import cardinal
from bobao.normalise.rules.joints import is_numeral
from bobao.normalise.rules.letters import GRADE_AFTER, ROMAN_AFTER
from bobao.normalise.scan import DEFAULT, ReadingStyle, Scan, Token

_QUIET_SIDE = re.compile("[\u4e00-\u9fff\u3400-\u4dbf\\s，。、；：！？“”‘’（）《》【】]")
_TOUCHY = frozenset("-—IVX")
_NUMERALS = frozenset("零一二三四五六七八九十百千万亿两半")


class Change(NamedTuple):
    """One changed place: `text[start:end]` was `written` and is `spoken`.

    `kind` is the class of what it is, `rule` the name of the rule that read it; `reason` says the
    rule in a Chinese sentence for the editor.
    """

    written: str
    spoken: str
    start: int
    end: int
    kind: str
    rule: str

    @property
    def reason(self) -> str:
        """Why it is said so, for the editor; an empty text if the rule has no sentence."""
        return tables.mapping("rules").get(self.rule, "")


def normalise(text: str, style: ReadingStyle = DEFAULT) -> tuple[Span, ...]:
    """`text` as spans that say how each piece is spoken; plain spans where nothing changes.

    The spans' `written` joined are `text` again. No figure of any script and no sign that a voice
    would stumble on is left in `spoken`. The time is linear in the length of the text.
    """
    spans, position = [], 0
    for written, spoken, start, end, _, _ in _changes(text, style):
        if start > position:
            piece = text[position:start]
            spans.append(Span(piece, piece))
        spans.append(Span(written, spoken))
        position = end
    if position < len(text):
        piece = text[position:]
        spans.append(Span(piece, piece))
    return tuple(spans)


def explain(text: str, style: ReadingStyle = DEFAULT) -> tuple[Change, ...]:
    """Every place of `text` that is not said as it is written, in order, with its reason."""
    return tuple(_changes(text, style))


def _changes(text: str, style: ReadingStyle) -> Iterator[Change]:
    folded, position = fold(text), 0
    for token in _tokens(folded.text, style):
        start, end, spoken = token[:3]
        if folded.unusual:
            start, end = folded.origin(start), folded.origin(end)
            yield from _forms(text, position, start)
            position = end
        written, same = text[start:end], 0
        while same < min(len(written), len(spoken)) - 1 and written[same] == spoken[same]:
            same += 1  # of iPhone 15 only the 15 changes
        if written[same:] != spoken[same:]:
            yield Change(written[same:], spoken[same:], start + same, end, token.kind, token.rule)
    if folded.unusual:
        yield from _forms(text, position, len(text))


def _tokens(text: str, style: ReadingStyle) -> Iterator[Token]:
    """The tokens of a folded text, in order, their readings fit to stand beside each other."""
    scan, position, spoken = Scan(text, style), 0, ""
    while found := LOUD.search(text, position):
        step = token_at(scan, found.start())
        if isinstance(step, int):
            position = step
            continue
        before = spoken if scan.previous.end == step.start else ""
        said = step
        if not said.spoken or UNSAYABLE.search(said.spoken):
            said = _audited(said, text)
        elif step.start and text[step.start - 1] in _TOUCHY and _touches(step, scan, spoken):
            said = said._replace(spoken=" " + said.spoken)
        if said.spoken == " " == before:
            said = said._replace(spoken="")
        scan.previous, position = step, step.end
        spoken = said.spoken or before
        yield said


def _audited(token: Token, text: str) -> Token:
    """`token` with nothing unsayable in it, and a space where silence would join two letters."""
    if not token.spoken:
        before, after = text[token.start - 1 : token.start], text[token.end : token.end + 1]
        return token if _joins(before, after) else token._replace(spoken=" ")
    mended = "".join(sign if is_sayable(sign) else _name(sign) for sign in token.spoken)
    return token if mended == token.spoken else token._replace(spoken=mended, rule="fallback")


def _touches(token: Token, scan: Scan, spoken: str) -> bool:
    """Whether a reading would change how the dash or Roman numeral before it is read.

    `spoken` is what was said last.
    """
    at, first, before = token.start, token.spoken[0], scan.text[token.start - 1]
    if scan.previous.end == at:
        return False
    earlier = spoken[-1:] if scan.previous.end == at - 1 else scan.char(at - 2)
    dash = before in "-—" and is_numeral(earlier) and is_numeral(first)
    grade = before == "-" and earlier.isascii() and first in GRADE_AFTER
    return dash or grade or (before in "IVX" and first in ROMAN_AFTER)


def _joins(before: str, after: str) -> bool:
    """Whether what stands beside a silent sign may stand together without changing its reading."""
    if before and not _QUIET_SIDE.match(before):
        return False
    if after.isdigit():
        return before not in _NUMERALS
    return not after or _QUIET_SIDE.match(after) is not None


def _name(sign: str) -> str:
    value = unicodedata.numeric(sign, None)
    if value is not None and value >= 0:
        return cardinal(str(int(value)))
    return tables.mapping("signs").get(sign, "")


def _forms(text: str, start: int, end: int) -> Iterator[Change]:
    """A stretch no rule touched: wide letters are said as narrow ones, unseen signs are not."""
    said = _uncommon()
    if text[start:end].translate(said) == text[start:end]:
        return
    twice = {start + at for at in doubled(text[start : end + 1])}
    for uncommon, group in groupby(range(start, end), lambda at: ord(text[at]) in said):
        where = list(group)
        if uncommon:
            spoken = "".join(said[ord(text[at])] for at in where if at not in twice)
            kind, rule = ("form", "common-form") if spoken else ("silent", "unseen")
            first, after = where[0], where[-1] + 1
            yield Change(text[first:after], spoken, first, after, kind, rule)


@functools.cache
def _uncommon() -> dict[int, str]:
    """What is not said as it stands even where no rule reads it: uncommon forms, unseen signs."""
    forms = {
        code: form
        for code, form in common_forms().items()
        if unicodedata.category(chr(code))[0] in "LSC" and form != chr(code)
    }
    codes = (*range(0x10000), *range(0xE0000, 0xE1000))
    unseen = (code for code in codes if UNSEEN.match(chr(code)))
    return forms | dict.fromkeys(unseen, "")
