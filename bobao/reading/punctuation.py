"""Punctuation of one width: half-width marks in Chinese text made full-width, one for one.

Radicals that stand for hanzi (⼈⺠) become these. The number of characters never changes, so that a
place in the unified text is the same place in the text it was made from; `offsets` maps on to the
source. Marks inside numbers,
times, ratios, addresses and Latin text (2.0, 8:30, 78:75, https://…) stay as they are. The marks of
Chinese are full-width by GB/T 15834-2011, 5.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bobao.model import Block
from bobao.normalise import unified_forms

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
