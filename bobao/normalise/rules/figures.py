"""What the readers of whole numbers share: the number in its place, and a reading of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from bobao.normalise.numbers import one_by_one
from bobao.normalise.scan import Scan, Tail, cues

_CONNECTORS = " 为是：:“\"‘'（(【[的至"
_PLACES = re.compile(r"[的前后末最]{1,3}[\d一二三四五六七八两]位(?:数字|号码|数)?$")  # …号后6位
MANY = frozenset("百千万亿萬億")


class Figures(NamedTuple):
    """A whole number `text` at `at`:`end`; `left` is what stands before it, `tail` after it."""

    scan: Scan
    text: str
    at: int
    end: int
    tail: Tail
    left: str

    def after_cue(self, group: str) -> bool:
        """Whether a word of the group stands right before the number."""
        return bool(cues(group).before(self.left))

    def after_code_word(self) -> bool:
        """Whether a word like 电话, 编号 stands before it, connecting signs and words aside."""
        left = _PLACES.sub("", self.left.rstrip(_CONNECTORS)).rstrip(_CONNECTORS)
        return bool(cues("code-before").before(left)) and not cues("code-not-before").before(left)

    @property
    def counting(self) -> bool:
        """Whether a word before it (达, 共, 超过 …) makes it a quantity."""
        return self.after_cue("quantity-before")

    @property
    def unmarked(self) -> bool:
        """Whether neither a unit word nor a multiplier follows."""
        return self.tail.group not in ("count", "order") and not self.tail.multiplier

    def follower(self) -> str:
        """The character right after the number."""
        return self.scan.char(self.end)

    def code(self, rule: str, *, yao: bool = True) -> Reading:
        """The number said figure by figure; `yao` false keeps 一 (years, names)."""
        return Reading(one_by_one(self.text, yao=yao and self.scan.style.yao), "code", rule)


class Reading(NamedTuple):
    """How a whole number is said, its class, and the rule that decided."""

    spoken: str
    kind: str
    rule: str
