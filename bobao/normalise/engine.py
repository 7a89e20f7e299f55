"""The scan from end to end: text to tokens, tokens to spans, and the audit between."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bobao.model import Span
from bobao.normalise import tables
from bobao.normalise.dispatch import LOUD, UNSAYABLE, is_sayable, token_at
from bobao.normalise.fold import UNSEEN, Folded, common_forms, fold
from bobao.normalise.numbers import cardinal
from bobao.normalise.rules.joints import is_numeral
from bobao.normalise.rules.letters import GRADE_AFTER, ROMAN_AFTER
from bobao.normalise.scan import DEFAULT, ReadingStyle, Scan, Token

_QUIET_SIDE = re.compile("[\u4e00-\u9fff\u3400-\u4dbf\\s，。、；：！？“”‘’（）《》【】]")
_TOUCHY = frozenset("-—IVX")
_NUMERALS = frozenset("零一二三四五六七八九十百千万亿两半")


@dataclass(frozen=True, slots=True)
class Change:
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
    spans: list[Span] = []
    for piece in _pieces(text, style):
        if spans and piece.written == piece.spoken and spans[-1].plain:
            merged = spans.pop().written + piece.written
            spans.append(Span(merged, merged))
        else:
            spans.append(Span(piece.written, piece.spoken))
    return tuple(spans)


def explain(text: str, style: ReadingStyle = DEFAULT) -> tuple[Change, ...]:
    """Every place of `text` that is not said as it is written, in order, with its reason."""
    return tuple(piece for piece in _pieces(text, style) if piece.written != piece.spoken)


def _pieces(text: str, style: ReadingStyle) -> Iterator[Change]:
    folded = fold(text)
    position = 0
    for token in _tokens(folded.text, style):
        if token.start > position:
            yield from _plain(text, folded, position, token.start)
        start, end = _origin(folded, token.start), _origin(folded, token.end)
        yield from _trimmed(
            Change(text[start:end], token.spoken, start, end, token.kind, token.rule)
        )
        position = token.end
    if position < len(folded.text) or (text and not folded.text):
        yield from _plain(text, folded, position, len(folded.text))


def _trimmed(change: Change) -> Iterator[Change]:
    """`change` without the letters both its forms begin with: of iPhone 15 only the 15 changes."""
    written, spoken, start = change.written, change.spoken, change.start
    same = 0
    while same < min(len(written), len(spoken)) - 1 and written[same] == spoken[same]:
        same += 1
    if same:
        yield _as_is(written[:same], start)
    yield Change(written[same:], spoken[same:], start + same, change.end, change.kind, change.rule)


def _origin(folded: Folded, at: int) -> int:
    if folded.offsets is None:
        return at
    return folded.offsets[at] if at else 0


def _tokens(text: str, style: ReadingStyle) -> Iterator[Token]:
    """The tokens of a folded text, in order, their readings fit to stand beside each other."""
    scan, position, spoken = Scan(text, style), 0, ""
    while True:
        found = LOUD.search(text, position)
        if not found:
            return
        step = token_at(scan, found.start())
        if isinstance(step, int):
            position = step
            continue
        before = spoken if scan.previous.end == step.start else ""
        said = _apart(_audited(step, text), scan, spoken)
        if said.spoken == " " == before:
            said = said._replace(spoken="")
        scan.previous, position = step, step.end
        spoken = said.spoken or before
        yield said


def _audited(token: Token, text: str) -> Token:
    """`token` with nothing unsayable in it, and a space where silence would join two letters."""
    spoken, rule = token.spoken, token.rule
    if not spoken:
        before, after = text[token.start - 1 : token.start], text[token.end : token.end + 1]
        return token if _joins(before, after) else token._replace(spoken=" ")
    if UNSAYABLE.search(spoken):
        mended = "".join(sign if is_sayable(sign) else _name(sign) for sign in spoken)
        if mended != spoken:
            spoken, rule = mended, "fallback"
    return token._replace(spoken=spoken, rule=rule)


def _apart(token: Token, scan: Scan, spoken: str) -> Token:
    """`token` with a space before it where it would change how a dash or Roman numeral is read.

    `spoken` is what was said last.
    """
    at, first = token.start, token.spoken[:1]
    before = scan.text[at - 1 : at]
    if not first or before not in _TOUCHY or scan.previous.end == at:
        return token
    earlier = spoken[-1:] if scan.previous.end == at - 1 else scan.char(at - 2)
    dash = before in "-—" and is_numeral(earlier) and is_numeral(first)
    grade = before == "-" and earlier.isascii() and first in GRADE_AFTER
    if dash or grade or (before in "IVX" and first in ROMAN_AFTER):
        return token._replace(spoken=" " + token.spoken)
    return token


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


def _plain(text: str, folded: Folded, start: int, end: int) -> Iterator[Change]:
    """A stretch no rule touched: as it is, but wide letters narrow and unseen characters gone."""
    first = _origin(folded, start)
    last = _origin(folded, end) if end < len(folded.text) else len(text)
    piece = text[first:last]
    if folded.text is text or piece.translate(_uncommon()) == piece:
        yield Change(piece, piece, first, last, "plain", "plain")
        return
    said = _uncommon()
    for as_is, group in groupby(piece, lambda sign: ord(sign) not in said):
        part = "".join(group)
        spoken = part.translate(said)
        kind, rule = ("form", "common-form") if spoken else ("silent", "unseen")
        yield (
            _as_is(part, first)
            if as_is
            else Change(part, spoken, first, first + len(part), kind, rule)
        )
        first += len(part)


def _as_is(piece: str, at: int) -> Change:
    return Change(piece, piece, at, at + len(piece), "plain", "plain")


@functools.cache
def _uncommon() -> dict[int, str]:
    """What is not said as it stands even where no rule reads it: uncommon forms, unseen signs."""
    forms = {
        code: form
        for code, form in common_forms().items()
        if unicodedata.category(chr(code))[0] in "LSC"
    }
    codes = (*range(0x10000), *range(0xE0000, 0xE1000))
    unseen = (code for code in codes if UNSEEN.match(chr(code)))
    return forms | dict.fromkeys(unseen, "")
