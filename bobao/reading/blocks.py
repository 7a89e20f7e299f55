"""Blocks from lines that are decided, their half-width marks made full-width, one for one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bobao.model import Block, BlockKind, Ruby
from bobao.normalise import unified_forms
from bobao.reading.lines import BLANK, SourceLine, Span, Verdict

_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）", ".": "。"}
_NARROW = {wide: narrow for narrow, wide in _WIDE.items()}
_HANZI = r"\u3400-\u9fff\uf900-\ufaff〇"
_CLOSING = "”’」』）》】〉〕％"
_OPENING = "“‘「『（《【〈〔"
_MARK = re.compile(
    rf"(?<=[{_HANZI}{_CLOSING}。，！？；：…])[,;:?!]"  # after an ideograph, or what follows one
    rf"|(?<=[0-9A-Za-z%])[,;](?=[{_HANZI}{_OPENING}])"  # 103%,同比
    rf"|(?<=[0-9%])[?!](?=[{_HANZI}{_OPENING}{_CLOSING}]|$)"
    rf"|(?<=[{_HANZI}])\.(?=[{_CLOSING}]*$|[\"”’」』])"
    rf"|(?<=[{_HANZI}0-9%][\"”’」』])\.(?=[{_HANZI}{_OPENING}]|$)"
)
_STOP = re.compile(
    rf"(?<=[{_HANZI}0-9A-Za-z%，、]{{4}}[{_HANZI}])\.(?=[{_OPENING}\"]?[{_HANZI}0-9]{{3}})"
)
"""A stop between sentences, in text that has no other stop; 列夫.托尔斯泰 alone holds none."""
_LAST = re.compile(r"[.。][\"”’」』）)]*$")
_ANY = re.compile(r"[,;:?!().]")
_PAIR = re.compile(r"\(([^()]{0,200})\)")
_IDEOGRAPH = re.compile(rf"[{_HANZI}]")


def unified(text: str) -> str:
    """`text` with full-width marks where it is Chinese; of the same length."""
    if text.isascii():
        return text
    text = text.translate(unified_forms())
    if not _ANY.search(text):
        return text
    text = _PAIR.sub(_bracketed, text) if "(" in text else text
    stops = "." in text and "。" not in text and _LAST.search(text[-4:]) is not None
    text = _MARK.sub(_widened, text)
    return _STOP.sub(_widened, text) if stops else text


def _widened(found: re.Match[str]) -> str:
    return _WIDE[found[0]]


def _bracketed(found: re.Match[str]) -> str:
    """A pair of brackets, wide where ideographs stand in it or on either side of it."""
    text, (start, end) = found.string, found.span()
    near = text[max(0, start - 1) : start] + found[1] + text[end : end + 1]
    return f"（{found[1]}）" if _IDEOGRAPH.search(near) else found[0]


def offsets(source: str, block: Block) -> tuple[int, ...]:
    """Where in `source`, the text of the article, each character of `block.text` comes from.

    −1 for a character that is not in the source: a space or a tab put between two lines or cells.
    """
    return tuple(_offsets(source, block))


def _offsets(source: str, block: Block) -> Iterator[int]:
    places = [at for start, end in block.source for at in range(start, end)]
    here = 0
    for char in block.text:
        fits = char + _NARROW.get(char, "")
        if char.isspace():
            there = here < len(places) and source[places[here]].isspace()
            yield places[here] if there else -1
            here += there
            continue
        while source[places[here]].translate(unified_forms()) not in fits:
            here += 1
        yield places[here]
        here += 1


_NOTHING = re.compile(f"[{re.escape(BLANK)}]*")
_HIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d\xad\u180e\u200b\u2060\ufeff]+")
_SPACES = re.compile(r"[ \t\r\n\v\f\xa0]+")
_ATTACHED = re.compile(r"附件\s*[\d一二三四五六七八九十]{0,2}")
_SENTENCE = re.compile(r"[\w”’）)】》」』%]$")


class LostTextError(AssertionError):
    """A defect of the reader: characters of the source are in no block or in two."""


@dataclass(slots=True)
class _Draft:
    """A block being put together."""

    verdict: Verdict
    lines: list[SourceLine]
    confidence: float


def build(text: str, lines: Sequence[SourceLine], verdicts: Sequence[Verdict]) -> tuple[Block, ...]:
    """The blocks of `text` in reading order; a lead is told from the first paragraph.

    Raises `LostTextError`, a defect, unless every character that shows is in exactly one block.
    """
    drafts: list[_Draft] = []
    home: dict[int, _Draft] = {}
    for n, (line, verdict) in enumerate(zip(lines, verdicts, strict=True)):
        if verdict.joins is None:
            home[n] = draft = _Draft(verdict, [line], verdict.confidence)
            drafts.append(draft)
            continue
        home[n] = draft = home[verdict.joins]
        draft.lines.append(line)
        draft.confidence = min(draft.confidence, verdict.confidence)
        if verdict.kind is not draft.verdict.kind:
            raise LostTextError(f"line {n} joins a block of another kind")
    blocks = _with_lead([_block(text, draft) for draft in drafts])
    check(text, blocks)
    return tuple(blocks)


def _block(text: str, draft: _Draft) -> Block:
    verdict = draft.verdict
    if verdict.kind is BlockKind.TABLE:
        words = "\n".join("\t".join(map(_mended, _cells(text, x))) for x in draft.lines)
    else:
        words = _joined([_piece(text, line) for line in draft.lines], verdict.kind)
    reason = verdict.reason
    if len(draft.lines) > 1 and verdict.kind not in (BlockKind.TABLE, BlockKind.TITLE):
        reason = f"{reason}; {len(draft.lines)} lines joined"
    block = Block(
        kind=verdict.kind,
        text=unified(words),
        source=tuple((line.start, line.end) for line in draft.lines),
        level=verdict.level,
        list=verdict.item,
        reason=reason,
        confidence=draft.confidence,
    )
    beside = [ruby for line in draft.lines for ruby in line.readings]
    return replace(block, readings=_readings(text, block, beside)) if beside else block


def _readings(text: str, block: Block, beside: Sequence[Ruby]) -> tuple[Ruby, ...]:
    """The readings of stretches of the source as those of stretches of the block's text."""
    there = {place: n for n, place in enumerate(offsets(text, block))}
    return tuple((there[a], there[b - 1] + 1, said) for a, b, said in beside if a in there)


def _cells(text: str, line: SourceLine) -> list[str]:
    if not line.cells:
        return [_piece(text, line)]
    return ["".join(text[a:b] for a, b in cell) for cell in line.cells]


def _piece(text: str, line: SourceLine) -> str:
    if len(line.pieces) == 1:
        return text[slice(*line.pieces[0])]
    return "".join(text[a:b] for a, b in line.pieces)


def _mended(text: str) -> str:
    if text.isprintable() and "  " not in text:
        return text.strip(BLANK)
    return _SPACES.sub(" ", _HIDDEN.sub("", text)).strip(BLANK)


def _joined(pieces: Sequence[str], kind: BlockKind) -> str:
    """The lines of a block as one; a space only where the text needs one."""
    if len(pieces) == 1:
        return _mended(pieces[0])
    out = ""
    for piece in map(_mended, pieces):
        if not out or not piece:
            out += piece
        elif _apart(out, piece, kind):
            out = f"{out} {piece}"
        else:
            out += piece
    return out


def _apart(left: str, right: str, kind: BlockKind) -> bool:
    """Whether a space belongs between two lines of a block."""
    if _latin(left[-1]) and _latin(right[0]) and not (left[-1].isdigit() and right[0].isdigit()):
        return True
    if kind is BlockKind.HEADING:
        return _ATTACHED.fullmatch(left) is not None
    return kind is BlockKind.TITLE and _two_clauses(left, right)


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _two_clauses(left: str, right: str) -> bool:
    """Whether two lines of a title are clauses of their own and no phrase cut in two."""
    if "关于" in left or "關於" in left or right[0] in "—-－":
        return False
    return bool(_SENTENCE.search(left)) and len(left) >= 5 and len(right) >= 5


def _with_lead(blocks: list[Block]) -> list[Block]:
    """`blocks` with the first paragraph as the lead where headings divide what follows it."""
    kinds = [block.kind for block in blocks]
    if BlockKind.HEADING not in kinds or BlockKind.PARAGRAPH not in kinds:
        return blocks
    first = kinds.index(BlockKind.PARAGRAPH)
    if first > kinds.index(BlockKind.HEADING) or blocks[first].list:
        return blocks
    if blocks[first].text.endswith(("：", ":")):
        return blocks
    blocks[first] = replace(
        blocks[first], kind=BlockKind.LEAD, reason="text before the first heading"
    )
    return blocks


def check(text: str, blocks: Sequence[Block]) -> None:
    """Raise `LostTextError` unless the blocks' ranges are disjoint and only blanks lie between."""
    spans: list[Span] = sorted(span for block in blocks for span in block.source)
    at = 0
    for start, end in [*spans, (len(text), len(text))]:
        if start < at:
            raise LostTextError(f"characters {start}–{at} are in two blocks")
        if not _NOTHING.fullmatch(text, at, start):
            raise LostTextError(f"characters {at}–{start} are in no block")
        at = end
