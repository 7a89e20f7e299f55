"""Where a text must not be cut, whatever the reason to cut it."""

from __future__ import annotations

import re
import unicodedata

from bobao.script.pairs import CLOSERS, OPENERS, pairs

SHORT = {"《": 30, "〈": 30}
"""Titles up to this length, and quotations and brackets up to `SHORT_QUOTE`, are kept whole."""
SHORT_QUOTE = 16

_NUMERAL = "〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟"
_TOGETHER = re.compile(
    r"[A-Za-z0-9]+(?:[.,:/@_%+'’&?=#~-]+[A-Za-z0-9]+)*[%％℃]?"  # a number, a word, an address
    rf"|(?:[百千万]分之|第|负)?[{_NUMERAL}]+(?:点[{_NUMERAL}]+)?"  # a number in words
    r"|[^\W\d_]{1,12}(?:[·•‧][^\W\d_]{1,12})+"  # a foreign name
    r"|[-+±]?[0-9]",
)
_NOT_FIRST = frozenset("，。、；：！？…—,.;:!?%％℃·～~ \t\u3000") | CLOSERS
_NOT_LAST = OPENERS
_PARTICLES = frozenset("的地得了着过们吗呢吧啊呀嘛之")


class Guards:
    """Looks up, for any offset of a text, whether it may be cut there."""

    def __init__(self, text: str) -> None:
        self.text = text
        size = len(text) + 1
        self._joined = bytearray(size)  # inside a number, a word, a name
        self._paired = bytearray(size)  # inside a short quotation, bracket or title
        for found in _TOGETHER.finditer(text):
            start, end = found.span()
            last = end - 1 if self._free_end(found[0], end) else end
            for at in range(start + 1, min(last, len(text)) + 1):
                self._joined[at] = 1
        for pair in pairs(text):
            if pair.end - pair.start - 1 <= SHORT.get(pair.opener, SHORT_QUOTE):
                for at in range(pair.start + 1, pair.end + 1):
                    self._paired[at] = 1

    def open(self, position: int, *, word: bool = False, guarded: bool = False) -> bool:
        """Whether `text` may be cut before `position`.

        `word` says that the place is only the edge of a word: then not before a particle that
        leans on what comes before it. `guarded` allows the inside of quotations and titles.
        """
        before, after = self.text[position - 1], self.text[position]
        if self._joined[position] or self.clings(position):
            return False
        if after in _NOT_FIRST or before in _NOT_LAST or (self._paired[position] and not guarded):
            return False
        return not (word and after in _PARTICLES)

    def clings(self, position: int) -> bool:
        """Whether the character at `position` is one with that before it: an accent, an emoji."""
        before, after = self.text[position - 1], self.text[position]
        joiners = "\u200d\ufe0f\ufe0e"
        skin = "\U0001f3fb" <= after <= "\U0001f3ff"
        return after in joiners or before == "\u200d" or skin or bool(unicodedata.combining(after))

    def _free_end(self, found: str, end: int) -> bool:
        """Whether what follows a number or a word may be parted from it.

        What is counted or measured stays with the number (45.5万平方米); a single hanzi numeral
        is more often part of a word.
        """
        after = self.text[end : end + 1]
        number = found[-1:].isdigit() or (len(found) > 1 and found[-1] in _NUMERAL)
        return not (number and after.isalpha())
